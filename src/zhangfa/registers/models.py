"""Tables of this room: saved filters, records to be indexed. The search index is made by ``0002_search``."""

from __future__ import annotations

from django.db import models


class SavedFilter(models.Model):
    """A view of a register under a name of its owner's: the address's query, nothing else."""

    person = models.BigIntegerField()
    register = models.CharField(max_length=130)
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=2000)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "register", "name"], name="one_filter_per_name")]


class Pending(models.Model):
    """A record whose words an act may have changed: noted by the act, indexed by the next search or job."""

    record = models.BigIntegerField()
