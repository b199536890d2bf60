"""Reading the table of a year that a clerk uploads: every problem of it in whole sentences."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator

from django.utils.translation import gettext as _

from zhangfa.calendar.table import COLUMNS, read_row
from zhangfa.calendar.workdays import SATURDAY, SpecialDay, Year
from zhangfa.refusal import Refusal

LARGEST = 100_000
"""Signs in a table; a year needs about 1,500."""
DECEMBER_FROM = 25
"""New Year's holiday may begin in the December before, as in 2018 and 2022."""


def read_year(text: str, year: int, notice: str) -> Year:
    """Read the CSV of one year.

    Raises:
        Refusal: with a sentence for every row that is wrong, under ``rows.<line>``.
    """
    rows = _rows(text)
    faults: dict[str, str] = {}
    days: dict[dt.date, SpecialDay] = {}
    for line, row in rows:
        one, sentence = _read(row, year)
        if one and one.day in days:
            sentence = _("日期 %(day)s 出现了两次，每一天只能写一行。") % {"day": one.day}
        if sentence:
            faults[f"rows.{line}"] = _("第 %(line)d 行：%(sentence)s") % {"line": line, "sentence": sentence}
        elif one:
            days[one.day] = one
    if faults:
        raise Refusal(
            "fields", " ".join(faults.values()), hint=_("请改正后重新上传，没有写入任何内容。"), fields=faults
        )
    if not days:
        raise Refusal("fields", _("表中没有一行放假或上班安排，没有写入任何内容。"), fields={"text": _("表是空的。")})
    return Year(year, notice, tuple(days[day] for day in sorted(days)))


def _rows(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    if len(text) > LARGEST or "\0" in text:
        raise Refusal("fields", _("这不是一张节假日表：内容过长，或者含有不可见的字符。"), fields={"text": ""})
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        words = {"missing": "、".join(missing), "columns": ",".join(COLUMNS)}
        sentence = _("第一行缺少列 %(missing)s；第一行应写作：%(columns)s。") % words
        raise Refusal("fields", sentence, fields={"text": sentence})
    return ((reader.line_num, {name: (row[name] or "").strip() for name in COLUMNS}) for row in reader)


def _read(row: dict[str, str], year: int) -> tuple[SpecialDay | None, str]:
    if row["kind"] not in ("holiday", "workday"):
        words = {"kind": row["kind"]}
        return None, _("“%(kind)s”不是日子的种类：放假写 holiday，调休上班写 workday。") % words
    try:
        one = read_row(row)
    except ValueError:
        return None, _("“%(date)s”不是日期，请写成 2027-02-05 的样子。") % {"date": row["date"]}
    return one, _sentence(one, year)


def _sentence(one: SpecialDay, year: int) -> str:
    december = (one.day.year, one.day.month) == (year - 1, 12) and one.day.day >= DECEMBER_FROM
    if one.day.year != year and not december:
        return _("%(day)s 不在 %(year)d 年的安排之内。") % {"day": one.day, "year": year}
    if not one.name.zh:
        return _("缺少节日名称（name_zh）。")
    if one.kind == "workday" and one.day.weekday() < SATURDAY:
        return _("%(day)s 本来就是工作日，调休上班只能是周六或周日。") % {"day": one.day}
    return ""
