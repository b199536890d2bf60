r"""Writes a scalar expression as Spark SQL that gives exactly the value Python and DuckDB give.

Where Spark would quietly give another answer, and what is written instead (each held by a test):

- Decimals are ``DECIMAL(18 + scale, scale)``, not of 38 digits: of two that do not fit into 38 together Spark drops
  decimals. Products need ``spark.sql.decimalOperations.allowPrecisionLoss=false`` (:data:`SETTINGS`).
- ``/`` of decimals is rounded twice and ``div`` ends at 2^63, so a quotient is made of two whole divisions and a rest.
- A text in quotes knows backslashes, two quotes beside each other are none, and ``like`` has an escape sign.
- ``concat`` is NULL where one part is, ``greatest`` leaves NULL out where ours gives NULL, positions are 32 bits.
- Moments are ``TIMESTAMP_NTZ`` in UTC: a ``TIMESTAMP`` would move with the time zone of whoever asks.
- A sum, a cast or a remainder that does not fit is refused (``spark.sql.ansi.enabled``), never NULL.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from string import ascii_lowercase, ascii_uppercase
from types import MappingProxyType
from typing import Any

from zhangfa.expression import tree
from zhangfa.expression.expression import Expression
from zhangfa.expression.functions import FUNCTIONS
from zhangfa.expression.render import WRITERS, Unrenderable, Writer, spell
from zhangfa.expression.scope import MAX_SCALE, NameType
from zhangfa.expression.texts import BLANKS, MAX_TEXT

SETTINGS: Mapping[str, str] = MappingProxyType({
    "spark.sql.ansi.enabled": "true",
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.variable.substitute": "false",
    "spark.sql.parser.escapedStringLiterals": "false",
    "spark.sql.caseSensitive": "true",
})  # fmt: skip
"""What a session must be set to for the SQL to mean what is meant."""
TYPES = {
    "text": "STRING", "int": "BIGINT", "bool": "BOOLEAN", "date": "DATE", "datetime": "TIMESTAMP_NTZ",
}  # fmt: skip
WHOLE_DIGITS = 18
"""Digits before the point that any value of ours has at most."""


def render_spark(expression: Expression, column: Callable[[tuple[str, ...]], str] | None = None) -> str:
    """Return Spark SQL for a scalar expression; ``column`` writes a path, by default quoted.

    Raises :class:`Unrenderable`. The session must have :data:`SETTINGS`.
    """
    return SparkWriter(column or quote_path).write(expression.tree)


def quote_path(path: tuple[str, ...]) -> str:
    """Return a path as quoted identifiers."""
    return ".".join("`" + part.replace("`", "``") + "`" for part in path)


def quote_text(text: str) -> str:
    """Return a text as a literal: Spark reads backslashes, and would read two quotes as nothing between them."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def spark_type(found: NameType) -> str:
    """Return Spark's type for a type of ours."""
    if found.kind == "decimal":
        return f"DECIMAL({WHOLE_DIGITS + found.scale}, {found.scale})"
    if found.kind not in TYPES:
        raise Unrenderable(f"no type of Spark for {found.kind}")
    return TYPES[found.kind]


@dataclass(frozen=True, slots=True)
class SparkWriter(Writer):
    """Writes parts for Spark."""

    def write(self, node: tree.Node) -> str:
        """Return the SQL of a part."""
        writer = SPARK_WRITERS.get(type(node))
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
        return quote_text(value)
    return f"CAST({quote_text(spell(value))} AS {spark_type(node.type)})"


def _name(writer: Writer, node: tree.Name) -> str:
    """Write a column; a decimal is stored with 38 digits, of which any operation would lose some."""
    read = writer.column(node.path)
    return f"CAST({read} AS {spark_type(node.type)})" if node.type.kind == "decimal" else read


def _convert(writer: Writer, node: tree.Convert) -> str:
    return f"CAST({writer.write(node.operand)} AS {spark_type(node.type)})"


def _arithmetic(writer: Writer, node: tree.Arithmetic) -> str:
    left, right = writer.write(node.left), writer.write(node.right)
    if node.operator == "/":
        return _divide(left, right, node.left.type.scale, node.right.type.scale)
    if node.operator == "%":
        right = f"nullif({right}, 0)"
    return f"CAST(({left} {node.operator} {right}) AS {spark_type(node.type)})"


def _divide(left: str, right: str, scale: int, other: int) -> str:
    """Write a quotient of ten decimals, rounded half to even, as :func:`arithmetic.divide` makes it.

    Both numbers become whole at one scale. ``transform`` over a list of one stands for a name, for Spark has none
    within an expression. The whole part and the ten decimals are each below 2^63, the rest below the divisor.
    """
    digits = max(scale, other)
    top, bottom = (f"CAST(({one}) * {_power(digits)} AS DECIMAL(38, 0))" for one in (left, right))
    first = f"transform(array(named_struct('n', {top}, 'd', nullif({bottom}, 0))), p -> {_FIRST})"
    return f"transform({first}, p -> {_ROUNDED})[0]"


def _power(digits: int) -> str:
    return f"CAST('1{'0' * digits}' AS DECIMAL({digits + 1}, 0))"


