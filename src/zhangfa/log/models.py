"""Tables of the log. Nothing here is ever updated but an event's position, once, by the sealer."""

from __future__ import annotations

from django.db import models


class Event(models.Model):
    """One act. On PostgreSQL the table also has ``xid xid8 DEFAULT pg_current_xact_id()``."""

    seq = models.BigAutoField(primary_key=True)
    position = models.BigIntegerField(null=True, unique=True)
    """Gapless place in the sealed log, from 0; given by the sealer, null until then."""
    key = models.CharField(max_length=80)
    """The writer's idempotency key."""
    ts = models.DateTimeField()
    kind = models.CharField(max_length=16)
    """``step``, ``verb``, ``charter``, ``unit``, ``person``, ``calendar``, ``reading``, ``erase``, ``export``,
    ``score``, ``honour``."""
    charter = models.CharField(max_length=64, blank=True)
    version = models.IntegerField(default=0)
    register = models.CharField(max_length=64, blank=True)
    record = models.BigIntegerField(null=True)
    step = models.CharField(max_length=64, blank=True)
    person = models.BigIntegerField(null=True)
    """Id of who did it; null for the public and the clock."""
    unit = models.BigIntegerField(null=True)
    payload = models.TextField()
    """Canonical JSON (sorted keys, no spaces, UTF-8); sensitive values stand in it as ciphertext."""
    leaf = models.BinaryField()
    """SHA-256 leaf hash (RFC 9162 §2.1.1) of the canonical event: see ``log.leaf``."""

    class Meta:
        # As a constraint and not ``unique=True``: that would add a second, pattern index on PostgreSQL.
        constraints = [models.UniqueConstraint(fields=["key"], name="log_event_key")]
        indexes = [models.Index(fields=["record", "seq"])]


class Node(models.Model):
    """Hash of a complete Merkle subtree of 256 leaves or more: ``index·2^level`` to ``(index+1)·2^level - 1``."""

    level = models.SmallIntegerField()
    index = models.BigIntegerField()
    hash = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["level", "index"], name="one_node_per_place")]


class Checkpoint(models.Model):
    """A sealed root: the tree's head after ``size`` events, signed by the installation's key."""

    size = models.BigIntegerField(unique=True)
    root = models.BinaryField()
    ts = models.DateTimeField()
    public_key = models.BinaryField()
    """Ed25519 key that made the signature; trusted only if the installation knows it."""
    signature = models.BinaryField()
    algorithms = models.CharField(max_length=64, default="sha256+aes256gcm+ed25519")


class DataKey(models.Model):
    """The key of one record's sensitive values, wrapped; emptied for ever when the record is erased."""

    record = models.BigIntegerField(primary_key=True)
    wrapped = models.BinaryField()
