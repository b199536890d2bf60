"""Fork a writer or a sealer, kill it at a random moment, fork the next: run by ``test_kill.py``.

Prints a key once its transaction is committed: that is the acknowledgement a client would have seen.
"""

import os
import random
import select
import signal
import sys
import time
from importlib import import_module

import django
from django.conf import settings

ENOUGH = 8
PATIENCE = 60
COMMITTED, TOLD = os.pipe()
"""A byte for each commit, so that the first kill never comes before the first commit."""


def write_events(name: str, number: int) -> None:
    """Append events for ever, each with one effect; first repeat what a client without an answer would repeat."""
    from tests.log.events import add_event

    from zhangfa.log.secrets import encrypt_value
    from zhangfa.log.transaction import write_transaction

    number = max(0, number - 3)
    while True:
        key = f"{name}-{number}"
        with write_transaction():
            if not add_event(key, record=number).repeated:
                encrypt_value(hash_of(key), "effect", number)
        os.write(1, f"{key}\n".encode())
        os.write(TOLD, b".")
        number += 1


def hash_of(key: str) -> int:
    """Return the record id that stands for the key's effect."""
    name, number = key.split("-")
    return int(name.removeprefix("w")) * 1_000_000 + int(number)


def seal_events() -> None:
    """Seal for ever, in small batches."""
    from tests.log.events import AT

    from zhangfa.log.seal import seal

    while True:
        seal(at=AT, batch=7)
        os.write(TOLD, b".")


def main(database: str, name: str, seconds: float) -> None:
    """Fork and kill until the time is over and it was often enough, however slow the machine."""
    settings.DATABASES["default"]["NAME"] = database
    django.setup()
    for module in ("tests.log.events", "zhangfa.log.seal", "zhangfa.log.secrets"):
        import_module(module)  # before the forks, not in each of them
    chance, until, kills = random.Random(name), time.monotonic() + seconds, 0
    while time.monotonic() < until or (kills < ENOUGH and time.monotonic() < until + PATIENCE):
        child = os.fork()
        if child == 0:
            seal_events() if name == "sealer" else write_events(name, kills * 40)
        select.select([COMMITTED], [], [], 30)
        time.sleep(chance.random() * 0.2)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        if select.select([COMMITTED], [], [], 0)[0]:
            os.read(COMMITTED, 1 << 16)
        kills += 1
    os.write(2, f"{kills}\n".encode())


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]))
