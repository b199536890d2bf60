"""The clerk's simple forms: what each asks, how it is read, how a refusal comes back to its field."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from zhangfa.desk.choosing import choose_person, choose_unit
from zhangfa.desk.posted import form_key
from zhangfa.refusal import Refusal

Words = str | Promise
Said = Words | Callable[[object], str]
"""A sentence, or how the outcome is said."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One field of a form; ``kind`` is ``text``, ``date``, ``unit``, ``person`` or ``select``."""

    name: str
    label: Words
    kind: str = "text"
    help: Words = ""
    value: str = ""
    options: tuple[tuple[str, str], ...] = ()
    required: bool = True


@dataclass(slots=True)
class Filled:
    """What was typed, read into values; ``errors`` by field, ``several`` by field to choose from."""

    values: dict[str, object] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    several: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Page:
    """One form of the directory: what it says, and what it asks."""

    title: Words
    explanation: Words
    entries: tuple[Entry, ...]
    about: str
    back: tuple[str, *tuple[int, ...]]
    """Name and arguments of the page it belongs to."""
    leads_to: Callable[[object], tuple[str | int, ...]] | None = None
    """From the outcome to the page that follows, where it is another one."""

    def after(self, outcome: object) -> tuple[str | int, ...]:
        """Name the page that follows, with its arguments."""
        return self.leads_to(outcome) if self.leads_to else self.back

    def answer(
        self, request: HttpRequest, carry_out: Callable[..., object], done: Words | Callable[[object], str]
    ) -> HttpResponse:
        """Show the form, or carry it out; a refusal shows the form again as it was typed."""
        if request.method != "POST":
            return self._show(request, Filled(), None, {entry.name: entry.value for entry in self.entries})
        filled, refused = read_entries(self.entries, request.POST), None
        if not filled.errors:
            try:
                act = {"by": request.actor.person, "at": timezone.now(), "key": form_key(request.POST)}
                outcome = carry_out(**filled.values, **act)
            except Refusal as fault:
                refused = fault
                filled.errors |= fault.fields
            else:
                messages.success(request, str(done(outcome) if callable(done) else done))
                return redirect(*self.after(outcome))
        typed = {entry.name: request.POST.get(entry.name, "") for entry in self.entries}
        return self._show(request, filled, refused, typed, status=422)

    def _show(
        self, request: HttpRequest, filled: Filled, refused: Refusal | None, typed: dict[str, str], status: int = 200
    ) -> HttpResponse:
        context = {"page": self, "filled": filled, "refused": refused, "typed": typed}
        return render(request, "desk/directory_form.html", context, status=status)


def read_entries(entries: tuple[Entry, ...], form: Mapping[str, str]) -> Filled:
    """Read what was typed into the engine's values, with a sentence for each field that does not read."""
    filled = Filled()
    for entry in entries:
        typed = form.get(entry.name, "").strip()
        if entry.kind in ("unit", "person"):
            chosen = (choose_unit if entry.kind == "unit" else choose_person)(form, entry.name)
            filled.values[entry.name] = chosen.id
            if chosen.error:
                filled.errors[entry.name] = chosen.error
                filled.several[entry.name] = chosen.several
        elif not typed and entry.required:
            filled.errors[entry.name] = _("请填写这一项。")
        elif entry.kind == "date":
            filled.values[entry.name] = _read_day(entry.name, typed, filled)
        else:
            filled.values[entry.name] = typed
    return filled


def _read_day(name: str, typed: str, filled: Filled) -> dt.date | None:
    try:
        return dt.date.fromisoformat(typed) if typed else None
    except ValueError:
        filled.errors[name] = _("日期请写成 2026-11-22 的样子。")
        return None
