"""Show stored values to a person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from zhangfa.acts.values.term import is_sealed
from zhangfa.charter.model import Field

SHANGHAI = ZoneInfo("Asia/Shanghai")
WORDS = {"zh": {"yes": "是", "no": "否", "rows": "{} 行", "files": "{} 个文件", "sealed": "已加密"},
         "en": {"yes": "Yes", "no": "No", "rows": "{} rows", "files": "{} files", "sealed": "encrypted"}}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Names:
    """Names looked up beforehand, so that showing a page asks the database once."""

    persons: Mapping[int, str] = field(default_factory=dict)
    units: Mapping[int, str] = field(default_factory=dict)
    records: Mapping[str, str] = field(default_factory=dict)


def show_value(of: Field, stored: Any, language: str = "zh-hans", names: Names | None = None) -> str:
    """Return one line of words for a stored value; empty where there is none."""
    if stored is None:
        return ""
    words = WORDS["en" if language.startswith("en") else "zh"]
    if is_sealed(stored):
        return words["sealed"]
    known = names or Names()
    match of.type:
        case "bool":
            return words["yes" if stored else "no"]
        case "choice" | "choices":
            return "、".join(_titles(of, stored, language))
        case "person":
            return known.persons.get(stored, f"#{stored}")
        case "unit" | "units":
            listed = stored if isinstance(stored, list) else [stored]
            return "、".join(known.units.get(unit, f"#{unit}") for unit in listed)
        case "ref":
            return known.records.get(stored, f"#{stored}")
        case "table":
            return words["rows"].format(len(stored))
        case "files":
            return words["files"].format(len(stored))
    return _show_scalar(of, stored, language)


def _titles(of: Field, stored: Any, language: str) -> list[str]:
    titles: dict[Any, str] = {option.id: option.title.in_language(language) for option in of.options}
    listed = stored if isinstance(stored, list) else [stored]
    return [titles.get(item, str(item)) for item in listed]


def _show_scalar(of: Field, stored: Any, language: str) -> str:
    match of.type:
        case "money":
            return (
                f"{Decimal(stored) / 100:,.2f} 元"
                if not language.startswith("en")
                else f"¥{Decimal(stored) / 100:,.2f}"
            )
        case "percent":
            return f"{(Decimal(stored) * 100).normalize():f}%"
        case "datetime":
            return f"{dt.datetime.fromisoformat(stored).astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
        case "point":
            return f"{stored[0]}, {stored[1]}"
    return f"{stored} {of.measure}" if of.measure else str(stored)
