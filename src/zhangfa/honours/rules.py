"""Honours that follow from what stands: roll-ups from household to lane, area and village, and conditions on a unit.

They are looked at again whenever something they rest on may have changed, those below first: losing one below shows in
those above in the same review, each with its own event and reason.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from zhangfa.charter import engine as charters
from zhangfa.charter.fact_columns import fact_columns
from zhangfa.charter.honour_model import Honour
from zhangfa.charter.judging_words import say_expression
from zhangfa.charter.model import Charter, Text
from zhangfa.charter.resolve.honours import has
from zhangfa.charter.resolve.judged import columns_read, demands, parts_of
from zhangfa.charter.score_model import Indicator, Scale, Score
from zhangfa.charter.words import KINDS
from zhangfa.directory.beside import pairs_among
from zhangfa.expression import Expression, Scope, parse_expression, tree
from zhangfa.facts.aggregate import Collected, collect
from zhangfa.facts.query import ask
from zhangfa.honours import says
from zhangfa.honours.adjoining import beside_each, largest_together
from zhangfa.honours.changes import Changes, Ended, Given, day_of
from zhangfa.honours.held import current_of
from zhangfa.honours.models import LAPSED, LOST, RENEWED, Holding
from zhangfa.honours.writing import NOTHING, Written, write_changes

RULE, ALL = "rule", "all"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a unit satisfies a rule now, with the figures that say so."""

    holds: bool
    figures: tuple[Text, ...] = ()


def review_rollups(*, charter: str, at: dt.datetime, key: str) -> tuple[Written, ...]:
    """Look at every honour of units that follows from a rule over units; one event for each that changes anything.

    ``key`` names the review: what it wrote is not written again.
    """
    rules = charters.current(charter, day_of(at))
    return tuple(_review(rules, one, at, f"{key}>{one.id}") for one in in_order(rules))


def in_order(charter: Charter) -> tuple[Honour, ...]:
    """Return the honours that follow from units, each behind those it reads."""
    left = {one.id: one for one in charter.honours.values() if one.by == "rule" and not one.from_ and one.of_kind}
    found: dict[str, Honour] = {}
    while left:
        ready = [one for one in left.values() if not needs_of(charter, one) & left.keys()]
        for one in ready or list(left.values())[:1]:  # the checker refuses circles
            found[one.id] = left.pop(one.id)
    return tuple(found.values())


def needs_of(charter: Charter, honour: Honour) -> frozenset[str]:
    """Return the honours whose holding a rule reads."""
    read = columns_read(fact_columns(charter, "unit"), honour.when)
    return frozenset(one for one in charter.honours if has(one) in read)


def _review(charter: Charter, honour: Honour, at: dt.datetime, key: str) -> Written:
    verdicts = judge(charter, honour, day_of(at))

    def make() -> Changes:
        held = {one.unit_id or 0: one for one in current_of(charter.id, honour)}
        return Changes(
            "review", tuple(_won(charter, honour, verdicts, held, at)),
            tuple(_lost(charter, honour, verdicts, held, at)),
        )  # fmt: skip

    if not _differs(honour, verdicts, charter, at):
        return NOTHING
    return write_changes(charter=charter, make=make, by=None, at=at, key=key)


def _differs(honour: Honour, verdicts: Mapping[int, Verdict], charter: Charter, at: dt.datetime) -> bool:
    """Whether a write may be needed; most reviews find all as it stood, and write and wait for nothing."""
    held = current_of(charter.id, honour)
    over = any(one.until is not None and one.until <= day_of(at) for one in held)
    return over or {one.unit_id for one in held} != {unit for unit, one in verdicts.items() if one.holds}


def _won(
    charter: Charter, honour: Honour, verdicts: Mapping[int, Verdict], held: Mapping[int, Holding], at: dt.datetime
) -> Iterator[Given]:  # fmt: skip
    for unit, verdict in sorted(verdicts.items()):
        if verdict.holds and (unit not in held or _is_over(held[unit], at)):
            yield Given(honour, unit, says.rule_now(honour, charter, verdict.figures, holds=True), unit)


def _lost(
    charter: Charter, honour: Honour, verdicts: Mapping[int, Verdict], held: Mapping[int, Holding], at: dt.datetime
) -> Iterator[Ended]:  # fmt: skip
    for unit, one in sorted(held.items()):
        verdict = verdicts.get(unit, Verdict(holds=False))
        if _is_over(one, at):
            assert one.until is not None
            how, why = (RENEWED, says.renewed(None)) if verdict.holds else (LAPSED, says.lapsed(one.until - DAY))
            yield Ended(one, how, why, one.until)
        elif not verdict.holds:
            yield Ended(one, LOST, says.rule_now(honour, charter, verdict.figures, holds=False))


DAY = dt.timedelta(days=1)


def _is_over(held: Holding, at: dt.datetime) -> bool:
    return held.until is not None and held.until <= day_of(at)


