"""A scoring as rows: for the eye, for a program, as facts of a later score, and why in lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from zhangfa.charter.model import Text
from zhangfa.scores.engine import Result, Scoring
from zhangfa.scores.exact import plain, round_away
from zhangfa.scores.period import Period
from zhangfa.scores.reach import Reach
from zhangfa.scores.stability import Band
from zhangfa.scores.whatif import Comparison, Shift
from zhangfa.scores.why import Why, explain

STATUSES = {
    "ranked": Text("参加排名", "ranked"),
    "not_reported": Text("未上报", "not reported"),
    "too_few": Text("数据太少", "too few facts"),
    "vetoed": Text("一票否决", "vetoed"),
}


def table_of(scoring: Scoring) -> list[list[str]]:
    """Return the ranking as cells for the eye, in Chinese, the heading first."""
    score = scoring.score
    tiers = {tier.id: tier.title.zh for tier in score.tiers}
    heading = ["名次", "代码", "名称", "总分", *(["等次"] if tiers else [])]
    heading += [one.title.zh or one.id for one in score.indicators.values()]
    rows = [heading]
    for one in scoring.results:
        name = one.key.name + (f"（{one.key.group}）" if one.key.group else "")
        cells = scoring.cells_of(one.key.code)
        values = ["未上报" if cell.value is None else _short(cell.value) for cell in cells.values()]
        rows.append(
            [_place(one), one.key.code, name, _total(one), *([tiers.get(one.tier, "")] if tiers else []), *values]
        )
    return rows


def _short(value: Decimal) -> str:
    return plain(round(value, 4))


def as_facts(scoring: Scoring, period: Period) -> list[dict[str, str]]:
    """Return the results as rows of the table ``score``, from which a longer period can be scored."""
    score, owner = scoring.score, "unit" if scoring.score.of_kind else "person"
    return [
        {
            "scheme": score.id, owner: one.key.code, "name": one.key.name, "period": period.id, "every": period.every,
            "since": period.start.isoformat(), "until": period.end.isoformat(), "dated": period.end.isoformat(),
            "status": one.status, "total": "" if one.rounded is None else f"{one.rounded:f}",
            "rank": plain(one.rank.place) if one.rank else "", "of": str(one.rank.of) if one.rank else "",
            "tier": one.tier,
            **{f"value_{name}": "" if cell.value is None else plain(cell.value)
               for name, cell in scoring.cells_of(one.key.code).items()},
        }
        for one in scoring.results
    ]  # fmt: skip


def as_json(scoring: Scoring, period: Period) -> dict[str, object]:
    """Return everything for a program; numbers are text, so that none is rounded on the way."""
    return {
        "score": scoring.score.id,
        "period": {"id": period.id, "from": period.start.isoformat(), "until": period.end.isoformat()},
        "digest": scoring.digest,
        "results": [_result(scoring, one) for one in scoring.results],
    }


def _result(scoring: Scoring, one: Result) -> dict[str, object]:
    cells, points = scoring.cells_of(one.key.code), scoring.points_of(one.key.code)
    return {
        "code": one.key.code, "name": one.key.name, "group": one.key.group, "status": one.status,
        "total": None if one.rounded is None else f"{one.rounded:f}",
        "rank": plain(one.rank.place) if one.rank else None, "of": one.rank.of if one.rank else None, "tier": one.tier,
        "missing": list(one.missing), "vetoed_by": list(one.vetoed_by), "too_few": list(one.too_few),
        "indicators": {
            name: {
                "value": None if cell.value is None else plain(cell.value), "facts": cell.facts,
                "points": None if (held := points[name]) is None else plain(round_away(held, 4)),
            }
            for name, cell in cells.items()
        },
    }  # fmt: skip


def say_why(scoring: Scoring, code: str) -> list[str]:
    """Return why in lines, each in Chinese."""
    why = explain(scoring, code)
    one = why.result
    total = "" if one.rounded is None else f"，总分 {one.rounded:f}"
    place = f"第 {plain(one.rank.place)} 名（共 {one.rank.of}）" if one.rank else STATUSES[one.status].zh
    lines = [f"{one.key.name or code}：{place}{total}"]
    lines += [f"基础分 {plain(why.base)}"] if why.base else []
    lines += [f"  {step.said.zh}" for step in why.steps]
    return lines + _ahead(why)


def _ahead(why: Why) -> list[str]:
    if why.next is None:
        return []
    lines = [f"距第 {plain(why.next.place)} 名（{why.next.total:f}）差 {why.next.gap:f} 分。单靠一项赶上："]
    for step in why.steps:
        title = step.indicator.title.zh or step.indicator.id
        lines.append(f"  {title}：{say_reach(step.reach).zh}")
    return lines


def say_reach(found: Reach | None) -> Text:
    """Return what one indicator alone would have to be."""
    if found is None:
        return Text("单靠这一项赶不上", "this alone is not enough")
    if found.value is None:
        return Text(f"需得 {plain(found.points)} 分", f"{plain(found.points)} points would do")
    zh = ("低于" if found.beyond else "降到") if found.less else ("高于" if found.beyond else "达到")
    en = ("below" if found.beyond else "down to") if found.less else ("above" if found.beyond else "up to")
    return Text(f"{zh} {plain(found.value)}", f"{en} {plain(found.value)} would do")


def comparison_table(tried: Comparison) -> list[list[str]]:
    """Return who stands where before and after a change of the rules."""
    rows = [["名次", "原名次", "变化", "代码", "名称", "总分", "原总分"]]
    for one in tried.shifts:
        gained = one.gained
        moved = "" if not gained else f"{'↑' if gained > 0 else '↓'}{plain(abs(gained))}"
        before, after = one.before, one.after
        rows.append([_place(after), _place(before), moved, one.key.code, one.key.name, _total(after), _total(before)])
    return rows


def band_table(found: Sequence[Band]) -> list[list[str]]:
    """Return everybody's place with the band in which 90 of 100 rankings put it."""
    rows = [["名次", "代码", "名称", "九成在", "最好", "最差", "领先下一名", ""]]
    for one in found:
        ahead = "" if one.ahead is None else f"{plain(round_away(one.ahead * 100, 1))}%"
        band = f"{one.high}–{one.low}" if one.high != one.low else str(one.high)
        mark = "≈" if one.blurred else ""
        rows.append([str(one.place), one.key.code, one.key.name, band, str(one.best), str(one.worst), ahead, mark])
    return rows


def each_table(found: Mapping[str, Comparison]) -> list[list[str]]:
    """Return, for each indicator taken out, how many places change and whose most."""
    rows = [["去掉", "上升", "下降", "升得最多", "降得最多"]]
    for name, tried in found.items():
        title = tried.before.score.indicators[name].title.zh or name
        best, worst = (_most(moved) for moved in (tried.gainers, tried.losers))
        rows.append([title, str(len(tried.gainers)), str(len(tried.losers)), best, worst])
    return rows


def _most(moved: Sequence[Shift]) -> str:
    if not moved or moved[0].gained is None:
        return ""
    return f"{moved[0].key.name or moved[0].key.code} {plain(abs(moved[0].gained))}"


def _place(one: Result) -> str:
    return plain(one.rank.place) if one.rank else STATUSES[one.status].zh


def _total(one: Result) -> str:
    return "" if one.rounded is None else f"{one.rounded:f}"
