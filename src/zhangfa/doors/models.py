"""Tables of the doors: printed codes, counters against floods, and what waits to be looked at."""

from __future__ import annotations

from django.db import models


class DoorCode(models.Model):
    """The code printed for one door at one unit, from a moment until it is renewed."""

    code = models.CharField(max_length=10, unique=True)
    charter = models.CharField(max_length=64)
    door = models.CharField(max_length=64)
    unit = models.BigIntegerField()
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    """Set when a newer code took its place; its sheet then says kindly where to go."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["charter", "door", "unit"], condition=models.Q(until=None), name="one_code_in_force"
            ),
        ]
        indexes = [models.Index(fields=["unit"])]


class Counter(models.Model):
    """How often something happened within one window of time; the key is a keyed hash, never an address."""

    key = models.CharField(max_length=64)
    window = models.DateTimeField()
    count = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "window"], name="one_count_per_window")]
        indexes = [models.Index(fields=["window"])]


class SpentWork(models.Model):
    """A solved puzzle that was used; it is not taken twice."""

    signature = models.CharField(max_length=64, unique=True)
    key = models.CharField(max_length=80)
    """Of the form it was used for: the same form sent twice is not a second use."""
    expires = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["expires"])]


class Quarantined(models.Model):
    """A request kept back because of a flood or a missing puzzle, until somebody looks at it."""

    key = models.CharField(max_length=80, unique=True)
    """The form's idempotency key, used again when it is released."""
    code_hash = models.CharField(max_length=64, unique=True)
    charter = models.CharField(max_length=64)
    door = models.CharField(max_length=64)
    unit = models.BigIntegerField()
    sealed = models.BinaryField()
    """The answers and the follow-up code, encrypted (AES-256-GCM) under the installation's door key."""
    reason = models.CharField(max_length=16)
    """``work`` (puzzle not solved), ``used`` (puzzle solved twice or expired), ``address``, ``door`` (too many)."""
    at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.BigIntegerField(null=True)
    record = models.BigIntegerField(null=True)
    """The record it became; empty while it waits, and for good where it was marked as spam."""

    class Meta:
        indexes = [models.Index(fields=["unit", "decided_at"])]
