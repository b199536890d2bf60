"""Who is told of a board, and in which words: names of scores and dates, never anybody's standing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from zhangfa.acts.naming import SHANGHAI
from zhangfa.acts.values.scalars import from_iso
from zhangfa.charter.model import Text
from zhangfa.directory import tree
from zhangfa.directory.models import Post
from zhangfa.publishing.rights import Rules
from zhangfa.publishing.rows import Row
from zhangfa.publishing.subjects import Subject


@dataclass(frozen=True, slots=True)
class Telling:
    """A sentence on its way to a person."""

    person: int
    words: Mapping[str, Any]


def tell(people: Iterable[int], board: Row, said: Text) -> tuple[Telling, ...]:
    """Return a telling for each person, with what a page needs to link to the board."""
    words = {
        "zh": said.zh, "en": said.en, "board": board["id"], "charter": board["charter"], "score": board["score"],
        "period": board["period"], "area": board["area"],
    }  # fmt: skip
    return tuple(Telling(person, words) for person in sorted(set(people)))


def holders_of(roles: Iterable[str], units: Iterable[int], day: dt.date) -> list[int]:
    """Return who holds one of these roles at one of these very units on a day."""
    wanted, found = sorted(set(units)), set()
    for start in range(0, len(wanted), 5000):
        posts = Post.objects.filter(
            Q(until=None) | Q(until__gt=day), role__in=sorted(roles), unit__in=wanted[start : start + 5000],
            since__lte=day,
        )  # fmt: skip
        found |= set(posts.values_list("person", flat=True))
    return sorted(found)


def signers(rules: Rules, area: int, day: dt.date) -> list[int]:
    """Return who signs at an area."""
    return holders_of([rules.publish.by], [area], day)


def concerned(subject: Subject, seats: Iterable[int], people: Iterable[int], day: dt.date) -> list[int]:
    """Return whom a board is shown to: the people scored, and the readers at or above the seats within the area."""
    roles = {who.name for who in subject.rules.publish.to if who.kind == "role"}
    return sorted({*people, *holders_of(roles, _chains(seats, subject.area), day)})


def _chains(seats: Iterable[int], area: int) -> set[int]:
    """Return the units from each seat up to the area."""
    found = {area}
    for seat in seats:
        for unit in (seat, *(one.id for one in tree.ancestors(seat))):
            if unit in found:
                break
            found.add(unit)
    return found - {one.id for one in tree.ancestors(area)}


def say_shown(subject: Subject, board: Row) -> Text:
    """Say that a board is shown, and until when objections are taken."""
    name = _name(subject)
    if board["objections_until"] is None:
        return Text(f"{name.zh}已公布。", f"{name.en} is published.")
    day = _day(board["objections_until"])
    return Text(
        f"{name.zh}已公示。如有异议，请在 {day} 前提出。",
        f"{name.en} is shown. Objections are taken until {day}.",
    )


def say_objected(subject: Subject, due: str | None) -> Text:
    """Say to who signs that somebody objects."""
    name = _name(subject)
    by = (f"，请在 {_day(due)} 前作出决定", f"; decide by {_day(due)}") if due else ("", "")
    return Text(f"有人对{name.zh}提出异议{by[0]}。", f"Somebody objects to {name.en}{by[1]}.")


def say_decided(subject: Subject, upheld: bool) -> Text:
    """Say to the objector what was decided."""
    name = _name(subject)
    said = ("成立", "upheld") if upheld else ("不成立", "rejected")
    return Text(f"您对{name.zh}的异议已有决定：{said[0]}。", f"Your objection to {name.en} was {said[1]}.")


def say_revised(subject: Subject, board: Row) -> Text:
    """Say to those whose result changed that there is a new edition."""
    name = _name(subject)
    if board["objections_until"] is None:
        return Text(f"{name.zh}已更正。", f"{name.en} was corrected.")
    day = _day(board["objections_until"])
    return Text(
        f"{name.zh}已更正，您的结果有变动。如有异议，请在 {day} 前提出。",
        f"{name.en} was corrected and your result changed. Objections are taken until {day}.",
    )


def say_overdue(subject: Subject) -> Text:
    """Say to who signs that an objection waits beyond its time."""
    name = _name(subject)
    return Text(f"{name.zh}有异议超过期限仍未决定。", f"An objection to {name.en} is undecided beyond its time.")


def _name(subject: Subject) -> Text:
    """Return the score and the period as a name within a sentence."""
    title, when = subject.rules.score.title, subject.period.title
    zh = title.zh or subject.rules.score.id
    return Text(f"“{zh}”（{when.zh}）", f"“{title.en or zh}” ({when.en})")


def _day(moment: str) -> str:
    return from_iso(moment).astimezone(SHANGHAI).date().isoformat()
