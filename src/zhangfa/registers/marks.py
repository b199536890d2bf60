"""The sheets of steps that several people take: a panel's marks and votes, as a table."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import get_language

from zhangfa.acts.reading import Case
from zhangfa.acts.values import show_value
from zhangfa.acts.words import names_of, title_of
from zhangfa.charter.model import Step


@dataclass(frozen=True, slots=True)
class SheetsShown:
    """The sheets filled in so far for one step: a head and a row per person."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def sheets_shown(case: Case) -> list[SheetsShown]:
    """Return a table for every panel and vote that has sheets; signatures stand on lines of their own (``signing``)."""
    sheets = case.row["meta"].get("sheets", {})
    return [
        _shown(step, sheets[step.id])
        for step in case.register.steps.values()
        if sheets.get(step.id) and step.by.mode != "all"
    ]


def _shown(step: Step, sheets: list[dict]) -> SheetsShown:
    own = [field for field in step.asks if field.id in step.own]
    names = names_of({sheet["person"] for sheet in sheets})
    language = get_language() or "zh-hans"
    rows = tuple(
        (names.get(sheet["person"], ""), *(show_value(field, sheet["values"].get(field.id), language) for field in own))
        for sheet in sheets
    )
    return SheetsShown(title_of(step.title), tuple(title_of(field.title) for field in own), rows)
