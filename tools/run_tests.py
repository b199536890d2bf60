"""Run the whole suite: on SQLite, then on a throw-away PostgreSQL, then in the browser; ``--spark``: those on Spark.

What cannot run here is said in capitals at the end. With ``NOTHING_SKIPPED=1`` that is a failure.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from tools.postgres import temporary_postgres

ROOT = Path(__file__).resolve().parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def run_suite(title: str, markers: str, *more: str, **environment: str) -> int:
    """Run pytest with a marker expression; return its exit code."""
    print(f"\n=== {title} ===", flush=True)
    with tempfile.TemporaryDirectory(prefix="zhangfa-test-") as data:
        chosen = [word for word in sys.argv[1:] if word != "--spark"]
        command = [sys.executable, "-m", "pytest", "-q", "-m", markers, *more, *chosen]
        return subprocess.run(command, cwd=ROOT, env=os.environ | {"DATA": data} | environment, check=False).returncode


def main() -> int:
    """Run every suite that can run; return the worst exit code."""
    return test_spark() if "--spark" in sys.argv[1:] else test_all()


def test_spark() -> int:
    """Run the tests that start a Spark."""
    if shutil.which("java") is None and not os.environ.get("JAVA_HOME"):
        print("\n!!! THE SPARK TESTS WERE SKIPPED: install Debian's `openjdk-17-jre-headless` to run them.", flush=True)
        return 1 if os.environ.get("NOTHING_SKIPPED") == "1" else 0
    return run_suite("Spark", "spark", "tests/spark", DATABASE_URL="")


def test_all() -> int:
    """Run the suites on both databases and in the browser."""
    codes, skipped = [], []
    codes.append(
        run_suite(
            "SQLite", "not browser and not postgres and not spark", "-n", "2", "--dist", "loadfile", DATABASE_URL=""
        )
    )
    with temporary_postgres() as url:
        if url:
            codes.append(
                run_suite("PostgreSQL", "not browser and not spark", "-n", "2", "--dist", "loadfile", DATABASE_URL=url)
            )
        else:
            skipped.append("THE POSTGRESQL TESTS WERE SKIPPED: install Debian's `postgresql` to run them.")
    if any(shutil.which(name) for name in BROWSERS):
        codes.append(run_suite("Browser", "browser", DATABASE_URL="", DJANGO_ALLOW_ASYNC_UNSAFE="1"))
    else:
        skipped.append("THE BROWSER TESTS WERE SKIPPED: install Debian's `chromium` and `fonts-noto-cjk` to run them.")
    for sentence in skipped:
        print(f"\n!!! {sentence}", flush=True)
    if skipped and os.environ.get("NOTHING_SKIPPED") == "1":
        return 1
    return max(code for code in codes if code != 5) if any(code != 5 for code in codes) else 5


if __name__ == "__main__":
    sys.exit(main())
