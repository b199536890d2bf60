"""Boards of scores as they stand: each row is a fold of the log's events of kind ``score``."""

from __future__ import annotations

from decimal import Decimal

from django.db import models

from zhangfa.directory.models import Person, Unit

DRAFT, SHOWN, LOCKED, REPLACED = "draft", "shown", "locked", "replaced"
"""States of a board: 草稿, 公示中, 已锁定, 已被更正."""
SIGNED = (SHOWN, LOCKED, REPLACED)
OPEN, UPHELD, REJECTED = "open", "upheld", "rejected"
"""States of an objection."""


class Board(models.Model):
    """One score of one period at one place, in one edition (考核榜)."""

    id = models.BigIntegerField(primary_key=True)
    """From the same clock as the ids of records: it names the data key of what is sensitive on the board."""
    charter = models.CharField(max_length=64)
    version = models.IntegerField()
    score = models.CharField(max_length=64)
    every = models.CharField(max_length=64)
    period = models.CharField(max_length=64)
    since = models.DateField()
    until = models.DateField()
    """The last day of the period, itself included."""
    area = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    """Where whoever signs holds the post ``publish.by``; only units and people at or below it are scored."""
    edition = models.IntegerField(default=1)
    state = models.CharField(max_length=12, default=DRAFT)
    of_people = models.BooleanField(default=False)
    changes = models.IntegerField(default=1)
    """Count of events folded into it; a change compares and sets it."""
    position = models.BigIntegerField()
    """The last sealed event that counted."""
    digest = models.CharField(max_length=64)
    """SHA-256 of the scoring's canonical form, hex."""
    charter_digest = models.CharField(max_length=64)
    sources = models.TextField(default="{}")
    """Canonical JSON: the locked boards it was worked out from, and the versions of other charters it read."""
    drafted_by = models.BigIntegerField(null=True)
    drafted_at = models.DateTimeField()
    signed_by = models.BigIntegerField(null=True)
    signed_at = models.DateTimeField(null=True)
    objections_until = models.DateTimeField(null=True)
    why = models.TextField(blank=True)
    """Canonical JSON of ``calendar.Deadline``: how ``objections_until`` was reckoned."""
    locked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["charter", "score", "period", "area", "edition"], name="publishing_board_edition"
            ),
        ]
        indexes = [
            models.Index(fields=["charter", "score", "area", "-until"], name="board_place"),
            models.Index(fields=["area", "state"], name="board_area"),
            models.Index(fields=["objections_until"], condition=models.Q(state="shown"), name="board_shown"),
        ]


class Standing(models.Model):
    """One unit or person on a signed board (名次). A draft has none: it is worked out whenever it is looked at."""

    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="standings")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    seat = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    """Where a person held the post for which he is scored; the offices above it may read the standing."""
    place = models.IntegerField(default=0)
    """Order on the board of units, from 0; 0 for people."""
    group = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=16, blank=True)
    """``ranked``, ``not_reported``, ``too_few``, ``vetoed``; like all to ``tier``, empty for people."""
    total = models.CharField(max_length=40, blank=True)
    """The rounded total as plain text, byte for byte as it was signed."""
    rank = models.CharField(max_length=16, blank=True)
    """The place among ``of``, as text: 2, or 2.5 where ties take the average."""
    of = models.IntegerField(null=True)
    tier = models.CharField(max_length=64, blank=True)
    sealed = models.TextField(blank=True)
    """For people: the same from ``group`` to ``tier``, encrypted under the board's key."""
    contested_on = models.IntegerField(default=1)
    """The edition in which it last changed; its time for objections is that edition's."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["board", "unit"], condition=models.Q(unit__isnull=False), name="publishing_one_per_unit"
            ),
            models.UniqueConstraint(
                fields=["board", "person"], condition=models.Q(person__isnull=False), name="publishing_one_per_person"
            ),
            models.CheckConstraint(
                condition=models.Q(unit__isnull=True) ^ models.Q(person__isnull=True), name="publishing_unit_or_person"
            ),
        ]
        indexes = [
            models.Index(fields=["board", "place"], name="standing_board"),
        ]

    @property
    def points(self) -> Decimal | None:
        """The total as a number; None where there is none, or it is a person's."""
        return Decimal(self.total) if self.total else None

    @property
    def rank_number(self) -> Decimal | None:
        """The rank as a number."""
        return Decimal(self.rank) if self.rank else None


class Objection(models.Model):
    """Somebody scored says that a standing, or one indicator of it, is wrong (异议)."""

    id = models.BigIntegerField(primary_key=True)
    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="objections")
    standing = models.ForeignKey(Standing, on_delete=models.CASCADE, related_name="objections")
    indicator = models.CharField(max_length=64, blank=True)
    """Empty: the standing as a whole."""
    text = models.TextField()
    """Canonical JSON of its ciphertext under the board's key; read it by ``reading.objection_words``."""
    by = models.BigIntegerField()
    at = models.DateTimeField()
    due = models.DateTimeField(null=True)
    due_why = models.TextField(blank=True)
    """Canonical JSON of ``calendar.Deadline`` of the decision."""
    state = models.CharField(max_length=12, default=OPEN)
    reason = models.TextField(blank=True)
    """Canonical JSON, as ``text``."""
    decided_by = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["standing", "indicator"], name="publishing_one_objection_each"),
        ]
        indexes = [
            models.Index(fields=["board", "state"], name="objection_board"),
            models.Index(fields=["due"], condition=models.Q(state="open"), name="objection_open"),
        ]
