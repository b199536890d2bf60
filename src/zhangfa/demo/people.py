"""The people of the demo county: all made up from a seed, with posts for the charters and a few named accounts."""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password

from zhangfa.demo.offices import Posts, judged_posts
from zhangfa.demo.places import FULL_GRID, JINXIANG, LIZHUANG, SEED, SINCE, YUSHAN, Line, every_place, towns_of
from zhangfa.directory.engine import create_account
from zhangfa.directory.imports import carry_out, plan_import
from zhangfa.directory.models import Person
from zhangfa.directory.posts import CLERK

HOUSING = "370828-D12"
SURNAMES = "王李张刘陈杨赵黄周吴徐孙马朱胡郭何高林郑谢罗梁宋唐许韩冯邓曹彭曾解单翟"
GIVEN = (
    "伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰",
    "娟", "涛", "明", "超", "秀英", "霞", "平", "刚", "桂英", "建国", "建华", "志强", "志刚",
    "文静", "文博", "晓东", "晓燕", "春梅", "海燕", "海涛", "红梅", "立新", "玉兰", "玉梅", "金凤", "保国",
    "新华", "庆林", "广义", "传玲", "凤霞", "兆坤", "西光", "恩慧", "昭阳", "宪法", "衍福", "令芹", "守信",
    "树森", "继红",
)  # fmt: skip
LECTURERS = 20
VILLAGE_HOSTS = 12


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """A named account: which post its holder has."""

    username: str
    role: str
    unit: str
    zh: str
    en: str


ACCOUNTS = (
    DemoAccount("grid", "grid-worker", FULL_GRID, "李庄第一网格网格员", "Grid worker, Lizhuang grid 1"),
    DemoAccount("specialist", "specialist", HOUSING, "县住建局专业网格员", "Specialist, housing department"),
    DemoAccount("town", "town-office", YUSHAN, "鱼山街道综治办", "Town office, Yushan"),
    DemoAccount("org", "org-office", JINXIANG, "县委组织部", "Organisation office"),
    DemoAccount("leader-out", "leader", YUSHAN, "离任领导（鱼山街道）", "Outgoing leader, Yushan"),
    DemoAccount("leader-in", "leader", "370828109000", "接任领导（马庙镇）", "Incoming leader, Mamiao"),
    DemoAccount("lectures", "lecture-office", JINXIANG, "县纪委宣传部（宣讲办）", "Lecture office"),
    DemoAccount("lecturer", "lecturer", JINXIANG, "宣讲员", "Lecturer"),
    DemoAccount("host", "host", YUSHAN, "鱼山街道（点课单位）", "Host, Yushan"),
    DemoAccount("women-town", "town-women", YUSHAN, "鱼山街道妇联（美丽庭院）", "Women's federation, Yushan"),
    DemoAccount("women-county", "county-women", JINXIANG, "县妇联（签发镇街排名）", "County women's federation: signs"),
    DemoAccount("bureau", "bureau", JINXIANG, "县委老干部局（签发进度比较）", "Veteran-cadre bureau: signs"),
    DemoAccount("office", "office", YUSHAN, "鱼山街道组织办公室（报进度、提异议）", "Organisation office, Yushan"),
    DemoAccount("secretary", "secretary", LIZHUANG, "李庄村书记（擂台赛、本人考核）", "Village secretary, Lizhuang"),
    DemoAccount("arena", "city-office", JINXIANG, "组织部擂台赛办公室", "Office of the village arena: signs"),
    DemoAccount("official", "cadre", HOUSING, "县管干部（看自己的分）", "An official who is scored"),
    DemoAccount("district", "district-office", JINXIANG, "组织部（签发村干部考核）", "District organisation office"),
    DemoAccount("center", "county-office", JINXIANG, "县综治中心（签发民情办理排名）", "County office: requests"),
    DemoAccount("organ", "work-committee", JINXIANG, "县直机关工委", "Organ work committee: signs"),
    DemoAccount("branch", "branch-secretary", f"{HOUSING}-B1", "县住建局第一党支部书记", "Branch secretary, housing"),
    DemoAccount("clerk", CLERK, JINXIANG, "县章程管理员", "County clerk: puts charters in force"),
)
"""Everybody else has no account."""


