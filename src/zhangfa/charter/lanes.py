"""Room for words and lines in a drawing: how wide a text is, where it breaks, which lane a line takes."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field


@dataclass(slots=True)
class Run:
    """Where a step joins a line, and whether the clock takes it."""

    y: float
    clock: bool


@dataclass(slots=True)
class Line:
    """All steps that lead to one card from one side; ``lane`` counts outwards from the column."""

    to: int
    forward: bool
    y: float
    runs: list[Run] = field(default_factory=list)
    lane: int = 0

    @property
    def span(self) -> tuple[float, float]:
        """Top and bottom of the line."""
        ends = [self.y, *(run.y for run in self.runs)]
        return min(ends), max(ends)


def lay_lanes(lines: list[Line]) -> tuple[int, int]:
    """Give each line the innermost lane no other line fills at its height; return lanes used (left, right)."""
    used = [0, 0]
    for forward in (False, True):
        taken: list[list[tuple[float, float]]] = []
        side = sorted((line for line in lines if line.forward == forward), key=lambda line: line.span[1] - line.span[0])
        for line in side:
            top, bottom = line.span
            free = (n for n, spans in enumerate(taken) if all(bottom + 6 < a or b + 6 < top for a, b in spans))
            line.lane = next(free, len(taken))
            if line.lane == len(taken):
                taken.append([])
            taken[line.lane].append((top, bottom))
        used[forward] = len(taken)
    return used[0], used[1]


def wide(text: str, size: float) -> float:
    """Return about how wide a text is: an East Asian sign one em, a Latin one a little over half."""
    return sum(size if unicodedata.east_asian_width(sign) in "WF" else size * 0.58 for sign in text)


def wrap(text: str, room: float, size: float) -> list[str]:
    """Break a text into lines that fit: at spaces in Latin text, anywhere in Chinese but before closing marks."""
    lines: list[str] = []
    line = ""
    for word in _pieces(text):
        if line and wide(line + word.rstrip(), size) > room and word[0] not in "，。；：、）”！？":
            lines.append(line.rstrip())
            line = word.lstrip()
        else:
            line += word
    return [*lines, line.rstrip()] if line.strip() else lines or [""]


def _pieces(text: str) -> list[str]:
    pieces: list[str] = []
    for sign in text:
        joins = pieces and unicodedata.east_asian_width(sign) not in "WF" and not pieces[-1].endswith(" ")
        if joins and unicodedata.east_asian_width(pieces[-1][-1]) not in "WF":
            pieces[-1] += sign
        else:
            pieces.append(sign)
    return pieces
