"""What every test shares: a scratch folder, never the folder of a running installation."""

import os
import sys
from collections.abc import Iterator

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Refuse to run against the default data folder, where a demo county may live."""
    if "DATA" not in os.environ:
        pytest.exit("Set DATA to a scratch folder first, or run `make test`: tests never touch ./data.", returncode=4)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: object) -> None:
    """Let tests with real commits be cleaned up: flushing empties every table, also the append-only log."""
    from django.db import connection

    table = "" if connection.vendor == "sqlite" else " ON log_event"
    with django_db_blocker.unblock(), connection.cursor() as cursor:  # type: ignore[attr-defined]
        for trigger in ("log_event_no_delete", "log_event_no_truncate"):
            cursor.execute(f"DROP TRIGGER IF EXISTS {trigger}{table}")


@pytest.fixture(autouse=True)
def _let_go_of_memory() -> Iterator[None]:
    """Let go of the units, posts and calendar a process holds: a test's rows are rolled back behind its back."""
    yield
    for name in ("zhangfa.directory.memory", "zhangfa.calendar.engine"):
        if name in sys.modules:
            sys.modules[name].forget()


@pytest.fixture(autouse=True)
def _speak_chinese_again() -> Iterator[None]:
    """Let go of the language the last request chose: it stays with the thread, and so with the next test."""
    yield
    if "django.utils.translation" in sys.modules:
        sys.modules["django.utils.translation"].deactivate()
