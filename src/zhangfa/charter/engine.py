"""Put charters in force, and read those that are.

Every write appends one event of kind ``charter`` in its own transaction. Open cases stay on the
version they began under (:func:`at_version`); new ones begin under the newest in force (:func:`current`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from zoneinfo import ZoneInfo

from django.utils import timezone

from zhangfa.charter.load import Loaded, checklists_of, load_charter
from zhangfa.charter.memory import forget_all, held, note_change, parsed
from zhangfa.charter.model import Charter, Register
from zhangfa.charter.models import CharterVersion
from zhangfa.charter.problems import Problem, Problems
from zhangfa.log.append import append_event, find_event
from zhangfa.log.canonical import canonical
from zhangfa.log.transaction import write_transaction

SHANGHAI = ZoneInfo("Asia/Shanghai")
__all__ = [
    "Applied", "CharterRefused", "UnknownCharter", "all_current", "apply_charter",
    "at_version", "current", "forget_all", "plan_charter", "register", "versions",
]  # fmt: skip


class CharterRefused(ValueError):
    """A charter cannot be put in force; ``problems`` says everything that stands in its way."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(problem.en for problem in problems))
        self.problems = problems


class UnknownCharter(KeyError):
    """No such charter, version or register is in force."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What applying did: the charter with its number and date; ``repeated`` when it already stood so."""

    charter: Charter
    event: int
    repeated: bool


def apply_charter(
    *, text: str, name: str, by: int | None, at: dt.datetime, key: str,
    files: Mapping[str, str] = MappingProxyType({}), in_force: dt.date | None = None,
) -> Applied:  # fmt: skip
    """Put a charter in force, or do nothing where this very text already is.

    ``in_force`` beats the date in the file; without either it is the day of ``at`` in Shanghai. A file
    without a version gets the next one.

    Raises:
        CharterRefused: a problem stands; the version is taken by another text, or is not the newest.
    """
    files = {one: files[one] for one in checklists_of(text) if one in files}
    loaded = load_charter(text, name=name, files=files)
    if loaded.charter is None:
        raise CharterRefused(loaded.problems)
    with write_transaction():
        charter, same = _number(loaded, name, in_force or _date_of(loaded, at))
        if same is not None:
            return Applied(charter, same.event, True)
        if find_event(key):
            raise CharterRefused(_said("C400", name, key=key))
        return _write(charter, files, name, by, at, key)


def plan_charter(
    *, text: str, name: str, files: Mapping[str, str], at: dt.datetime, in_force: dt.date | None = None
) -> tuple[Charter, Charter | None]:
    """Return what applying would put in force, and what stands now; writes nothing.

    Raises:
        CharterRefused: as :func:`apply_charter`.
    """
    loaded = load_charter(text, name=name, files=files)
    if loaded.charter is None:
        raise CharterRefused(loaded.problems)
    charter, _ = _number(loaded, name, in_force or _date_of(loaded, at))
    rows = held().rows.get(charter.id, ())
    return charter, parsed(rows[-1]) if rows else None


def _date_of(loaded: Loaded, at: dt.datetime) -> dt.date:
    assert loaded.charter is not None
    return loaded.charter.in_force if loaded.dated else at.astimezone(SHANGHAI).date()


def _number(loaded: Loaded, name: str, in_force: dt.date) -> tuple[Charter, CharterVersion | None]:
    """Return the charter with its version and date, and the stored row where this very text already stands."""
    charter = loaded.charter
    assert charter is not None
    stored = CharterVersion.objects.filter(charter=charter.id).order_by("-version")
    newest = stored.first()
    if newest and newest.digest == charter.digest and (not loaded.numbered or newest.version == charter.version):
        return replace(charter, version=newest.version, in_force=newest.in_force), newest
    if not loaded.numbered:
        _refuse_earlier(newest, in_force, name)
        return replace(charter, version=_after(newest), in_force=in_force), None
    taken = stored.filter(version=charter.version).first()
    if taken and taken.digest == charter.digest:
        return replace(charter, in_force=taken.in_force), taken
    if taken:
        raise CharterRefused(_said("C401", name, version=charter.version, next=_after(newest)))
    if newest and charter.version < newest.version:
        raise CharterRefused(_said("C402", name, version=charter.version, newest=newest.version, next=_after(newest)))
    _refuse_earlier(newest, in_force, name)
    return replace(charter, in_force=in_force), None


def _refuse_earlier(newest: CharterVersion | None, in_force: dt.date, name: str) -> None:
    if newest and in_force < newest.in_force:
        raise CharterRefused(_said("C403", name, day=in_force, newest=newest.version, after=newest.in_force))


def _after(newest: CharterVersion | None) -> int:
    return newest.version + 1 if newest else 1


def _said(code: str, name: str, **words: object) -> tuple[Problem, ...]:
    problems = Problems(name)
    problems.add(code, 1, 1, "version", **words)
    return problems.sorted()


def _write(
    charter: Charter, files: Mapping[str, str], name: str, by: int | None, at: dt.datetime, key: str
) -> Applied:  # fmt: skip
    payload = {
        "digest": charter.digest, "files": dict(files), "in_force": charter.in_force.isoformat(), "name": name,
        "text": charter.text,
    }  # fmt: skip
    event = append_event(
        key=key, ts=at, kind="charter", charter=charter.id, version=charter.version, person=by, payload=payload
    )
    CharterVersion.objects.create(
        charter=charter.id, version=charter.version, digest=charter.digest, name=name, text=charter.text,
        files=canonical(dict(files)), in_force=charter.in_force, applied_at=at, applied_by=by, event=event.seq,
    )  # fmt: skip
    note_change()
    return Applied(charter, event.seq, False)


def current(charter_id: str, on: dt.date | None = None) -> Charter:
    """Return the newest version in force on a day (today in Shanghai unless told).

    Raises:
        UnknownCharter: none is.
    """
    day = on or timezone.now().astimezone(SHANGHAI).date()
    for row in reversed(held().rows.get(charter_id, ())):
        if row.in_force <= day:
            return parsed(row)
    raise UnknownCharter(charter_id)


def at_version(charter_id: str, version: int) -> Charter:
    """Return a version, whether or not a newer one is in force.

    Raises:
        UnknownCharter: there is no such version.
    """
    for row in held().rows.get(charter_id, ()):
        if row.version == version:
            return parsed(row)
    raise UnknownCharter(f"{charter_id} {version}")


def versions(charter_id: str) -> tuple[Charter, ...]:
    """Return every version of a charter, oldest first."""
    return tuple(parsed(row) for row in held().rows.get(charter_id, ()))


def all_current(on: dt.date | None = None) -> Mapping[str, Charter]:
    """Return the charters in force on a day, by id, in the order of their ids."""
    day = on or timezone.now().astimezone(SHANGHAI).date()
    found: dict[str, Charter] = {}
    for charter_id, rows in sorted(held().rows.items()):
        if row := next((one for one in reversed(rows) if one.in_force <= day), None):
            found[charter_id] = parsed(row)
    return MappingProxyType(found)


def register(key: str, on: dt.date | None = None) -> tuple[Charter, Register]:
    """Return the charter in force and the register of a full key such as ``residents-requests.request``.

    Raises:
        UnknownCharter: there is no such register in force.
    """
    charter_id, _, name = key.partition(".")
    charter = current(charter_id, on)
    if name not in charter.registers:
        raise UnknownCharter(key)
    return charter, charter.registers[name]
