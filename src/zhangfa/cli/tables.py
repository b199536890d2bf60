"""Tables for the terminal, in which a Chinese sign is as wide as two letters."""

from __future__ import annotations

from collections.abc import Sequence


def align(rows: Sequence[Sequence[str]]) -> str:
    """Return the rows as lines with columns under one another."""
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    padded = [[cell + " " * (most - width(cell)) for cell, most in zip(row, widths, strict=True)] for row in rows]
    return "\n".join("  ".join(row).rstrip() for row in padded)


def width(text: str) -> int:
    """Count the columns a text takes."""
    return sum(2 if ord(sign) > 0x2E7F else 1 for sign in text)
