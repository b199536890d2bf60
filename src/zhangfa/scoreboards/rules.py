"""How a score is worked out, for whoever reads the board: each indicator with its scale, weight and source."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _

from zhangfa.charter.model import Charter
from zhangfa.charter.score_model import Indicator, Score
from zhangfa.scoreboards import wording
from zhangfa.scores.combine import grow_tree, homes, shares
from zhangfa.scores.says import say_scale
from zhangfa.scores.scaling import Peers


@dataclass(frozen=True, slots=True)
class Rule:
    """One indicator as the charter says it."""

    indicator: Indicator
    title: str
    dimension: str
    scale: str
    weight: str
    source: str
    missing: str


def rules_of(charter: Charter, score: Score) -> list[Rule]:
    """Return the indicators in the charter's order."""
    parts, home = shares(grow_tree(score)), homes(score)
    return [_rule(charter, score, one, parts.get(one.id), home[one.id]) for one in score.indicators.values()]


def _rule(charter: Charter, score: Score, one: Indicator, share: Fraction | None, home: str) -> Rule:
    dimension = score.dimensions.get(home)
    return Rule(
        indicator=one, title=wording.said(one.title), dimension=wording.said(dimension.title) if dimension else "",
        scale=wording.said(say_scale(one, Peers(()))), weight=wording.percent(share) if share else "—",
        source=wording.basis_words(charter, one),
        missing=_("未上报时权重分给其余各项") if one.missing == "leave_out" else "",
    )  # fmt: skip
