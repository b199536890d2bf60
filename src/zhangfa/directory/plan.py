"""What an import would do, before anything is done."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from django.utils.translation import gettext as _

from zhangfa.directory.sheet import Sheet
from zhangfa.log.canonical import canonical_bytes

Kind = Literal["units", "people", "groups", "beside"]
What = Literal[
    "add", "rename", "move", "close", "person", "correct", "appoint", "end", "join", "leave", "beside", "apart"
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """One thing a row would change."""

    line: int
    what: What
    code: str
    name: str
    before: str = ""
    after: str = ""

    @property
    def sentence(self) -> str:
        """Say it in words."""
        words = {"name": self.name, "code": self.code, "before": self.before, "after": self.after}
        return _SENTENCES[self.what]() % words


_SENTENCES = {
    "add": lambda: _("新增 %(name)s（%(code)s），上级 %(after)s"),
    "rename": lambda: _("更名 %(before)s → %(after)s（%(code)s）"),
    "move": lambda: _("划转 %(name)s（%(code)s）：%(before)s → %(after)s"),
    "close": lambda: _("撤销 %(name)s（%(code)s）%(after)s"),
    "person": lambda: _("新增人员 %(name)s（%(code)s）"),
    "correct": lambda: _("更正 %(name)s（%(code)s）：%(before)s → %(after)s"),
    "appoint": lambda: _("任职 %(name)s（%(code)s）：%(after)s"),
    "end": lambda: _("免职 %(name)s（%(code)s）：%(after)s"),
    "join": lambda: _("%(name)s（%(code)s）加入%(after)s"),
    "leave": lambda: _("%(name)s（%(code)s）退出%(after)s"),
    "beside": lambda: _("%(name)s（%(code)s）相邻%(after)s"),
    "apart": lambda: _("%(name)s（%(code)s）不再相邻%(after)s"),
}


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong with a row, in a whole sentence."""

    line: int
    column: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything an import would do; nothing of it can be done while a problem stands."""

    kind: Kind
    sheet: Sheet
    changes: tuple[Change, ...]
    unchanged: int
    """Rows that say what already stands."""
    problems: tuple[RowProblem, ...]
    work: Mapping[str, Any] = field(repr=False)
    """What is to be written, by codes; ids are given when it is carried out."""

    @property
    def digest(self) -> str:
        """Fingerprint of the file and of what it would do to the directory as it stands."""
        facts = [[c.line, c.what, c.code, c.name, c.before, c.after] for c in self.changes]
        content = canonical_bytes([self.kind, self.sheet.digest, facts, self.unchanged, dict(self.work)])
        return hashlib.sha256(content).hexdigest()

    @property
    def counts(self) -> dict[str, int]:
        """How many changes of each kind there are."""
        return dict(Counter(change.what for change in self.changes))

    @property
    def summary(self) -> str:
        """Say in one sentence what would be done."""
        titles = {
            "add": _("新增"),
            "rename": _("更名"),
            "move": _("划转"),
            "close": _("撤销"),
            "person": _("新增人员"),
            "correct": _("更正"),
            "appoint": _("任职"),
            "end": _("免职"),
            "join": _("加入编组"),
            "leave": _("退出编组"),
            "beside": _("登记相邻"),
            "apart": _("不再相邻"),
        }
        parts = [f"{titles[what]} {number}" for what, number in self.counts.items()]
        parts.append(_("不变 %(number)d") % {"number": self.unchanged})
        if self.problems:
            parts.append(_("有问题 %(number)d") % {"number": len(self.problems)})
        return "，".join(parts)
