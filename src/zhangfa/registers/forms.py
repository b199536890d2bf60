"""One step's form: what it asks of whom, what is filled in already and from where, and sending it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from zhangfa.acts.actor import Actor
from zhangfa.acts.engine import Outcome, take_step
from zhangfa.acts.refusal import Refusal, refuse_fields
from zhangfa.acts.rights import is_who
from zhangfa.acts.situation import Situation
from zhangfa.charter.model import Charter, Field, Register, Step, Text
from zhangfa.directory.posts import PostHeld
from zhangfa.registers.candidates import Candidates
from zhangfa.registers.controls import Control, Sheet, controls_of
from zhangfa.registers.decoding import Raw, decode, raw_of

ABOUT = Text("对象", "About")


@dataclass(frozen=True)
class StepForm:
    """The form of one step for one actor, on a record or to open one."""

    key: str
    charter: Charter
    register: Register
    step: Step
    actor: Actor
    at: dt.datetime
    situation: Situation
    """The record with its payload in the clear; to open one, what is known of it."""
    units: tuple[int, ...] = ()
    """Where the actor may open a record; empty for a step on a record."""
    pick_address: str = ""
    raw: Raw | None = None
    """What was typed; None while nothing was sent."""
    errors: Mapping[str, str] = field(default_factory=dict)
    finds: Mapping[str, str] = field(default_factory=dict)

    @property
    def fields(self) -> tuple[Field, ...]:
        """Return what is asked of this actor: the unit and the person it is about first, then the charter's fields."""
        return (*self._unit_fields(), *self._about_fields(), *(each for each in self.step.asks if self._may_fill(each)))

    def _unit_fields(self) -> Iterator[Field]:
        if self.situation.state == "" and len(self.units) != 1:
            yield Field("unit", "unit", Text("所属单位", "Unit"), required=True, kind=self.register.unit)

    def _about_fields(self) -> Iterator[Field]:
        about = self.register.about
        if not about or not (self.step.asks_about or not self.situation.state):
            return
        title = (
            self.charter.roles[self.register.about_role].title
            if self.register.about_role in self.charter.roles
            else ABOUT
        )
        if about == "person":
            role = self.register.about_role if self.register.about_role in self.charter.roles else ""
            yield Field("about", "person", title, required=True, role=role)
        else:
            yield Field("about", "unit", ABOUT, required=True, kind=tuple(filter(None, [self.register.about_role])))

    def _may_fill(self, asked: Field) -> bool:
        return not asked.filled_by or any(
            is_who(who, self.actor, self.situation, self.step.id) for who in asked.filled_by
        )

    def read(self, post: QueryDict, files: MultiValueDict) -> tuple[Raw, dict[str, str]]:
        """Return what was typed, and the sentences of uploads that were refused."""
        return decode(self.fields, post, files, by=self.actor, at=self.at)

    def send(self, *, raw: Raw, key: str, version: int | None) -> Outcome:
        """Take the step with what was typed."""
        faults = {} if self.situation.state or self._unit(raw) else {"unit": _("请选择所属单位。")}
        if faults:
            raise refuse_fields(faults)
        data = {name: value for name, value in raw.items() if name not in ("unit", "about")}
        return take_step(
            register=self.key, step=self.step.id, by=self.actor, at=self.at, key=key, version=version,
            record=self.situation.record["id"] or None, unit=self._unit(raw),
            about=_number(raw.get("about")), data=data,
        )  # fmt: skip

    def _unit(self, raw: Raw) -> int | None:
        if self.situation.state:
            return None
        return self.units[0] if len(self.units) == 1 else _number(raw.get("unit"))

    def first_values(self) -> tuple[Raw, dict[str, str]]:
        """Return what is known already, and where each known value comes from."""
        values, known = {}, {}
        for asked in self.fields:
            stored = self.situation.payload.get(asked.id) if asked.id not in self.step.own else None
            values[asked.id] = raw_of(asked, stored)
            if stored not in (None, "", []) and asked.type not in ("files", "table"):
                known[asked.id] = _("已登记，可以修改。")
        own = {post.unit.id for post in self.actor.posts if self._opens(post)} & set(self.units)
        if "unit" in values and len(own) == 1:
            values["unit"] = str(*own)
            known["unit"] = _("来自您的任职。")
        return values, known

    def _opens(self, post: PostHeld) -> bool:
        """Say whether it is this post that lets its holder open a record: another one says nothing of its unit."""
        return any(who.kind == "role" and who.name == post.role for who in self.step.by.who)

    def controls(self) -> tuple[Control, ...]:
        """Return the controls with their values, choices and faults."""
        values, known = self.first_values() if self.raw is None else (self.raw, {})
        unit = self.situation.record["unit"]
        candidates = Candidates(self.actor, self.at, self.charter.id, unit, self.units)
        sheet = Sheet(
            raw=values, errors=self.errors, candidates=candidates, may_fill=self._columns(self.step.asks),
            known_from=known, finds=self.finds, shown=self.situation.payload, pick_address=self.pick_address,
        )  # fmt: skip
        return controls_of(self.fields, sheet)

    def _columns(self, asked: Sequence[Field]) -> dict[str, bool]:
        return {f"{table.id}.{column.id}": self._may_fill(column) for table in asked for column in table.columns}

    @property
    def broad(self) -> bool:
        """Say whether the form needs the whole width: it asks a table."""
        return any(asked.type == "table" for asked in self.step.asks)


def summary_of(refused: Refusal, controls: Sequence[Control]) -> dict[str, str]:
    """Return the refused fields with their titles: what the head of the form lists, if not said already."""
    titles = {control.name: control.label for control in controls}
    named = {}
    for path, sentence in refused.fields.items():
        title = " ".join(filter(None, [titles.get(path.partition(".")[0], ""), _row_title(path, controls)]))
        named[path] = sentence if not title or title in sentence else f"{title}：{sentence}"
    return {} if set(refused.fields.values()) == {refused.sentence} else named


def _row_title(path: str, controls: Sequence[Control]) -> str:
    """Return the words of the line and the column a path names, such as ``3. 银行账户 · 交接内容``."""
    table, _dot, rest = path.partition(".")
    row_id, _dot, _column = rest.partition(".")
    for control in controls:
        for place, row in enumerate(control.rows if control.name == table else (), start=1):
            if row.id == row_id:
                title = next((cell.title for cell in row.cells if cell.control and cell.control.name == path), "")
                return " · ".join(filter(None, [f"{place}. {row.title}" if control.field.rows else f"{place}", title]))
    return ""


def _number(value: object) -> int | None:
    text = str(value or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
