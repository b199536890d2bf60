"""Read any field's value from what a form, a program or a scenario hands in."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import orjson
from django.utils.translation import gettext as _

from zhangfa.acts.values import scalars
from zhangfa.acts.values.scalars import Wrong
from zhangfa.charter.model import Field

MOST_CHOSEN = 500
MOST_ROWS = 500
Problems = dict[str, str]


def parse_value(field: Field, raw: object) -> tuple[Any, Problems]:
    """Return the canonical value and the sentences of what is wrong, by path below the field.

    ``""`` is the field itself, ``3.content`` a cell of its table. Empty input yields ``None``.
    Whether persons, units, records and files exist is asked of the database later (``lookup``).
    """
    if _is_empty(raw):
        return None, {}
    if field.type == "table":
        return _parse_table(field, raw)
    try:
        return READERS[field.type](field, raw), {}
    except Wrong as wrong:
        return None, {"": str(wrong)}


def _is_empty(raw: object) -> bool:
    return raw is None or (isinstance(raw, str) and not raw.strip()) or (isinstance(raw, list | tuple) and not raw)


def _read_choice(field: Field, raw: object) -> str:
    chosen = str(raw).strip()
    if chosen not in {option.id for option in field.options}:
        raise Wrong(_("请从给出的选项中选择。"))
    return chosen


def _read_choices(field: Field, raw: object) -> list[str]:
    chosen = [_read_choice(field, item) for item in _listed(raw)]
    order = [option.id for option in field.options]
    return sorted(_checked_count(field, list(dict.fromkeys(chosen))), key=order.index)


def _listed(raw: object) -> list[Any]:
    if isinstance(raw, list | tuple):
        return list(raw)
    if isinstance(raw, str) and raw.lstrip().startswith("["):
        return _from_json(raw)
    if isinstance(raw, str):
        return [part.strip() for part in re.split(r"[,，、\n]", raw) if part.strip()]
    return [raw]


def _from_json(raw: str) -> list[Any]:
    try:
        listed = orjson.loads(raw)
    except orjson.JSONDecodeError:
        raise Wrong(_("内容无法读取，请重新选择。"))
    return list(listed) if isinstance(listed, list) else [listed]


def _checked_count(field: Field, chosen: list[Any]) -> list[Any]:
    most = int(field.max) if isinstance(field.max, Decimal) else MOST_CHOSEN
    if len(chosen) > most:
        raise Wrong(_("最多选 %(max)d 个，现在有 %(count)d 个。") % {"max": most, "count": len(chosen)})
    if isinstance(field.min, Decimal) and len(chosen) < field.min:
        raise Wrong(_("至少选 %(min)d 个，现在有 %(count)d 个。") % {"min": int(field.min), "count": len(chosen)})
    return chosen


def _read_id(field: Field, raw: object) -> int:
    text = str(raw).strip()
    if isinstance(raw, bool) or not re.fullmatch(r"\d{1,19}", text) or int(text) >= 1 << 63:
        raise Wrong(_("请从列表中选择。"))
    return int(text)


def _read_units(field: Field, raw: object) -> list[int]:
    return _checked_count(field, sorted({_read_id(field, item) for item in _listed(raw)}))


def _read_ref(field: Field, raw: object) -> str:
    return str(_read_id(field, raw))


def _read_files(field: Field, raw: object) -> list[dict[str, Any]]:
    files = [_read_file(item) for item in _listed(raw)]
    if isinstance(field.max, Decimal) and len(files) > field.max:
        raise Wrong(_("最多上传 %(max)d 个文件。") % {"max": int(field.max)})
    if isinstance(field.min, Decimal) and len(files) < field.min:
        raise Wrong(_("至少上传 %(min)d 个文件。") % {"min": int(field.min)})
    for file in files:
        if field.accept == "image" and not file["type"].startswith("image/"):
            raise Wrong(_("“%(name)s”不是图片。") % {"name": file["name"]})
        if field.accept == "document" and file["type"].startswith("image/"):
            raise Wrong(_("“%(name)s”不是文档。") % {"name": file["name"]})
    return files


def _read_file(item: object) -> dict[str, Any]:
    if not isinstance(item, Mapping):
        raise Wrong(_("文件没有传上来，请重新选择。"))
    hash_, size = str(item.get("hash", "")), item.get("size", 0)
    if not re.fullmatch(r"[0-9a-f]{64}", hash_) or not isinstance(size, int):
        raise Wrong(_("文件没有传上来，请重新选择。"))
    name = " ".join(str(item.get("name", "")).split())[:120] or hash_[:8]
    return {"hash": hash_, "name": name, "type": str(item.get("type", ""))[:80], "size": size}


def _read_point(field: Field, raw: object) -> list[str]:
    if isinstance(raw, Mapping):
        raw = [raw.get("lon"), raw.get("lat")]
    parts = _listed(raw)
    if len(parts) != 2:
        raise Wrong(_("请在地图上选一个位置。"))
    lon, lat = (scalars.to_places(scalars.read_number(part), 6) for part in parts)
    if not -180 <= lon <= 180 or not -90 <= lat <= 90:
        raise Wrong(_("请在地图上选一个位置。"))
    return [f"{lon:f}", f"{lat:f}"]


def _refuse_stock(field: Field, raw: object) -> int:
    raise Wrong(_("库存由收发办理，不能直接填写。"))


READERS: Mapping[str, Callable[[Field, object], Any]] = {
    "text": scalars.read_text,
    "int": scalars.read_int,
    "decimal": scalars.read_decimal,
    "percent": scalars.read_percent,
    "money": scalars.read_money,
    "date": scalars.read_date,
    "datetime": scalars.read_datetime,
    "time": scalars.read_time,
    "bool": scalars.read_bool,
    "phone": scalars.read_phone,
    "id-number": scalars.read_id_number,
    "credit-code": scalars.read_credit_code,
    "choice": _read_choice,
    "choices": _read_choices,
    "person": _read_id,
    "unit": _read_id,
    "units": _read_units,
    "ref": _read_ref,
    "files": _read_files,
    "point": _read_point,
    "stock": _refuse_stock,
}


def _parse_table(field: Field, raw: object) -> tuple[Any, Problems]:
    """Read rows: a list, or a mapping of row id or place to cells, as forms post them."""
    try:
        given = _rows_of(raw)
    except Wrong as wrong:
        return None, {"": str(wrong)}
    if len(given) > MOST_ROWS:
        return None, {"": _("最多 %(max)d 行。") % {"max": MOST_ROWS}}
    fixed = {row["id"] for row in field.rows}
    rows: list[dict[str, Any]] = []
    problems: Problems = {}
    for place, (key, cells) in enumerate(given):
        row, wrong_cells = _parse_row(field.columns, cells)
        row_id = str(cells.get("id") or key or "")[:40]
        if fixed and row_id not in fixed:
            wrong_cells[""] = _("清单里没有这一行。")
        if row_id:
            row["id"] = row_id
        if len(row) > bool(row_id) or fixed:
            rows.append(row)
        name = row_id if fixed else str(place)
        problems |= {f"{name}.{column}".rstrip("."): sentence for column, sentence in wrong_cells.items()}
    return rows, problems


def _rows_of(raw: object) -> Sequence[tuple[str, Mapping[str, Any]]]:
    if isinstance(raw, str):
        raw = _from_json(raw)
    if isinstance(raw, Mapping):
        pairs = [(str(key), cells) for key, cells in raw.items()]
    elif isinstance(raw, list | tuple):
        pairs = [("", cells) for cells in raw]
    else:
        raise Wrong(_("表格无法读取，请重新填写。"))
    if not all(isinstance(cells, Mapping) for _key, cells in pairs):
        raise Wrong(_("表格无法读取，请重新填写。"))
    return pairs


def _parse_row(columns: Sequence[Field], cells: Mapping[str, Any]) -> tuple[dict[str, Any], Problems]:
    """Read the cells that were handed in; a cell not handed in stays out, an empty one becomes ``None``."""
    row: dict[str, Any] = {}
    problems: Problems = {}
    for column in columns:
        if column.id in cells:
            value, wrong = parse_value(column, cells[column.id])
            row[column.id] = value
            problems |= {f"{column.id}.{path}".rstrip("."): sentence for path, sentence in wrong.items()}
    return row, problems
