"""What a scenario says must be true of scores, compared with what is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import orjson

from zhangfa.acts.actor import SYSTEM
from zhangfa.acts.models import Outbox
from zhangfa.calendar.deadline import Deadline
from zhangfa.publishing.disputes import may_object
from zhangfa.publishing.models import Board, Objection
from zhangfa.publishing.rights import may_see_board
from zhangfa.publishing.standings import open_standings, visible_standings
from zhangfa.publishing.working import live_scoring
from zhangfa.scenarios.judging import area_of, differs, newest_board, standing_of
from zhangfa.scenarios.reading import SHANGHAI

if TYPE_CHECKING:
    from zhangfa.scenarios.running import Stage

Act = dict[str, Any]


def _board(stage: Stage, act: Act, wanted: str | Act) -> list[str]:
    board = newest_board(stage, act["score"], act)
    found = {
        "state": board.state, "edition": board.edition,
        "objections_until": board.objections_until and board.objections_until.astimezone(SHANGHAI).date(),
    }  # fmt: skip
    words = wanted if isinstance(wanted, dict) else {"state": wanted}
    return [line for word, value in words.items() for line in differs(f"{word} of the board", value, found[word])]


def _standings(stage: Stage, act: Act, wanted: dict[str, Act]) -> list[str]:
    """Compare what stands on the signed board."""
    board = newest_board(stage, act["score"], act)
    failures = []
    for name, words in wanted.items():
        [seen] = open_standings([standing_of(stage, board, name)])
        found = {
            "status": seen.status, "total": _plain(seen.total), "rank": _plain(seen.rank), "of": seen.of,
            "tier": seen.tier,
        }  # fmt: skip
        failures += _each(name, words, found)
    return failures


def _comes_to(stage: Stage, act: Act, wanted: dict[str, Act]) -> list[str]:
    """Compare what the score comes to now: a running period, or before anything is signed."""
    scored = live_scoring(
        charter=stage.charter, score=act["score"], period=str(act["period"]),
        area=area_of(stage, act["score"], act), at=stage.now,
    )  # fmt: skip
    codes = {whose.id: code for code, whose in scored.whose.items()}
    failures = []
    for name, words in wanted.items():
        code = codes.get(stage.world.person_or_unit(name))
        if code is None:
            failures.append(f"{name} is not scored")
            continue
        one = scored.scoring.by_code[code]
        cells = {indicator: cell.value for indicator, cell in scored.scoring.cells_of(code).items()}
        points = scored.scoring.points_of(code)
        found = {
            "status": one.status, "total": _plain(one.rounded), "rank": _plain(one.rank and one.rank.place),
            "of": one.rank and one.rank.of, "tier": one.tier,
            "values": {word: _plain(cells.get(word)) for word in words.get("values", ())},
            "points": {word: _plain(points.get(word)) for word in words.get("points", ())},
        }  # fmt: skip
        plain = {
            word: {key: _plain(v) for key, v in words[word].items()} for word in ("values", "points") if word in words
        }
        failures += _each(name, words | plain, found)
    return failures


def _each(name: str, wanted: Act, found: Act) -> list[str]:
    return [
        line for word, value in wanted.items()
        for line in differs(f"{word} of {name}", _plain(value) if word in ("total", "rank") else value, found[word])
    ]  # fmt: skip


def _plain(value: object) -> str | None:
    """Write a number as people do: 88.0 and 88 are the same."""
    return None if value is None else f"{float(str(value) if '/' not in str(value) else _divided(str(value))):g}"


def _divided(fraction: str) -> str:
    top, bottom = fraction.split("/")
    return str(int(top) / int(bottom))


def _objections(stage: Stage, act: Act, wanted: dict[str, str | None]) -> list[str]:
    """Compare the state of the newest objection of a unit or person; ``null``: there is none."""
    boards = Board.objects.filter(charter=stage.charter, score=act["score"], period=str(act["period"]))
    failures = []
    for name, state in wanted.items():
        who = _who(stage, name)
        held = Objection.objects.filter(board__in=boards, **{f"standing__{word}": id_ for word, id_ in who.items()})
        newest = held.order_by("-at", "-pk").first()
        failures += differs(f"objection of {name}", state, newest.state if newest else None)
    return failures


def _who(stage: Stage, name: str) -> dict[str, int]:
    world = stage.world
    return {"person": world.person(name)} if world.is_person(name) else {"unit": world.unit(name)}


def _board_seen_by(stage: Stage, act: Act, wanted: list[str]) -> list[str]:
    board = newest_board(stage, act["score"], act)
    return [
        f"{one} should see the board, but does not" for one in wanted if not may_see_board(_actor(stage, one), board)
    ]


def _board_hidden_from(stage: Stage, act: Act, wanted: list[str]) -> list[str]:
    board = newest_board(stage, act["score"], act)
    return [f"{one} should not see the board, but does" for one in wanted if may_see_board(_actor(stage, one), board)]


def _reads_standings(stage: Stage, act: Act, wanted: dict[str, list[str]]) -> list[str]:
    """Compare whose standings somebody reads: all of them, and nobody else's."""
    board = newest_board(stage, act["score"], act)
    failures = []
    for reader, names in wanted.items():
        seen = visible_standings(board, _actor(stage, reader), at=stage.now, note=False)
        found = [
            stage.world.name_of(one.standing.person_id) or stage.world.unit_name(one.standing.unit_id or 0)
            for one in seen
        ]
        failures += differs(f"standings {reader} reads", sorted(names), sorted(found))
    return failures


def _may_object_until(stage: Stage, act: Act, wanted: dict[str, object]) -> list[str]:
    """Compare the day until which somebody may object to a standing (``of``); ``null``: not, or no longer."""
    board = newest_board(stage, act["score"], act)
    failures = []
    for name, day in wanted.items():
        until: Deadline | None = may_object(_actor(stage, name), board, standing_of(stage, board, act["of"]), stage.now)
        failures += differs(f"{name} may object until", day, until.due.astimezone(SHANGHAI).date() if until else None)
    return failures


def _told_of_board(stage: Stage, act: Act, wanted: list[str]) -> list[str]:
    """Compare who was told of this board, and nobody else."""
    board = newest_board(stage, act["score"], act)
    same = Board.objects.filter(
        charter=board.charter, score=board.score, period=board.period, area=board.area_id
    ).values_list("pk", flat=True)  # fmt: skip
    told = Outbox.objects.exclude(person=None).filter(record=None)
    found = {stage.world.name_of(one.person) for one in told if orjson.loads(one.text).get("board") in set(same)}
    return differs("told of the board", sorted(wanted), sorted(found))


def _actor(stage: Stage, name: str) -> Any:
    return SYSTEM if name == "system" else stage.actor(name, None)


JUDGING: dict[str, Callable[[Any, Act, Any], list[str]]] = {
    "board": _board,
    "standings": _standings,
    "comes_to": _comes_to,
    "objections": _objections,
    "board_seen_by": _board_seen_by,
    "board_hidden_from": _board_hidden_from,
    "reads_standings": _reads_standings,
    "may_object_until": _may_object_until,
    "told_of_board": _told_of_board,
}
"""Expectations of scores; each is given the whole act, for its ``score``, ``period`` and ``area``."""
