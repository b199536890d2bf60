"""The charters that were put in force: every version, whole, for ever."""

from __future__ import annotations

from django.db import models


class CharterVersion(models.Model):
    """One version of a charter as it was applied; never changed and never deleted."""

    charter = models.CharField(max_length=64)
    version = models.IntegerField()
    digest = models.CharField(max_length=64)
    """SHA-256 of the text and its checklist files, hex."""
    name = models.CharField(max_length=120)
    """File name it came from; problems quote it."""
    text = models.TextField()
    files = models.TextField(default="{}")
    """Canonical JSON: checklist file name → its text."""
    in_force = models.DateField()
    """First day on which new records begin under it."""
    applied_at = models.DateTimeField()
    applied_by = models.BigIntegerField(null=True)
    event = models.BigIntegerField()
    """``seq`` of the event that put it in force."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["charter", "version"], name="one_text_per_version")]

    def __str__(self) -> str:
        return f"{self.charter} {self.version}"
