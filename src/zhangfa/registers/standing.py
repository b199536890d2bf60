"""How records stand: the states a register ever had, and the colour of each."""

from __future__ import annotations

from collections.abc import Mapping

from zhangfa.charter import engine as charters
from zhangfa.charter.model import State


def states_of(key: str) -> Mapping[str, State]:
    """Return the states of the version in force, then those only older versions know; open cases stay on theirs."""
    charter_id, _, register_id = key.partition(".")
    _charter, register = charters.register(key)
    found = dict(register.states)
    for charter in reversed(charters.versions(charter_id)):
        older = charter.registers.get(register_id)
        for state in older.states.values() if older else ():
            found.setdefault(state.id, state)
    return found


def tone_of(state: State | None, states: Mapping[str, State]) -> str:
    """Return the colour of a state: begun blue, ended green, on the way amber."""
    if state is None:
        return "plain"
    if state.final:
        return "done"
    return "open" if next(iter(states)) == state.id else "soon"
