"""Scores: of whom, how often, from what, ranked and published how."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import pairwise
from types import MappingProxyType

from zhangfa.charter.model import EMPTY_TEXT
from zhangfa.charter.resolve.indicators import Frame, resolve_indicator
from zhangfa.charter.resolve.judged import Judging, kinds_of, may_lie_in, may_reach, of_whom, parties, role_of
from zhangfa.charter.resolve.scales import positive, weight_source
from zhangfa.charter.schema.shapes import Item
from zhangfa.charter.score_model import Dimension, Indicator, Publish, Score, Tier

PERIODS = ("month", "quarter", "half-year", "year")


def resolve_score(judging: Judging, name: str, item: Item) -> Score:
    """Return the frozen score."""
    ctx = judging.ctx
    of_kind, of_post = of_whom(judging, item.value.get("of"))
    _check_frame(judging, item, of_kind)
    indicators = _indicators(judging, item, of_kind, of_post)
    dimensions = _dimensions(judging, item)
    if not indicators and not item.has("indicators"):
        ctx.fail("C273", item, at_word=True, word=name)
    _check_total(judging, item, indicators, dimensions)
    return Score(
        id=name, title=item.get("title", EMPTY_TEXT), every=item.get("every", "month"),
        indicators=MappingProxyType(indicators), of_kind=of_kind, of_post=of_post, rank_in=item.get("rank_in", ""),
        base=ctx.number(item.value.get("base")) or Decimal(0), precision=item.get("precision", 2),
        rank_on=item.get("rank_on", "rounded"), ties=item.get("ties", "competition"),
        too_few=MappingProxyType(_too_few(judging, item, indicators)), combine=item.get("combine", "arithmetic"),
        dimensions=MappingProxyType(dimensions), tiers=_tiers(judging, item),
        publish=_publish(judging, item, of_kind, of_post),
        peers=item.get("peers", ""),
    )  # fmt: skip


def indicator_items(score: Item) -> Iterator[tuple[str, str, Item, Item]]:
    """Yield (dimension, id, indicator, what holds it) in the order of the file."""
    for name, one in score.get("indicators", {}).items():
        yield "", name, one, score
    for dimension, holder in score.get("dimensions", {}).items():
        for name, one in holder.get("indicators", {}).items():
            yield dimension, name, one, holder


def _check_frame(judging: Judging, item: Item, of_kind: str) -> None:
    ctx = judging.ctx
    every, inside, peers = item.value.get("every"), item.value.get("rank_in"), item.value.get("peers")
    if every and every.value not in PERIODS and every.value not in judging.seasons:
        ctx.fail_near("C263", every, every.value, [*PERIODS, *judging.seasons])
    if inside and of_kind and (inside.value == of_kind or not may_lie_in(of_kind, inside.value)):
        ctx.fail("C267", inside, word=inside.value, unit=of_kind)
    if peers and peers.value not in judging.groups:
        ctx.fail_near("C268", peers, peers.value, judging.groups)


def _indicators(judging: Judging, item: Item, of_kind: str, of_post: str) -> dict[str, Indicator]:
    found: dict[str, Indicator] = {}
    for dimension, name, one, holder in indicator_items(item):
        source = str(holder.get("source", item.get("source", "")))
        frame = Frame(of_kind, of_post, dimension, source, item.get("missing", "show"))
        if name in found:
            judging.ctx.fail("C258", one, at_word=True, word=name)
        found[name] = resolve_indicator(judging, name, one, frame)
    return found


def _dimensions(judging: Judging, item: Item) -> dict[str, Dimension]:
    drafts: Mapping[str, Item] = item.get("dimensions", {})
    found = {name: _dimension(judging, name, one, drafts) for name, one in drafts.items()}
    parents = {one.parent for one in found.values()}
    for name, one in found.items():
        if not one.indicators and name not in parents and not drafts[name].has("indicators"):
            judging.ctx.fail("C266", drafts[name], at_word=True, word=name, zh="没有指标", en="has no indicators")
    return found


def _dimension(judging: Judging, name: str, item: Item, drafts: Mapping[str, Item]) -> Dimension:
    parent, weight = item.value.get("in"), item.value.get("weight")
    if parent and parent.value not in drafts:
        judging.ctx.fail_near("C279", parent, parent.value, drafts)
    elif parent and _goes_round(name, drafts):
        judging.ctx.fail("C266", item, at_word=True, word=name, zh="属于它自己", en="is part of itself")
    return Dimension(
        id=name, title=item.get("title", EMPTY_TEXT), weight=positive(judging.ctx, weight) if weight else Decimal(1),
        combine=item.get("combine", "arithmetic"), indicators=tuple(item.get("indicators", {})),
        parent=item.get("in", ""),
    )  # fmt: skip


def _goes_round(name: str, drafts: Mapping[str, Item]) -> bool:
    seen: set[str] = set()
    at = name
    while at in drafts and at not in seen:
        seen.add(at)
        at = drafts[at].get("in", "")
    return at == name


def _check_total(
    judging: Judging, item: Item, indicators: Mapping[str, Indicator], dimensions: Mapping[str, Dimension]
) -> None:
    """Hold the weights against the total the charter states; without one, weights are shares of their sum."""
    written = item.value.get("total")
    total = judging.ctx.number(written)
    if written is None or total is None:
        return
    parts = [one.weight for one in indicators.values() if not one.dimension]
    found = sum((*parts, *(one.weight for one in dimensions.values() if not one.parent)), Decimal(0))
    if found != total:
        judging.ctx.fail("C260", written, sum=found, total=total)


def _too_few(judging: Judging, item: Item, indicators: Mapping[str, Indicator]) -> dict[str, int]:
    written = item.value.get("too_few")
    if written is None:
        return {}
    if not isinstance(written.value, dict):
        return {"*": judging.ctx.count(written) or 1}
    found: dict[str, int] = {}
    for name, one in written.value.items():
        least = judging.ctx.count(one) or 1
        meant = [name] if name in indicators else [id for id, each in indicators.items() if each.from_ == name]
        if not meant:
            judging.ctx.fail_near("C278", one, name, {*indicators, *(each.from_ for each in indicators.values())})
        found |= dict.fromkeys(meant, least)
    return found


def _tiers(judging: Judging, item: Item) -> tuple[Tier, ...]:
    drafts: Mapping[str, Item] = item.get("tiers", {})
    found = []
    for name, one in drafts.items():
        share, least = one.get("share"), judging.ctx.number(one.value.get("at_least"))
        found.append(Tier(name, one.get("title", EMPTY_TEXT), share, least))
    fault = _tier_fault(found)
    if fault:
        judging.ctx.fail("C269", item.value["tiers"], at_word=True, zh=fault[0], en=fault[1])
    return tuple(found)


def _tier_fault(tiers: list[Tier]) -> tuple[str, str] | None:
    """Return why not everybody would fall into exactly one tier in the order given."""
    if any(one.share is not None and one.at_least is not None for one in tiers):
        return "一个等次只能写 share 或 at_least 之一", "a tier says one of share and at_least"
    if any(one.share is None and one.at_least is None for one in tiers[:-1]):
        return "只有最后一个等次可以不写标准", "only the last tier may go without a standard"
    shares = [one.share for one in tiers if one.share is not None]
    if any(not 0 < one <= 1 for one in shares) or sum(shares) > 1:
        return "share 须在 0 到 1 之间，合计不超过 1", "shares lie between 0 and 1 and sum to at most 1"
    bounds = [one.at_least for one in tiers if one.at_least is not None]
    if any(after >= before for before, after in pairwise(bounds)):
        return "at_least 须自高而低", "at_least goes from high to low"
    return None


def _publish(judging: Judging, item: Item, of_kind: str, of_post: str) -> Publish | None:
    written = item.value.get("publish")
    if written is None or not written.has("by"):
        return None
    _check_signer(judging, item, written.value["by"], of_kind, of_post)
    to = parties(judging, written.value.get("to"))
    return Publish(
        by=role_of(judging, written.value["by"]), objections=judging.ctx.duration(written.value.get("objections")),
        to=to, public=any(who.kind == "public" for who in to),
    )  # fmt: skip


def _check_signer(judging: Judging, item: Item, by: Item, of_kind: str, of_post: str) -> None:
    """Hold the signing post against those scored and ranked: it must stand above them, or its board holds only part."""
    at, inside = kinds_of(judging, by.value), item.get("rank_in", "")
    scored = [of_kind] if of_kind else list(kinds_of(judging, of_post))
    if at and scored and not any(may_reach(one, kind) or (of_post and one == kind) for one in at for kind in scored):
        judging.ctx.fail("C284", by, word=by.value)
    elif at and inside and not any(one == inside or may_reach(one, inside) for one in at):
        judging.ctx.fail("C285", by, word=by.value, unit=inside)


def weight_items(score: Item) -> Iterator[tuple[Item, str]]:
    """Yield every weight written in a score with its source (empty where there is none)."""
    for _, _, one, holder in indicator_items(score):
        if one.has("weight"):
            yield one.value["weight"], weight_source(one) or holder.get("source", "") or score.get("source", "")
    for dimension in score.get("dimensions", {}).values():
        if dimension.has("weight"):
            yield dimension.value["weight"], weight_source(dimension) or score.get("source", "")
