"""The scalar functions: what each takes, gives, does in Python, and is called in DuckDB.

The reference page and the renderer are tested against this table. ``takes`` is one word per argument:
a type, ``number``, ``day`` (date, or date and time), ``fixed`` (a whole number written down), ``same``
(all of one type); a ``?`` may be left out, a ``*`` repeats. A NULL argument gives NULL unless ``nulls``.
In ``sql`` ``{0}`` … are the arguments, ``{all}`` all of them with commas; empty: not possible in a set.
"""

# ruff: noqa: E501 — one function a line reads best

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from string import ascii_lowercase, ascii_uppercase

from zhangfa.expression import dates, texts
from zhangfa.expression.arithmetic import round_to, size_of, whole_above, whole_below
from zhangfa.expression.powers import exponential, logarithm, square_root


@dataclass(frozen=True, slots=True)
class Function:
    """One scalar function. ``gives``: a type, or ``first``, ``same``, ``rounded``, ``power``."""

    name: str
    takes: tuple[str, ...]
    gives: str
    apply: Callable[..., object]
    sql: str
    zh: str
    en: str
    example: str
    nulls: bool = False
    reads: tuple[str, ...] = ()
    """Reserved names it reads; their values are handed to ``apply`` after the arguments."""

    @property
    def least(self) -> int:
        """The smallest number of arguments."""
        return sum(not word.endswith(("?", "*")) for word in self.takes)

    @property
    def most(self) -> int | None:
        """The largest number of arguments; ``None`` for any."""
        return None if self.takes and self.takes[-1].endswith("*") else len(self.takes)


def _least(*values: object) -> object:
    return min((value for value in values if value is not None), default=None)  # type: ignore[type-var]


def _greatest(*values: object) -> object:
    return max((value for value in values if value is not None), default=None)  # type: ignore[type-var]


def _coalesce(*values: object) -> object:
    return next((value for value in values if value is not None), None)


def _nullif(value: object, other: object) -> object:
    return None if value == other else value


