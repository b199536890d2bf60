"""The facts that made one number, as far as the reader may open them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from zhangfa.acts.gate import visible
from zhangfa.acts.models import Record
from zhangfa.acts.words import state_title
from zhangfa.charter import engine as charters
from zhangfa.charter.model import Charter
from zhangfa.charter.resolve.judged import values_allowed
from zhangfa.charter.score_model import Indicator, Score
from zhangfa.directory import tree
from zhangfa.directory.models import Unit
from zhangfa.facts.aggregate import facts_behind
from zhangfa.publishing import reading
from zhangfa.publishing.models import DRAFT, REPLACED, Board
from zhangfa.scoreboards import wording
from zhangfa.scoreboards.seeing import Seen
from zhangfa.scores.earlier import needed_scores
from zhangfa.scores.period import Period

MOST = 500
"""Lines on one page."""
LOOKED = 10_000
"""Facts looked up at most."""
CHUNK = 500


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact: what it is called and where it is opened; without an address it is only named."""

    name: str
    words: str
    address: str
    state: str = ""


@dataclass(frozen=True, slots=True)
class Behind:
    """What made a number."""

    facts: tuple[Fact, ...]
    count: int
    closed: int
    """Counted in the number, and not for this reader to open."""
    kind: str
    """``record``, ``unit``, ``post``, ``score`` or ``other``."""


def behind(seen: Seen, code: str, indicator: Indicator) -> Behind:
    """Return what made one cell, in the order of its dates."""
    if indicator.from_ == "score":
        return _of_scores(seen, code, indicator)
    ids = _ids(seen, code, indicator)
    distinct = tuple(dict.fromkeys(ids))
    if indicator.from_ == "unit":
        return _of_units(distinct)
    if indicator.from_ in ("post", "honour"):
        return Behind((), len(distinct), 0, "other")
    return _of_records(seen, distinct)


def _ids(seen: Seen, code: str, indicator: Indicator) -> tuple[int, ...]:
    if seen.board is not None:
        return reading.facts_behind(seen.board, code, indicator.id, limit=LOOKED)
    place = seen.place
    key = int(code) if place.score.of_post else Unit.objects.values_list("id", flat=True).get(code=code)
    return facts_behind(
        charter=place.charter, score=place.score, indicator=indicator.id, key=key,
        period=(place.period.start, place.period.end), limit=LOOKED, others=others_of(place.charter, indicator),
    )  # fmt: skip


def others_of(charter: Charter, indicator: Indicator) -> dict[str, Charter]:
    """Return the other charter whose register an indicator reads, if it does."""
    other = indicator.from_.rpartition(".")[0]
    return {other: charters.current(other)} if other and other != charter.id else {}


def _of_records(seen: Seen, ids: Sequence[int]) -> Behind:
    """Return the records the gate opens to this reader, and how many it does not."""
    keys = {
        key for part in _parts(ids) for key in Record.objects.filter(id__in=part).values_list("register", flat=True)
    }
    open_to: dict[int, Record] = {}
    for key in keys:
        allowed = visible(seen.actor, key, seen.at)
        for part in _parts(ids):
            open_to.update({row.id: row for row in Record.objects.filter(allowed, id__in=part)})
    shown = [open_to[id_] for id_ in ids if id_ in open_to]
    units = tree.units(row.unit for row in shown[:MOST])
    facts = tuple(
        Fact(row.number, row.label, reverse("record", args=[row.number]), _state(row) + _where(units.get(row.unit)))
        for row in shown[:MOST]
    )
    return Behind(facts, len(ids), len(ids) - len(shown), "record")


def _state(row: Record) -> str:
    register = charters.at_version(row.charter, row.charter_version).registers[row.register.rpartition(".")[2]]
    return state_title(register, row.state)


def _where(unit: object) -> str:
    return f" · {unit.name}" if unit is not None else ""  # type: ignore[attr-defined]


def _of_units(ids: Sequence[int]) -> Behind:
    held = tree.units(ids[:MOST])
    facts = tuple(
        Fact(unit.code, unit.name, reverse("unit", args=[unit.id]), tree.path_name(unit.id)) for unit in held.values()
    )
    return Behind(facts, len(ids), 0, "unit")


def _of_scores(seen: Seen, code: str, indicator: Indicator) -> Behind:
    """Return the earlier results it was worked out from, each with its page where the reader may see it."""
    place = seen.place
    allowed = values_allowed(indicator.where.tree, "scheme") if indicator.where else None
    needed = [
        (each, part)
        for each, part in needed_scores(place.charter, place.score, place.period)
        if allowed is None or each.id in allowed
    ]
    boards = Board.objects.filter(
        seen.visible, charter=place.charter.id, score__in={each.id for each, _part in needed},
        period__in={part.id for _each, part in needed},
    ).exclude(state__in=(DRAFT, REPLACED)).select_related("area")  # fmt: skip
    held: dict[tuple[str, str], list[Board]] = {}
    for board in boards:
        held.setdefault((board.score, board.period), []).append(board)
    facts = [_of_score(code, each, part, held.get((each.id, part.id), [])) for each, part in needed]
    return Behind(tuple(facts), len(facts), 0, "score")


def _of_score(code: str, each: Score, part: Period, boards: Sequence[Board]) -> Fact:
    """Name an earlier result; of several places the one whose board this unit or person stands on."""
    at = next((one for one in boards if len(boards) == 1 or _stands_on(one, code)), None)
    address = reverse("score_why", args=[at.charter, at.score, at.area.code, at.period, code]) if at else ""
    state = "" if at else _("没有签发过，按登记重新算出")
    return Fact(wording.said(part.title), wording.said(each.title), address, state)


def _stands_on(board: Board, code: str) -> bool:
    whose = {"person": int(code)} if board.of_people else {"unit__code": code}
    return board.standings.filter(**whose).exists()


def _parts(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))
