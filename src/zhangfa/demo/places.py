"""The places of the demo county: Jining's real towns and villages; grids, lanes and households made from a seed."""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
from collections.abc import Callable, Iterable, Iterator
from importlib.resources import files
from itertools import pairwise

from zhangfa.directory.imports import Imported, carry_out, plan_import

JINXIANG = "370828000000"
YUSHAN = "370828003000"
"""鱼山街道, whose villages have grids."""
LIZHUANG = "370828003251"
FULL_GRID = f"{LIZHUANG}001"
"""李庄's first grid, the one that has its lanes and households."""
SINCE = dt.date(2020, 1, 1)
SEED = 370828
GRIDS = (2, 3, 3, 4)
"""Grids of a village, drawn evenly."""
HOUSEHOLDS = (300, 340)
"""Households of the one grid that has them, at least and at most."""
LANE = 16
COURTYARD_VILLAGES = 2
"""Villages of every other town whose lanes and households are known, for the beautiful courtyards."""
LANES = 3
LANE_HOUSEHOLDS = (10, 13)
"""Households of such a lane, at least and at most."""
BRANCHES = 2
"""Party branches of a department."""
PRECINCT = f"{YUSHAN[:9]}P01"
NUMERALS = "一二三四五六七八九"
SURNAMES = "张王李刘杨寻周赵孙窦孔苏肖徐高何葛崔石吴"
Line = tuple[str, str, str, str]
"""Code, name, kind, code of the parent."""


def load_places(*, at: dt.datetime, by: int | None, progress: Callable[[str], None] = lambda said: None) -> Imported:
    """Import the demo county's units through the same door as a county's own file: one plan, one event each."""
    progress("读取济宁市 12 个县市区、158 个镇街、6350 个村居")
    plan = plan_import("units", write_table(every_place()).encode(), "jining-areas.csv", at=at)
    progress(f"写入 {len(plan.changes)} 个单位")
    carried = carry_out(plan, by=by, at=at, key="demo:places")
    lanes = plan_import("beside", write_beside(every_place()).encode(), "lanes-side-by-side.csv", at=at)
    carry_out(lanes, by=by, at=at, key="demo:beside")
    return carried


def every_place(seed: int = SEED) -> Iterator[Line]:
    """Yield every unit of the demo, parents first; the same for the same seed."""
    chance = random.Random(seed)
    areas = list(read_areas())
    yield from areas
    departments = [(row["code"], row["name"]) for row in read_data("departments.csv")]
    yield from ((code, name, "department", JINXIANG) for code, name in departments)
    for code, _name, _kind, parent in areas:
        if parent == YUSHAN:
            yield from _grids(code, chance)
    yield PRECINCT, "城东管区", "precinct", YUSHAN
    for code, name in departments:
        yield from ((f"{code}-B{n + 1}", f"{name}第{NUMERALS[n]}党支部", "branch", code) for n in range(BRANCHES))
    for village in courtyard_villages(areas):
        yield f"{village}001", f"第{NUMERALS[0]}网格", "grid", village
        yield from _lanes(village, chance)


def towns_of(areas: Iterable[Line]) -> list[str]:
    """Return the codes of Jinxiang's towns."""
    return [code for code, _name, kind, parent in areas if kind == "town" and parent == JINXIANG]


def courtyard_villages(areas: Iterable[Line]) -> list[str]:
    """Return the codes of the villages, two in each town but 鱼山街道, that have lanes and households."""
    areas = list(areas)
    found: list[str] = []
    for town in towns_of(areas):
        if town != YUSHAN:
            villages = [code for code, name, kind, parent in areas if parent == town and kind == "village"]
            found += villages[1 : 1 + COURTYARD_VILLAGES]
    return found


def read_areas() -> Iterator[Line]:
    """Yield Jining's units from the prefecture to the villages."""
    for row in read_data("jining-areas.csv"):
        yield row["code"], row["name"], {"city": "prefecture"}.get(row["level"], row["level"]), row["parent_code"]


def read_data(name: str) -> list[dict[str, str]]:
    """Read one of the demo's tables."""
    text = files("zhangfa.demo").joinpath("data", name).read_text("utf-8")
    return list(csv.DictReader(io.StringIO(text)))


def write_table(lines: Iterable[Line]) -> str:
    """Write units as the table an import takes."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("代码", "名称", "类型", "上级代码", "生效日期"))
    writer.writerows((*line, SINCE.isoformat()) for line in lines)
    return out.getvalue()


def write_beside(lines: Iterable[Line]) -> str:
    """Write which lanes lie side by side: each beside the next of the same village or grid."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("单位代码", "相邻单位代码", "起始日期"))
    lanes = [(code, parent) for code, _name, kind, parent in lines if kind == "lane"]
    for (one, above), (other, same) in pairwise(lanes):
        if above == same:
            writer.writerow((one, other, SINCE.isoformat()))
    return out.getvalue()


def _grids(village: str, chance: random.Random) -> Iterator[Line]:
    for number in range(1, chance.choice(GRIDS) + 1):
        grid = f"{village}{number:03}"
        yield grid, f"第{NUMERALS[number - 1]}网格", "grid", village
        if grid == FULL_GRID:
            yield from _households(grid, chance)


def _households(grid: str, chance: random.Random) -> Iterator[Line]:
    count = chance.randint(*HOUSEHOLDS)
    for number in range(1, count + 1):
        lane_number, place = divmod(number - 1, LANE)
        lane = f"{grid}L{lane_number + 1:02}"
        if place == 0:
            side = "东西"[lane_number % 2]
            yield lane, f"{side}{_numeral(lane_number // 2 + 1)}巷", "lane", grid
        yield f"{grid}H{number:03}", f"{place + 1}号{chance.choice(SURNAMES)}家", "household", lane


def _lanes(village: str, chance: random.Random) -> Iterator[Line]:
    number = 0
    for lane_number in range(1, LANES + 1):
        lane = f"{village}L{lane_number:02}"
        yield lane, f"{'东西'[lane_number % 2]}{_numeral((lane_number + 1) // 2)}巷", "lane", village
        for place in range(1, chance.randint(*LANE_HOUSEHOLDS) + 1):
            number += 1
            yield f"{village}H{number:03}", f"{place}号{chance.choice(SURNAMES)}家", "household", lane


def _numeral(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("十" if tens else "") + (NUMERALS[ones - 1] if ones else "")
