"""Set the project up: virtual environment, locked libraries, web assets, translations.

Run by ``make run`` and ``make test`` with any Python ≥ 3.11; uses the standard library only. Each
part is skipped when its inputs have not changed since it was last done.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / "stamps"


def say(sentence: str) -> None:
    """Tell the person at the terminal what is being done."""
    print(f"· {sentence}", flush=True)


def call(*command: str | Path, **environment: str) -> None:
    """Run a command; on failure end with its exit code after its own words."""
    done = subprocess.run([str(part) for part in command], cwd=ROOT, env=os.environ | environment, check=False)
    if done.returncode:
        sys.exit(f"Set-up stopped: `{' '.join(str(part) for part in command)}` failed with code {done.returncode}.")


def make_venv() -> None:
    """Make ``.venv``; on a Debian without python3-venv install that first, or say how."""
    if (
        PYTHON.exists()
        and subprocess.run([PYTHON, "-c", "import pip"], capture_output=True, check=False).returncode == 0
    ):
        return
    say("Making the virtual environment")
    shutil.rmtree(VENV, ignore_errors=True)
    made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True, check=False)
    if made.returncode == 0:
        return
    shutil.rmtree(VENV, ignore_errors=True)
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say("Installing python3-venv")
        call("apt-get", "update", "-qq")
        call("apt-get", "install", "-y", "-qq", "python3-venv", DEBIAN_FRONTEND="noninteractive")
        call(sys.executable, "-m", "venv", VENV)
        return
    sys.exit(
        "Python's venv module is missing, so no virtual environment could be made.\n"
        "Run `apt-get install python3-venv` as root, then the same command again.\n\n" + made.stdout + made.stderr
    )


def digest_of(*paths: Path) -> str:
    """Return one SHA-256 over the contents of files."""
    total = hashlib.sha256(sys.version.encode())
    for path in paths:
        total.update(path.read_bytes())
    return total.hexdigest()


def once(name: str, inputs: list[Path], sentence: str) -> bool:
    """Say whether the named part still has to be done for these inputs; then say the sentence."""
    stamp = STAMPS / name
    if stamp.exists() and stamp.read_text() == digest_of(*inputs):
        return False
    say(sentence)
    return True


def mark_done(name: str, inputs: list[Path]) -> None:
    """Note that the named part is done for these inputs."""
    STAMPS.mkdir(exist_ok=True)
    (STAMPS / name).write_text(digest_of(*inputs))


def install(name: str, lock: str, sentence: str) -> None:
    """Install a lock file, with hashes required."""
    inputs = [ROOT / lock]
    if once(name, inputs, sentence):
        call(PYTHON, "-m", "uv", "pip", "install", "-q", "--require-hashes", "-r", lock, VIRTUAL_ENV=str(VENV))
        mark_done(name, inputs)


def main(arguments: list[str]) -> None:
    """Do every part that is not done."""
    if sys.version_info < (3, 11):
        sys.exit(f"Zhangfa needs Python 3.11 or newer; this is {sys.version.split()[0]}. Set PYTHON=… to another one.")
    make_venv()
    bootstrap = [ROOT / "requirements-uv.lock"]
    if once("uv", bootstrap, "Installing the installer"):
        call(PYTHON, "-m", "pip", "install", "-q", "--require-hashes", "-r", bootstrap[0])
        mark_done("uv", bootstrap)
    install("core", "requirements.lock", "Installing the locked libraries")
    if "--dev" in arguments:
        install("dev", "requirements-dev.lock", "Installing the libraries for tests and checks")
    if "--spark" in arguments:
        install("spark", "requirements-spark.lock", "Installing Spark (430 MB, a minute or two)")
    package = [ROOT / "pyproject.toml", ROOT / "requirements.in"]
    if once("package", package, "Linking the zhangfa command"):
        call(PYTHON, "-m", "uv", "pip", "install", "-q", "--no-deps", "-e", ".", VIRTUAL_ENV=str(VENV))
        mark_done("package", package)
    call(PYTHON, "tools/build_assets.py")
    catalogues = sorted(ROOT.glob("src/zhangfa/*/locale/*/LC_MESSAGES/*.po"))
    compiled = all(path.with_suffix(".mo").exists() for path in catalogues)
    if once("messages", catalogues, "Compiling the translations") or not compiled:
        call(PYTHON, "tools/messages.py", "--compile-only")
        mark_done("messages", catalogues)


if __name__ == "__main__":
    main(sys.argv[1:])
