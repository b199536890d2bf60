"""Whether the charters in force are the ones the log says were put in force."""

from __future__ import annotations

import json
from collections.abc import Iterator

from zhangfa.charter.models import CharterVersion
from zhangfa.log.canonical import canonical
from zhangfa.log.models import Event
from zhangfa.log.problems import Problem


def check_charters() -> Iterator[Problem]:
    """Compare every stored version with the event that put it in force, and name the versions that are gone."""
    rows = {row.event: row for row in CharterVersion.objects.all()}
    for event in Event.objects.filter(kind="charter").order_by("seq"):
        row = rows.pop(event.seq, None)
        if row is None or _stored(row) != _logged(event):
            yield _differs(event.seq, event.charter, event.version)
    for row in rows.values():
        yield _differs(row.event, row.charter, row.version)


def _stored(row: CharterVersion) -> tuple[object, ...]:
    return (row.charter, row.version, row.digest, row.name, row.text, row.files, row.in_force.isoformat())


def _logged(event: Event) -> tuple[object, ...]:
    said = json.loads(event.payload)
    facts = (said.get("digest"), said.get("name"), said.get("text"), canonical(said.get("files")), said.get("in_force"))
    return (event.charter, event.version, *facts)


def _differs(seq: int, charter: str, version: int) -> Problem:
    return Problem(
        "V401",
        f"章程 {charter} 第 {version} 版与日志中施行的文本不符：施行之后被改动、删除或添加。",
        f"Version {version} of the charter {charter} is not the one the log says was put in force: "
        "it was changed, removed or added afterwards.",
        None,
        seq,
    )
