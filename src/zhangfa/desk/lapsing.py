"""Honours of units that lapse soon, for whoever awards them: one query, and none for whoever awards nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, Min, Q

from zhangfa.acts.actor import Actor
from zhangfa.charter.engine import all_current
from zhangfa.charter.model import Text
from zhangfa.honours.models import Holding
from zhangfa.honours.rights import NOTHING, below, places_of

SOON = dt.timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Lapsing:
    """Some holdings of one honour end within thirty days."""

    charter: str
    honour: str
    title: Text
    count: int
    first: dt.date
    """The last day of the first to end."""


def lapsing_soon(actor: Actor, today: dt.date) -> Iterator[Lapsing]:
    """Yield the awards of units whose time is nearly over, of those the actor gives."""
    titles, condition = {}, NOTHING
    for charter in all_current(today).values():
        for honour in charter.honours.values():
            places = places_of(actor, honour.awarders) if honour.of_kind and honour.lasts else ()
            if places:
                titles[charter.id, honour.id] = honour.title
                condition |= Q(charter=charter.id, honour=honour.id) & below(places, "place")
    if not titles:
        return
    due = Holding.objects.filter(condition, ended=None, until__lte=today + SOON + dt.timedelta(days=1)).order_by()
    for charter, honour, count, until in due.values_list("charter", "honour").annotate(Count("pk"), Min("until")):
        yield Lapsing(charter, honour, titles[charter, honour], count, until - dt.timedelta(days=1))
