"""Run the benchmarks, each in a process of its own with its own data folder and database."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tools.postgres import temporary_postgres

from bench.measuring import Figure

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Bench:
    """A module of this folder and the databases it runs on."""

    name: str
    databases: tuple[str, ...]
    says: str


BENCHES = (
    Bench("charters", ("sqlite",), "checking and reloading 43 charters"),
    Bench("acts", ("sqlite", "postgres"), "whole acts against a bare transaction of two INSERTs"),
    Bench("feed", ("sqlite", "postgres"), "sealer and feed under writers with open transactions"),
    Bench("lists", ("sqlite", "postgres"), "first page of a filtered list at a million records"),
    Bench("pages", ("sqlite", "postgres"), "whole pages over HTTP, with log-in and rights; the door's first page"),
    Bench(
        "scoring", ("sqlite", "postgres"), "a year's scores of 6,350 villages from a million and twenty million events"
    ),
    Bench("verifying", ("sqlite",), "verify of a million events; size of a proof"),
)


def run_benches(names: tuple[str, ...], *, smoke: bool) -> list[Figure]:
    """Run the named benchmarks (all where none is named) and return their figures."""
    figures: list[Figure] = []
    chosen = [bench for bench in BENCHES if not names or bench.name in names]
    with temporary_postgres(_as_on_a_server()) as url:
        for bench in chosen:
            for database in bench.databases:
                if database == "postgres" and url is None:
                    print(f"!!! {bench.name} ON POSTGRESQL WAS SKIPPED: no server is installed.", flush=True)
                    continue
                figures += _run(bench, database, url if database == "postgres" else None, smoke=smoke)
    return figures


def _as_on_a_server() -> str:
    """Return what every PostgreSQL server is told: a quarter of the memory is its own, and the rest caches files."""
    megabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    return f"-c shared_buffers={megabytes // 4}MB -c effective_cache_size={megabytes // 2}MB"


def _run(bench: Bench, database: str, url: str | None, *, smoke: bool) -> list[Figure]:
    print(f"\n== {bench.name} on {database}: {bench.says}", flush=True)
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="zhangfa-bench-") as data:
        environment = os.environ | {
            "DATA": data,
            "DATABASE_URL": _fresh(url, bench.name) if url else "",
            "PYTHONPATH": str(ROOT),
        }
        command = [sys.executable, "-m", f"bench.{bench.name}", *(["--smoke"] if smoke else [])]
        with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            figures = [figure for line in process.stdout if (figure := _read(line, database))]
    if process.returncode:
        raise SystemExit(f"The benchmark {bench.name} on {database} failed with code {process.returncode}.")
    print(f"   ({time.perf_counter() - started:.0f} s)", flush=True)
    return figures


def _fresh(url: str, name: str) -> str:
    """Make an empty database for one benchmark on the server at ``url``; return its address."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "bench_{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "bench_{name}"')
    return url.rsplit("/", 1)[0] + f"/bench_{name}"


def _read(line: str, database: str) -> Figure | None:
    try:
        words = json.loads(line)["figure"]
    except (ValueError, KeyError, TypeError):
        print(f"   {line.rstrip()}", flush=True)
        return None
    figure = Figure(**{**words, "bench": f"{words['bench']} · {database}"})
    print(f"   {describe(figure)}", flush=True)
    return figure


def describe(figure: Figure) -> str:
    """Say a figure with its bound in one line."""
    bound = f" (at least {figure.at_least:g})" if figure.at_least is not None else ""
    bound += f" (at most {figure.at_most:g})" if figure.at_most is not None else ""
    verdict = {None: "", True: "  ✓", False: "  ✗"}[figure.kept]
    return (
        f"{figure.what}: {figure.value:,.4g} {figure.unit}{bound}{verdict}{'  – ' + figure.note if figure.note else ''}"
    )


def write_results(figures: list[Figure], path: Path) -> None:
    """Write the figures as a table that people read; figures of benchmarks that did not run now stay as they are."""
    lines = [
        "# Results",
        "",
        f"Python {platform.python_version()}, {os.cpu_count()} cores. Made by `zhangfa bench --write`; "
        "ratios are medians over interleaved rounds of one run.",
        "",
        "| benchmark | figure | value | bound | kept |",
        "|---|---|---|---|---|",
    ]
    rows: dict[str, list[str]] = {}
    for row in _rows_of(path):
        rows.setdefault(row.split("|")[1].strip(), []).append(row)
    rows |= {figure.bench: [] for figure in figures}
    for figure in figures:
        rows[figure.bench].append(_row(figure))
    order = [bench.name for bench in BENCHES]
    for name in sorted(rows, key=lambda one: order.index(one.partition(" ")[0])):
        lines += rows[name]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _rows_of(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    known = {bench.name for bench in BENCHES}
    return [line for line in lines if line.startswith("| ") and line[2:].partition(" ")[0] in known]


def _row(figure: Figure) -> str:
    bound = "–"
    if figure.at_least is not None or figure.at_most is not None:
        bound = f"≥ {figure.at_least:g}" if figure.at_least is not None else f"≤ {figure.at_most:g}"
    kept = {None: "–", True: "yes", False: "**no**"}[figure.kept]
    note = f" ({figure.note})" if figure.note else ""
    return f"| {figure.bench} | {figure.what}{note} | {figure.value:,.4g} {figure.unit} | {bound} | {kept} |"
