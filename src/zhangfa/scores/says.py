"""The sentences of why: how a value becomes points, in words with its numbers."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

from zhangfa.charter.model import Text
from zhangfa.charter.score_model import Indicator, Scale
from zhangfa.scores.exact import plain, round_away, undo_ln
from zhangfa.scores.matrix import Cell
from zhangfa.scores.scaling import Peers, written_ends


def _short(value: Fraction | Decimal | None) -> str:
    return "" if value is None else plain(round_away(Fraction(value), 4))


def _fixed(scale: Scale, peers: Peers, logarithm: bool) -> Text:
    low, high = map(plain, written_ends(scale))
    return Text(
        f"{high} 得 100 分，{low} 得 0 分，其间按比例", f"{high} counts 100, {low} counts 0, in proportion between"
    )


def _given(scale: Scale, peers: Peers, logarithm: bool) -> Text:
    trim = scale.given_trim
    zh = f"，去掉 {trim} 个最高分和 {trim} 个最低分后平均" if trim else ""
    en = f", mean without the {trim} highest and {trim} lowest" if trim else ""
    return Text(f"满分 {_short(scale.given_max)}{zh}", f"marks out of {_short(scale.given_max)}{en}")


def _minmax(scale: Scale, peers: Peers, logarithm: bool) -> Text:
    if not peers.values:
        return Text("在同组中比较", "compared within the group")
    low, high = (_short(undo_ln(end) if logarithm else end) for end in (peers.values[0], peers.values[-1]))
    zh, en = (
        f"同组最低 {low} 得 0 分，最高 {high} 得 100 分",
        f"the lowest of the group, {low}, counts 0, the highest, {high}, 100",
    )
    return Text(zh, en)


def _rank(scale: Scale, peers: Peers, logarithm: bool) -> Text:
    count = len(peers.values)
    return Text(
        f"按同组 {count} 个中的名次，第一得 100 分，末位得 0 分",
        f"by place among {count}: the first counts 100, the last 0",
    )


def _bands(scale: Scale, peers: Peers, logarithm: bool) -> Text:
    zh, en = [], []
    for band in scale.bands:
        points = plain(band.points)
        if band.upto is None:
            zh.append(f"其余 {points} 分")
            en.append(f"beyond that {points}")
        else:
            sign, end = ("≤" if band.closed else "<"), plain(band.upto)
            zh.append(f"{sign}{end} {points} 分")
            en.append(f"{sign}{end}: {points}")
    return Text("，".join(zh), ", ".join(en))


def _add(scale: Scale, peers: Peers, logarithm: bool) -> Text:
    if scale.cap is None:
        return Text("直接计入总分", "counts as it is")
    cap = plain(abs(scale.cap))
    if scale.cap > 0:
        return Text(f"加分，最多 {cap} 分", f"a bonus of at most {cap}")
    return Text(f"扣分，最多 {cap} 分", f"a deduction of at most {cap}")


def _veto(scale: Scale, peers: Peers, logarithm: bool) -> Text:
    return Text("大于 0 即一票否决", "anything above 0 takes the rank away")


SCALES: dict[str, Callable[[Scale, Peers, bool], Text]] = {
    "target": _fixed, "goalposts": _fixed, "given": _given, "minmax": _minmax, "rank": _rank,
    "bands": _bands, "add": _add, "veto": _veto,
}  # fmt: skip


def say_scale(one: Indicator, peers: Peers) -> Text:
    """Return how an indicator's value becomes points."""
    said = SCALES[one.scale.kind](one.scale, peers, one.transform == "ln")
    if one.transform != "ln":
        return said
    return Text(f"{said.zh}（按自然对数）", f"{said.en} (by the natural logarithm)")


def say_step(
    one: Indicator, cell: Cell, points: Decimal | None, share: Fraction | None, counts: Decimal | None, scale: Text
) -> Text:
    """Return one indicator's whole way from facts to the total."""
    title_en = one.title.en or one.title.zh
    facts_zh, facts_en = f"{cell.facts} 条事实", f"{cell.facts} fact{'' if cell.facts == 1 else 's'}"
    if points is None:
        return _say_nothing(one, title_en, facts_zh, facts_en)
    value, marks = _short(cell.value), plain(points)
    zh = [f"{one.title.zh}：{facts_zh}，得 {value}；{scale.zh}"]
    en = [f"{title_en}: {facts_en} make {value}; {scale.en}"]
    if one.weight and share is not None:
        part = _short(share * 100)
        zh.append(f"得 {marks} 分；占 {part}%" + (f"，计入 {plain(counts)} 分" if counts is not None else ""))
        en.append(
            f"{marks} points; {part} % of the whole" + (f", which adds {plain(counts)}" if counts is not None else "")
        )
    elif one.scale.kind == "add":
        zh.append(f"计入 {marks} 分")
        en.append(f"which adds {marks}")
    return Text(" → ".join(zh) + "。", " → ".join(en) + ".")


def _say_nothing(one: Indicator, title: str, facts_zh: str, facts_en: str) -> Text:
    if one.scale.kind in ("add", "veto"):
        return Text(f"{one.title.zh}：{facts_zh}，没有加减。", f"{title}: {facts_en}, nothing to add.")
    if one.missing == "leave_out":
        zh, en = "未上报，权重分给其余各项", "not reported; its weight is spread over the others"
    else:
        zh, en = "未上报，不是零分；因此不参加排名", "not reported, which is not zero; so there is no rank"
    return Text(f"{one.title.zh}：{facts_zh}，{zh}。", f"{title}: {facts_en}, {en}.")
