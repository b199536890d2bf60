"""Who holds which honour since when and why: each row is a fold of the log's events of kind ``honour``."""

from __future__ import annotations

from django.db import models

from zhangfa.directory.models import Person, Unit
from zhangfa.publishing.models import Board

LAPSED, WITHDRAWN, MOVED, LOST, RENEWED = "lapsed", "withdrawn", "moved", "lost", "renewed"
"""How a holding ended: 到期, 撤销, 流转 (a moving flag), 不再符合条件, 续授 (the next one took its place)."""
ENDINGS = (LAPSED, WITHDRAWN, MOVED, LOST, RENEWED)


class Holding(models.Model):
    """A unit or person holds an honour from a day until (not including) another (持有)."""

    id = models.BigIntegerField(primary_key=True)
    """From the same clock as the ids of records: it names the data key of what is sealed."""
    charter = models.CharField(max_length=64)
    version = models.IntegerField()
    honour = models.CharField(max_length=64, blank=True)
    """Empty for people, like ``grade``, ``period``, ``reason`` and ``ended_reason``: see ``sealed``."""
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    """The unit itself; of a person, where the post was held: the offices above it may read the holding."""
    grade = models.CharField(max_length=64, blank=True)
    period = models.CharField(max_length=64, blank=True)
    """The period whose result it rests on; empty for awards and roll-ups."""
    since = models.DateField()
    until = models.DateField(null=True)
    """First day on which it no longer holds; null while nothing limits it."""
    ended = models.DateField(null=True)
    """First day on which it no longer held; null while it is held."""
    how = models.CharField(max_length=12, blank=True)
    reason = models.TextField(default="[]")
    """Canonical JSON: [Chinese, English]."""
    ended_reason = models.TextField(default="[]")
    sealed = models.TextField(blank=True)
    """For people: honour, grade, period and reason, encrypted under the holding's key."""
    sealed_end = models.TextField(blank=True)
    """For people: why it ended, encrypted likewise."""
    board = models.ForeignKey(Board, null=True, on_delete=models.PROTECT, related_name="+")
    conferred_by = models.BigIntegerField(null=True)
    """Null where the rule alone conferred it."""
    conferred_at = models.DateTimeField()
    ended_by = models.BigIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["charter", "honour", "unit"],
                condition=models.Q(ended__isnull=True, unit__isnull=False),
                name="honours_held_once",
            ),
            models.CheckConstraint(
                condition=models.Q(unit__isnull=True) ^ models.Q(person__isnull=True), name="honours_unit_or_person"
            ),
        ]
        indexes = [
            models.Index(fields=["charter", "honour", "ended"], name="holding_honour"),
            models.Index(fields=["unit", "ended"], name="holding_unit"),
            models.Index(fields=["person", "ended"], name="holding_person"),
            models.Index(fields=["until"], condition=models.Q(ended__isnull=True), name="holding_running"),
        ]


class Conferral(models.Model):
    """What a locked board came to: it is dealt with once (授予)."""

    board = models.OneToOneField(Board, primary_key=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    notes = models.TextField(default="[]")
    """Canonical JSON: who was left out by a tie at the edge, as [honour, [unit …], Chinese, English]."""


class Queue(models.Model):
    """One row per charter: whoever changes its honours queues here. Not a matter of the log."""

    charter = models.CharField(max_length=64, primary_key=True)
    changes = models.BigIntegerField(default=0)
    position = models.BigIntegerField(default=-1)
    """Last sealed position looked at by the clock."""
    day = models.DateField(null=True)
    """Day of the clock's last look."""
