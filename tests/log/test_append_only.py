"""The database itself refuses to change the log, whatever the code does."""

from importlib import import_module

import pytest
from django.db import DatabaseError, connection, transaction
from tests.log.events import add_event

from zhangfa.log.models import Event

pytestmark = pytest.mark.django_db


def refused(statement: str) -> bool:
    """Run a statement; tell whether the database refused it as an attack on the log."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError as error:
        return "append-only" in str(error)
    return False


@pytest.mark.parametrize("column", ["payload", "leaf", "key", "kind", "charter", "register", "step"])
def test_no_text_of_an_event_can_be_changed(column: str) -> None:
    add_event("k")
    assert refused(f"UPDATE log_event SET {column} = 'x'")


@pytest.mark.parametrize("column", ["seq", "version", "record", "person", "unit"])
def test_no_number_of_an_event_can_be_changed(column: str) -> None:
    add_event("k")
    assert refused(f"UPDATE log_event SET {column} = 9")


def test_a_position_is_given_once() -> None:
    add_event("k")
    assert not refused("UPDATE log_event SET position = 0")
    assert refused("UPDATE log_event SET position = 1")
    assert refused("UPDATE log_event SET position = NULL")
    assert Event.objects.get().position == 0


def test_no_event_can_be_deleted() -> None:
    guards = import_module("zhangfa.log.migrations.0002_append_only")
    statements = guards.SQLITE if connection.vendor == "sqlite" else guards.POSTGRESQL
    with connection.cursor() as cursor:  # the test database goes without this guard, to be emptied between tests
        for statement in statements:
            if "no_delete" in statement or "no_truncate" in statement:
                cursor.execute(statement)
    add_event("k")
    if connection.vendor == "postgresql":
        assert refused("TRUNCATE log_event")
    assert refused("DELETE FROM log_event")
    assert refused("DELETE FROM log_event WHERE key = 'k'")
    assert Event.objects.count() == 1


@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL (DATABASE_URL)")
def test_the_transaction_of_an_event_cannot_be_changed() -> None:
    add_event("k")
    assert refused("UPDATE log_event SET xid = '1'")
