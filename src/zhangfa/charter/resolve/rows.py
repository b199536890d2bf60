"""The fixed rows of a table field: a checklist file, or rows written in the charter."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from types import MappingProxyType

from zhangfa.charter.resolve.context import Context
from zhangfa.charter.schema.shapes import KEBAB, Item

MOST_ROWS = 500
Row = Mapping[str, str]


def resolve_rows(ctx: Context, item: Item | None) -> tuple[Row, ...]:
    """Return the fixed rows, each with ``id`` and ``title``; a number written behind a row is its ``most``."""
    if item is None:
        return ()
    if isinstance(item.value, dict):
        rows = enumerate(item.value.items(), 1)
        return tuple(MappingProxyType({"id": str(n), "title": title, "most": one.value}) for n, (title, one) in rows)
    text = ctx.files.get(item.value)
    if text is None:
        ctx.fail("C116", item, name=item.value)
        return ()
    return _read_csv(ctx, item, text)


def _read_csv(ctx: Context, item: Item, text: str) -> tuple[Row, ...]:
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), strict=True)
    rows: list[Row] = []
    seen: set[str] = set()
    try:
        if not {"id", "title"} <= set(reader.fieldnames or ()):
            return _fail(ctx, item, 1, "第一行须有 id 和 title 两列", "the first row names the columns id and title")
        for number, row in enumerate(reader, 2):
            if sentence := _wrong_with(row, seen) or (
                ("行数过多", "too many rows") if len(rows) >= MOST_ROWS else None
            ):
                return _fail(ctx, item, number, *sentence)
            seen.add(row["id"])
            rows.append(MappingProxyType({key: value.strip() for key, value in row.items()}))
    except csv.Error as error:
        return _fail(ctx, item, reader.line_num, f"不是合法的 CSV（{error}）", f"not CSV ({error})")
    if not rows:
        return _fail(ctx, item, 2, "没有任何行", "there are no rows")
    return tuple(rows)


def _wrong_with(row: Mapping[str | None, object], seen: set[str]) -> tuple[str, str] | None:
    if None in row or None in row.values():
        return "列数与第一行不同", "it has another number of columns than the first row"
    key = str(row["id"])
    if key in seen:
        return f"id“{key}”重复", f'the id "{key}" stands twice'
    if not (key.isdigit() or KEBAB.match(key)) or len(key) > 48:
        return f"id“{key}”只能用小写英文字母、数字和 -", f'the id "{key}" is not lower-case letters, digits and -'
    return None if str(row["title"]).strip() else ("title 是空的", "the title is empty")


def _fail(ctx: Context, item: Item, row: int, zh: str, en: str) -> tuple[Row, ...]:
    ctx.fail("C117", item, name=item.value, row=row, zh=zh, en=en)
    return ()
