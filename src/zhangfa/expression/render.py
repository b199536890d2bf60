"""Writes a scalar expression as DuckDB SQL that gives exactly the value Python gives.

Whole numbers are BIGINT, decimals ``DECIMAL(38, scale)``, moments TIMESTAMP in UTC. DuckDB divides
decimals as floats, so division goes through :data:`PRELUDE`, macros to run once on a connection.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from zhangfa.expression import tree
from zhangfa.expression.expression import Expression
from zhangfa.expression.functions import FUNCTIONS
from zhangfa.expression.scope import NameType

PRELUDE = (
    # n, but not below m; NULL stays NULL (which greatest() would drop).
    "create or replace macro zf_at_least(n, m) as list_transform([n], lambda p: case when p < m then m else p end)[1]",
    # p.n / p.d as whole numbers, rounded half to even; NULL for a zero divisor.
    """create or replace macro zf_quotient(n, d) as list_transform([{'n': n, 'd': d}], lambda p:
        p.n // p.d + case when 2 * abs(p.n % p.d) > abs(p.d)
            or (2 * abs(p.n % p.d) = abs(p.d) and (p.n // p.d) % 2 <> 0)
        then case when (p.n < 0) = (p.d < 0) then 1 else -1 end else 0 end)[1]""",
    # a / b of scales x and y, as a decimal with ten decimals.
    """create or replace macro zf_divide(a, b, x, y) as cast(zf_quotient(
            cast(a * cast(power(10, x) as bigint) as hugeint) * cast(power(10, 10 + y - x) as hugeint),
            nullif(cast(b * cast(power(10, y) as bigint) as hugeint), 0)
        ) as decimal(38, 0)) * cast(0.0000000001 as decimal(11, 10))""",
)

SQL_TYPES = {
    "text": "VARCHAR",
    "int": "BIGINT",
    "bool": "BOOLEAN",
    "date": "DATE",
    "datetime": "TIMESTAMP",
    "time": "TIME",
}


class Unrenderable(ValueError):
    """The expression has a part that only Python works out (logarithms, working days, aggregates)."""


def render_duckdb(expression: Expression, column: Callable[[tuple[str, ...]], str] | None = None) -> str:
    """Return DuckDB SQL for a scalar expression; ``column`` writes a path, by default quoted.

    Raises :class:`Unrenderable`. The connection must have run :data:`PRELUDE`.
    """
    return Writer(column or quote_path).write(expression.tree)


def quote_path(path: tuple[str, ...]) -> str:
    """Return a path as quoted identifiers."""
    return ".".join('"' + part.replace('"', '""') + '"' for part in path)


def sql_type(found: NameType) -> str:
    """Return DuckDB's type for a type of ours."""
    if found.kind == "decimal":
        return f"DECIMAL(38, {found.scale})"
    if found.kind not in SQL_TYPES:
        raise Unrenderable(f"no SQL type for {found.kind}")
    return SQL_TYPES[found.kind]


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes parts; every operation is in brackets, so precedence never matters."""

    column: Callable[[tuple[str, ...]], str]

    def write(self, node: tree.Node) -> str:
        """Return the SQL of a part."""
        writer = WRITERS.get(type(node))
        if writer is None:
            raise Unrenderable(f"{type(node).__name__} is worked out in Python only")
        return writer(self, node)


def _literal(writer: Writer, node: tree.Literal) -> str:
    value = node.value
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, str):
        return _quote(value)
    return f"CAST({_quote(spell(value))} AS {sql_type(node.type)})"


def spell(value: object) -> str:
    """Return a number, day or moment as every database reads it."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).replace(tzinfo=None).isoformat(" ")
    return value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)


def _quote(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _convert(writer: Writer, node: tree.Convert) -> str:
    return f"CAST({writer.write(node.operand)} AS {sql_type(node.type)})"


def _arithmetic(writer: Writer, node: tree.Arithmetic) -> str:
    left, right, result = writer.write(node.left), writer.write(node.right), sql_type(node.type)
    if node.operator == "/":
        scales = node.left.type.scale, node.right.type.scale
        return f"zf_divide({_wide(left, scales[0])}, {_wide(right, scales[1])}, {scales[0]}, {scales[1]})"
    if node.operator != "*" and node.type.kind == "decimal":
        left, right = _wide(left, node.type.scale), _wide(right, node.type.scale)
    return f"CAST(({left} {node.operator} {f'nullif({right}, 0)' if node.operator == '%' else right}) AS {result})"


def _wide(written: str, scale: int) -> str:
    """Cast to a decimal; DuckDB takes decimals of different scales to floats in a remainder."""
    return f"CAST({written} AS DECIMAL(38, {scale}))"


def _compare(writer: Writer, node: tree.Compare) -> str:
    return f"({writer.write(node.left)} {node.operator} {writer.write(node.right)})"


def _between(writer: Writer, node: tree.Between) -> str:
    return f"({writer.write(node.operand)} BETWEEN {writer.write(node.low)} AND {writer.write(node.high)})"


def _in(writer: Writer, node: tree.In) -> str:
    return f"({writer.write(node.operand)} IN ({', '.join(map(writer.write, node.choices))}))"


def _is(writer: Writer, node: tree.Is) -> str:
    what = "NULL" if node.what is None else str(node.what).upper()
    return f"({writer.write(node.operand)} IS {what})"


def _case(writer: Writer, node: tree.Case) -> str:
    operand = "" if node.operand is None else f" {writer.write(node.operand)}"
    branches = " ".join(f"WHEN {writer.write(test)} THEN {writer.write(value)}" for test, value in node.branches)
    case = f"CASE{operand} {branches} ELSE {writer.write(node.otherwise)} END"
    return f"({case})" if node.type.kind == "null" else f"CAST({case} AS {sql_type(node.type)})"


def _call(writer: Writer, node: tree.Call) -> str:
    function = FUNCTIONS[node.function]
    arguments = [_argument(writer, part, function.takes) for part in node.arguments]
    arguments += [writer.column((name,)) for name in function.reads]
    if not function.sql:
        raise Unrenderable(f"{node.function} is worked out in Python only")
    if node.function == "substring" and len(arguments) == 2:
        arguments.append("100000")
    written = function.sql.format(*arguments, all=", ".join(arguments))
    return written if node.type.kind in ("null", "any") else f"CAST({written} AS {sql_type(node.type)})"


def _argument(writer: Writer, node: tree.Node, takes: tuple[str, ...]) -> str:
    """Write an argument; a moment where a day is meant becomes its day by Beijing time."""
    written = writer.write(node)
    if "day" in takes and node.type.kind == "datetime":
        return f"CAST({written} + INTERVAL 8 HOUR AS DATE)"
    return f"CAST({written} AS DATE)" if "day" in takes and node.type.kind == "date" else written


WRITERS: dict[type[tree.Node], Callable[[Writer, Any], str]] = {
    tree.Literal: _literal,
    tree.Name: lambda writer, node: writer.column(node.path),
    tree.Convert: _convert,
    tree.Negate: lambda writer, node: f"(-{writer.write(node.operand)})",
    tree.Arithmetic: _arithmetic,
    tree.Join: lambda writer, node: "(" + " || ".join(map(writer.write, node.parts)) + ")",
    tree.Logic: lambda writer, node: "(" + f" {node.operator} ".join(map(writer.write, node.parts)) + ")",
    tree.Not: lambda writer, node: f"(NOT {writer.write(node.operand)})",
    tree.Compare: _compare,
    tree.Between: _between,
    tree.In: _in,
    tree.Contains: lambda writer, node: f"list_contains({writer.write(node.items)}, {writer.write(node.operand)})",
    tree.Like: lambda writer, node: f"({writer.write(node.operand)} LIKE {_quote(node.pattern)})",
    tree.Is: _is,
    tree.Case: _case,
    tree.Call: _call,
}
