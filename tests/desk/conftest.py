"""A small county: one town, two villages with a grid each, a department, and staff of each kind."""

from __future__ import annotations

import copy
import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.db.models import Model
from django.test import Client

from zhangfa.charter.engine import apply_charter, forget_all
from zhangfa.charter.models import CharterVersion
from zhangfa.directory import engine
from zhangfa.directory.memory import forget
from zhangfa.directory.models import Account, Person, Post, Revision, Unit, UnitSpan
from zhangfa.log.models import Event

AT = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
PASSWORD = "jade-mountain-42"
CHARTERS = Path(__file__).resolve().parents[2] / "charters"


@dataclass
class World:
    """Ids of the county's units and people."""

    units: dict[str, int]
    people: dict[str, int]

    def account(self, name: str) -> Account:
        """Return somebody's account."""
        return Account.objects.get(person_id=self.people[name])


def charter_text(name: str) -> str:
    """Return the source of one of the county's charters."""
    return (CHARTERS / f"{name}.yaml").read_text("utf-8")


def apply(name: str, key: str) -> None:
    """Put a charter of the repository in force."""
    files = {path.name: path.read_text("utf-8") for path in CHARTERS.glob("*.csv")}
    apply_charter(text=charter_text(name), files=files, name=f"{name}.yaml", by=None, at=AT, key=key)


@pytest.fixture(autouse=True)
def _fresh(settings: object) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # slow by design otherwise
    cache.clear()


@pytest.fixture
def hashed(_fresh: None) -> str:
    """Return the password hashed."""
    return make_password(PASSWORD)


MODELS = (CharterVersion, Revision, Unit, UnitSpan, Person, Post, Account, Event)


@dataclass
class Snapshot:
    """The rows of the county as the engines made them, once a session: making it takes 0.2 s each time."""

    world: World
    rows: dict[type[Model], list[Model]]


kept: list[Snapshot] = []


@pytest.fixture
def world(db: None, hashed: str) -> World:
    """Return the county: made through the engines at first, laid down as the same rows later."""
    if not kept:
        made = make_world(hashed)
        kept.append(Snapshot(made, {model: list(model.objects.order_by("pk")) for model in MODELS}))
        return made
    for model, rows in kept[0].rows.items():
        model.objects.bulk_create([copy.copy(row) for row in rows])
    forget_all()
    forget()
    return kept[0].world


def make_world(hashed: str) -> World:
    """Make the county through the engines."""
    for name in ("residents-requests", "leaders-handover", "lecture-team"):
        apply(name, f"charter-{name}")
    act = {"by": None, "at": AT}
    units: dict[str, int] = {}
    for name, kind, parent, code in (
        ("金乡县", "county", None, "370828"),
        ("鱼山街道", "town", "金乡县", "370828002"),
        ("东关社区", "village", "鱼山街道", "370828002001"),
        ("西关社区", "village", "鱼山街道", "370828002002"),
        ("东关一网格", "grid", "东关社区", "370828002001-01"),
        ("西关一网格", "grid", "西关社区", "370828002002-01"),
        ("住建局", "department", "金乡县", "370828-zjj"),
    ):
        above = units[parent] if parent else None
        made = engine.create_unit(
            code=code, kind=kind, name=name, parent=above, since=dt.date(2020, 1, 1), key=f"u-{code}", **act
        )
        units[name] = made.id
    people: dict[str, int] = {}
    for name, role, unit in (
        ("王敏", "grid-worker", "东关一网格"),
        ("李强", "grid-worker", "西关一网格"),
        ("赵红", "specialist", "住建局"),
        ("周镇", "town-office", "鱼山街道"),
        ("钱章", "charter-clerk", "金乡县"),
        ("孙村", "host", "东关社区"),
    ):
        code = f"p{len(people) + 1}"
        people[name] = engine.create_person(code=code, name=name, key=f"p-{code}", **act).pk
        engine.appoint(
            person=people[name], role=role, unit=units[unit], since=dt.date(2020, 1, 1), key=f"a-{code}", **act
        )
        engine.create_account(
            person=people[name], username=code, hashed=hashed, must_change=False, key=f"k-{code}", **act
        )
    return World(units, people)


@pytest.fixture
def visit(world: World):
    """Return a client signed in as somebody, past the second factor."""

    def sign_in(name: str) -> Client:
        from django_otp import DEVICE_ID_SESSION_KEY
        from django_otp.plugins.otp_totp.models import TOTPDevice

        client = Client()
        account = world.account(name)
        client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
        device, _made = TOTPDevice.objects.get_or_create(user=account, confirmed=True, name="totp")
        session = client.session
        session[DEVICE_ID_SESSION_KEY] = device.persistent_id
        session.save()
        return client

    return sign_in