def load_people(
    *,
    at: dt.datetime,
    by: int | None,
    password: str,
    progress: Callable[[str], None] = lambda said: None,
) -> dict[str, int]:
    """Import the made-up people with their posts and open the named accounts, all with the password given.

    Returns the person's id of each account's name.
    """
    posts = list(every_post())
    progress(f"安排 {len(posts)} 个岗位的人员")
    plan = plan_import("people", write_table(posts).encode(), "demo-people.csv", at=at)
    carry_out(plan, by=by, at=at, key="demo:people")
    progress("开通演示账号")
    # One salt for all of them: they share one public password anyway, and hashing is made to be slow.
    secret = make_password(password)
    holders = account_holders(posts)
    ids = dict(Person.objects.filter(code__in=holders.values()).values_list("code", "id"))
    for username, code in holders.items():
        create_account(
            person=ids[code],
            username=username,
            hashed=secret,
            must_change=False,
            by=by,
            at=at,
            key=f"demo:account:{username}",
        )
    return {username: ids[code] for username, code in holders.items()}


@dataclass(frozen=True, slots=True)
class MadePost:
    """A post of a made-up person."""

    code: str
    name: str
    role: str
    unit: str
    since: dt.date


def every_post(seed: int = SEED) -> Iterator[MadePost]:
    """Yield every post of the demo, person by person; the same for the same seed."""
    chance = random.Random(seed)
    taken: set[str] = set()
    for number, posts in enumerate(_places_to_fill(chance), start=1):
        since = SINCE + dt.timedelta(days=chance.randrange(4 * 365))
        name = _name(chance, taken)
        yield from (MadePost(f"SIM-{number:04}", name, role, unit, since) for role, unit in posts)


def account_holders(posts: list[MadePost]) -> Mapping[str, str]:
    """Return the staff number of each named account's holder: the first in that post."""
    first: dict[tuple[str, str], str] = {}
    for post in posts:
        first.setdefault((post.role, post.unit), post.code)
    return {account.username: first[account.role, account.unit] for account in ACCOUNTS}


def write_table(posts: list[MadePost]) -> str:
    """Write people and posts as the table an import takes."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("工号", "姓名", "办公电话", "角色", "单位代码", "任职日期"))
    for post in posts:
        phone = f"0537-0{post.code[-4:]:>06}"  # no number begins with 0 behind the area code
        writer.writerow((post.code, post.name, phone, post.role, post.unit, post.since.isoformat()))
    return out.getvalue()


def _places_to_fill(chance: random.Random) -> Iterator[Posts]:
    places = list(every_place())
    towns = towns_of(places)
    departments = [code for code, _, kind, _ in places if kind == "department"]
    villages = [code for code, _, kind, parent in places if kind == "village" and parent == YUSHAN]
    for role, unit in _single_posts(places, towns, departments, villages, chance):
        yield ((role, unit),)
    for code in towns:
        yield ("leader", code), ("cadre", code), ("town-leader", code)
    for code in departments:
        yield ("leader", code), ("cadre", code)
    yield from judged_posts(places, towns, departments, chance)


def _single_posts(
    places: list[Line], towns: list[str], departments: list[str], villages: list[str], chance: random.Random
) -> Iterator[tuple[str, str]]:
    yield from (("grid-worker", code) for code, _, kind, _ in places if kind == "grid")
    yield from (("town-office", code) for code in (*towns, YUSHAN))
    yield from (("specialist", code) for code in (*departments, HOUSING))
    yield from (("reviewer", code) for code in departments)
    yield from (("org-office", JINXIANG) for _ in range(3))
    yield from (("lecture-office", JINXIANG) for _ in range(5))
    yield from (("lecturer", JINXIANG) for _ in range(LECTURERS))
    hosts = chance.sample(villages, VILLAGE_HOSTS)
    yield from (("host", code) for code in (*towns, *departments, *sorted(hosts)))
    yield CLERK, JINXIANG


def _name(chance: random.Random, taken: set[str]) -> str:
    while (name := chance.choice(SURNAMES) + chance.choice(GIVEN)) in taken:
        continue
    taken.add(name)
    return name
