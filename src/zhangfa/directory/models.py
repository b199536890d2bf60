"""Tables of the directory: the dated tree of units, people, posts, accounts."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

UNIT_KINDS = (
    "prefecture",
    "county",
    "town",
    "precinct",
    "village",
    "grid",
    "lane",
    "household",
    "department",
    "branch",
    "team",
    "cooperative",
    "company",
    "school",
)
LEVELS = ("county", "town", "village", "grid")
"""Kinds that are columns of their own on units, records and tasks (ids of the unit at that level)."""


class Unit(models.Model):
    """A unit as it stands today; its past stands in :class:`UnitSpan`."""

    code = models.CharField(max_length=32, unique=True)
    kind = models.CharField(max_length=16)
    name = models.CharField(max_length=80)
    pinyin = models.CharField(max_length=80, blank=True)
    """Initials, editable, since the library guesses (单县, 任城, 曾)."""
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    county = models.IntegerField(null=True)
    town = models.IntegerField(null=True)
    village = models.IntegerField(null=True)
    grid = models.IntegerField(null=True)
    since = models.DateField()
    until = models.DateField(null=True)
    """First day on which it no longer exists; null while it does."""
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["kind", "county"]),
            models.Index(fields=["town", "kind"]),
            models.Index(fields=["village", "kind"]),
            models.Index(fields=["pinyin"]),
        ]

    def __str__(self) -> str:
        return self.name


class UnitSpan(models.Model):
    """What a unit was called and where it hung, from a day until (not including) another."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="spans")
    kind = models.CharField(max_length=16)
    name = models.CharField(max_length=80)
    parent = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "since"], name="one_span_per_start")]


class Person(models.Model):
    """Somebody who holds or held a post, or is written about."""

    code = models.CharField(max_length=32, unique=True)
    """Staff number of the county's own list; never an id number."""
    name = models.CharField(max_length=40)
    pinyin = models.CharField(max_length=40, blank=True)
    work_phone = models.CharField(max_length=24, blank=True)

    class Meta:
        indexes = [models.Index(fields=["pinyin"])]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """A role held by a person at a unit, from a day until (not including) another."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="posts")
    role = models.CharField(max_length=48)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="posts")
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        constraints = [
            # A post that ended on its first day was an error put right, and may be given again.
            models.UniqueConstraint(
                fields=["person", "role", "unit", "since"],
                condition=models.Q(until=None) | models.Q(until__gt=models.F("since")),
                name="one_post_per_start",
            ),
        ]
        indexes = [models.Index(fields=["role", "unit"])]


class GroupMember(models.Model):
    """Membership of a unit in a charter's group, from a day until (not including) another."""

    group = models.CharField(max_length=96)
    """Full key, ``charter.group``."""
    part = models.CharField(max_length=40, blank=True, default="")
    """Which of several parts of the group, as 东片 or 第三组; empty where it has none."""
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="memberships")
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group", "unit", "since"],
                condition=models.Q(until=None) | models.Q(until__gt=models.F("since")),
                name="one_membership_per_start",
            ),
        ]


class Neighbour(models.Model):
    """Two units lie side by side, from a day until (not including) another; the one of the lower id comes first."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "other"], condition=models.Q(until=None), name="directory_neighbours_once"
            ),
        ]


class Revision(models.Model):
    """How often the directory was changed: other processes compare it to know that what they hold is old."""

    id = models.SmallIntegerField(primary_key=True)
    number = models.BigIntegerField(default=0)


class AccountManager(BaseUserManager["Account"]):
    """Look-ups Django's log-in needs; accounts are made by ``directory.engine``."""


class Account(AbstractBaseUser):
    """The log-in of one person."""

    username = models.CharField(max_length=40, unique=True)
    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="account")
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=10, default="zh-hans")
    must_change_password = models.BooleanField(default=True)

    objects = AccountManager()
    USERNAME_FIELD = "username"
