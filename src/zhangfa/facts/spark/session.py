"""Start Spark, or say in a sentence why it cannot be started. Spark is an extra: see docs/reference/fact-engines.md."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import Any

from zhangfa.expression.render_spark import SETTINGS

LOCAL = "local[*]"
"""All cores of this machine, in one process."""
HERE = "127.0.0.1"
SMALL = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.shuffle.partitions": "16",
    "spark.driver.bindAddress": HERE,
    "spark.driver.host": HERE,
}
"""Of a Spark on this machine: it opens no page, listens to nobody outside, and cuts work into few parts."""


class NoSpark(RuntimeError):
    """Spark cannot run here; the message says in Chinese and English what is missing."""


def what_is_missing() -> str:
    """Say what Spark needs that is not here; empty when nothing is."""
    if find_spec("pyspark") is None:
        return (
            "没有安装 Spark：请运行 make spark。"
            " Spark is not installed: run `make spark` (430 MB; see docs/reference/fact-engines.md)."
        )
    home = os.environ.get("JAVA_HOME")
    if shutil.which("java") is None and not (home and (Path(home) / "bin" / "java").exists()):
        return (
            "没有 Java：请安装 openjdk-17-jre-headless，或设定 JAVA_HOME。"
            " Java is missing: install Debian's openjdk-17-jre-headless, or set JAVA_HOME (17 or newer)."
        )
    return ""


def open_session(master: str = LOCAL, more: Mapping[str, str] = MappingProxyType({})) -> Any:
    """Return this process's session, started on ``master`` and with ``more`` settings if there is none yet.

    Raises:
        NoSpark: it is not installed, or Java is not.
    """
    if missing := what_is_missing():
        raise NoSpark(missing)
    import pyspark
    from pyspark.sql import SparkSession

    os.environ.setdefault("SPARK_HOME", str(Path(pyspark.__file__).parent))
    builder = SparkSession.builder.appName("zhangfa")
    settings = {**more, **SETTINGS, **READING}
    if master.startswith("local"):
        scratch = tempfile.mkdtemp(prefix="zhangfa-spark-")
        atexit.register(shutil.rmtree, scratch, ignore_errors=True)
        os.environ.setdefault("SPARK_LOCAL_IP", HERE)
        os.environ.setdefault("SPARK_WORKER_DIR", f"{scratch}/work")
        settings |= {**SMALL, "spark.local.dir": scratch, "spark.sql.warehouse.dir": f"{scratch}/warehouse"}
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.master(master).getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


@contextmanager
def session_on(master: str = LOCAL) -> Iterator[Any]:
    """Give a session; one that was started for it ends with it.

    Raises:
        NoSpark: it is not installed, or Java is not.
    """
    if missing := what_is_missing():
        raise NoSpark(missing)
    from pyspark.sql import SparkSession

    before = SparkSession.getActiveSession()
    session = open_session(master)
    try:
        yield session
    finally:
        if before is None:
            session.stop()


READING = {
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",
    "spark.sql.parquet.int96RebaseModeInRead": "CORRECTED",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
}
"""Days before 1582 are those of the calendar we use, and a moment without a zone stays as it is written."""
