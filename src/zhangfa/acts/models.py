"""The views kept at hand: records, tasks and what goes out. Each row is a fold of the log."""

from __future__ import annotations

from django.db import models


class Record(models.Model):
    """One case of a register as it stands."""

    id = models.BigIntegerField(primary_key=True)
    number = models.CharField(max_length=24)
    """What people quote, such as ``RR-261122-7K3F``."""
    charter = models.CharField(max_length=64)
    charter_version = models.IntegerField()
    register = models.CharField(max_length=64)
    state = models.CharField(max_length=48)
    closed = models.BooleanField(default=False)
    unit = models.BigIntegerField()
    county = models.BigIntegerField(null=True)
    town = models.BigIntegerField(null=True)
    village = models.BigIntegerField(null=True)
    grid = models.BigIntegerField(null=True)
    version = models.IntegerField()
    """Count of events folded into it; a step compares and sets it."""
    label = models.CharField(max_length=120)
    author = models.BigIntegerField(null=True)
    about_person = models.BigIntegerField(null=True)
    about_unit = models.BigIntegerField(null=True)
    origin = models.BigIntegerField(null=True)
    """The record that opened this one."""
    code_hash = models.CharField(max_length=64, null=True)
    """Hash of the resident's follow-up code."""
    opened_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    """The earliest deadline among its open tasks and its own."""
    warning = models.CharField(max_length=8, blank=True)
    payload = models.TextField()
    """Canonical JSON: field id → value; sensitive values as ciphertext."""
    meta = models.TextField(default="{}")
    """Canonical JSON of the engine's own facts: steps taken, marks of panels, signatures, deadline explained."""

    class Meta:
        # As constraints and not ``unique=True``: that would add a second, pattern index to each on PostgreSQL.
        constraints = [
            models.UniqueConstraint(fields=["number"], name="acts_record_number"),
            models.UniqueConstraint(fields=["code_hash"], name="acts_record_code_hash"),
        ]
        indexes = [
            models.Index(fields=["register", "county", "state", "-updated_at"], name="record_county"),
            models.Index(fields=["register", "town", "state", "-updated_at"], name="record_town"),
            models.Index(fields=["register", "village", "state", "-updated_at"], name="record_village"),
            models.Index(fields=["register", "grid", "state", "-updated_at"], name="record_grid"),
            models.Index(fields=["register", "unit", "state", "-updated_at"], name="record_unit"),
        ]


class Participant(models.Model):
    """Who may see a record beside those whose role reaches its unit."""

    record = models.BigIntegerField()
    person = models.BigIntegerField(null=True)
    role = models.CharField(max_length=48, blank=True)
    unit = models.BigIntegerField(null=True)
    why = models.CharField(max_length=48)

    class Meta:
        indexes = [
            models.Index(
                fields=["person", "record"], condition=models.Q(person__isnull=False), name="participant_person"
            ),
            models.Index(
                fields=["unit", "role", "record"], condition=models.Q(unit__isnull=False), name="participant_unit"
            ),
            models.Index(fields=["record"]),
        ]


class Task(models.Model):
    """A step that somebody owes, with its deadline."""

    id = models.BigIntegerField(primary_key=True)
    record = models.BigIntegerField()
    charter = models.CharField(max_length=64)
    register = models.CharField(max_length=64)
    step = models.CharField(max_length=64)
    """Empty for the deadline of the whole record."""
    role = models.CharField(max_length=48, blank=True)
    unit = models.BigIntegerField(null=True)
    county = models.BigIntegerField(null=True)
    town = models.BigIntegerField(null=True)
    village = models.BigIntegerField(null=True)
    grid = models.BigIntegerField(null=True)
    person = models.BigIntegerField(null=True)
    """Set where one person owes it; else whoever holds ``role`` at ``unit`` or above."""
    state = models.CharField(max_length=12)
    """``open``, ``paused``, ``done``, ``dropped``; ``waiting`` for the end of retention (step ``~keep``)."""
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    due_why = models.TextField(blank=True)
    """Canonical JSON of ``calendar.Deadline``: how the date was reckoned."""
    provisional = models.BooleanField(default=False)
    claim_until = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.BigIntegerField(null=True)
    on_time = models.BooleanField(null=True)
    late_at = models.DateTimeField(null=True)
    """When what ``late`` says was done."""

    class Meta:
        indexes = [
            models.Index(fields=["record"]),
            # What is done stays out of these: closing a task is part of nearly every act.
            models.Index(
                fields=["person", "state", "due_at"],
                condition=models.Q(person__isnull=False, done_at__isnull=True),
                name="task_person",
            ),
            models.Index(
                fields=["role", "state", "town", "due_at"],
                condition=models.Q(done_at__isnull=True),
                name="task_role",
            ),
            models.Index(fields=["state", "due_at"], condition=models.Q(done_at__isnull=True), name="task_due"),
            models.Index(
                fields=["claim_until"], condition=models.Q(claim_until__isnull=False), name="task_claim_until"
            ),
        ]


class Claimed(models.Model):
    """A uniqueness a charter demands (``one_per``), held by a record."""

    slot = models.CharField(max_length=160)
    record = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["slot"], name="acts_claimed_slot")]


class Booking(models.Model):
    """A stretch of time a record holds of a resource (``never_two``); overlaps are impossible in the database."""

    resource = models.CharField(max_length=120)
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    record = models.BigIntegerField(unique=True)

    class Meta:
        indexes = [models.Index(fields=["resource", "starts"])]


class UnitProperty(models.Model):
    """The state a unit has by its ``one_per: [unit]`` record or a ``set`` effect."""

    unit = models.BigIntegerField()
    name = models.CharField(max_length=64)
    value = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "name"], name="one_value_per_property")]


class Outbox(models.Model):
    """A telling on its way; taken under a lease, done once."""

    key = models.CharField(max_length=120)
    person = models.BigIntegerField(null=True)
    role = models.CharField(max_length=48, blank=True)
    unit = models.BigIntegerField(null=True)
    record = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=24)
    text = models.TextField()
    """Canonical JSON: message id and arguments, never personal data."""
    created_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    attempts = models.IntegerField(default=0)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key"], name="acts_outbox_key")]
        indexes = [
            models.Index(fields=["id"], condition=models.Q(done_at__isnull=True), name="outbox_waiting"),
            models.Index(fields=["record"]),
        ]
