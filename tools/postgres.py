"""A throw-away PostgreSQL server on a free loopback port, for the tests and the benchmarks.

Used as ``with temporary_postgres() as url:``; yields ``None`` where no server is installed.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

OPTIONS = "-c listen_addresses=127.0.0.1 -c max_connections=120 -c shared_buffers=256MB"


def binaries() -> Path | None:
    """Return the folder of the newest installed PostgreSQL server, or ``None``."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


def _as_owner(owner: str | None) -> list[str]:
    return ["runuser", "-u", owner, "--"] if owner else []


def _owner() -> str | None:
    """PostgreSQL refuses to run as root: name somebody else there, nobody elsewhere."""
    if os.geteuid() != 0:
        return None
    with contextlib.suppress(KeyError):
        return pwd.getpwnam("postgres").pw_name
    return "nobody"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def temporary_postgres(options: str = "") -> Iterator[str | None]:
    """Start a server with a fresh cluster, yield its address, remove it again; ``options`` beat the usual ones."""
    folder = binaries()
    if folder is None:
        yield None
        return
    owner, password = _owner(), secrets.token_hex(8)
    home = Path(tempfile.mkdtemp(prefix="zhangfa-pg-"))
    (home / "password").write_text(password)
    if owner:
        for path in (home, home / "password"):
            shutil.chown(path, owner)
    run = _as_owner(owner)
    cluster = home / "cluster"
    port = _free_port()
    init = [*run, folder / "initdb", "-D", cluster, "-U", "zhangfa", f"--pwfile={home / 'password'}"]
    control = [*run, folder / "pg_ctl", "-D", cluster, "-w", "-l", home / "log"]
    try:
        subprocess.run(
            [*init, "-A", "scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8"], check=True, capture_output=True, cwd=home
        )
        subprocess.run(
            [*control, "-o", f"-p {port} -k {home} {OPTIONS} {options}", "start"],
            check=True,
            capture_output=True,
            cwd=home,
        )
        yield f"postgresql://zhangfa:{password}@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=False, capture_output=True, cwd=home)
        shutil.rmtree(home, ignore_errors=True)
