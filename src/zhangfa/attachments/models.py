"""Tables of what was handed in: files by their hash, and which records hold them."""

from __future__ import annotations

from django.db import models


class Attachment(models.Model):
    """A file as it is kept, named by the SHA-256 of its bytes."""

    hash = models.CharField(max_length=64, unique=True)
    type = models.CharField(max_length=100)
    size = models.IntegerField()
    """Bytes as kept, after a picture was re-encoded."""
    stored_at = models.DateTimeField()
    """When it was last handed in; what no record holds a day later is swept away."""
    person = models.BigIntegerField(null=True)
    """Who handed it in first; null for a resident without account."""


class FileUse(models.Model):
    """A record that holds a file, found by reading the log."""

    hash = models.CharField(max_length=64)
    record = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hash", "record"], name="one_use_per_record")]


class ReadingMark(models.Model):
    """How far the log has been read for uses: the last sealed position, −1 before the first."""

    position = models.BigIntegerField(default=-1)


class Hold(models.Model):
    """A file kept for a reason outside every record, such as a quarantined request."""

    hash = models.CharField(max_length=64)
    reason = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hash", "reason"], name="one_hold_per_reason")]
