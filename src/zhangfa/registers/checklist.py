"""The words a checklist's file says of each of its rows, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import get_language

OWN = ("id", "title", "set_by")
"""Columns that are not headings: the row's name and title, and who set its wording."""


def row_title(row: Mapping[str, str]) -> str:
    """Return the title of a row."""
    return _said(row, "title") or row["id"]


def row_group(row: Mapping[str, str]) -> str:
    """Return the headings a row stands under, such as ``经济财务 · 财务收支``."""
    names = [name for name in row if name not in OWN and not name.endswith("_en")]
    return " · ".join(words for name in names if (words := _said(row, name)))


def _said(row: Mapping[str, str], name: str) -> str:
    english = (get_language() or "").startswith("en")
    return (row.get(f"{name}_en") if english else "") or row.get(name, "")
