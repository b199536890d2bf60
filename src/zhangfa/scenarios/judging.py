"""What a scenario does with scores and honours: draft, sign, object, decide, revise; award, withdraw."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zhangfa.acts.actor import SYSTEM, Actor
from zhangfa.charter import engine as charters
from zhangfa.honours import engine as honours
from zhangfa.honours.held import opened
from zhangfa.honours.models import Holding
from zhangfa.publishing import engine as publishing
from zhangfa.publishing.models import Board, Objection, Standing
from zhangfa.scenarios.reading import ScenarioProblem

if TYPE_CHECKING:
    from zhangfa.scenarios.running import Stage


def differs(what: str, wanted: object, found: object) -> list[str]:
    """Return a sentence where two things are not the same."""
    return [] if wanted == found else [f"{what}: expected {wanted!r}, found {found!r}"]


def draft(stage: Stage, act: dict[str, Any]) -> list[str]:
    """Draft a board of a score."""
    by = stage.actor(act["by"], None)
    area = area_of(stage, act["draft"], act, by)
    publishing.draft_board(
        charter=stage.charter, score=act["draft"], period=str(act["period"]), area=area, by=by, at=stage.now,
        key=stage.key,
    )  # fmt: skip
    return []


def sign(stage: Stage, act: dict[str, Any]) -> list[str]:
    """Sign the newest draft as it stands."""
    board = newest_board(stage, act["sign"], act)
    by = stage.actor(act["by"], None)
    publishing.sign_board(board=board.pk, digest=board.digest, by=by, at=stage.now, key=stage.key)
    return []


def object_to(stage: Stage, act: dict[str, Any]) -> list[str]:
    """Object to the standing of a unit or person, or to one indicator of it."""
    board = newest_board(stage, act["object"], act)
    publishing.object_to(
        board=board.pk, standing=standing_of(stage, board, act["of"]).pk, indicator=act.get("indicator", ""),
        text=act["text"], by=stage.actor(act["by"], None), at=stage.now, key=stage.key,
    )  # fmt: skip
    return []


def decide(stage: Stage, act: dict[str, Any]) -> list[str]:
    """Uphold or reject an objection."""
    board = newest_board(stage, act["decide"], act)
    standing = standing_of(stage, board, act["of"])
    objection = Objection.objects.filter(standing=standing, indicator=act.get("indicator", "")).first()
    if objection is None:
        return [f"{act['of']} has no objection to decide on"]
    publishing.decide_objection(
        objection=objection.pk, upheld=act["upheld"], reason=act["reason"], by=stage.actor(act["by"], None),
        at=stage.now, key=stage.key,
    )  # fmt: skip
    return []


def revise(stage: Stage, act: dict[str, Any]) -> list[str]:
    """Put a corrected edition in the place of a board."""
    board = newest_board(stage, act["revise"], act)
    publishing.revise_board(board=board.pk, by=stage.actor(act["by"], None), at=stage.now, key=stage.key)
    return []


def award(stage: Stage, act: dict[str, Any]) -> list[str]:
    """Award an honour to a unit or person."""
    name = act["to"]
    whose = {"person": stage.world.person(name)} if stage.world.is_person(name) else {"unit": stage.world.unit(name)}
    honours.award(
        charter=stage.charter, honour=act["award"], by=stage.actor(act["by"], None), reason=act.get("reason", ""),
        at=stage.now, key=stage.key, **whose,
    )  # fmt: skip
    return []


def withdraw(stage: Stage, act: dict[str, Any]) -> list[str]:
    """Take an honour back from who holds it."""
    held = holding_of(stage, act["withdraw"], act["from"])
    if held is None or held.ended is not None:
        return [f"{act['from']} does not hold {act['withdraw']}"]
    by = stage.actor(act["by"], None)
    honours.withdraw(holding=held.pk, reason=act.get("reason", ""), by=by, at=stage.now, key=stage.key)
    return []


def area_of(stage: Stage, score: str, act: dict[str, Any], by: Actor = SYSTEM) -> int:
    """Return the unit an act says, or the only one at which the score can be signed: by ``by``, or by anybody."""
    if "area" in act:
        return stage.world.unit(act["area"])
    role = _publish(stage, score).by
    found = {post.unit.id for post in by.posts if post.role == role} or stage.world.units_of(role)
    if len(found) != 1:
        raise ScenarioProblem(f"{len(found)} units sign “{score}”; say which with `area:`.")
    return found.pop()


def _publish(stage: Stage, score: str) -> Any:
    scores = charters.current(stage.charter, stage.now.date()).scores
    if score not in scores:
        raise ScenarioProblem(f"No score is called “{score}” here. Known: {', '.join(scores) or 'none'}.")
    return scores[score].publish


def newest_board(stage: Stage, score: str, act: dict[str, Any]) -> Board:
    """Return the newest board of the score, period and area an act names."""
    named = {"charter": stage.charter, "score": score, "period": str(act["period"])}
    area = area_of(stage, score, act)
    board: Board | None = Board.objects.filter(**named, area=area).order_by("-edition").first()
    if board is None:
        raise ScenarioProblem(f"There is no board of “{score}” for {act['period']} yet; `draft` it first.")
    return board


def standing_of(stage: Stage, board: Board, name: str) -> Standing:
    """Return where a unit or person stands on a board."""
    who = {"person": stage.world.person(name)} if stage.world.is_person(name) else {"unit": stage.world.unit(name)}
    found = Standing.objects.filter(board=board, **who).first()
    if found is None:
        raise ScenarioProblem(f"“{name}” does not stand on the board of {board.period}.")
    return found


def holding_of(stage: Stage, honour: str, name: str) -> Holding | None:
    """Return the newest holding of an honour by a unit or person."""
    who = {"person": stage.world.person(name)} if stage.world.is_person(name) else {"unit": stage.world.unit(name)}
    held = opened(Holding.objects.filter(charter=stage.charter, **who).order_by("-since", "-pk"), honour)
    return held[0] if held else None
