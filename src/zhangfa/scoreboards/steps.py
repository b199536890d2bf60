"""The steps of a why page: each indicator from its facts to the total, ready to be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from zhangfa.charter.model import Charter
from zhangfa.charter.score_model import NO_WEIGHT, Dimension
from zhangfa.scoreboards import wording
from zhangfa.scoreboards.seeing import Seen
from zhangfa.scores.combine import homes
from zhangfa.scores.exact import plain
from zhangfa.scores.reach import Reach
from zhangfa.scores.why import Step, Why


@dataclass(frozen=True, slots=True)
class Shown:
    """One indicator's way to the total, in words."""

    id: str
    title: str
    facts: int
    value: str
    reported: bool
    """False where a value is missing; a bonus or malus nobody recorded is none, and not missing."""
    scale: str
    points: str
    share: str
    counts: str
    counted: Decimal | None
    reach: str
    """What it alone would have to be for the next rank; empty where it alone cannot."""
    source: str


def steps_of(seen: Seen, why: Why) -> list[Shown]:
    """Return the steps in the charter's order."""
    return [_shown(seen.place.charter, step) for step in why.steps]


@dataclass(frozen=True, slots=True)
class Part:
    """A dimension with its indicators, or the indicators that stand by themselves."""

    title: str
    points: str
    weight: str
    steps: tuple[Shown, ...]


def parts_of(seen: Seen, why: Why) -> list[Part]:
    """Return the steps by dimension, in the charter's order; those without one stand first to last by themselves."""
    score, home = seen.place.score, homes(seen.place.score)
    held: dict[str, list[Shown]] = {}
    for step in steps_of(seen, why):
        held.setdefault(home[step.id], []).append(step)
    return [_part(score.dimensions.get(one), why, tuple(steps)) for one, steps in held.items()]


def _part(dimension: Dimension | None, why: Why, steps: tuple[Shown, ...]) -> Part:
    if dimension is None:
        return Part("", "", "", steps)
    points = wording.number(why.dimensions.get(dimension.id))
    return Part(wording.said(dimension.title), points, wording.number(dimension.weight), steps)


def among(seen: Seen, why: Why) -> Mapping[str, str]:
    """Say where one stands in the group on each indicator, as ``3 / 13``; empty where others are not shown."""
    scoring, own = seen.scoring, why.result.key
    if seen.place.score.of_post and not seen.whole:
        return {}
    columns: dict[str, list[Fraction | None]] = {one: [] for one in seen.place.score.indicators}
    for each in scoring.results:
        if each.key.group == own.group:
            for one, points in scoring.points_of(each.key.code).items():
                columns[one].append(points)
    mine = scoring.points_of(own.code)
    return {one: _place(mine[one], [each for each in column if each is not None]) for one, column in columns.items()}


def _place(mine: Fraction | None, others: Sequence[Fraction]) -> str:
    return "" if mine is None else f"{1 + sum(one > mine for one in others)} / {len(others)}"


def lacks_of(seen: Seen, why: Why) -> list[str]:
    """Say what keeps somebody from a rank: which indicators have too few facts, no value, or a veto."""
    score, found = seen.place.score, []
    facts = {step.indicator.id: step.facts for step in why.steps}
    title = {one.id: wording.said(one.title) for one in score.indicators.values()}
    for one in why.result.too_few:
        held, name = (sum(facts.values()), _("各项合计")) if one == "*" else (facts[one], title[one])
        words = {"name": name, "held": held, "least": score.too_few[one]}
        found.append(_("%(name)s有 %(held)s 条数据，章程要求至少 %(least)s 条。") % words)
    if why.result.status == "not_reported":
        held_back = [title[one] for one in why.result.missing if score.indicators[one].missing == "show"]
        found += [_("%(name)s没有上报。") % {"name": one} for one in held_back]
    found += [_("%(name)s触发了一票否决。") % {"name": title[one]} for one in why.result.vetoed_by]
    return found


def _shown(charter: Charter, step: Step) -> Shown:
    one = step.indicator
    return Shown(
        id=one.id, title=wording.said(one.title),
        facts=step.facts, value=wording.number(step.value),
        reported=step.value is not None or one.scale.kind in NO_WEIGHT,
        scale=wording.said(step.scale), points=wording.number(step.points),
        share=wording.percent(step.share) if step.share else "—", counts=wording.number(step.counts),
        counted=step.counts, reach=_reach(step.reach) if step.reach else "", source=wording.basis_words(charter, one),
    )  # fmt: skip


def _reach(reach: Reach) -> str:
    """Say what the indicator alone would have to be."""
    if reach.value is None:
        return _("得分到 %(points)s") % {"points": plain(reach.points)}
    value = plain(reach.value)
    if reach.less:
        return (_("低于 %(value)s") if reach.beyond else _("降到 %(value)s")) % {"value": value}
    return (_("超过 %(value)s") if reach.beyond else _("升到 %(value)s")) % {"value": value}
