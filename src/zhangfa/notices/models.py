"""What people are told inside the application, and whether they have read it. Not a matter of the log."""

from __future__ import annotations

from django.db import models


class Notice(models.Model):
    """One telling for one person."""

    key = models.CharField(max_length=150, unique=True)
    """The outbox row's key and the person: a telling reaches a person once."""
    person = models.BigIntegerField()
    record = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=24)
    text = models.TextField()
    """Canonical JSON of the message, as in the outbox: ids and names of things, never personal data."""
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["person", "-created_at"]),
            models.Index(fields=["person"], condition=models.Q(read_at__isnull=True), name="notice_unread"),
        ]
