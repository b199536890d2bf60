"""Scores and honours that rest on one another, and never on themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from zhangfa.charter.honour_model import Honour
from zhangfa.charter.resolve.honours import has
from zhangfa.charter.resolve.judged import Judging, columns_read, values_allowed
from zhangfa.charter.score_model import Indicator, Score

Needs = Mapping[str, frozenset[str]]


def check_judging_circles(judging: Judging, scores: Mapping[str, Score], honours: Mapping[str, Honour]) -> None:
    """Collect every score and honour whose reckoning comes back to itself."""
    needs: Needs = {
        **{f"score {name}": frozenset(_of_score(judging, one)) for name, one in scores.items()},
        **{f"honour {name}": frozenset(_of_honour(judging, one)) for name, one in honours.items()},
    }
    told: set[str] = set()
    for start in needs:
        circle = _circle(needs, start)
        if circle and start not in told:
            told |= set(circle)
            kind, _, name = start.partition(" ")
            item = (judging.scores if kind == "score" else judging.honours)[name]
            shown = " → ".join(one.partition(" ")[2] for one in (*circle, start))
            judging.ctx.fail("C259", item, at_word=True, word=shown)


def _of_score(judging: Judging, score: Score) -> Iterator[str]:
    for one in score.indicators.values():
        if one.from_ == "score":
            named = values_allowed(one.where.tree, "scheme") if one.where else None  # none: said elsewhere
            yield from (f"score {name}" for name in sorted(named or ()))
        elif one.from_ == "honour":
            named = values_allowed(one.where.tree, "honour") if one.where else None
            yield from (f"honour {name}" for name in sorted(judging.honours if named is None else named))
        elif one.from_ == "unit":
            yield from _held(judging, one)


def _held(judging: Judging, indicator: Indicator) -> Iterator[str]:
    read = columns_read(judging.columns("unit"), indicator.where, indicator.value)
    return (f"honour {name}" for name in judging.honours if has(name) in read)


def _of_honour(judging: Judging, honour: Honour) -> Iterator[str]:
    if honour.from_:
        yield f"score {honour.from_}"
        return
    read = columns_read(judging.columns("unit"), honour.when)
    yield from (f"honour {name}" for name in judging.honours if has(name) in read)


def _circle(needs: Needs, start: str) -> list[str]:
    trail: list[str] = []
    seen: set[str] = set()

    def walk(name: str) -> bool:
        seen.add(name)
        trail.append(name)
        for other in sorted(needs.get(name, ())):
            if other == start or (other not in seen and walk(other)):
                return True
        trail.pop()
        return False

    return trail if walk(start) else []
