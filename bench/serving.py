"""Start real servers as processes of their own, on a free port, and stop them."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers; ``ready_after`` is the time from its start to its first answer, in seconds."""

    port: int
    ready_after: float


def free_port() -> int:
    """Return a port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def our_server(workers: int) -> Iterator[Server]:
    """Run ``zhangfa run`` on this benchmark's own data."""
    port = free_port()
    script = "from zhangfa.cli.command import main; main()"
    command = [sys.executable, "-c", script, "run", "--port", str(port)]
    with _running(command, port, "/healthz", {"WORKERS": str(workers)}) as found:
        yield found


@contextmanager
def bare_server(workers: int, threads: int, size: int) -> Iterator[Server]:
    """Run a Django that does nothing, in the same server with as many workers and threads."""
    port = free_port()
    options = {"--interface": "wsgi", "--port": port, "--workers": workers, "--blocking-threads": threads}
    words = [str(word) for option in options.items() for word in option]
    command = [sys.executable, "-m", "granian", *words, "--log-level", "warning", "bench.bare_page:application"]
    with _running(command, port, "/", {"BARE_BYTES": str(size)}) as found:
        yield found


@contextmanager
def _running(command: Sequence[str], port: int, path: str, extra: Mapping[str, str]) -> Iterator[Server]:
    began = time.perf_counter()
    environment = os.environ | {"PYTHONPATH": str(ROOT), **extra}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        _wait_for(process, port, path)
        yield Server(port, time.perf_counter() - began)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait_for(process: subprocess.Popen[bytes], port: int, path: str) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with code {process.returncode}")
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        try:
            connection.request("GET", path)
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.01)
        finally:
            connection.close()
    raise TimeoutError(f"no answer on port {port} within {PATIENCE} s")
