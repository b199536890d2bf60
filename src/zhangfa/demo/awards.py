"""Honours in the demo: looked at some ten times as the clock would, some awarded by hand, a few taken back."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from zhangfa.acts.models import UnitProperty
from zhangfa.demo.case import holder
from zhangfa.demo.places import JINXIANG
from zhangfa.demo.simulation import Pause
from zhangfa.demo.span import Span, in_office
from zhangfa.directory import tree
from zhangfa.facts import mirror
from zhangfa.honours import clock
from zhangfa.honours.engine import award, withdraw
from zhangfa.honours.held import opened
from zhangfa.honours.models import Holding
from zhangfa.log.seal import seal
from zhangfa.scores.period import Period, periods_within

SEED = 2026
LOCKED_AFTER, YEAR_LOCKED_AFTER = dt.timedelta(days=33), dt.timedelta(days=80)
"""From a period's end until its boards are locked."""
BEST, FINE, STRONG, BRANDS = 10, 24, 12, 8
"""How many of each the demo awards; the charters allow more of all but the first."""
WHY = {
    "ten-best": "三级复核都在九十五分以上，邻里一致推选。", "hundred-fine": "庭院有特色，愿意接待邻村来看。",
    "strong": "全年督查无不合格项，党员先锋岗做法可学。", "brand": "“一窗通办”由三个窗口合并而来，办事人数增加四成。",
    "window": "午间值班一年无空岗。",
}  # fmt: skip
BACK = {
    "ten-best": "户主外出务工，自愿放弃。",
    "strong": "年度考核弄虚作假一项，经核实属实。",
    "red-card": "谈话提醒后已整改，予以撤销。",
}


@dataclass(slots=True)
class Ceremonies:
    """When honours are looked at, awarded and taken back."""

    span: Span
    chance: random.Random = field(default_factory=lambda: random.Random(SEED))

    def pauses(self) -> Iterator[Pause]:
        """Yield a look after the boards of each period are locked and on the last day, and the days of awards."""
        whole = Period("", "", self.span.year.start, self.span.today, self.span.year.title)
        days = [quarter.end + LOCKED_AFTER for quarter in periods_within(whole, "quarter")]
        days += [self.span.year.end + YEAR_LOCKED_AFTER]
        days += [self.span.quarters[-2].end - dt.timedelta(days=12)]
        for day in days:
            yield in_office(day, self.chance), look
        first, third = self.span.quarters[1], self.span.quarters[-2]
        households = partial(self._award_households, BEST, FINE)
        yield in_office(first.end - dt.timedelta(days=10), self.chance), households
        yield in_office(first.start + dt.timedelta(days=62), self.chance), self._award_branches
        yield in_office(third.end - dt.timedelta(days=20), self.chance), self._take_back
        yield self.span.end - dt.timedelta(minutes=40), look

    def _award_households(self, best: int, fine: int, at: dt.datetime) -> None:
        plaques = UnitProperty.objects.filter(name="courtyard", value__in=("built", "model")).order_by("-value", "unit")
        homes = list(plaques.values_list("unit", flat=True))[: 3 * (best + fine)]
        chosen = self.chance.sample(homes, min(len(homes), best + fine))
        self._give("beautiful-courtyard", "ten-best", "county-women", chosen[:best], at)
        self._give("beautiful-courtyard", "hundred-fine", "county-women", chosen[best:], at)

    def _award_branches(self, at: dt.datetime) -> None:
        county = tree.unit_by_code(JINXIANG)
        assert county is not None
        branches, organs = tree.descendants(county.id, "branch"), tree.descendants(county.id, "department")
        for honour, units, count in (
            ("strong", branches, STRONG),
            ("brand", organs, BRANDS),
            ("window", organs, BRANDS),
        ):
            self._give("star-branches", honour, "work-committee", self.chance.sample(units, count), at)

    def _give(self, charter: str, honour: str, role: str, units: Sequence[int], at: dt.datetime) -> None:
        for number, unit in enumerate(units):
            when = at + dt.timedelta(minutes=number)
            award(
                charter=charter, honour=honour, unit=unit, by=holder(role, unit, when), reason=WHY[honour], at=when,
                key=f"demo-award-{honour}-{unit}",
            )  # fmt: skip

    def _take_back(self, at: dt.datetime) -> None:
        """Take back one of each of these, by whoever may, with a reason."""
        for honour, role in (("ten-best", "county-women"), ("strong", "work-committee"), ("red-card", "org-office")):
            running = opened(Holding.objects.filter(ended=None).order_by("-since", "pk"), honour)
            if running:
                by = holder(role, running[0].place_id, at)
                withdraw(holding=running[0].pk, reason=BACK[honour], by=by, at=at, key=f"demo-back-{honour}")


def look(at: dt.datetime) -> None:
    """Do what the clock would: confer what locked boards earn, let titles lapse, look at the rules again."""
    seal(at=at)
    mirror.refresh(at=at)
    clock.tick(at=at)
