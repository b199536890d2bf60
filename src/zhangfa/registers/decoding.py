"""What a form posts, field by field: raw values as ``take_step`` reads them, nothing lost on the way.

Names in the form: a field is its id; a cell of a table ``items.<row>.<column>``; a place
``place.lon`` and ``place.lat``; files already handed in stand sealed in ``photos.kept``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from zhangfa.acts.actor import Actor
from zhangfa.acts.refusal import Refusal
from zhangfa.attachments.engine import StoredFile, store, unseal_files
from zhangfa.charter.model import Field

MANY = ("choices", "units")
MAX_ROWS = 200
ZONE = ZoneInfo("Asia/Shanghai")
Raw = dict[str, object]


def decode(
    fields: Iterable[Field], post: QueryDict, files: MultiValueDict, *, by: Actor, at: dt.datetime, prefix: str = ""
) -> tuple[Raw, dict[str, str]]:
    """Return raw values by field id, and the sentences of uploads that were refused by path."""
    raw: Raw = {}
    wrong: dict[str, str] = {}
    for field in fields:
        name = prefix + field.id
        if field.type == "table":
            raw[field.id] = _table(field, post, files, by, at, wrong)
        elif field.type == "files":
            raw[field.id] = _files(field, name, post, files, by, at, wrong)
        else:
            raw[field.id] = _plain(field, name, post)
    return raw, wrong


def _plain(field: Field, name: str, post: QueryDict) -> object:
    if field.type in MANY:
        return [each for each in post.getlist(name) if each]
    if field.type == "point":
        pair = [post.get(f"{name}.lon", "").strip(), post.get(f"{name}.lat", "").strip()]
        return pair if any(pair) else ""
    return post.get(name, "")


def _files(
    field: Field, name: str, post: QueryDict, files: MultiValueDict, by: Actor, at: dt.datetime, wrong: dict[str, str]
) -> list[StoredFile]:
    """Return the files kept from before, less those taken out, and those that came now."""
    dropped = set(post.getlist(f"{name}.drop"))
    kept = [
        file for token in post.getlist(f"{name}.kept") for file in unseal_files(token) if file["hash"] not in dropped
    ]
    for upload in files.getlist(name):
        try:
            kept.append(store(upload=upload, accept=field.accept, by=by, at=at))
        except Refusal as refused:
            wrong[name] = " ".join(filter(None, [wrong.get(name), refused.sentence]))
    return list({file["hash"]: file for file in kept}.values())


def _table(
    field: Field, post: QueryDict, files: MultiValueDict, by: Actor, at: dt.datetime, wrong: dict[str, str]
) -> object:
    """Return rows by id where the charter fixes them, else a list in the form's order."""
    names = [row["id"] for row in field.rows] or [str(place) for place in range(row_count(field, post))]
    rows: dict[str, Raw] = {}
    for name in names:
        cells, bad = decode(field.columns, post, files, by=by, at=at, prefix=f"{field.id}.{name}.")
        wrong.update(bad)
        rows[name] = {key: value for key, value in cells.items() if _was_asked(f"{field.id}.{name}.{key}", post, files)}
        if not field.rows and post.get(f"{field.id}.{name}.id"):
            rows[name]["id"] = post[f"{field.id}.{name}.id"]
    return rows if field.rows else list(rows.values())


def row_count(field: Field, post: QueryDict) -> int:
    """Return how many free rows the form had."""
    count = post.get(f"{field.id}.count", "")
    return min(int(count), MAX_ROWS) if count.isascii() and count.isdigit() else 0


def _was_asked(name: str, post: QueryDict, files: MultiValueDict) -> bool:
    """Say whether the form had a control of that name; a radio left open is announced by ``.asked``."""
    return any(key in post for key in (name, f"{name}.asked", f"{name}.kept", f"{name}.lon")) or name in files


def raw_of(field: Field, stored: object) -> object:
    """Return a stored value as its control shows it."""
    if stored is None or (isinstance(stored, Mapping) and "~" in stored):
        return ""
    if field.type == "datetime":
        return dt.datetime.fromisoformat(str(stored)).astimezone(ZONE).strftime("%Y-%m-%dT%H:%M")
    if field.type == "money":
        return f"{Decimal(str(stored)) / 100:.2f}"
    if field.type == "percent":
        return f"{(Decimal(str(stored)) * 100).normalize():f}%"
    if field.type == "bool":
        return "true" if stored else "false"
    if field.type == "table" and isinstance(stored, list):
        return _raw_rows(field, stored)
    if field.type in (*MANY, "files", "point"):
        return stored
    return str(stored)


def _raw_rows(field: Field, stored: list[Mapping[str, object]]) -> object:
    rows = [
        {"id": row.get("id", "")} | {column.id: raw_of(column, row.get(column.id)) for column in field.columns}
        for row in stored
    ]
    return dict(zip((str(row.get("id")) for row in stored), rows, strict=True)) if field.rows else rows
