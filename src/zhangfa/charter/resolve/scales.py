"""The eight ways to count, each proved to be one that can be reckoned with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType

from zhangfa.charter.model import Register, Takers, Text
from zhangfa.charter.resolve.context import Context
from zhangfa.charter.schema.judging import WAYS
from zhangfa.charter.schema.shapes import Item
from zhangfa.charter.score_model import NO_WEIGHT, Band, Scale, ScaleKind, band_fault

NUMERIC = ("int", "decimal", "percent")
SAFE = Scale("minmax")
"""Stands where a problem was found; such a charter is never returned."""


def resolve_scale(ctx: Context, item: Item, register: Register | None) -> Scale:
    """Return the one way an indicator counts; ``register`` is the one its facts come from."""
    ways = [way for way in WAYS if item.has(way)]
    if len(ways) != 1:
        ctx.fail("C251", item, at_word=True, count=len(ways), ways="、".join(WAYS), ways_en=", ".join(WAYS))
        return SAFE
    if item.has("floor") and ways[0] != "target":
        ctx.fail("C121", item.value["floor"], at_word=True, word="floor", other="target")
    if ways[0] == "given":
        return _given(ctx, item.value["given"], register)
    return READERS[ways[0]](ctx, item)


def resolve_weight(ctx: Context, item: Item, kind: ScaleKind) -> tuple[Decimal, str]:
    """Return the weight and, where a setting holds it, ``setting:`` and its id."""
    written = item.value.get("weight")
    if kind in NO_WEIGHT:
        if written:
            ctx.fail("C253", written, at_word=True, way=kind)
        return Decimal(0), ""
    if written is None:
        ctx.fail("C252", item, at_word=True)
        return Decimal(0), ""
    return positive(ctx, written), weight_source(item)


def weight_source(item: Item) -> str:
    """Return where a weight comes from: its setting or its stated source."""
    weight = item.value.get("weight")
    held = isinstance(weight.value, str) if weight else False
    return f"setting:{weight.value}" if weight and held else str(item.get("source", ""))


def positive(ctx: Context, item: Item) -> Decimal:
    """Return a number that must be above zero."""
    number = ctx.number(item)
    if number is not None and number <= 0:
        ctx.fail("C274", item, word=item.path.rsplit(".", 1)[-1])
    return number if number is not None and number > 0 else Decimal(1)


def _target(ctx: Context, item: Item) -> Scale:
    target, floor = ctx.number(item.value["target"]), ctx.number(item.value.get("floor"))
    if target is not None and target == (floor or Decimal(0)):
        ctx.fail("C254", item.value["target"], value=target)
        return SAFE
    return SAFE if target is None else Scale("target", target=target, floor=floor)


def _goalposts(ctx: Context, item: Item) -> Scale:
    posts = item.value["goalposts"]
    low, high = ctx.number(posts.value.get("low")), ctx.number(posts.value.get("high"))
    if low is not None and low == high:
        ctx.fail("C255", posts, at_word=True, value=low)
    return SAFE if low is None or high is None or low == high else Scale("goalposts", low=low, high=high)


def _bands(ctx: Context, item: Item) -> Scale:
    written = item.value["bands"]
    bands = tuple(_band(ctx, one) for one in written.value)
    outside = next((one for one in bands if not 0 <= one.points <= 100), None)
    fault = band_fault(bands)
    if outside:
        fault = Text(f"得分 {outside.points} 不在 0 到 100 之间", f"{outside.points} points are not between 0 and 100")
    if fault:
        ctx.fail("C256", written, at_word=True, zh=fault.zh, en=fault.en)
    return SAFE if fault else Scale("bands", bands=bands)


def _band(ctx: Context, item: Item) -> Band:
    if item.has("upto") and item.has("below"):
        ctx.fail("C121", item.value["below"], at_word=True, word="below", other="points")
    end = ctx.number(item.value.get("upto") or item.value.get("below"))
    return Band(end, ctx.number(item.value.get("points")) or Decimal(0), item.has("upto"))


def _add(ctx: Context, item: Item) -> Scale:
    cap = item.value["add"].value.get("cap")
    limit = ctx.number(cap)
    if cap and limit == 0:
        ctx.fail("C257", cap)
    return Scale("add", cap=limit)


def _veto(ctx: Context, item: Item) -> Scale:
    if not item.get("veto"):
        ctx.fail("C104", item.value["veto"], word="veto", wanted_zh=" true", wanted_en="true", value="false")
    return Scale("veto")


def _given(ctx: Context, item: Item, register: Register | None) -> Scale:
    mark, most = item.value.get("mark"), item.value.get("max")
    if mark is None or most is None:
        return SAFE
    number = positive(ctx, most)
    if register is None:
        ctx.fail_near("C202", mark, "from", ())
        return SAFE
    field = register.fields.get(mark.value)
    if field is None:
        ctx.fail_near("C203", mark, mark.value, [one.id for one in register.fields.values() if one.type in NUMERIC])
    elif field.type not in NUMERIC:
        ctx.fail("C220", mark, word=mark.value, type_zh="数", type_en="number", type=field.type)
    return Scale("given", given_by=_judges(register, mark.value), given_max=number, given_trim=item.get("trim", 0))


def _judges(register: Register, mark: str) -> Takers | None:
    """Return who takes the step that asks the mark: the charter says it there and nowhere twice."""
    return next((step.by for step in register.steps.values() if any(one.id == mark for one in step.asks)), None)


READERS: Mapping[str, Callable[[Context, Item], Scale]] = MappingProxyType({
    "target": _target, "goalposts": _goalposts, "bands": _bands, "add": _add, "veto": _veto,
    "minmax": lambda ctx, item: Scale("minmax"), "rank": lambda ctx, item: Scale("rank"),
})  # fmt: skip
