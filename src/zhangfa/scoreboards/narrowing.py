"""Which lines of a board one page shows: by group, by name, by page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from zhangfa.desk.posted import read_id
from zhangfa.scoreboards.lines import PAGE, group_titles
from zhangfa.scores.engine import Result


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was asked for, and what of it one page holds."""

    q: str
    group: str
    number: int
    page: tuple[Result, ...]
    found: int
    counts: Mapping[str, int]
    """How many have each status, of all the reader may see."""
    groups: tuple[tuple[str, str], ...]
    """Code and title of every group, where there are several."""
    own: frozenset[str]

    def address(self, **changed: object) -> str:
        """Return the query of the same view with something changed."""
        held = {"q": self.q, "group": self.group, "page": self.number if self.number > 1 else ""} | changed
        said = urlencode({name: value for name, value in held.items() if value})
        return f"?{said}" if said else "?"

    @property
    def previous(self) -> str:
        """The page before, if any."""
        return self.address(page=self.number - 1) if self.number > 1 else ""

    @property
    def next(self) -> str:
        """The page after, if any."""
        return self.address(page=self.number + 1) if self.number * PAGE < self.found else ""

    @property
    def words(self) -> str:
        """Say which of how many stand on the page."""
        start = (self.number - 1) * PAGE
        return f"{start + 1}–{start + len(self.page)} / {self.found}" if self.page else "0"


def narrow(asked: Mapping[str, str], results: Sequence[Result], own: frozenset[str]) -> Chosen:
    """Return the results one page shows."""
    q, group = asked.get("q", "").strip()[:40], asked.get("group", "")[:80]
    found = [one for one in results if (not group or one.key.group == group) and q in f"{one.key.name} {one.key.code}"]
    last = max(1, -(-len(found) // PAGE))
    number = min(read_id(asked.get("page")) or 1, last)
    page = tuple(found[(number - 1) * PAGE : number * PAGE])
    codes = tuple(dict.fromkeys(one.key.group for one in results))
    titles = group_titles(codes) if len(codes) > 1 else {}
    return Chosen(q, group, number, page, len(found), Counter(one.status for one in results),
                  tuple(titles.items()), own)  # fmt: skip
