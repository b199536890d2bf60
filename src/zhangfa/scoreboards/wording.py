"""Numbers, ranks and states of scores in words."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhangfa.charter.model import Charter, Text
from zhangfa.charter.score_model import Indicator, Score
from zhangfa.publishing.models import DRAFT, LOCKED, OPEN, REJECTED, REPLACED, SHOWN, UPHELD
from zhangfa.scores.engine import Result
from zhangfa.scores.exact import plain, round_away

TONES = {
    DRAFT: "plain",
    SHOWN: "open",
    LOCKED: "done",
    REPLACED: "soon",
    OPEN: "soon",
    UPHELD: "done",
    REJECTED: "plain",
}


def said(text: Text) -> str:
    """Return a charter's words in the reader's language."""
    return text.in_language(get_language() or "zh-hans")


def state_words(state: str) -> str:
    """Say the state of a board or an objection; the empty state is a running result."""
    return {
        "": _("实时"), DRAFT: _("草稿"), SHOWN: _("公示中"), LOCKED: _("已锁定"), REPLACED: _("已被更正"),
        OPEN: _("待处理"), UPHELD: _("成立"), REJECTED: _("不成立"),
    }[state]  # fmt: skip


def status_words(result: Result) -> str:
    """Say why somebody has no rank; empty for who has one."""
    return status_of(result.status)


def status_of(status: str) -> str:
    """Say what a status means in place of a rank; empty for ``ranked``."""
    return {
        "ranked": "", "not_reported": _("未上报"), "too_few": _("数据太少"), "vetoed": _("一票否决"),
    }[status]  # fmt: skip


def status_help(status: str) -> str:
    """Say what a word in place of a rank means."""
    return {
        "not_reported": _("有指标没有上报。没有上报不是零分，所以不排名次。"),
        "too_few": _("数据条数不到章程规定的最少条数，不排名次，也不作为别人的比较标准。"),
        "vetoed": _("触发了一票否决指标，不排名次。"),
    }[status]


def ties_words(score: Score) -> str:
    """Say how equal totals are ranked."""
    return {
        "competition": _("总分相同的并列，后面的名次空出（1、2、2、4）。"),
        "dense": _("总分相同的并列，后面的名次不空（1、2、2、3）。"),
        "average": _("总分相同的取平均名次（1、2.5、2.5、4）。"),
    }[score.ties]


def number(value: Decimal | Fraction | None, places: int | None = None) -> str:
    """Write a number; with ``places`` exactly so many decimals, else as few as it needs, four at most."""
    if value is None:
        return "—"
    if places is not None:
        return f"{round_away(Fraction(value), places):f}"
    return plain(round_away(Fraction(value), 4))


def percent(value: Fraction | Decimal) -> str:
    """Write a share as a percentage with one decimal at most."""
    return f"{plain(round_away(Fraction(value) * 100, 1))}%"


def total_words(score: Score, result: Result) -> str:
    """Write a total with the decimals the score declares."""
    return "—" if result.rounded is None else f"{result.rounded:f}"


def moved_words(moved: Decimal | None) -> str:
    """Say how many places somebody has moved since the last period."""
    if moved is None:
        return ""
    if moved == 0:
        return _("持平")
    return (_("升 %(n)s 位") if moved > 0 else _("降 %(n)s 位")) % {"n": plain(abs(moved))}


def basis_words(charter: Charter, one: Indicator) -> str:
    """Say the clause an indicator rests on, and where its weight was taken from."""
    parts = [said(one.clause)] if one.clause else []
    if one.weight_source and one.weight:
        parts.append(_source(charter, one.weight_source))
    return "；".join(parts)


def _source(charter: Charter, source: str) -> str:
    name = source.removeprefix("setting:")
    setting = charter.settings.get(name) if name != source else None
    if setting is None:
        return _("权重出处：%(source)s") % {"source": source}
    return _("权重由本县设定（%(name)s）") % {"name": said(setting.title) if setting.title else name}