_PART = f"CAST((p.n % p.d) * {_power(MAX_SCALE)} AS DECIMAL(38, 0))"
_FIRST = f"named_struct('n', p.n, 'd', p.d, 'whole', p.n div p.d, 'part', {_PART})"
_HALF = "CAST(2 * abs(p.part % p.d) AS DECIMAL(38, 0))"
_UP = (
    f"CASE WHEN {_HALF} > abs(p.d) OR ({_HALF} = abs(p.d) AND (p.part div p.d) % 2 <> 0) "
    "THEN CASE WHEN (p.n < 0) = (p.d < 0) THEN 1 ELSE -1 END ELSE 0 END"
)
_STEP = f"CAST('0.{'0' * (MAX_SCALE - 1)}1' AS DECIMAL({MAX_SCALE}, {MAX_SCALE}))"
_QUOTIENT = f"DECIMAL({WHOLE_DIGITS + MAX_SCALE}, {MAX_SCALE})"
_ROUNDED = (
    f"CAST(CAST(p.whole AS {_QUOTIENT}) + CAST((p.part div p.d) + {_UP} AS DECIMAL(20, 0)) * {_STEP} AS {_QUOTIENT})"
)


def _case(writer: Writer, node: tree.Case) -> str:
    operand = "" if node.operand is None else f" {writer.write(node.operand)}"
    branches = " ".join(f"WHEN {writer.write(test)} THEN {writer.write(value)}" for test, value in node.branches)
    case = f"CASE{operand} {branches} ELSE {writer.write(node.otherwise)} END"
    return f"({case})" if node.type.kind == "null" else f"CAST({case} AS {spark_type(node.type)})"


def _like(writer: Writer, node: tree.Like) -> str:
    pattern = node.pattern.replace("\\", "\\\\")  # for the pattern; the literal doubles them once more
    return f"({writer.write(node.operand)} LIKE {quote_text(pattern)})"


def _at_least(number: str, least: int) -> str:
    """Write a position or length as 32 bits within sense; NULL stays NULL, which ``greatest`` would drop."""
    return f"CAST(CASE WHEN {number} IS NOT NULL THEN least(greatest({number}, {least}), {MAX_TEXT + 1}) END AS INT)"


CALLS: Mapping[str, str] = {
    "size": "coalesce(array_size({0}), 0)",
    "trim": f"btrim({{0}}, {quote_text(BLANKS)})",
    "lower": f"translate({{0}}, '{ascii_uppercase}', '{ascii_lowercase}')",
    "upper": f"translate({{0}}, '{ascii_lowercase}', '{ascii_uppercase}')",
    "substring": f"substring({{0}}, {_at_least('{1}', 1)}, {_at_least('{2}', 0)})",
    "left": f"left({{0}}, {_at_least('{1}', 0)})",
    "right": f"right({{0}}, {_at_least('{1}', 0)})",
    "concat": "concat_ws('', {texts})",
    "starts_with": "startswith({0}, {1})",
    "ends_with": "endswith({0}, {1})",
    "weekday": "(weekday({0}) + 1)",
    "add_days": "date_add({0}, CAST({1} AS INT))",
    "add_months": "add_months({0}, CAST({1} AS INT))",
    "days_between": "CAST(datediff({1}, {0}) AS BIGINT)",
    "days_since": "CAST(datediff({1}, {0}) AS BIGINT)",
}
"""Functions that Spark calls otherwise than DuckDB, or means otherwise."""
SAME = frozenset((
    "abs", "ceil", "floor", "round", "least", "greatest", "coalesce", "nullif", "length", "contains", "date", "year",
    "quarter", "month", "day",
))  # fmt: skip
"""Functions that are written as for DuckDB."""


def _call(writer: Writer, node: tree.Call) -> str:
    function = FUNCTIONS[node.function]
    if function.name not in CALLS and function.name not in SAME:
        raise Unrenderable(f"{node.function} is worked out in Python only")
    arguments = [_argument(writer, part, function.takes) for part in node.arguments]
    arguments += [writer.column((name,)) for name in function.reads]
    if node.function == "substring" and len(arguments) == 2:
        arguments.append(str(MAX_TEXT))
    texts = ", ".join(f"CAST({one} AS STRING)" for one in arguments)
    written = CALLS.get(function.name, function.sql).format(*arguments, all=", ".join(arguments), texts=texts)
    return written if node.type.kind in ("null", "any") else f"CAST({written} AS {spark_type(node.type)})"


def _argument(writer: Writer, node: tree.Node, takes: tuple[str, ...]) -> str:
    written = writer.write(node)
    if "day" in takes and node.type.kind == "datetime":
        return f"CAST({written} + INTERVAL '8' HOUR AS DATE)"
    return f"CAST({written} AS DATE)" if "day" in takes and node.type.kind == "date" else written


SPARK_WRITERS: dict[type[tree.Node], Callable[[Writer, Any], str]] = {
    **WRITERS,
    tree.Literal: _literal,
    tree.Name: _name,
    tree.Convert: _convert,
    tree.Arithmetic: _arithmetic,
    tree.Contains: lambda writer, node: f"array_contains({writer.write(node.items)}, {writer.write(node.operand)})",
    tree.Like: _like,
    tree.Case: _case,
    tree.Call: _call,
}
