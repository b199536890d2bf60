"""Put what one person entered into a table that several people fill, each their own columns."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from zhangfa.acts.actor import Actor
from zhangfa.acts.rights import is_who
from zhangfa.acts.situation import Situation
from zhangfa.acts.words import say_missing
from zhangfa.charter.model import Field, Step

Rows = Sequence[Mapping[str, Any]]


def merge_table(
    table: Field, given: Rows, stored: Rows | None, actor: Actor, situation: Situation, step: Step
) -> tuple[list[dict[str, Any]] | None, dict[str, str]]:
    """Return the table as it stands afterwards, and the sentences of required cells left empty.

    A column with ``filled_by`` takes values from that person only. A checklist keeps all its rows; of a
    free table, rows not handed in again go, unless somebody else has filled a cell of theirs.
    """
    mine = [
        c for c in table.columns if not c.filled_by or any(is_who(w, actor, situation, step.id) for w in c.filled_by)
    ]
    rows = _fixed_rows(table, given, stored, mine) if table.rows else _free_rows(table, given, stored, mine)
    problems = {
        f"{row['id'] if table.rows else place}.{column.id}": say_missing(column)
        for place, row in enumerate(rows)
        for column in mine
        if column.required and row.get(column.id) in (None, [])
    }
    return rows or None, problems


def _fixed_rows(table: Field, given: Rows, stored: Rows | None, mine: Sequence[Field]) -> list[dict[str, Any]]:
    before = {row["id"]: row for row in stored or ()}
    entered = {row["id"]: row for row in given if "id" in row}
    ids = [row["id"] for row in table.rows]
    return [_merged(before.get(id_, {"id": id_}), entered.get(id_, {}), mine) for id_ in ids]


def _free_rows(table: Field, given: Rows, stored: Rows | None, mine: Sequence[Field]) -> list[dict[str, Any]]:
    before = {row["id"]: row for row in stored or ()}
    rows = []
    for row in given:
        known = before.pop(row.get("id", ""), None)
        rows.append(_merged(known or {}, row, mine))
    others = {column.id for column in table.columns} - {column.id for column in mine}
    rows += [dict(row) for row in before.values() if any(row.get(name) is not None for name in others)]
    return _numbered(rows, stored or ())


def _merged(before: Mapping[str, Any], entered: Mapping[str, Any], mine: Sequence[Field]) -> dict[str, Any]:
    cells = {**before, **{column.id: entered[column.id] for column in mine if column.id in entered}}
    return {name: value for name, value in cells.items() if value is not None}


def _numbered(rows: list[dict[str, Any]], stored: Rows) -> list[dict[str, Any]]:
    """Give new rows ids never used before in this table."""
    used = [int(row["id"]) for row in [*stored, *rows] if re.fullmatch(r"[0-9]{1,9}", str(row.get("id", "")))]
    following = max(used, default=0) + 1
    for row in rows:
        if "id" not in row:
            row["id"] = str(following)
            following += 1
    return rows
