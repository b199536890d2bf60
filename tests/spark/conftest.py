"""One Spark for all tests here: two real executors of one core, as ``make test-spark`` asks."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

from zhangfa.facts.spark.session import open_session, what_is_missing

MASTER = os.environ.get("SPARK_MASTER", "local-cluster[2,1,1024]")

BRIEF = dict.fromkeys(
    ("spark.driver.extraJavaOptions", "spark.executor.extraJavaOptions"), "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
)
"""A Java that lives for two minutes does not earn back what it compiles twice."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark every test here, and skip it loudly where there is no Spark, or where nobody asked for it."""
    asked = "spark" in config.getoption("-m")
    missing = what_is_missing() if asked else "starts a Spark: run `make test-spark`, or give `-m spark`"
    for item in items:
        if "tests/spark/" in item.path.as_posix():
            item.add_marker(pytest.mark.spark)
            if missing:
                item.add_marker(pytest.mark.skip(reason=missing))


@pytest.fixture(scope="session")
def spark() -> Iterator[Any]:
    """Return the session."""
    session = open_session(MASTER, BRIEF)
    yield session
    session.stop()
