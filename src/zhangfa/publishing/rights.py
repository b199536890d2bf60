"""Who may see a board, read a standing, sign, object: from the posts held today and nothing else.

``visible`` and ``readable`` are conditions of the database that every list, count, page and export passes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from zhangfa.acts.actor import Actor
from zhangfa.charter import engine as charters
from zhangfa.charter.model import Charter
from zhangfa.charter.score_model import Publish, Score
from zhangfa.directory import tree
from zhangfa.directory.models import LEVELS
from zhangfa.directory.tree import UnitNow
from zhangfa.publishing.models import LOCKED, SHOWN, SIGNED, Board, Standing

NOTHING = Q(pk__in=())


@dataclass(frozen=True, slots=True)
class Rules:
    """A score as one version of its charter says it, with how it is published."""

    charter: Charter
    score: Score
    publish: Publish

    @property
    def readers(self) -> frozenset[str]:
        """The roles that see a signed board."""
        return frozenset(who.name for who in self.publish.to if who.kind == "role") | {self.publish.by}

    @property
    def is_public(self) -> bool:
        """Whether anybody sees it once it is shown; never where people are scored."""
        named = self.publish.public or any(who.kind == "public" for who in self.publish.to)
        return named and not self.score.of_post


def rules_of(board: Board) -> Rules:
    """Return the rules a board was made by."""
    return rules_at(board.charter, board.version, board.score)


def rules_at(charter: str, version: int, score: str) -> Rules:
    """Return the rules of a score in a version of its charter."""
    found = charters.at_version(charter, version)
    one = found.scores[score]
    if one.publish is None:
        raise charters.UnknownCharter(f"{charter}.{score} is not published")
    return Rules(found, one, one.publish)


def may_sign(actor: Actor, board: Board) -> bool:
    """Whether the actor drafts, signs, decides and revises this board: he holds the signing post at its area."""
    return holds_at(actor, rules_of(board).publish.by, board.area_id)


def holds_at(actor: Actor, role: str, unit: int) -> bool:
    """Whether the actor holds a role at this very unit."""
    return any(post.role == role and post.unit.id == unit for post in actor.posts)


def may_see_board(actor: Actor, board: Board) -> bool:
    """Whether the board exists for the actor; by the same condition as every list."""
    return Board.objects.filter(visible(actor), pk=board.pk).exists()


def visible(actor: Actor) -> Q:
    """Return the condition on Board for what the actor may see.

    Of units: who signs sees all, the roles of ``publish.to`` with a post inside or above the area what is signed, and
    where the charter names the public, anybody what is shown or locked. Of people: each their own, and the offices
    those whose seat their post reaches.
    """
    if actor.kind == "system":
        return Q()
    found = NOTHING
    kinds = Board.objects.order_by().values_list("charter", "version", "score").distinct()
    for charter, version, score in kinds:
        rules = rules_at(charter, version, score)
        found |= Q(charter=charter, version=version, score=score) & _visible_by(actor, rules)
    return found


def _visible_by(actor: Actor, rules: Rules) -> Q:
    signing = [post.unit.id for post in actor.posts if post.role == rules.publish.by]
    found = Q(area__in=signing) if signing else NOTHING
    if rules.is_public:
        found |= Q(state__in=(SHOWN, LOCKED))
    if rules.score.of_post:
        return found | Q(Exists(Standing.objects.filter(_readable(actor, rules), board=OuterRef("pk"))))
    return found | (Q(state__in=SIGNED) & _near(_units(actor, rules.readers)))


def readable(actor: Actor, board: Board) -> Q:
    """Return the condition on Standing for what the actor may read on a board he sees."""
    rules = rules_of(board)
    if actor.kind == "system" or not rules.score.of_post:
        return Q(board=board)
    return Q(board=board) & _readable(actor, rules)


def _readable(actor: Actor, rules: Rules) -> Q:
    own = Q(person=actor.person) if actor.person is not None else NOTHING
    return own | _below(_units(actor, rules.readers), "seat")


def _units(actor: Actor, roles: Iterable[str]) -> list[UnitNow]:
    return list({post.unit.id: post.unit for post in actor.posts if post.role in roles}.values())


def _near(units: Iterable[UnitNow]) -> Q:
    """The board's area is one of these units, below or above one."""
    held = list(units)
    above = {id_ for unit in held for id_ in (unit.id, *(one.id for one in tree.ancestors(unit.id)))}
    return (Q(area__in=sorted(above)) if above else NOTHING) | _below(held, "area")


def _below(units: Iterable[UnitNow], column: str) -> Q:
    """A column points at one of these units or below: by level columns where there are any."""
    found = NOTHING
    for unit in units:
        if unit.kind in LEVELS:
            found |= Q(**{f"{column}__{unit.kind}": unit.id})
        else:
            found |= Q(**{f"{column}__in": (unit.id, *tree.descendants(unit.id))})
    return found


def published(on: object = None) -> Iterator[Rules]:
    """Yield every published score of the charters in force on a day (today unless told)."""
    for charter in charters.all_current(on).values():  # type: ignore[arg-type]
        for score in charter.scores.values():
            if score.publish is not None:
                yield Rules(charter, score, score.publish)


def is_scored(actor: Actor, standing: Standing, rules: Rules) -> bool:
    """Whether the actor speaks for who stands there: the person, or a role of ``publish.to`` at that very unit."""
    if standing.person_id is not None:
        return actor.person == standing.person_id
    roles = {who.name for who in rules.publish.to if who.kind == "role"}
    return any(holds_at(actor, role, standing.unit_id or 0) for role in roles)
