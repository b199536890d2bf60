"""A whole sentence in both languages, as a value."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sentence:
    """A whole sentence in Chinese and in English."""

    zh: str
    en: str

    def __str__(self) -> str:
        """Chinese first, then English."""
        return f"{self.zh} / {self.en}"
