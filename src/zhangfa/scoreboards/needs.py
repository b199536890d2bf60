"""What a score reads: the tables of facts to hand in for a try, and the periods it may be about."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from zhangfa.charter.fact_columns import fact_columns
from zhangfa.charter.model import Charter, Text
from zhangfa.charter.resolve.judged import columns_read
from zhangfa.charter.score_model import Score
from zhangfa.scores.period import MONTHS, Period, of_season, period_of, previous

PERIODS = 8
FROM_UNITS = "unit"
"""The table that the file of units itself fills."""


@dataclass(frozen=True, slots=True)
class Need:
    """A table of facts that a score reads."""

    table: str
    title: Text
    indicators: tuple[Text, ...]


def needs_of(charter: Charter, score: Score) -> list[Need]:
    """Return the tables to hand in, in the order of the indicators; units come from their own file."""
    titles: dict[str, list[Text]] = {}
    for one in score.indicators.values():
        titles.setdefault(one.from_, []).append(one.title)
        if one.from_ == FROM_UNITS:
            titles |= {name: titles.get(name, []) for name in properties_read(charter, score)}
    return [
        Need(name, title_of_table(charter, name), tuple(held)) for name, held in titles.items() if name != FROM_UNITS
    ]


def properties_read(charter: Charter, score: Score) -> list[str]:
    """Return the registers that are properties of units and that indicators over units read."""
    over = [one for one in score.indicators.values() if one.from_ == FROM_UNITS]
    columns = fact_columns(charter, FROM_UNITS)
    read = {name for one in over for name in columns_read(columns, one.where, one.value)}
    return [
        one.id for one in charter.registers.values() if one.one_per == ("unit",) and one.id.replace("-", "_") in read
    ]


def title_of_table(charter: Charter, table: str) -> Text:
    """Name a table of facts."""
    register = charter.registers.get(table)
    own = {
        "task": Text(_("待办")),
        "post": Text(_("任职")),
        "score": Text(_("已算出的考核")),
        "honour": Text(_("称号")),
    }
    return register.title if register else own.get(table, Text(table))


def periods_of(charter: Charter, score: Score, today: dt.date) -> list[Period]:
    """Return the periods offered, the newest first; any other may be typed."""
    if score.every not in MONTHS:
        season = charter.seasons.get(score.every)
        return [of_season(season)] if season else []
    found: list[Period] = []
    one: Period | None = period_of(today, score.every)
    while one and len(found) < PERIODS:
        found.append(one)
        one = previous(one)
    return found
