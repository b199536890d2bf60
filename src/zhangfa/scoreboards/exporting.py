"""A board as rows of a file: the same people and units, words and numbers as on the page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from zhangfa.scoreboards import wording
from zhangfa.scoreboards.lines import group_titles, lines_of
from zhangfa.scoreboards.past import earlier_boards
from zhangfa.scoreboards.seeing import Seen


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the file."""

    id: str
    title: str
    numeric: bool = False


def columns_of(seen: Seen) -> list[Column]:
    """Return the columns: who, where, then each indicator's value and what it puts into the total."""
    score = seen.place.score
    found = [
        Column("group", _("范围")), Column("rank", _("名次"), True), Column("code", _("代码")),
        Column("name", _("姓名") if score.of_post else _("单位")),
        *([Column("seat", _("任职单位"))] if score.of_post else []), Column("total", _("总分"), True),
        Column("tier", _("档次")), Column("state", _("说明")), Column("moved", _("与上期比（升为正）"), True),
    ]  # fmt: skip
    for one in score.indicators.values():
        title = wording.said(one.title)
        found += [Column(f"{one.id}.value", _("%(title)s（指标值）") % {"title": title}, True),
                  Column(f"{one.id}.counts", _("%(title)s（计入总分）") % {"title": title}, True)]  # fmt: skip
    return found


def exported_rows(seen: Seen) -> Iterator[Sequence[str]]:
    """Yield the title row, then one row for everybody the reader may see."""
    yield [column.title for column in columns_of(seen)]
    titles = group_titles({one.key.group for one in seen.results})
    for line in lines_of(seen, seen.results, earlier_boards(seen), ()):
        key, cells = line.result.key, seen.scoring.cells_of(line.code)
        seat = [line.seat] if seen.place.score.of_post else []
        moved = "" if line.moved is None else wording.number(line.moved)
        row = [
            titles[key.group],
            line.rank,
            key.code,
            line.name,
            *seat,
            _bare(line.total),
            line.tier,
            line.status,
            moved,
        ]
        for one in seen.place.score.indicators:
            row += [_bare(wording.number(cells[one].value)), _bare(wording.number(line.parts[one]))]
        yield row


def _bare(words: str) -> str:
    return "" if words == "—" else words
