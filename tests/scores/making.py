"""Scores and matrices for tests, written in one line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from zhangfa.charter.model import Text
from zhangfa.charter.score_model import Band, Dimension, Indicator, Scale, Score
from zhangfa.expression import Scope, decimal_, parse_expression
from zhangfa.scores.matrix import Cell, Key, Matrix, build_matrix

MEAN, _ = parse_expression("avg(mark)", Scope({"mark": decimal_(2)}, aggregates=True))


def D(value: object) -> Decimal:
    return Decimal(str(value))


def bands(*rows: tuple[object, object] | tuple[object, object, bool]) -> tuple[Band, ...]:
    return tuple(Band(None if row[0] is None else D(row[0]), D(row[1]), len(row) > 2) for row in rows)


def scale(kind: str, **words: Any) -> Scale:
    plain = ("bands", "given_trim", "given_by")
    return Scale(kind, **{name: value if name in plain else D(value) for name, value in words.items()})  # type: ignore[arg-type]


def indicator(id: str, weight: object = 0, of: Scale | None = None, **words: Any) -> Indicator:
    assert MEAN is not None
    return Indicator(id, Text(id), "visit", MEAN, of or scale("target", target=100), weight=D(weight), **words)


def score(*indicators: Indicator, dimensions: Sequence[Dimension] = (), **words: Any) -> Score:
    held = {one.id: one for one in indicators}
    return Score("s", Text("s"), "quarter", held, of_kind="town", dimensions={d.id: d for d in dimensions}, **words)


def matrix(
    table: Mapping[str, Sequence[object]], indicators: Sequence[str], groups: Mapping[str, str] | None = None
) -> Matrix:
    """One row a key: its values; ``None`` is not reported, (value, facts) gives the number of facts."""
    cells = {}
    for code, row in table.items():
        for one, held in zip(indicators, row, strict=True):
            value, facts = held if isinstance(held, tuple) else (held, 1)
            if value is not None:
                cells[code, one] = Cell(D(value), facts)
    keys = [Key((groups or {}).get(code, ""), code, code) for code in table]
    return build_matrix(keys, indicators, cells)
