"""Random well-typed expressions and rows with NULLs, from a seed."""

# ruff: noqa: E501, RUF005 — one family of shapes a row reads best

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal

from zhangfa.expression import (
    NameType,
    Scope,
    bool_,
    choice,
    date_,
    datetime_,
    decimal_,
    int_,
    list_,
    text_,
)

OPTIONS = ("pass", "fail", "合格")
COLUMNS: dict[str, NameType] = {
    "i": int_,
    "j": int_,
    "count": int_,
    "x": decimal_(2),
    "y": decimal_(4),
    "order": decimal_(1),
    "s": text_,
    "t": text_,
    "c": choice(OPTIONS),
    "tags": list_(OPTIONS),
    "p": bool_,
    "q": bool_,
    "d": date_,
    "e": date_,
    "m": datetime_,
    "today": date_,
}
SCOPE = Scope(COLUMNS)
WORDS = ["", "a", "Ab", "金乡县", "鱼山 街道", "a%b_", "it's", "  x ", "　全角　", "ß", "É", "合格", "z" * 40, "𠮷野"]


class Rows:
    """Makes rows; about a fifth of the values are NULL."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def row(self) -> dict[str, object]:
        """Return one row."""
        return {name: None if self.random.random() < 0.2 else self.value(name) for name in COLUMNS}

    def value(self, name: str) -> object:
        """Return a value for a column."""
        pick, kind = self.random, COLUMNS[name].kind
        if kind == "int":
            return pick.choice([0, 1, -1, 2, 3, 7, 100, -45, 1005, 999_999, pick.randint(-5000, 5000)])
        if kind == "decimal":
            scale = COLUMNS[name].scale
            return Decimal(pick.choice([0, 5, -5, 15, 25, -125, 10**scale, pick.randint(-(10**7), 10**7)])).scaleb(
                -scale
            )
        if kind == "list":
            return pick.sample(OPTIONS, pick.randint(1, 3))
        if kind == "bool":
            return pick.random() < 0.5
        if kind == "datetime":
            return dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(minutes=pick.randint(-600_000, 600_000))
        if kind == "date":
            return dt.date(2026, 2, 28) + dt.timedelta(days=pick.randint(-800, 800))
        return pick.choice(OPTIONS) if name == "c" else pick.choice(WORDS)


class Expressions:
    """Makes the source of typed expressions."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def source(self, depth: int = 3) -> str:
        """Return one expression of any type."""
        kind = self.random.choice(["int", "decimal", "decimal", "text", "bool", "bool", "date"])
        return self.of(kind, depth)

    def of(self, kind: str, depth: int) -> str:
        """Return an expression of this type."""
        if depth <= 0 or self.random.random() < 0.1:
            return self.leaf(kind)
        if self.random.random() < 0.25:
            return self.any_type(kind, depth - 1)
        made: str = getattr(self, kind)(depth - 1)
        return made

    def leaf(self, kind: str) -> str:
        """Return a name or literal."""
        pick = self.random
        if pick.random() < 0.65:
            return pick.choice(
                [name for name, found in COLUMNS.items() if found.kind == kind and found.options is None]
            )
        if kind == "int":
            return str(pick.choice([0, 1, 2, 3, 10, 45, 365]))
        if kind == "decimal":
            return pick.choice(["0.5", "2.50", "0.125", "1.0", "33.3333", "0.0000000001"])
        if kind == "bool":
            return pick.choice(["true", "false"])
        if kind == "date":
            return f"date('{dt.date(2026, 1, 1) + dt.timedelta(days=pick.randint(0, 700))}')"
        return "'" + pick.choice(WORDS).replace("'", "''").replace("　", " ") + "'"

    def number(self, depth: int) -> str:
        """Return a whole or decimal number."""
        return self.of(self.random.choice(["int", "decimal"]), depth)

    def any_type(self, kind: str, depth: int) -> str:
        """Return one of the shapes every type has."""
        one, two = self.of(kind, depth), self.of(kind, depth)
        test, value = self.of("bool", depth), self.of("int", depth)
        shapes = [
            f"case when {test} then {one} else {two} end",
            f"case when {test} then {one} end",
            f"case {value} when 1 then {one} when {self.leaf('int')} then {two} end",
            f"case c when 'pass' then {one} when 'fail' then {two} else {one} end",
            f"coalesce({one}, {two})",
            f"nullif({one}, {two})",
            f"({one})",
        ]
        if kind != "bool":
            shapes += [f"least({one}, {two})", f"greatest({one}, {two}, {self.leaf(kind)})"]
        return self.random.choice(shapes)

    def int(self, depth: int) -> str:
        """Return a whole number."""
        one, two, number = self.of("int", depth), self.of("int", depth), self.number(depth)
        text, day = self.of("text", depth), self.random.choice([self.of("date", depth), "m"])
        part = self.random.choice(["year", "quarter", "month", "day", "weekday", "days_since"])
        return self.random.choice(
            [f"({one} + {two})", f"({one} - {two})", f"{self.leaf('int')} * {self.leaf('int')}", f"({one}) % ({two})", f"-({one})"]
            + [f"abs({one})", f"ceil({number})", f"floor({number})", f"round({one}, {self.random.randint(-3, 2)})"]
            + [f"length({text})", f"{part}({day})", f"days_between({day}, {self.of('date', depth)})", "size(tags)"]
        )  # fmt: skip

    def decimal(self, depth: int) -> str:
        """Return a decimal number."""
        one, two = self.of("decimal", depth), self.number(depth)
        return self.random.choice(
            [f"({one} + {two})", f"({two} - {one})", f"{self.leaf('decimal')} * {self.leaf('decimal')} * {self.leaf('int')}"]
            + [f"({one}) / ({two})", f"({two}) / ({one})", f"({self.of('int', depth)}) / ({self.of('int', depth)})"]
            + [f"({one}) % ({two})", f"-({one})", f"abs({one})", f"round({one}, {self.random.randint(-3, 5)})", f"round({one})"]
        )  # fmt: skip

    def text(self, depth: int) -> str:
        """Return a text."""
        one, two, count = self.of("text", depth), self.of("text", depth), self.of("int", 1)
        return self.random.choice(
            [f"{one} || {two}", f"lower({one})", f"upper({one})", f"trim({one})", f"left({one}, {self.leaf('int')})"]
            + [f"right({one}, {self.random.randint(-1, 3)})", f"substring({one}, {self.random.randint(-1, 3)}, 2)"]
            + [f"substring({one}, 2)", f"concat({one}, {two}, {count}, {self.leaf('date')}, {self.of('decimal', 1)}, {self.leaf('bool')})"]
        )  # fmt: skip

    def bool(self, depth: int) -> str:
        """Return a condition."""
        pick = self.random
        kind = pick.choice(["int", "decimal", "text", "date"])
        one, two, three = (self.of(kind, depth) for _ in range(3))
        test, other, text = self.of("bool", depth), self.of("bool", depth), self.of("text", depth)
        operator = pick.choice(["=", "<>", "<", "<=", ">", ">="])
        no = pick.choice(["", "not "])
        return pick.choice(
            [f"{one} {operator} {two}"] * 3
            + [f"{self.number(depth)} {operator} {self.number(depth)}", f"({test}) = ({other})"]
            + [f"({test} and {other})", f"({test} or {other} or p)", f"not ({test})", f"({one}) is {no}null"]
            + [f"({test}) is {no}true", f"({test}) is {no}false", f"{one} {no}between {two} and {three}"]
            + [f"{one} {no}in ({two}, {three})", f"i {no}in (1, x, 2.5)", f"c {no}in ('pass', 'fail')", f"'fail' {no}in tags"]
            + [f"{text} {no}like '{pick.choice(['a%', '%b_', '_', '%', '金_县', '%a%b%'])}'", f"d {operator} '2026-03-01'"]
            + [f"contains({text}, {self.leaf('text')})", f"starts_with({text}, 'a')", f"ends_with({text}, '县')"]
            + [f"m {operator} '2026-02-01T08:00:00'", f"c {pick.choice(['=', '<>'])} 'pass'"]
        )  # fmt: skip

    def date(self, depth: int) -> str:
        """Return a date."""
        one = self.of("date", depth)
        return self.random.choice(
            [
                f"add_days({one}, {self.leaf('int')})",
                f"add_months({one}, {self.random.randint(-30, 30)})",
                "date(m)",
                f"date({one})",
            ]
        )
