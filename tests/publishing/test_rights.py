"""Who sees what: the database's condition against an oracle that is written down apart from it."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.publishing.county import PEOPLE, QUARTER, UNITS, County, moment

from zhangfa.acts.actor import PUBLIC
from zhangfa.log.models import Event
from zhangfa.publishing import reading
from zhangfa.publishing.clock import tick
from zhangfa.publishing.models import Board
from zhangfa.refusal import Refusal

PARENT = {name: parent for name, _kind, parent in UNITS}
SEATS = {"li": "yushan", "zhou": "yushan", "wang": "huji"}


def above(unit: str | None) -> list[str]:
    """Return a unit and everything above it, by names alone."""
    return [] if unit is None else [unit, *above(PARENT[unit])]


def posts(name: str) -> list[tuple[str, str]]:
    """Return the posts of a person as pairs of role and unit."""
    return [(post.split()[0], post.split()[1]) for post in PEOPLE[name]]


def oracle_units(name: str, state: str) -> bool:
    """Whether somebody sees the towns' board of Jinxiang: it is public once shown; a draft is the signer's."""
    if state == "draft":
        return ("county-women", "jinxiang") in posts(name)
    if state in ("shown", "locked"):
        return True
    readers = ("county-women", "town-women", "village-women")
    return any(
        role in readers and ("jinxiang" in above(unit) or unit in above("jinxiang")) for role, unit in posts(name)
    )


def oracle_people(name: str, state: str) -> set[str]:
    """Whose standing somebody reads on the officials' board of Jinxiang."""
    if state == "draft":
        return set()
    own = {name} & SEATS.keys()
    return own | {
        who for who, seat in SEATS.items() for role, unit in posts(name) if role == "org-office" and unit in above(seat)
    }


def seen_by_all(county: County, board: Board) -> dict[str, set[str]]:
    return {name: set(county.seen(board, name)) for name in PEOPLE}


def test_a_board_of_units_is_seen_as_the_oracle_says(county: County) -> None:
    board = county.draft()
    stages = [
        ("draft", None),
        ("shown", lambda: county.sign(board)),
        ("locked", lambda: tick(at=moment("2026-05-01 09:00"))),
    ]
    for state, act in stages:
        if act:
            act()
        board.refresh_from_db()
        assert board.state == state
        found = {name: reading.may_see_board(county.actor(name), board) for name in PEOPLE}
        assert found == {name: oracle_units(name, state) for name in PEOPLE}
        listed = {
            name: {one.pk for part in reading.boards_of(county.actor(name)) for one in part.boards} for name in PEOPLE
        }
        assert listed == {name: {board.pk} if found[name] else set() for name in PEOPLE}
        assert reading.may_see_board(PUBLIC, board) is (state != "draft")


def test_a_replaced_edition_is_seen_as_the_oracle_says(county: County) -> None:
    board = county.sign(county.draft())
    county.decide(county.object(board, "mamiao", "w-mamiao"), upheld=True)
    county.supervise("mamiao", 100, "2026-03-20")
    county.revise(board)
    board.refresh_from_db()
    found = {name: reading.may_see_board(county.actor(name), board) for name in PEOPLE}
    assert found == {name: oracle_units(name, "replaced") for name in PEOPLE}
    assert found["w-mamiao"] is True
    assert found["w-other"] is found["li"] is False
    assert reading.may_see_board(PUBLIC, board) is False


def test_a_board_of_people_is_read_as_the_oracle_says(county: County) -> None:
    board = county.draft("org", **QUARTER)
    assert {name: reading.may_see_board(county.actor(name), board) for name in PEOPLE} == {
        name: ("org-office", "jinxiang") in posts(name) for name in PEOPLE
    }
    board = county.sign(board, "org")
    assert seen_by_all(county, board) == {name: oracle_people(name, "shown") for name in PEOPLE}
    found = {name: reading.may_see_board(county.actor(name), board) for name in PEOPLE}
    assert found == {name: bool(oracle_people(name, "shown")) for name in PEOPLE}
    assert not reading.may_see_board(PUBLIC, board)


ARCHIVE = ("quarter", "year", "team-towns", "team-departments")
"""The scores of the archive, in its order."""


def test_only_the_signing_post_at_the_area_signs(county: County) -> None:
    board = county.draft()
    assert {name for name in PEOPLE if reading.may_sign(county.actor(name), board)} == {"chair", "deputy"}
    places = {
        name: [(one.score.id, one.area.name) for one in reading.signing_places(county.actor(name))] for name in PEOPLE
    }
    assert {name: found for name, found in places.items() if found} == {
        "chair": [("town-quarter", "jinxiang")], "deputy": [("town-quarter", "jinxiang")],
        "c-yutai": [("town-quarter", "yutai")], "org-yutai": [(score, "yutai") for score in ARCHIVE],
        **{name: [(score, "jinxiang") for score in ARCHIVE] for name in ("org", "org2")},
    }  # fmt: skip


def test_nobody_else_drafts_signs_decides_or_revises(county: County) -> None:
    others = [one for one in PEOPLE if one not in ("chair", "deputy")]
    board = county.draft()
    found = {name: [_code(lambda: county.draft(name)), _code(lambda: county.sign(board, name))] for name in others}  # noqa: B023
    assert found == {key: ["not_found", "not_found"] for key in others}
    county.sign(board)
    objection = county.object(board, "huji", "w-huji")
    tries = (
        lambda name: county.decide(objection, upheld=True, by=name),
        lambda name: county.revise(board, name),
        lambda name: county.sign(board, name),
    )
    # The board is public now: acting on it is refused openly.
    found = {name: {_code(lambda: act(name)) for act in tries} for name in others}  # noqa: B023
    assert found == {name: {"not_yours"} for name in others}


def test_a_board_of_people_is_absent_for_whoever_reads_nobody_on_it(county: County) -> None:
    board = county.sign(county.draft("org", **QUARTER), "org")
    objection = county.object(board, "wang", "wang")
    for name in PEOPLE:
        if name in ("org", "org2"):
            continue
        expected = "not_yours" if name in SEATS else "not_found"
        assert _code(lambda: county.sign(board, name)) == expected  # noqa: B023
        assert _code(lambda: county.decide(objection, upheld=True, by=name)) == expected  # noqa: B023
        assert _code(lambda: county.object(board, "li", name)) == ("" if name == "li" else "not_found")  # noqa: B023


def _code(act: Callable[[], object]) -> str:
    """Return the code of the refusal; empty where it was done."""
    try:
        act()
    except Refusal as refusal:
        return refusal.code
    return ""


def test_reading_the_standing_of_somebody_else_is_logged(county: County) -> None:
    board = county.sign(county.draft("org", **QUARTER), "org")
    county.seen(board, "li")
    assert Event.objects.filter(kind="reading", record=board.pk).count() == 0
    county.seen(board, "org2")
    county.seen(board, "org2")
    assert [(one.board, one.person) for one in reading.readings_of(county.people["li"])] == [
        (board.pk, county.people["org2"])
    ]


def test_lists_cost_the_same_with_one_board_and_with_three(county: County) -> None:
    county.sign(county.draft())
    with CaptureQueriesContext(connection) as one:
        reading.boards_of(county.actor("w-huji"))
    county.at("2026-07-02 09:00").supervise("huji", 80, "2026-05-10")
    county.sign(county.draft(period="2026-Q2"))
    county.at("2026-10-12 09:00")
    county.sign(county.draft(period="2026-Q3"))
    with CaptureQueriesContext(connection) as three:
        assert len(reading.boards_of(county.actor("w-huji"))[0].boards) == 3
    assert len(one) == len(three)
