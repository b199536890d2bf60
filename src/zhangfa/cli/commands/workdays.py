"""``zhangfa workdays``: count working days, or reckon a deadline; starts without the database."""

from __future__ import annotations

import datetime as dt
import json

import click

from zhangfa.calendar import SHANGHAI, Extension, Text, WorkCalendar, load_builtin_calendar, reckon_deadline
from zhangfa.calendar.text import join, write_day
from zhangfa.calendar.workdays import DAY, Stretch, say_stretch

MOST = 10_000
"""Working days: forty years."""


class Day(click.ParamType[dt.date]):
    """A date written as 2026-11-22."""

    name = "date"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        """Read the date, or say how one is written."""
        try:
            return dt.date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"“{value}”不是日期。 {value!r} is no date; write it as 2026-11-22.", param, ctx)


@click.command()
@click.option("--from", "start", type=Day(), required=True, help="Day of receipt; it is not counted.")
@click.option("--plus", type=click.IntRange(1, MOST), help="So many working days later.")
@click.option("--to", "end", type=Day(), help="Count the working days up to and including this day.")
@click.option("--json", "as_json", is_flag=True, help="Print facts for a program.")
def command(start: dt.date, plus: int | None, end: dt.date | None, as_json: bool) -> None:
    """Count working days by the State Council's calendar, make-up days (调休) included.

    It knows the years that ship with the program, not those uploaded into a county's database.

    \b
    Example:
      zhangfa workdays --from 2024-02-05 --plus 10
      zhangfa workdays --from 2026-02-01 --to 2026-02-28
    """
    if (plus is None) == (end is None):
        raise click.UsageError("--plus 和 --to 请写一个。 Give either --plus or --to.")
    calendar = load_builtin_calendar()
    facts = _later(start, plus, calendar) if plus is not None else _between(start, end or start, calendar)
    click.echo(json.dumps(facts, ensure_ascii=False, indent=2) if as_json else _in_words(facts))


def _later(start: dt.date, plus: int, calendar: WorkCalendar) -> dict[str, object]:
    received = dt.datetime.combine(start, dt.time(12), SHANGHAI)
    deadline = reckon_deadline(received=received, within=Extension(plus, "workdays"), calendar=calendar)
    last = deadline.due.date()
    return _facts(start, last, plus, deadline.stretches, deadline.why, calendar)


def _between(start: dt.date, end: dt.date, calendar: WorkCalendar) -> dict[str, object]:
    if end < start:
        raise click.UsageError(f"{end} 早于 {start}。 {end} is before {start}.")
    count = calendar.workdays_between(start, end)
    stretches = calendar.stretches(start + DAY, end)
    return _facts(start, end, count, stretches, _say_count(start, end, count, stretches), calendar)


def _facts(
    start: dt.date, end: dt.date, count: int, stretches: tuple[Stretch, ...], why: Text, calendar: WorkCalendar
) -> dict[str, object]:
    years = range(start.year, end.year + 1)
    return {
        "from": start.isoformat(),
        "to": end.isoformat(),
        "workdays": count,
        "exceptions": [_exception(one) for one in stretches],
        "notices": {str(year): calendar.notice(year) for year in years},
        "provisional": not all(map(calendar.announced, years)),
        "zh": why.zh,
        "en": why.en,
    }


def _exception(one: Stretch) -> dict[str, str]:
    days = {"first": one.first.isoformat(), "last": one.last.isoformat()}
    return {**days, "kind": one.kind, "zh": one.name.zh, "en": one.name.en}


def _say_count(start: dt.date, end: dt.date, count: int, stretches: tuple[Stretch, ...]) -> Text:
    first, last = write_day(start), write_day(end)
    parts = [Text(f"{first.zh}之后至{last.zh}", f"after {first.en} up to {last.en}")]
    if stretches:
        parts.append(join([say_stretch(one, start.year) for one in stretches], "、", ", "))
    reckoned = join(parts, "；", "; ")
    days = "working day" if count == 1 else "working days"
    return Text(f"{reckoned.zh} → {count}个工作日", f"{reckoned.en} → {count} {days}")


def _in_words(facts: dict[str, object]) -> str:
    lines = [str(facts["zh"]), str(facts["en"])]
    notices = facts["notices"]
    assert isinstance(notices, dict)
    for year, notice in notices.items():
        lines.append(f"  {year}: {notice or '尚未公布，仅按周末计算 · not announced yet, weekends only'}")
    return "\n".join(lines)
