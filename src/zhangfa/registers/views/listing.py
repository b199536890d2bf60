"""The register's page: list, board and month, all of one filter."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from zhangfa.acts.offers import openings_for
from zhangfa.registers.columns import all_columns, chosen_columns, lines_of
from zhangfa.registers.filters import DUES, SORTS, Filter, is_ranged
from zhangfa.registers.listing import COUNT_CAP, Listing
from zhangfa.registers.models import SavedFilter
from zhangfa.registers.month import month_of
from zhangfa.registers.search import is_marked
from zhangfa.registers.standing import tones_of
from zhangfa.registers.units import known_to, unit_steps
from zhangfa.registers.views.entering import Entered, enter_register
from zhangfa.registers.views.wording import DUE_WORDS, SORT_WORDS, capped


@require_GET
def show_register(request: HttpRequest, key: str) -> HttpResponse:
    """Show the register as the address asks."""
    entered = enter_register(request, key)
    listing = entered.asked(request)
    chosen = listing.chosen
    context = _frame(entered, listing)
    if chosen.view == "board":
        return render(request, "registers/board.html", context | _board(listing))
    if chosen.view == "calendar":
        return render(request, "registers/calendar.html", context | {"month": month_of(listing, _month(chosen))})
    return render(request, "registers/list.html", context | _page(listing))


def _frame(entered: Entered, listing: Listing) -> dict[str, object]:
    """Return what all three views show: title, openings, filter, saved filters, export."""
    person = entered.actor.person
    saved = SavedFilter.objects.filter(person=person, register=entered.key).order_by("name")
    steps = [step for register, step, _units in openings_for(entered.actor, entered.at) if register == entered.key]
    tones = tones_of(listing.register, listing.states)
    return {
        "key": entered.key, "charter": entered.charter, "register": entered.register, "chosen": listing.chosen,
        "openings": steps,
        "cut": listing.cut if listing.chosen.q or listing.chosen.fields else False,
        "states": [(state, tones[state.id]) for state in listing.states.values()],
        "saved": [(each, each.query == listing.chosen.address()) for each in saved],
        "columns": chosen_columns(entered.register, listing.chosen.columns),
        "offered": all_columns(entered.register).values(), "units": unit_steps(entered.actor, listing.unit),
        "filters": _field_filters(listing), "unit": listing.unit,
        "due_words": [(due, DUE_WORDS[due]()) for due in DUES],
        "sort_words": [(sort, SORT_WORDS[sort]()) for sort in SORTS],
    }  # fmt: skip


def _field_filters(listing: Listing) -> list[dict[str, object]]:
    """Return the fields one may filter by: choices as a list, numbers and dates as a range."""
    language = get_language() or "zh-hans"
    chosen, found = listing.chosen.chosen, []
    for field in listing.register.fields.values():
        value = chosen.get(field.id, "")
        title = field.title.in_language(language)
        if field.type in ("choice", "choices", "bool") and is_marked(field):
            options = [(each.id, each.title.in_language(language)) for each in field.options]
            options = options or [("true", _("是")), ("false", _("否"))]
            found.append({"name": f"field.{field.id}", "title": title, "options": options, "value": value})
        elif is_ranged(field):
            low, _dots, high = value.partition("..")
            kind = "date" if field.type in ("date", "datetime") else "text"
            found.append({"name": f"field.{field.id}", "title": title, "range": (low, high), "type": kind})
    return found


def _page(listing: Listing) -> dict[str, object]:
    page = listing.page()
    count = listing.count() if page.after or page.before else len(page.rows)
    columns = chosen_columns(listing.register, listing.chosen.columns)
    return {
        "page": page,
        "lines": lines_of(page.rows, columns, listing.states, known=known_to(listing.actor)),
        "count": capped(count, COUNT_CAP),
        "tones": tones_of(listing.register, listing.states),
    }


def _board(listing: Listing) -> dict[str, object]:
    """Return a lane per state with its first records and how many there are."""
    columns = chosen_columns(listing.register, ("label", "unit"))
    board, counts = listing.board(), listing.counts([(state,) for state in listing.wanted_states])
    everything = [row for rows in board.values() for row in rows]
    words = {
        line.record.id: line for line in lines_of(everything, columns, listing.states, known=known_to(listing.actor))
    }
    lanes, tones = [], tones_of(listing.register, listing.states)
    for state, count in zip(listing.wanted_states, counts, strict=True):
        known = listing.states[state]
        lines = [words[row.id] for row in board[state]]
        lanes.append({"state": known, "tone": tones[state], "lines": lines, "count": capped(count, COUNT_CAP)})
    return {"lanes": lanes}


def _month(chosen: Filter) -> dt.date:
    return dt.date.fromisoformat(f"{chosen.month}-01") if chosen.month else timezone.localdate().replace(day=1)
