"""A refusal to a person: a whole sentence that says what, why and what to do. Every room may raise it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

NOTHING: Mapping[str, str] = MappingProxyType({})


class Refusal(Exception):
    """An act the engine did not carry out, and why, in words for whoever asked.

    ``code`` is one of ``not_found``, ``not_yours``, ``not_now``, ``fields``, ``guard``, ``too_often``,
    ``same_person``, ``taken``, ``overlap``, ``changed``, ``claimed``, ``no_unit``, ``key_used``,
    ``never``, ``busy``. ``fields`` maps paths (``content``, ``items.3.content``) to sentences.
    """

    def __init__(self, code: str, sentence: str, *, hint: str = "", fields: Mapping[str, str] = NOTHING) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.hint = hint
        self.fields: dict[str, str] = dict(fields)
