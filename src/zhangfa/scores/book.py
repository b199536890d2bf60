"""The units (or people) to be scored, from a file: code, name, kind, the unit above, the group compared with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from zhangfa.charter.model import Text
from zhangfa.scores.sheet import RowProblem, Sheet, read_sheet

HEADINGS = {
    "code": ("代码", "编码", "单位代码", "编号", "工号"),
    "name": ("名称", "单位", "单位名称", "姓名"),
    "kind": ("类型", "类别", "层级", "单位类型", "role", "角色"),
    "parent": ("上级", "上级代码", "上级单位", "所属", "所属单位", "parent_code"),
    "group": ("组", "组别", "分组", "编组"),
}
KINDS = {
    "prefecture": ("市", "地市"), "county": ("县", "区县", "县区"), "town": ("镇", "镇街", "乡镇", "街道"),
    "precinct": ("管区",), "village": ("村", "村居", "社区", "村（社区）"), "grid": ("网格",), "lane": ("街巷",),
    "household": ("户", "住户", "农户"), "department": ("部门", "单位"), "branch": ("支部", "党支部"),
}  # fmt: skip
WORDS = {word: kind for kind, words in KINDS.items() for word in words}
DEEPEST = 20


@dataclass(frozen=True, slots=True)
class Entry:
    """One unit or person of the file."""

    code: str
    name: str
    kind: str
    parent: str
    group: str
    line: int


@dataclass(frozen=True)
class Book:
    """All entries by code, and what was wrong in the file."""

    entries: Mapping[str, Entry]
    problems: tuple[RowProblem, ...] = field(default=())

    @cached_property
    def by_name(self) -> Mapping[str, tuple[Entry, ...]]:
        """The entries by name; several units may share one."""
        found: dict[str, tuple[Entry, ...]] = {}
        for one in self.entries.values():
            found[one.name] = (*found.get(one.name, ()), one)
        return found

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """A number for each code, where facts carry the number of a unit."""
        return {code: number for number, code in enumerate(self.entries, 1)}

    def find(self, word: str) -> Entry | None:
        """Return the entry with this code or, where only one has it, this name."""
        named = self.by_name.get(word, ())
        return self.entries.get(word) or (named[0] if len(named) == 1 else None)

    def above(self, entry: Entry, kind: str) -> Entry | None:
        """Return the entry itself or the nearest above it that is of this kind."""
        current: Entry | None = entry
        for _ in range(DEEPEST):
            if current is None or current.kind == kind:
                return current
            current = self.find(current.parent) if current.parent else None
        return None


def read_book(data: bytes, name: str, kind: str, titles: Mapping[str, str]) -> Book:
    """Read the file; without a column of kinds everything in it is of ``kind``. ``titles``: further words for kinds."""
    sheet = read_sheet(data, name, HEADINGS)
    problems, entries = list(sheet.problems), dict[str, Entry]()
    if not problems and not {"code", "name"} & set(sheet.columns):
        said = Text("没有“代码”或“名称”一列。", "There is no column of codes or names.")
        problems.append(sheet.problem(1, "", said))
    for line in sheet.lines if not problems else ():
        cells = line.cells
        code = cells.get("code") or cells.get("name", "")
        written = cells.get("kind", "")
        entry = Entry(
            code, cells.get("name", code), titles.get(written) or WORDS.get(written, written) or kind,
            cells.get("parent", ""), cells.get("group", ""), line.number,
        )  # fmt: skip
        if fault := _fault(entry, entries):
            problems.append(sheet.problem(line.number, "code", fault))
        else:
            entries[code] = entry
    book = Book(entries)
    return Book(entries, (*problems, *_orphans(sheet, book)))


def _fault(entry: Entry, entries: Mapping[str, Entry]) -> Text | None:
    if not entry.code:
        return Text("没有代码，也没有名称。", "There is neither a code nor a name.")
    if entry.code in entries:
        first = entries[entry.code].line
        return Text(f"代码 {entry.code} 与第 {first} 行重复。", f"The code {entry.code} is already on line {first}.")
    return None


def _orphans(sheet: Sheet, book: Book) -> list[RowProblem]:
    found = []
    for one in book.entries.values():
        if one.parent and book.find(one.parent) is None and "kind" in sheet.columns:
            said = Text(f"表中没有上级“{one.parent}”。", f"The unit above, {one.parent!r}, is not in the file.")
            found.append(sheet.problem(one.line, "parent", said))
    return found
