"""The tree of units, the posts and the groups as they stood on any day, from the log's changes of the directory.

``place`` has one row per unit and stretch of days without a change above it; the first stretch begins and the last ends
at infinity, so that a fact dated before its unit was entered, or after it was closed, still has its place.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import uuid4

import duckdb
import orjson

from zhangfa.charter.fact_columns import UNIT_KINDS
from zhangfa.directory.models import GroupMember, Post, UnitSpan

EVER, NEVER = dt.date(1, 1, 1), dt.date(9999, 12, 31)
Day = dt.date


@dataclass(frozen=True, slots=True)
class Span:
    """What a unit was from a day until (not including) another; ``until`` NEVER while it lasts."""

    since: Day
    until: Day
    kind: str
    name: str
    parent: int | None


@dataclass(slots=True)
class Directory:
    """Units with their spans and codes, posts, and memberships of groups."""

    codes: dict[int, str] = field(default_factory=dict)
    spans: dict[int, list[Span]] = field(default_factory=dict)
    posts: dict[int, list[Any]] = field(default_factory=dict)
    members: dict[int, list[Any]] = field(default_factory=dict)

    def apply(self, change: Mapping[str, Any]) -> None:
        """Put one change of the directory on top; the meaning is that of ``directory.fold``."""
        for id_, code, kind, name, _pinyin, parent, since in change.get("add") or ():
            self.codes[id_] = code
            self.spans[id_] = [Span(_day(since), NEVER, kind, name, parent)]
        for id_, name, _pinyin, on in change.get("rename") or ():
            self._turn(id_, _day(on), name=name)
        for id_, parent, on in change.get("move") or ():
            self._turn(id_, _day(on), parent=parent)
        for id_, on, _into in change.get("close") or ():
            self.spans[id_][-1] = replace(self.spans[id_][-1], until=_day(on))
        for id_, person, role, unit, since, until in change.get("posts") or ():
            self.posts[id_] = [id_, person, role, unit, since, until]
        for id_, until in change.get("end") or ():
            self.posts[id_][5] = until
        for id_, *rest, until in change.get("join") or ():
            self.members[id_] = [id_, *rest, until]
        for id_, until in change.get("leave") or ():
            self.members[id_][5] = until

    def _turn(self, unit: int, day: Day, **change: Any) -> None:
        last = self.spans[unit][-1]
        if last.since < day:
            self.spans[unit][-1] = replace(last, until=day)
            self.spans[unit].append(replace(last, since=day, **change))
        else:
            self.spans[unit][-1] = replace(last, **change)


def _day(text: str) -> Day:
    return dt.date.fromisoformat(text)


def directory_from_log(changes: Iterable[str]) -> Directory:
    """Fold the changes of the directory.

    Raises:
        KeyError: they speak of a unit or post that they never made.
    """
    found = Directory()
    for text in changes:
        found.apply(orjson.loads(text))
    return found


def directory_from_tables() -> Directory:
    """Read the directory as it stands: for units that were put into their tables without a log, as fixtures are."""
    found = Directory()
    rows = UnitSpan.objects.order_by("unit_id", "since").values_list(
        "unit_id", "unit__code", "since", "until", "kind", "name", "parent_id"
    )
    for unit, code, since, until, kind, name, parent in rows:
        found.codes[unit] = code
        found.spans.setdefault(unit, []).append(Span(since, until or NEVER, kind, name, parent))
    for unit, code, kind, name, parent, since, until in _without_spans():
        found.codes.setdefault(unit, code)
        found.spans.setdefault(unit, [Span(since, until or NEVER, kind, name, parent)])
    for id_, person, role, unit, since, until in Post.objects.values_list(
        "id", "person", "role", "unit", "since", "until"
    ):
        found.posts[id_] = [id_, person, role, unit, since.isoformat(), until and until.isoformat()]
    for id_, *rest, since, until in GroupMember.objects.values_list("id", "group", "part", "unit", "since", "until"):
        found.members[id_] = [id_, *rest, since.isoformat(), until and until.isoformat()]
    return found


def _without_spans() -> Iterable[tuple[Any, ...]]:
    from zhangfa.directory.models import Unit

    units = Unit.objects.filter(spans=None)
    return units.values_list("id", "code", "kind", "name", "parent_id", "since", "until")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A unit between two days: what it was, and the nearest unit of each kind at or above it."""

    since: Day
    until: Day
    kind: str
    name: str
    above: Mapping[str, int]


def stretches(directory: Directory) -> dict[int, list[Stretch]]:
    """Return every unit's stretches, in order, without a gap from the first day to the last."""
    found: dict[int, list[Stretch]] = {}

    def of(unit: int) -> list[Stretch]:
        if unit not in found:
            found[unit] = []  # a tree that bites its own tail ends here
            found[unit] = [one for span in _endless(directory.spans.get(unit, [])) for one in under(unit, span)]
        return found[unit]

    def under(unit: int, span: Span) -> Iterable[Stretch]:
        whole = Stretch(EVER, NEVER, "", "", {})
        for above in (of(span.parent) if span.parent is not None else ()) or (whole,):
            since, until = max(span.since, above.since), min(span.until, above.until)
            if since < until:
                yield Stretch(since, until, span.kind, span.name, {**above.above, span.kind: unit})

    for unit in directory.spans:
        of(unit)
    return found


