"""What stands around every page of one result: where it lies, its state with its dates, the pages beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from zhangfa.acts.naming import SHANGHAI
from zhangfa.acts.words import name_of
from zhangfa.desk.my_scores import was_in_force
from zhangfa.publishing.models import Board
from zhangfa.scoreboards import charts, wording
from zhangfa.scoreboards.seeing import Seen
from zhangfa.scores.period import following, previous


@dataclass(frozen=True, slots=True)
class Sibling:
    """Another period or edition of the same result."""

    title: str
    address: str
    here: bool = False


def around(seen: Seen, here: str) -> Mapping[str, object]:
    """Return what the shared parts of the pages of one result show; ``here`` names the page."""
    place, board = seen.place, seen.board
    return {
        "seen": seen, "page": partial(_page, seen), "place": place, "board": board, "score": place.score,
        "at": place.address,
        "title": wording.said(place.score.title), "period_title": wording.said(place.period.title),
        "state": board.state if board else "", "state_title": wording.state_words(board.state if board else ""),
        "tone": wording.TONES.get(board.state if board else "", "soon"),
        "signed_by": name_of(board.signed_by) if board and board.signed_by else "",
        "drafted_by": name_of(board.drafted_by) if board and board.drafted_by else "",
        "tabs": list(_tabs(seen, here)), "here": here, "editions": _editions(seen), "asked": asked(board),
        "before": _beside(seen, -1), "after": _beside(seen, 1), "as_data": charts.as_data,
        "over": place.period.end < seen.at.astimezone(SHANGHAI).date(),
    }  # fmt: skip


def _page(seen: Seen, name: str, *more: str) -> str:
    return address_of(name, seen, *more)


def address_of(name: str, seen: Seen, *more: str) -> str:
    """Return the address of a page of this very result, in the edition that is looked at."""
    return reverse(name, args=[*seen.place.address, *more]) + asked(seen.board)


def asked(board: Board | None) -> str:
    """Return what an address carries to stay on an edition that is not the newest."""
    return f"?edition={board.edition}" if board is not None and board.state == "replaced" else ""


def _tabs(seen: Seen, here: str) -> list[tuple[str, str, bool]]:
    found = [(_("名次"), "scoreboard")]
    if seen.whole:
        found += [(_("稳不稳"), "stability"), (_("走势"), "trend"), (_("试算"), "what-if")]
    tabs = []
    for title, name in found:
        try:
            tabs.append((title, address_of(name, seen), name == here))
        except NoReverseMatch:
            continue
    return tabs


def _editions(seen: Seen) -> list[Sibling]:
    """Return the editions of this result the reader may see, the newest first; none where there is but one."""
    if seen.board is None:
        return []
    place = seen.place
    rows = Board.objects.filter(
        seen.visible, charter=place.charter.id, score=place.score.id, area=place.area.id,
        period=place.period.id,
    ).order_by("-edition")  # fmt: skip
    whole = reverse("scoreboard", args=place.address)
    made = [
        Sibling(
            _("第 %(n)s 版 · %(state)s") % {"n": row.edition, "state": wording.state_words(row.state)},
            f"{whole}?edition={row.edition}", row.edition == seen.board.edition,
        )
        for row in rows
    ]  # fmt: skip
    return made if len(made) > 1 else []


def _beside(seen: Seen, step: int) -> Sibling | None:
    """Return the period before or after, where the reader may see its result."""
    place = seen.place
    other = previous(place.period) if step < 0 else following(place.period)
    if other is None:
        return None
    known = Board.objects.filter(
        seen.visible, charter=place.charter.id, score=place.score.id, area=place.area.id, period=other.id
    ).exists()
    open_to_signer = seen.signs and other.start <= seen.at.date() and was_in_force(place.charter.id, other.end)
    if not known and not open_to_signer:
        return None
    return Sibling(wording.said(other.title), reverse("scoreboard", args=[*place.address[:3], other.id]))
