"""The workbench's content: my tasks by due date, what I may open, warnings and my units at a glance."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import orjson
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from zhangfa.acts.actor import Actor
from zhangfa.acts.models import Record, Task
from zhangfa.acts.offers import openings_for
from zhangfa.acts.tasks import tasks_of
from zhangfa.acts.words import state_title, step_title, title_of
from zhangfa.calendar.engine import current_calendar
from zhangfa.charter.engine import all_current, at_version
from zhangfa.charter.model import Register
from zhangfa.desk.clerks import is_clerk
from zhangfa.desk.frame import today_in_words
from zhangfa.desk.glance import Line, units_below, warned
from zhangfa.desk.lapsing import Lapsing, lapsing_soon
from zhangfa.desk.my_scores import Judged, judged_of
from zhangfa.desk.org import place_name
from zhangfa.directory import tree
from zhangfa.notices.engine import notices_of
from zhangfa.notices.models import Notice
from zhangfa.notices.words import say

MOST_TASKS = 100
MOST_NEWS = 8


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One thing to do, with the record it is about and the words for its first action."""

    task: Task
    dated: Task
    """The task that sets its date: itself, or the whole record's where it has none of its own."""
    number: str
    label: str
    register: str
    verb: str
    """The step's title; empty for the deadline of the whole record."""
    state: str
    unit: str
    warning: str


@dataclass(frozen=True, slots=True)
class Batch:
    """Tasks of one urgency; ``tone`` is ``late``, ``soon``, ``fine`` or ``none``."""

    title: str
    tone: str
    lines: tuple[TaskLine, ...]


@dataclass(frozen=True, slots=True)
class Opening:
    """A register in which I may open something, by one step."""

    key: str
    step: str
    title: str
    register: str


@dataclass(frozen=True, slots=True)
class News:
    """A notice in words; ``link`` leads to its record board or honour, where there is one."""

    sentence: str
    at: dt.datetime
    link: str


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything on the workbench."""

    day: str
    works: bool
    batches: tuple[Batch, ...]
    count: int
    more: bool
    openings: tuple[Opening, ...]
    warnings: tuple[Record, ...]
    units: tuple[Line, ...]
    news: tuple[News, ...]
    clerk: bool
    next_year: int
    judged: Judged
    lapsing: tuple[Lapsing, ...]
    """Honours he awards whose time is nearly over."""

    def counted(self, tone: str) -> int:
        """Count the tasks of one urgency."""
        return sum(len(batch.lines) for batch in self.batches if batch.tone == tone)


def desk_of(actor: Actor, at: dt.datetime) -> Desk:
    """Gather one person's workbench."""
    tasks = list(tasks_of(actor, at)[: MOST_TASKS + 1])
    today = timezone.localtime(at).date()
    calendar = current_calendar()
    name = calendar.name_of(today)
    return Desk(
        day=today_in_words(title_of(name) if name else ""),
        works=calendar.is_workday(today),
        batches=tuple(_batches(_lines(tasks[:MOST_TASKS]), at)),
        count=min(len(tasks), MOST_TASKS),
        more=len(tasks) > MOST_TASKS,
        openings=tuple(_openings(actor, at)),
        warnings=tuple(warned(actor, at)),
        units=tuple(units_below(actor, at)),
        news=tuple(_news(actor)),
        clerk=is_clerk(actor),
        next_year=today.year + 1,
        judged=judged_of(actor, at),
        lapsing=tuple(lapsing_soon(actor, today)),
    )


def _lines(tasks: list[Task]) -> list[TaskLine]:
    """Dress tasks in words: one query for all their records, one for their units."""
    records = Record.objects.in_bulk({task.record for task in tasks})
    units = tree.units({record.unit for record in records.values()})
    wholes = _wholes(tasks)
    return [_line(task, records[task.record], units, wholes) for task in tasks if task.record in records]


def _wholes(tasks: list[Task]) -> dict[int, Task]:
    """Return the deadlines of whole records, for the tasks on them that have none of their own."""
    undated = {task.record for task in tasks if task.due_at is None}
    return {task.record: task for task in Task.objects.filter(record__in=undated, step="", state="open")}


def _line(task: Task, record: Record, units: dict[int, tree.UnitNow], wholes: dict[int, Task]) -> TaskLine:
    register = _register_of(record)
    step = register.steps.get(task.step)
    unit = units.get(record.unit)
    return TaskLine(
        task=task,
        dated=task if task.due_at else wholes.get(task.record, task),
        number=record.number,
        label=record.label,
        register=title_of(register.title),
        verb=step_title(step) if step else "",
        state=state_title(register, record.state),
        unit=place_name(unit) if unit else "",
        warning=record.warning,
    )


def _register_of(record: Record) -> Register:
    charter = at_version(record.charter, record.charter_version)
    return charter.registers[record.register.rpartition(".")[2]]


def _batches(lines: list[TaskLine], at: dt.datetime) -> Iterator[Batch]:
    """Group by urgency; an urgency without tasks is left out."""
    here = timezone.localtime(at)
    tonight = here.replace(hour=23, minute=59, second=59, microsecond=999999)
    week = tonight + dt.timedelta(days=7)
    bounds = (
        (_("已逾期"), "late", lambda due: due is not None and due < at),
        (_("今天"), "soon", lambda due: due is not None and at <= due <= tonight),
        (_("七天以内"), "fine", lambda due: due is not None and tonight < due <= week),
        (_("以后"), "fine", lambda due: due is not None and due > week),
        (_("没有期限"), "none", lambda due: due is None),
    )
    for title, tone, belongs in bounds:
        found = tuple(line for line in lines if belongs(line.dated.due_at))
        found = tuple(sorted(found, key=lambda line: line.dated.due_at or at))
        if found:
            yield Batch(title, tone, found)


def _openings(actor: Actor, at: dt.datetime) -> Iterator[Opening]:
    for key, step, _units in openings_for(actor, at):
        charter, _dot, name = key.partition(".")
        register = all_current()[charter].registers[name]
        yield Opening(key, step.id, step_title(step), title_of(register.title))


def _news(actor: Actor) -> Iterator[News]:
    """Yield the person's unread notices, the newest first."""
    if actor.person is None:
        return
    found = notices_of(actor.person, unread=True, limit=MOST_NEWS)
    numbers = dict(Record.objects.filter(pk__in={one.record for one in found}).values_list("pk", "number"))
    for one in found:
        number = numbers.get(one.record)
        yield News(say(one), one.created_at, reverse("record", args=[number]) if number else _board_link(one))


def _board_link(notice: Notice) -> str:
    """Return where the board or honour stands that a notice is about; empty where it is about neither."""
    words = orjson.loads(notice.text)
    if "holding" in words:
        return reverse("holding", args=[words["holding"]])
    area = tree.find_unit(words["area"]) if "board" in words else None
    return reverse("scoreboard", args=[words["charter"], words["score"], area.code, words["period"]]) if area else ""
