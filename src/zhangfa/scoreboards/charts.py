"""What the charts draw, as plain data: each stands beside a table that says the same in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

import orjson
from django.utils.translation import gettext as _
from markupsafe import Markup

from zhangfa.scoreboards import wording
from zhangfa.scoreboards.lines import Line
from zhangfa.scoreboards.seeing import Seen
from zhangfa.scores.exact import NOTHING
from zhangfa.scores.stability import Band
from zhangfa.scores.why import Why

MOST_BARS, MOST_LINES, MOST_BANDS = 30, 40, 100
"""More bars than this are a carpet: then the first of them stand for all, and the table says the rest."""
Drawn = Mapping[str, object] | None


def as_data(drawn: Drawn) -> Markup:
    """Write a chart's data for a block that no browser runs; nothing in it can end the block."""
    text = orjson.dumps(drawn, default=_plain).decode()
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(type(value))


def contributions(seen: Seen, lines: Sequence[Line]) -> Drawn:
    """Draw what each indicator puts into the totals, one bar a line, of the first lines; nothing where there is one."""
    shown = [line for line in lines if line.result.rounded is not None]
    return contributions_of(seen, shown[:MOST_BARS]) if len(shown) > 1 else None


def contributions_of(seen: Seen, shown: Sequence[Line]) -> Drawn:
    """Draw the parts of totals; nothing where parts do not add up, as in a geometric mean."""
    held = [one for one in seen.place.score.indicators.values() if any(line.parts[one.id] for line in shown)]
    if not held:
        return None
    return {
        "kind": "bars", "names": [line.name for line in shown],
        "series": [{"name": wording.said(one.title), "values": [line.parts[one.id] for line in shown]} for one in held],
        "totals": [line.total for line in shown], "base": seen.place.score.base or None, "baseName": _("基础分"),
    }  # fmt: skip


def makeup(why: Why) -> Drawn:
    """Draw one total, a bar a part: what it puts in, and what of its weight it leaves out; none for one part."""
    held = [step for step in why.steps if step.counts is not None and (step.counts or step.share)]
    parts = [(wording.said(step.indicator.title), step.counts or Decimal(0), step.share * 100) for step in held]
    if why.base:
        parts.insert(0, (_("基础分"), why.base, NOTHING))
    if why.result.rounded is None or len(parts) < 2:
        return None
    return {
        "kind": "bars", "names": [name for name, _c, _m in parts],
        "series": [
            {"name": _("计入总分"), "values": [counts for _name, counts, _most in parts]},
            {"name": _("没有得到"), "values": [_left(counts, most) for _name, counts, most in parts], "left": True},
        ],
        "totals": [
            f"{wording.number(counts)} / {wording.number(most)}" if most else wording.number(counts)
            for _name, counts, most in parts
        ],
    }  # fmt: skip


def _left(counts: Decimal, most: Fraction) -> float:
    return round(float(max(most - Fraction(counts), NOTHING)), 2)


def dots(seen: Seen, why: Why) -> Drawn:
    """Draw where one stands among those compared with, on each indicator that carries a weight."""
    scoring, code = seen.scoring, why.result.key.code
    group = [one.key.code for one in scoring.results if one.key.group == why.result.key.group]
    if len(group) < 3:
        return None
    points = {each: scoring.points_of(each) for each in group}
    steps = [step for step in why.steps if step.indicator.weight]
    return {
        "kind": "dots", "names": [wording.said(step.indicator.title) for step in steps], "own": why.result.key.name,
        "others": _("同组其他"), "axis": _("得分（0–100）"),
        "mine": [step.points for step in steps],
        "peers": [
            [row, round(float(value), 2), scoring.by_code[each].key.name]
            for row, step in enumerate(steps)
            for each in group
            if each != code and (value := points[each][step.indicator.id]) is not None
        ],
    }  # fmt: skip


def bands(firm: Sequence[Band]) -> Drawn:
    """Draw the band of each rank: where 90 of 100 rankings put it."""
    if not 1 < len(firm) <= MOST_BANDS:
        return None
    return {
        "kind": "bands", "names": [one.key.name for one in firm], "axis": _("名次"),
        "rows": [[one.high, one.low, one.place, one.best, one.worst] for one in firm],
        "words": [_("名次"), _("100 次里有 90 次"), _("最好、最差")],
    }  # fmt: skip


def trend(periods: Sequence[str], rows: Sequence[tuple[str, bool, Sequence[Decimal | None]]]) -> Drawn:
    """Draw the ranks over the periods, the first on top: of those ranked at least twice, and one's own."""
    rows = [row for row in rows if row[1] or sum(one is not None for one in row[2]) > 1][:MOST_LINES]
    if len(periods) < 2 or not rows:
        return None
    return {
        "kind": "trend", "periods": list(periods), "axis": _("名次"),
        "rows": [{"name": name, "own": own, "values": list(values)} for name, own, values in rows],
    }  # fmt: skip
