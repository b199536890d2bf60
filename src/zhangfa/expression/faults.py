"""What can be wrong with an expression: a collected value when it is read, an error when it is worked out."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of an expression: code ``E1xx``, offset in its source (in characters), sentence and hint."""

    code: str
    offset: int
    zh: str
    en: str
    hint_zh: str = ""
    hint_en: str = ""


class EvaluationError(ArithmeticError):
    """A value leaves the range that expressions reckon in; ``zh`` and ``en`` say which and why."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en

    def __reduce__(self) -> tuple[type[EvaluationError], tuple[str, str]]:
        return type(self), (self.zh, self.en)


CODES: dict[str, tuple[str, str]] = {
    "E100": ("表达式是空的", "The expression is empty"),
    "E101": ("表达式太长", "The expression is too long"),
    "E102": ("表达式嵌套太深", "The expression is nested too deeply"),
    "E103": ("表达式太复杂", "The expression has too many parts"),
    "E104": ("表达式读不通", "The expression cannot be read"),
    "E105": ("使用了全角符号", "A full-width sign is used"),
    "E106": ("使用了不允许的写法", "A construct is used that the language does not have"),
    "E107": ("含有看不见的控制字符", "There is an invisible control character"),
    "E110": ("没有这个名称", "There is no such name"),
    "E111": ("没有这个函数", "There is no such function"),
    "E112": ("函数的参数个数不对", "The function has the wrong number of arguments"),
    "E113": ("类型不合适", "A value of the wrong type is used"),
    "E114": ("两边不能比较", "The two sides cannot be compared"),
    "E115": ("没有这个选项", "There is no such option"),
    "E116": ("结果类型不对", "The result has the wrong type"),
    "E117": ("名称须放在汇总函数里", "The name must stand inside an aggregate"),
    "E118": ("这里不能用汇总函数", "Aggregates are not possible here"),
    "E119": ("汇总函数不能套汇总函数", "An aggregate cannot stand inside another"),
    "E120": ("这个名称下面没有内容", "Nothing can be read below this name"),
    "E122": ("字面值写得不对", "The literal is not well written"),
    "E123": ("这里不能用这个函数", "The function is not available here"),
    "E124": ("各分支类型不一致", "The branches have different types"),
}
"""Every code with its general meaning. A code is never used again for something else."""


def suggest(word: str, known: Iterable[str]) -> tuple[str, str]:
    """Return a did-you-mean hint (Chinese, English) for a word, or the choices where there are few."""
    choices = sorted(known)
    close = difflib.get_close_matches(word, choices, n=1, cutoff=0.6)
    if close:
        return f"是不是想写 `{close[0]}`？", f"Did you mean `{close[0]}`?"
    if 0 < len(choices) <= 12:
        listed = ", ".join(f"`{choice}`" for choice in choices)
        return f"可用的有：{listed}", f"There are: {listed}"
    return "", ""
