"""How records stand: the states a register ever had, and the colour of each."""

from __future__ import annotations

from collections.abc import Mapping

from zhangfa.charter import engine as charters
from zhangfa.charter.model import Register, State


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


def tones_of(register: Register, states: Mapping[str, State]) -> dict[str, str]:
    """Return the colour of each state: begun blue, on the way amber, the end aimed at green, any other end grey.

    A charter does not say which end it aims at; it is the one most states lead to. A cancelling is reached from fewer.
    """
    before = {state.id: len(_leading_to(state.id, register)) for state in states.values() if state.final}
    aimed_at = max(before.values(), default=0)
    first = next(iter(states), "")
    open_tones = {state.id: "open" if state.id == first else "soon" for state in states.values()}
    return open_tones | {end: "done" if count == aimed_at else "plain" for end, count in before.items()}


def _leading_to(state: str, register: Register) -> set[str]:
    """Return the states from which steps may lead to this one."""
    found: set[str] = set()
    ahead = {state}
    while ahead:
        nearer = {before for step in register.steps.values() if ahead & set(step.to) for before in step.from_}
        ahead = nearer - found - {state}
        found |= ahead
    return found