TABLE = (
    # numbers
    Function("abs", ("number",), "first", size_of, "abs({0})", "绝对值", "Size without sign", "abs(income - plan)"),
    Function("ceil", ("number",), "int", whole_above, "CAST(ceil({0}) AS BIGINT)", "向上取整", "Next whole number up", "ceil(2.1)"),
    Function("floor", ("number",), "int", whole_below, "CAST(floor({0}) AS BIGINT)", "向下取整", "Next whole number down", "floor(2.9)"),
    Function("round", ("number", "fixed?"), "rounded", round_to, "round({0}, CAST({1} AS INTEGER))", "四舍五入到几位小数", "Round half away from zero to so many decimals", "round(mark, 1)"),
    Function("ln", ("number",), "power", logarithm, "", "自然对数，六位小数", "Natural logarithm, six decimals; NULL for zero and below", "ln(2)"),
    Function("exp", ("number",), "power", exponential, "", "指数，六位小数", "e to this power, six decimals", "exp(1)"),
    Function("sqrt", ("number",), "power", square_root, "", "平方根，六位小数", "Square root, six decimals; NULL below zero", "sqrt(2)"),
    # any type
    Function("least", ("same", "same*"), "same", _least, "least({all})", "最小的（不计空值）", "The smallest; NULLs do not count", "least(mark, 100)", nulls=True),
    Function("greatest", ("same", "same*"), "same", _greatest, "greatest({all})", "最大的（不计空值）", "The largest; NULLs do not count", "greatest(mark, 0)", nulls=True),
    Function("coalesce", ("same", "same*"), "same", _coalesce, "coalesce({all})", "第一个非空的值", "The first that is not NULL", "coalesce(stars, 3)", nulls=True),
    Function("nullif", ("same", "same"), "same", _nullif, "nullif({0}, {1})", "相等时为空", "NULL where both are equal, else the first", "nullif(jobs, 0)", nulls=True),
    Function("size", ("many",), "int", lambda held: len(held or ()), "coalesce(len({0}), 0)", "选了几项、有几个附件、几行", "Number of entries of a list, files or table", "size(photos)", nulls=True),
    # text
    Function("length", ("text",), "int", len, "length({0})", "字数", "Number of signs", "length(content)"),
    Function("lower", ("text",), "text", texts.lower, f"translate({{0}}, '{ascii_uppercase}', '{ascii_lowercase}')", "字母 A–Z 转小写", "With A to Z in small letters", "lower(code)"),
    Function("upper", ("text",), "text", texts.upper, f"translate({{0}}, '{ascii_lowercase}', '{ascii_uppercase}')", "字母 a–z 转大写", "With a to z in capitals", "upper(code)"),
    Function("trim", ("text",), "text", texts.trim, f"trim({{0}}, {texts.BLANKS_SQL})", "去掉首尾空白", "Without blanks at both ends", "trim(name)"),
    Function("substring", ("text", "int", "int?"), "text", texts.substring, "substring({0}, zf_at_least({1}, 1), zf_at_least({2}, 0))", "从第几字起取几字", "From a position (the first is 1), so many signs", "substring(code, 1, 6)"),
    Function("left", ("text", "int"), "text", texts.left, "left({0}, zf_at_least({1}, 0))", "前几字", "The first signs", "left(code, 6)"),
    Function("right", ("text", "int"), "text", texts.right, "right({0}, zf_at_least({1}, 0))", "后几字", "The last signs", "right(phone, 4)"),
    Function("concat", ("printable", "printable*"), "text", texts.concat, "concat({all})", "连接，空值略过", "Put together; NULLs are left out", "concat(name, '-', grade)", nulls=True),
    Function("contains", ("text", "text"), "bool", texts.contains, "contains({0}, {1})", "是否含有", "Whether the first holds the second", "contains(content, '噪声')"),
    Function("starts_with", ("text", "text"), "bool", str.startswith, "starts_with({0}, {1})", "是否以此开头", "Whether it begins so", "starts_with(code, '3708')"),
    Function("ends_with", ("text", "text"), "bool", str.endswith, "ends_with({0}, {1})", "是否以此结尾", "Whether it ends so", "ends_with(name, '村')"),
    # dates
    Function("date", ("day",), "date", dates.day_of, "{0}", "（北京时间的）日期", "The day, by Beijing time", "date(opened)"),
    Function("year", ("day",), "int", dates.year, "year({0})", "年", "Year", "year(happened)"),
    Function("quarter", ("day",), "int", dates.quarter, "quarter({0})", "季度，1 到 4", "Quarter, 1 to 4", "quarter(happened)"),
    Function("month", ("day",), "int", dates.month, "month({0})", "月", "Month", "month(happened)"),
    Function("day", ("day",), "int", dates.day, "day({0})", "日", "Day of the month", "day(happened)"),
    Function("weekday", ("day",), "int", dates.weekday, "isodow({0})", "星期几，1 是星期一", "Day of the week, 1 is Monday", "weekday(starts)"),
    Function("add_days", ("day", "int"), "date", dates.add_days, "({0} + CAST({1} AS INTEGER))", "加几天", "So many days later", "add_days(happened, 30)"),
    Function("add_months", ("day", "int"), "date", dates.add_months, "CAST({0} + to_months(CAST({1} AS INTEGER)) AS DATE)", "加几个月（月末对齐）", "So many months later, at most the month's last day", "add_months(from_on, 12)"),
    Function("days_between", ("day", "day"), "int", dates.days_between, "CAST({1} - {0} AS BIGINT)", "从前一日到后一日的天数", "Days from the first to the second", "days_between(starts, ends)"),
    Function("days_since", ("day",), "int", dates.days_between, "CAST({1} - {0} AS BIGINT)", "到今天的天数", "Days from then to today", "days_since(opened)", reads=("today",)),
    Function("workdays_between", ("day", "day"), "int", dates.workdays_between, "", "相隔的工作日数（按国务院放假安排）", "Working days from the first to the second, by the State Council's calendar", "workdays_between(opened, closed_on)", reads=("__calendar__",)),
)  # fmt: skip

FUNCTIONS: dict[str, Function] = {function.name: function for function in TABLE}
ALLOWED: frozenset[str] = frozenset(FUNCTIONS)
"""The scalar functions that a scope allows unless it says otherwise."""
