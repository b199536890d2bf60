"""What a notice says, in the language at hand."""

from __future__ import annotations

from typing import Any

import orjson
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhangfa.charter import engine as charters
from zhangfa.charter.model import Register
from zhangfa.notices.models import Notice


def say(notice: Notice) -> str:
    """Return the notice as one sentence: which record, what happened; never whose."""
    words: dict[str, Any] = orjson.loads(notice.text)
    language = get_language() or "zh-hans"
    if "zh" in words:
        return str(words["en"] if language.startswith("en") else words["zh"])
    register = _register(words["register"])
    values = {
        "register": register.title.in_language(language) if register else words["register"],
        "number": words["number"],
        "step": _step(register, words["step"], language),
        "state": _state(register, words["state"], language),
    }
    if notice.kind.startswith("late"):
        if not words["step"]:
            return _("%(register)s %(number)s 已超过总期限。") % values
        return _("%(register)s %(number)s 的“%(step)s”已超过期限。") % values
    return _("%(register)s %(number)s 已办理“%(step)s”，现在%(state)s。") % values


def _register(key: str) -> Register | None:
    try:
        return charters.register(key)[1]
    except charters.UnknownCharter:
        return None


def _step(register: Register | None, step: str, language: str) -> str:
    found = register.steps.get(step) if register else None
    return (found.title.in_language(language) if found else "") or step


def _state(register: Register | None, state: str, language: str) -> str:
    found = register.states.get(state) if register else None
    return (found.title.in_language(language) if found else "") or state
