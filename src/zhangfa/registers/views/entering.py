"""Who may come to a register's pages; whoever may not is told nothing: 404, as for what is absent."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.http import Http404, HttpRequest
from django.utils import timezone

from zhangfa.acts.actor import Actor
from zhangfa.acts.gate import visible
from zhangfa.acts.models import Record
from zhangfa.acts.offers import openings_for
from zhangfa.acts.rights import seeing_roles
from zhangfa.charter.engine import register as register_of
from zhangfa.charter.model import Charter, Register
from zhangfa.registers.filters import Filter, read_filter
from zhangfa.registers.listing import Listing
from zhangfa.registers.standing import states_of


@dataclass(frozen=True, slots=True)
class Entered:
    """A register somebody may look into, and the moment of the look."""

    key: str
    charter: Charter
    register: Register
    actor: Actor
    at: dt.datetime

    def listing(self, chosen: Filter) -> Listing:
        """Return its records under a filter."""
        return Listing(self.key, self.register, states_of(self.key), chosen, self.actor, self.at)

    def asked(self, request: HttpRequest) -> Listing:
        """Return its records under the filter in the address."""
        return self.listing(read_filter(request.GET, self.register, states_of(self.key)))


def enter_register(request: HttpRequest, key: str) -> Entered:
    """Return the register for whoever holds a role in it, may open a record, or takes part in one."""
    try:
        charter, register = register_of(key)
    except LookupError:
        raise Http404
    actor, at = request.actor, timezone.now()  # type: ignore[attr-defined]
    if not _may_enter(actor, key, charter, register, at):
        raise Http404
    return Entered(key, charter, register, actor, at)


def _may_enter(actor: Actor, key: str, charter: Charter, register: Register, at: dt.datetime) -> bool:
    if any(post.role in seeing_roles(charter, register) for post in actor.posts):
        return True
    if any(opening[0] == key for opening in openings_for(actor, at)):
        return True
    return Record.objects.filter(visible(actor, key, at)).exists()
