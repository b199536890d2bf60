"""The rules somebody tries out, as an address carries them: ``?w.rate=30&t.rate=0.6&out=daily``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from zhangfa.charter.model import Text
from zhangfa.charter.score_model import NO_WEIGHT, Score
from zhangfa.desk.jinja import in_words
from zhangfa.scores.combine import grow_tree, shares
from zhangfa.scores.exact import plain
from zhangfa.scores.whatif import Changes, change_score

LONGEST = 16
"""Signs of a number; more is no rule anybody writes."""
MOST = Decimal(10**9)
PLACES = 4
OUT = "out"


@dataclass(frozen=True, slots=True)
class Control:
    """One number that can be tried: its field, what the charter has, what is tried, and how far the slider goes."""

    name: str
    title: str
    ruled: str
    tried: str
    low: str
    high: str
    step: str
    error: str = ""

    @property
    def changed(self) -> bool:
        """Whether another number is tried than the charter has."""
        return self.tried != self.ruled


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator or dimension with what can be tried of it."""

    id: str
    title: Text
    weight: Control | None
    ends: tuple[Control, ...] = ()
    share: str = ""
    """Its part of the whole under what is tried, as 35.7%."""
    out: bool = False
    removable: bool = False


@dataclass(frozen=True, slots=True)
class Trial:
    """What is tried on a score, read from an address."""

    score: Score
    changes: Changes
    errors: Mapping[str, str] = field(default_factory=dict)
    refused: str = ""
    """Why these rules cannot be reckoned with, in a sentence."""

    @property
    def plain(self) -> bool:
        """Whether nothing differs from the charter."""
        one = self.changes
        return not (one.weights or one.targets or one.floors or one.dimensions or one.removed)

    @property
    def address(self) -> str:
        """What differs, as the query of an address: the same trial has the same address."""
        return urlencode([(name, value) for name, value in _named(self.changes)])


def read_trial(score: Score, query: QueryDict) -> Trial:
    """Read what an address or a form asks for; what equals the charter is no change."""
    errors: dict[str, str] = {}
    found: dict[str, dict[str, Decimal]] = {"w": {}, "t": {}, "f": {}, "d": {}}
    for prefix, id_, ruled in _ruled(score):
        name = f"{prefix}.{id_}"
        typed = query.get(name, "").strip()
        if not typed:
            continue
        value = _number(typed, least=-MOST if prefix in "tf" else Decimal(0))
        if value is None:
            errors[name] = _("“%(typed)s”不能用：请写一个数，最多 4 位小数，权重不小于零。") % {"typed": typed[:20]}
        elif value != ruled:
            found[prefix][id_] = value
    removed = frozenset(one for one in query.getlist(OUT) if one in _removable(score))
    changes = Changes(found["w"], found["t"], found["f"], found["d"], removed)
    return Trial(score, changes, errors, _fault(score, changes))


def _ruled(score: Score) -> Iterator[tuple[str, str, Decimal | None]]:
    """Yield every number that can be tried: its prefix, whose it is, what the charter has."""
    for one in score.indicators.values():
        if one.scale.kind not in NO_WEIGHT:
            yield "w", one.id, one.weight
        if one.scale.kind == "target":
            yield "t", one.id, one.scale.target
            yield "f", one.id, one.scale.floor or Decimal(0)
    for dimension in score.dimensions.values():
        yield "d", dimension.id, dimension.weight


def _number(typed: str, *, least: Decimal) -> Decimal | None:
    try:
        value = Decimal(typed) if len(typed) <= LONGEST and typed.isascii() else Decimal("NaN")
    except InvalidOperation:
        return None
    if not value.is_finite() or not least <= value <= MOST or value != round(value, PLACES):
        return None
    return value


def _removable(score: Score) -> frozenset[str]:
    return frozenset(score.indicators)


