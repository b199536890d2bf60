"""What is said about each fault, in Chinese and English, by code. A code is never used again for something else."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import NamedTuple, TypeAlias

Pair: TypeAlias = tuple[str, str]
"""The same words in Chinese and English."""
NO_WORDS: Pair = ("", "")


class Sentence(NamedTuple):
    """A fault's code, its sentence with ``{gaps}``, and its standing hint."""

    code: str
    zh: str
    en: str
    hint_zh: str = ""
    hint_en: str = ""


SPLIT = ("请拆成几个计算字段", "Split it into several computed fields")

SENTENCES: dict[str, Sentence] = {
    # before reading
    "empty": Sentence("E100", "表达式是空的", "The expression is empty"),
    "too_long": Sentence("E101", "表达式超过{most}个字节", "The expression is longer than {most} bytes", *SPLIT),
    "too_deep": Sentence("E102", "表达式嵌套太深", "The expression is nested too deeply", *SPLIT),
    "too_many_parts": Sentence("E103", "表达式超过{most}个部分", "The expression has more than {most} parts", *SPLIT),
    "unreadable": Sentence(
        "E104",
        "在“{near}”附近读不通",
        "The expression cannot be read near “{near}”",
        "请检查括号、引号和运算符",
        "Look at brackets, quotes and operators",
    ),
    "open_quote": Sentence(
        "E104",
        "表达式读不通，可能少了引号",
        "The expression cannot be read; a quote may be missing",
        "文字用一对半角单引号括起",
        "A text stands between two straight single quotes",
    ),
    "full_width": Sentence(
        "E105", "“{sign}”是全角符号", "“{sign}” is a full-width sign", "请改成半角 {meant}", "Write {meant} instead"
    ),
    "construct": Sentence("E106", "不支持这种写法：{shown}", "The language has no such construct: {shown}"),
    "several": Sentence(
        "E106", "一处只能写一个表达式，不能有分号", "One expression stands in one place, without semicolons"
    ),
    "invisible": Sentence(
        "E107", "含有看不见的字符 {sign}", "There is an invisible character {sign}", "请删掉这个字符", "Delete it"
    ),
    # names and functions
    "unknown_name": Sentence("E110", "没有名为 `{name}` 的字段或值", "There is no field or value named `{name}`"),
    "unknown_member": Sentence("E110", "`{path}` 没有 `{name}`", "`{path}` has no `{name}`"),
    "unknown_function": Sentence("E111", "没有函数 `{name}`", "There is no function `{name}`"),
    "arguments": Sentence(
        "E112",
        "`{name}` 的参数个数不对",
        "`{name}` has the wrong number of arguments",
        "例如 {example}",
        "Such as {example}",
    ),
    # types
    "wrong_kind": Sentence("E113", "这里需要{wanted}，而它是{kind}", "Here {wanted} is needed, but this is {kind}"),
    "not_fixed": Sentence("E113", "这里须直接写一个整数（最大10）", "Here a whole number is written down (at most 10)"),
    "bad_setting": Sentence(
        "E113", "`{name}` 的第二个参数须直接写{wanted}", "The second argument of `{name}` is {wanted}, written down"
    ),
    "with_null": Sentence(
        "E114",
        "不能用比较符号与 null 比较",
        "Nothing can be compared with null by an operator",
        "请写 is null 或 is not null",
        "Write is null or is not null",
    ),
    "different": Sentence("E114", "{left}不能与{right}比较", "There is no comparing {left} with {right}"),
    "different_days": Sentence(
        "E114",
        "{left}不能与{right}比较",
        "There is no comparing {left} with {right}",
        "请用 date(…) 取日期",
        "Take the day with date(…)",
    ),
    "no_order": Sentence("E114", "{kind}不能用 {operator} 比较", "There is no comparing {kind} by {operator}"),
    "unknown_option": Sentence("E115", "没有选项 '{option}'", "There is no option '{option}'"),
    "wrong_result": Sentence("E116", "结果应为{wanted}，而它是{kind}", "The result must be {wanted}, but it is {kind}"),
    "not_whole": Sentence(
        "E116",
        "结果应为{wanted}，而它是{kind}",
        "The result must be {wanted}, but it is {kind}",
        "可用 round、ceil 或 floor 取整",
        "Make it whole by ceil or floor",
    ),
    # rows
    "not_folded": Sentence(
        "E117",
        "`{name}` 每行都不同，须放在汇总函数里",
        "`{name}` differs from row to row: put it inside an aggregate",
        "例如 avg({name})",
        "Such as avg({name})",
    ),
    "no_rows": Sentence(
        "E118",
        "这里只有一条记录，`{name}` 只能用于表格字段",
        "There is one record here: `{name}` works on a table field only",
        "例如 {name}({table}.…)；数多选或附件用 size(…)",
        "Such as {name}({table}.…); size(…) counts a list or files",
    ),
    "nested_fold": Sentence(
        "E119", "`{name}` 不能放在另一个汇总函数里", "`{name}` cannot stand inside another aggregate"
    ),
    "no_path": Sentence(
        "E120", "`{path}` 是{kind}，下面没有 `{name}`", "`{path}` is {kind}; there is no `{name}` below it"
    ),
    "column": Sentence(
        "E120",
        "`{path}` 是表格，它的列须放在汇总函数里",
        "`{path}` is a table; its columns stand inside an aggregate",
        "例如 sum({path}.{name})",
        "Such as sum({path}.{name})",
    ),
    # literals and the rest
    "bad_number": Sentence(
        "E122",
        "数字 {shown} 写得不对",
        "The number {shown} is not well written",
        "只写数字和小数点，最多18位整数、10位小数",
        "Only digits and a point: at most 18 before and 10 after it",
    ),
    "bad_moment": Sentence(
        "E122", "'{shown}' 不是{kind}", "'{shown}' is not {kind}", "请写成 {shape}", "Write it as {shape}"
    ),
    "bad_pattern": Sentence(
        "E122", "like 后面须是不超过{most}字的文字", "After like stands a quoted text of at most {most} signs"
    ),
    "not_here": Sentence("E123", "这里不能用函数 `{name}`", "The function `{name}` is not available here"),
    "not_known_here": Sentence(
        "E123", "`{name}` 需要 `{reads}`，这里没有", "`{name}` needs `{reads}`, which is not known here"
    ),
    "mixed": Sentence(
        "E124", "`{name}` 的各个值类型不一致：{kinds}", "The values of `{name}` have different types: {kinds}"
    ),
}


def suggest(word: str, known: Iterable[str]) -> Pair:
    """Return a did-you-mean hint for a word, or the choices where there are few."""
    choices = sorted(known)
    close = difflib.get_close_matches(word, choices, n=1, cutoff=0.6)
    if close:
        return f"是不是想写 `{close[0]}`？", f"Did you mean `{close[0]}`?"
    if 0 < len(choices) <= 12:
        listed = ", ".join(f"`{choice}`" for choice in choices)
        return f"可用的有：{listed}", f"There are: {listed}"
    return NO_WORDS
