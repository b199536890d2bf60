"""Renew the lock files: exact versions and hashes, no address of any registry."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OPTIONS = ["--generate-hashes", "--no-header", "--no-emit-index-url", "--no-emit-find-links", "--universal"]
LOCKS = [
    ("requirements-uv.in", "requirements-uv.lock", []),
    ("requirements.in", "requirements.lock", []),
    ("requirements-dev.in", "requirements-dev.lock", ["-c", "requirements.lock"]),
    ("requirements-node.in", "requirements-node.lock", []),
    ("requirements-spark.in", "requirements-spark.lock", ["-c", "requirements.lock"]),
]


def main() -> None:
    """Compile each list of direct needs into its lock."""
    for source, lock, extra in LOCKS:
        command = [sys.executable, "-m", "uv", "pip", "compile", "-q", *OPTIONS, "--python-version", "3.11", *extra]
        subprocess.run([*command, source, "-o", lock, *sys.argv[1:]], cwd=ROOT, check=True)
        if "://" in (ROOT / lock).read_text():
            sys.exit(f"{lock} holds an address, which must not be committed.")
        print(f"{lock}: {(ROOT / lock).read_text().count('==')} packages")
    strip_addresses(ROOT / "assets" / "package-lock.json")


def strip_addresses(lock: Path) -> None:
    """Take out of npm's lock what names a host: where a package came from, and where its makers ask for money."""
    found = json.loads(lock.read_text("utf-8"))
    for package in found["packages"].values():
        package.pop("resolved", None)
        package.pop("funding", None)
    lock.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