def judge(charter: Charter, honour: Honour, day: dt.date) -> Mapping[int, Verdict]:
    """Return the verdict on every unit of the honour's kind that has anything to judge, by all written so far."""
    assert honour.when is not None
    if not honour.over:
        found = _collect(charter, honour, {RULE: _count(charter)}, _kind(charter, honour.of_kind, honour.when), day)
        return {unit: Verdict(holds=True) for unit in found.cells[RULE]}
    figures = figures_of(honour.when)
    values = {RULE: honour.when, ALL: _count(charter)} | {f"f{n}": one for n, one in enumerate(figures)}
    found = _collect(charter, honour, values, _kind(charter, honour.over), day)
    said = [_figure_named(one, honour, charter) for one in figures]
    verdicts = {
        unit: Verdict(
            cell.value is True,
            tuple(
                says.shared(text, found.cells[f"f{n}"][unit].value, found.cells[ALL][unit].value, honour.over)
                if _is_share(figures[n])
                else says.counted(text, found.cells[f"f{n}"][unit].value)
                for n, text in enumerate(said)
            ),
        )
        for unit, cell in found.cells[RULE].items()
    }
    return _hanging_together(charter, honour, verdicts, day) if honour.adjoining else verdicts


def _collect(
    charter: Charter, honour: Honour, values: Mapping[str, Expression], where: Expression, day: dt.date
) -> Collected:
    indicators = {
        name: Indicator(name, honour.title, "unit", value, Scale("rank"), where=where) for name, value in values.items()
    }
    score = Score(honour.id, honour.title, "year", indicators, of_kind=honour.of_kind)
    return collect(charter=charter, score=score, period=(day, day))


def figures_of(when: Expression) -> tuple[Expression, ...]:
    """Return what a rule over units works out and compares: of ``count(*) >= 10 and …`` the count, and so on."""
    found = []
    for part in demands(when.tree):
        sides = (part.left, part.right) if isinstance(part, tree.Compare) else (part,)
        found += [side for side in sides if any(isinstance(one, tree.Fold) for one in parts_of(side))]
    return tuple(
        Expression(f"{when.source} #{n}", one.type.kind, when.names, one.type, one) for n, one in enumerate(found)
    )


def _is_share(figure: Expression) -> bool:
    return isinstance(figure.tree, tree.Fold) and figure.tree.function == "share"


def _figure_named(figure: Expression, honour: Honour, charter: Charter) -> Text:
    """Name a figure: the bare count by what is counted, any other as its expression says it."""
    if isinstance(figure.tree, tree.Fold) and figure.tree.function == "count" and not figure.tree.arguments:
        zh, en = KINDS[honour.over]
        return Text(f"{zh}数", f"number of kind {en}")
    return say_expression(figure, charter, "unit")


def _kind(charter: Charter, kind: str, also: Expression | None = None) -> Expression:
    """Return the condition that a unit is of a kind, and satisfies another one."""
    made, _faults = parse_expression(f"kind = '{kind}'", Scope(fact_columns(charter, "unit")), wants="bool")
    assert made is not None
    if also is None:
        return made
    both = tree.Logic(made.tree.type, "and", (made.tree, also.tree))
    return Expression(f"{made.source} and ({also.source})", "bool", also.names, made.result, both)


def _count(charter: Charter) -> Expression:
    made, _faults = parse_expression("count(*)", Scope(fact_columns(charter, "unit"), aggregates=True))
    assert made is not None
    return made


def _hanging_together(
    charter: Charter, honour: Honour, verdicts: Mapping[int, Verdict], day: dt.date
) -> Mapping[int, Verdict]:  # fmt: skip
    """Hold those that satisfy the rule also to ``adjoining``: so many of the units counted must be side by side."""
    needed = honour.adjoining or 0
    below = _counted_below(charter, honour, [unit for unit, one in verdicts.items() if one.holds], day)
    beside = beside_each(pairs_among((one for units in below.values() for one in units), day))
    checked = dict(verdicts)
    for unit, units in below.items():
        largest = largest_together(units, beside)
        said = says.hanging(largest, needed, honour.over, any(one in beside for one in units))
        checked[unit] = Verdict(largest >= needed, (*verdicts[unit].figures, said))
    return checked


def _counted_below(
    charter: Charter, honour: Honour, units: list[int], day: dt.date
) -> Mapping[int, list[int]]:  # fmt: skip
    """Return the units counted below each: those that hold every honour the rule reads, or all where it reads none."""
    held = " AND ".join(("u.kind = ?", *(f'u."{has(one)}"' for one in honour.needs)))
    above = f'u."at:{honour.of_kind}"'
    sql = f"SELECT {above}, u.unit FROM {{unit}} u WHERE {held} AND {above} IN (SELECT unnest(CAST(? AS BIGINT[])))"
    found: dict[int, list[int]] = {unit: [] for unit in units}
    for over, unit in ask(sql, charter=charter, tables=["unit"], today=day, parameters=[honour.over, units]):
        found[over].append(unit)
    return found
