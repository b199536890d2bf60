"""Run PostgreSQL's own tools on our database."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from django.db import connection

from zhangfa.log.archive import Refused


def _tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise Refused(
            f"找不到 {name}。请安装与服务器同版本的 PostgreSQL 客户端（postgresql-client）后再试。",
            f"{name} is missing. Install the PostgreSQL client of your server's version (postgresql-client).",
        )
    return found


def _address() -> tuple[list[str], dict[str, str]]:
    told = connection.settings_dict
    options = ["--dbname", str(told["NAME"]), "--no-password"]
    for option, name in [("--host", "HOST"), ("--port", "PORT"), ("--username", "USER")]:
        if told[name]:
            options += [option, str(told[name])]
    return options, {**os.environ, "PGPASSWORD": str(told["PASSWORD"] or "")}


def _run(name: str, options: list[str], watch: Callable[[], None]) -> None:
    address, environ = _address()
    command = [_tool(name), *address, *options]
    with subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as tool:
        while tool.poll() is None:
            watch()
            time.sleep(0.05)
        said = tool.stderr.read().strip() if tool.stderr else ""
    if tool.returncode:
        raise Refused(f"{name} 失败：{said}", f"{name} failed: {said}")


def dump_database(target: Path, snapshot: str, progress: Callable[[int, int], None]) -> None:
    """Write the database as one snapshot sees it, in PostgreSQL's custom format."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        size = int(cursor.fetchone()[0])

    def watch() -> None:
        progress(min(target.stat().st_size, size) if target.exists() else 0, size)

    options = ["--format", "custom", "--no-owner", "--no-privileges", "--snapshot", snapshot, "--file", str(target)]
    _run("pg_dump", options, watch)
    progress(size, size)


def load_database(source: Path) -> None:
    """Put a dump in place of what is there: all of it or, when anything fails, nothing."""
    options = ["--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error"]
    _run("pg_restore", [*options, str(source)], lambda: None)