def _fault(score: Score, changes: Changes) -> str:
    weighted = any(one.weight for one in score.indicators.values())
    try:
        changed = change_score(score, changes)
    except ValueError:
        return _("这样的目标和底线不能计分：目标不能等于底线，取对数的指标要大于零。")
    if weighted and not any(leaf.id for leaf in grow_tree(changed).indicators()):
        return _("至少要留一项有权重的指标。")
    return ""


def _named(changes: Changes) -> Iterator[tuple[str, str]]:
    groups = (("w", changes.weights), ("t", changes.targets), ("f", changes.floors), ("d", changes.dimensions))
    for prefix, values in groups:
        yield from ((f"{prefix}.{id_}", plain(value)) for id_, value in sorted(values.items()))
    yield from ((OUT, id_) for id_ in sorted(changes.removed))


def lines_of(trial: Trial, query: QueryDict) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """Return the dimensions and the indicators with their controls; what was typed wrongly stays as it was typed."""
    score, changes = trial.score, trial.changes
    parts = {} if trial.refused else shares(grow_tree(change_score(score, changes)))
    ruled = {f"{prefix}.{id_}": value for prefix, id_, value in _ruled(score)}
    tried = ruled | {name: Decimal(value) for name, value in _named(changes) if name != OUT}

    def control(name: str, title: str, high: Decimal) -> Control | None:
        if name not in ruled:
            return None
        shown = query.get(name, "") if name in trial.errors else plain(tried[name] or Decimal(0))
        low, top, step = _reach(min(Decimal(0), (ruled[name] or Decimal(0)) * 2), high)
        return Control(name, title, plain(ruled[name] or Decimal(0)), shown, low, top, step, trial.errors.get(name, ""))

    def line(one: object, prefix: str) -> Line:
        scale = getattr(one, "scale", None)
        ends = max(scale.target or 0, scale.floor or 0, Decimal("0.01")) * 2 if scale else Decimal(0)
        named = ((f"t.{one.id}", _("目标")), (f"f.{one.id}", _("底线")))
        part = parts.get(one.id)
        return Line(
            one.id, one.title, control(f"{prefix}.{one.id}", _("权重"), max(Decimal(100), one.weight * 2)),
            tuple(found for name, title in named if prefix == "w" and (found := control(name, title, ends))),
            "" if part is None else f"{float(part) * 100:.1f}%", one.id in changes.removed, prefix == "w",
        )  # fmt: skip

    return (
        tuple(line(one, "d") for one in score.dimensions.values()),
        tuple(line(one, "w") for one in score.indicators.values()),
    )


def _reach(low: Decimal, high: Decimal) -> tuple[str, str, str]:
    """Return the ends and the step of a slider: at least a hundred steps, of a power of ten."""
    step = Decimal(1).scaleb(max(((high - low) / 100).adjusted(), -PLACES))
    return plain(low), plain(high), plain(step)


def say_changes(trial: Trial) -> list[str]:
    """Say in words what is tried, a line each."""
    score, said = trial.score, []
    ruled = {f"{prefix}.{id_}": value for prefix, id_, value in _ruled(score)}
    words = {"w": _("权重"), "t": _("目标"), "f": _("底线"), "d": _("权重")}
    for name, value in _named(trial.changes):
        prefix, dot, id_ = name.partition(".")
        if not dot:
            said.append(_("去掉“%(title)s”") % {"title": title_in(score, value)})
            continue
        facts = {"title": title_in(score, id_, prefix == "d"), "what": words[prefix], "new": value}
        said.append(_("%(title)s：%(what)s %(old)s → %(new)s") % {**facts, "old": plain(ruled[name] or Decimal(0))})
    return said


def title_in(score: Score, id_: str, dimension: bool = False) -> str:
    """Name an indicator or dimension in the reader's language."""
    held = score.dimensions.get(id_) if dimension else score.indicators.get(id_)
    return (in_words(held.title) if held else "") or id_
