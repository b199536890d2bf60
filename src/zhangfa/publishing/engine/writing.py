"""Write a change with its event: all or nothing, compare-and-set on the board, once for each key."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import orjson
from django.db import IntegrityError
from django.utils.translation import gettext as _

from zhangfa.acts.actor import Actor
from zhangfa.acts.models import Outbox
from zhangfa.log.append import append_event
from zhangfa.log.canonical import canonical
from zhangfa.log.models import Event
from zhangfa.log.transaction import write_transaction
from zhangfa.publishing.models import REPLACED, Board, Objection, Standing
from zhangfa.publishing.rows import Change, Row, columns_of, standing_of
from zhangfa.publishing.tellings import Telling
from zhangfa.refusal import Refusal

KIND = "score"
ATTEMPTS = 8
"""How often a change is drawn up again because somebody changed the board meanwhile."""
Draw = Callable[[], tuple[Change, tuple[Telling, ...]]]


class Raced(Exception):
    """Somebody changed the board since it was read."""


def write(draw: Draw, *, step: str, by: Actor, at: dt.datetime, key: str) -> int:
    """Draw up a change, write it, and return the id of its board; under a key written before, that board's.

    ``draw`` reads, refuses and reckons; it runs inside the transaction, again where somebody else was faster.
    """
    for _attempt in range(ATTEMPTS):
        try:
            with write_transaction():
                earlier = written_under(key, step, by)
                return _write(*draw(), step=step, by=by, at=at, key=key) if earlier is None else earlier
        except (Raced, IntegrityError):
            continue
    raise Refusal("busy", _("同时有别人在办理这张考核榜，没有办成。"), hint=_("请稍后再试。"))


def written_under(key: str, step: str, by: Actor) -> int | None:
    """Return the board an event of this person under this key changed; refuse a key used for anything else."""
    found = Event.objects.filter(key=key).values_list("kind", "step", "person", "record").first()
    if found is None:
        return None
    if found[:3] != (KIND, step, by.person) or found[3] is None:
        raise Refusal("key_used", _("这次提交的编号已用于别的办理。"), hint=_("请刷新页面后重新提交。"))
    return found[3]


def objection_under(key: str) -> int:
    """Return the objection that the event under this key made."""
    payload = orjson.loads(Event.objects.values_list("payload", flat=True).get(key=key))
    return int(payload["objection"]["id"])


def _write(change: Change, tellings: tuple[Telling, ...], *, step: str, by: Actor, at: dt.datetime, key: str) -> int:
    board = change.board
    written = append_event(
        key=key, ts=at, kind=KIND, charter=board["charter"], version=board["version"],
        register=f"{board['charter']}.{board['score']}", record=board["id"], step=step, person=by.person,
        unit=board["area"], payload=change.payload(),
    )  # fmt: skip
    if written.repeated:
        raise Raced
    _store(change)
    Outbox.objects.bulk_create([_outbox(one, key, place, at) for place, one in enumerate(tellings)])
    return int(board["id"])


def _store(change: Change) -> None:
    if change.replaces is not None:
        replaced = Board.objects.filter(pk=change.replaces, changes=change.board["changes"] - 1)
        _once(replaced.update(state=REPLACED, changes=change.board["changes"]))
    _store_board(change)
    rows = [standing_of(change.board, row, place) for place, row in enumerate(change.standings)]
    Standing.objects.bulk_create(rows, batch_size=500)
    if change.objection is not None:
        _store_objection(change.board["id"], change.objection)


def _store_board(change: Change) -> None:
    columns = columns_of(change.board)
    if change.board["changes"] == 1 or change.replaces is not None:
        Board.objects.create(**columns)
        return
    id_ = columns.pop("id")
    _once(Board.objects.filter(pk=id_, changes=change.board["changes"] - 1).update(**columns))


def _once(changed: int) -> None:
    if changed != 1:
        raise Raced


def _store_objection(board: int, row: Row) -> None:
    columns = columns_of(row)
    whose = {name: columns.pop(name) for name in ("unit_id", "person_id")}
    standing = Standing.objects.get(board=board, **whose)
    Objection.objects.update_or_create(
        pk=columns.pop("id"), defaults={**columns, "board_id": board, "standing": standing}
    )


def _outbox(one: Telling, key: str, place: int, at: dt.datetime) -> Outbox:
    text = canonical(one.words)
    return Outbox(key=f"{key}#{KIND}{place}", person=one.person, kind=KIND, text=text, created_at=at)