def _endless(spans: list[Span]) -> list[Span]:
    """Return the spans with those that never held left out, the first from ever and the last for ever."""
    held = [one for one in spans if one.since < one.until] or spans[-1:]
    if not held:
        return []
    joined = [replace(one, until=after.since) for one, after in pairwise(held)]
    joined.append(replace(held[-1], until=NEVER))
    return [replace(joined[0], since=EVER), *joined[1:]]


PLACE = {
    "unit": "BIGINT", "code": "VARCHAR", "kind": "VARCHAR", "name": "VARCHAR", "since": "DATE", "until": "DATE",
    "from_day": "DATE", "until_day": "DATE", **{f"at:{kind}": "BIGINT" for kind in UNIT_KINDS},
}  # fmt: skip
POST = {"id": "BIGINT", "person": "BIGINT", "role": "VARCHAR", "unit": "BIGINT", "since": "DATE", "until": "DATE"}
MEMBER = {"id": "BIGINT", "grouping": "VARCHAR", "part": "VARCHAR", "unit": "BIGINT", "since": "DATE", "until": "DATE"}
FILES = {"place": "place-{}.parquet", "held_post": "place-{}.posts.parquet", "membership": "place-{}.groups.parquet"}
"""File of each view, by the hash of what it was made from."""


def place_rows(directory: Directory) -> Iterable[dict[str, Any]]:
    """Yield the rows of ``place``; ``since`` and ``until`` say when the unit itself existed."""
    for unit, parts in stretches(directory).items():
        spans = directory.spans[unit]
        until = None if spans[-1].until == NEVER else spans[-1].until
        for one in parts:
            yield {
                "unit": unit, "code": directory.codes[unit], "kind": one.kind, "name": one.name,
                "since": spans[0].since, "until": until, "from_day": one.since, "until_day": one.until,
                **{f"at:{kind}": id_ for kind, id_ in one.above.items()},
            }  # fmt: skip


def post_rows(directory: Directory) -> Iterable[dict[str, Any]]:
    """Yield the rows of the posts."""
    for row in directory.posts.values():
        yield dict(zip(POST, row, strict=True))


def member_rows(directory: Directory) -> Iterable[dict[str, Any]]:
    """Yield the rows of the memberships of groups."""
    for row in directory.members.values():
        yield dict(zip(MEMBER, row, strict=True))


def open_places(connection: duckdb.DuckDBPyConnection, folder: Path, changes: str) -> None:
    """Make the views ``place``, ``held_post`` and ``membership`` from a query of the directory's changes."""
    key = keep_places(connection, folder, changes)
    for view, file in FILES.items():
        connection.execute(f"CREATE TEMP VIEW {view} AS SELECT * FROM '{folder / file.format(key)}'")


def keep_places(connection: duckdb.DuckDBPyConnection, folder: Path, changes: str) -> str:
    """Write the rows of the directory's changes, unless they stand there, and return the hash in their files' names.

    What it makes is kept beside the mirror under the hash of what it was made from, for every process.
    """
    texts = f"SELECT change FROM ({changes}) ORDER BY _place"
    digest = f"SELECT md5(string_agg(md5(change), '' ORDER BY _place)) FROM ({changes})"
    ((key,),) = connection.execute(digest).fetchall()
    if key and all((folder / file.format(key)).exists() for file in FILES.values()):
        return str(key)
    directory = _directory([text for (text,) in connection.execute(texts).fetchall()])
    key = key if key and directory.logged else _hash(directory.found)
    found = directory.found
    made = ((place_rows(found), PLACE), (post_rows(found), POST), (member_rows(found), MEMBER))
    for file, (rows, columns) in zip(FILES.values(), made, strict=True):
        _keep(connection, folder / file.format(key), rows, columns)
    return key


@dataclass(frozen=True, slots=True)
class _Found:
    found: Directory
    logged: bool


def _directory(changes: list[str]) -> _Found:
    try:
        found = directory_from_log(changes)
    except KeyError:
        return _Found(directory_from_tables(), False)
    return _Found(found, True) if found.spans else _Found(directory_from_tables(), False)


def _hash(directory: Directory) -> str:
    held = directory.codes, directory.spans, directory.posts, directory.members
    parts = [sorted(one.items()) for one in held]
    return hashlib.md5(repr(parts).encode(), usedforsecurity=False).hexdigest()


def _keep(
    connection: duckdb.DuckDBPyConnection, path: Path, rows: Iterable[Mapping[str, Any]], columns: Mapping[str, str]
) -> None:
    """Write rows to a Parquet file that appears at once and whole."""
    lines, new = path.with_name(f"{uuid4().hex}.lines"), path.with_name(f"{uuid4().hex}.new")
    lines.write_bytes(b"\n".join(map(orjson.dumps, rows)) or b"{}")
    kinds = ", ".join(f"'{name}': '{kind}'" for name, kind in columns.items())
    first = next(iter(columns))
    try:
        connection.execute(
            f"COPY (SELECT * FROM read_ndjson('{lines}', columns={{{kinds}}}) WHERE \"{first}\" IS NOT NULL "
            f"ORDER BY ALL) TO '{new}' (FORMAT parquet)"
        )
        new.replace(path)
    finally:
        lines.unlink(missing_ok=True)
        new.unlink(missing_ok=True)
