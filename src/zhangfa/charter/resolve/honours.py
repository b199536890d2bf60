"""Honours: titles by rank, quota, rule or award, and those that rest on the titles below."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

from zhangfa.charter.honour_model import Grade, Honour
from zhangfa.charter.model import EMPTY_TEXT
from zhangfa.charter.resolve.judged import Judging, columns_read, may_lie_in, of_whom, parties
from zhangfa.charter.schema.shapes import Item
from zhangfa.charter.score_model import Score
from zhangfa.expression import Expression

RANKS = re.compile(r"([1-9][0-9]{0,3})(?:-([1-9][0-9]{0,3}))?\Z")
Way = Literal["rank", "quota", "rule", "award"]


def resolve_honour(judging: Judging, name: str, item: Item, scores: Mapping[str, Score]) -> Honour:
    """Return the frozen honour."""
    ctx = judging.ctx
    score = _score(judging, item, scores)
    of_kind, of_post = _of(judging, item, score)
    way = _way(judging, item)
    _check_companions(judging, item, way)
    first, last = _ranks(judging, item)
    when, over = _rule(judging, item, of_kind), item.get("over", "")
    unit = judging.columns("unit")
    withdraw: Mapping[str, Item] = item.get("withdraw", {})
    return Honour(
        id=name, title=item.get("title", EMPTY_TEXT), by=way, of_kind=of_kind, of_post=of_post,
        from_=score.id if score else "", first=first, last=last, quota=ctx.count(item.value.get("quota")),
        per=item.get("per", ""), when=when, over=over, adjoining=ctx.count(item.value.get("adjoining")),
        needs=tuple(one for one in judging.honours if over and has(one) in columns_read(unit, when)),
        grades=_grades(judging, item), awarders=parties(judging, item.value.get("award")),
        lasts=ctx.duration(item.value.get("lasts")), moving=item.get("moving", False),
        withdrawn_by=parties(judging, withdraw.get("by")),
        withdrawn_when=ctx.formula(withdraw.get("when"), judging.row("unit"), "bool"), clause=item.get("clause"),
    )  # fmt: skip


def has(honour: str) -> str:
    """Return the column of the table ``unit`` that tells whether a unit holds an honour."""
    return "has_" + honour.replace("-", "_")


def _score(judging: Judging, item: Item, scores: Mapping[str, Score]) -> Score | None:
    written = item.value.get("from")
    if written and written.value not in scores:
        judging.ctx.fail_near("C270", written, written.value, scores)
    return scores.get(written.value) if written else None


def _of(judging: Judging, item: Item, score: Score | None) -> tuple[str, str]:
    written = item.value.get("of")
    if written is None and score is None and not item.has("from"):
        judging.ctx.fail("C102", item, at_word=True, word="of", zh="授予谁", en="who holds it")
    found = of_whom(judging, written) if written else ("", "")
    if score is None:
        return found
    if written and found != (score.of_kind, score.of_post):
        judging.ctx.fail("C280", written, word=score.id)
    return score.of_kind, score.of_post


def _way(judging: Judging, item: Item) -> Way:
    ways = [word for word in ("rank", "when", "grades", "award") if item.has(word)]
    if ways == ["when", "grades"]:
        ways = ["when"]
    if not ways and item.has("quota"):
        return "quota"
    if len(ways) != 1:
        judging.ctx.fail("C271", item, at_word=True, count=len(ways))
        return "award"
    ways_said: dict[str, Way] = {"rank": "rank", "when": "rule", "grades": "rule", "award": "award"}
    return ways_said[ways[0]]


def _check_companions(judging: Judging, item: Item, way: Way) -> None:
    pairs: list[tuple[str, str, bool]] = [
        ("rank", "from", item.has("from")), ("grades", "from", item.has("from")),
        ("quota", "from", item.has("from") or way == "award"), ("quota", "award", way in ("quota", "award")),
        ("per", "quota", item.has("quota")), ("over", "when", item.has("when")),
        ("adjoining", "over", item.has("over")),
    ]  # fmt: skip
    for word, other, fits in pairs:
        if item.has(word) and not fits:
            judging.ctx.fail("C121", item.value[word], at_word=True, word=word, other=other)
    if item.has("over") and item.has("from"):
        judging.ctx.fail("C281", item.value["over"], at_word=True)


def _ranks(judging: Judging, item: Item) -> tuple[int, int]:
    written = item.value.get("rank")
    if written is None:
        return 0, 0
    match = RANKS.match(written.value)
    first, last = (int(match[1] if match[2] else 1), int(match[2] or match[1])) if match else (1, 0)
    if first > last:
        judging.ctx.fail("C272", written, value=written.value[:20])
    return first, last


def _rule(judging: Judging, item: Item, of_kind: str) -> Expression | None:
    written = item.value.get("when")
    if written is None:
        return None
    over = item.value.get("over")
    if over is None:
        return judging.ctx.formula(written, judging.row("score" if item.has("from") else "unit"), "bool")
    if of_kind and (over.value == of_kind or not may_lie_in(over.value, of_kind)):
        judging.ctx.fail("C282", over, word=over.value, unit=of_kind)
    return judging.ctx.formula(written, judging.rows("unit"), "bool")


def _grades(judging: Judging, item: Item) -> tuple[Grade, ...]:
    drafts: dict[str, Item] = item.get("grades", {})
    found = [_grade(judging, name, one) for name, one in drafts.items()]
    bounds: list[Any] = [one.at_least for one in found if one.at_least is not None]
    if bounds != sorted(set(bounds), reverse=True):
        judging.ctx.fail("C269", item.value["grades"], at_word=True, zh="at_least 须自高而低",
                         en="at_least goes from high to low")  # fmt: skip
    return tuple(found)


def _grade(judging: Judging, name: str, item: Item) -> Grade:
    when = judging.ctx.formula(item.value.get("when"), judging.row("score"), "bool")
    least = judging.ctx.number(item.value.get("at_least"))
    if not item.has("when") and not item.has("at_least") and item.value:
        judging.ctx.fail("C283", item, at_word=True, word=name)
    return Grade(name, item.get("title", EMPTY_TEXT), least, when)
