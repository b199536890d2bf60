"""The words of :mod:`~zhangfa.expression.describe`: how each operator and function is said, in Chinese and English."""

from __future__ import annotations

from zhangfa.expression.sentences import Pair

RESERVED: dict[str, Pair] = {
    "today": ("今天", "today"),
    "state": ("状态", "state"),
    "unit": ("单位", "unit"),
    "about": ("对象", "whom it is about"),
    "author": ("提交人", "author"),
    "opened": ("提交时间", "time of opening"),
}
COMPARED: dict[str, Pair] = {
    "=": ("{0}是{1}", "{0} is {1}"),
    "<>": ("{0}不是{1}", "{0} is not {1}"),
    "<": ("{0}低于{1}", "{0} is below {1}"),
    "<=": ("{0}不高于{1}", "{0} is at most {1}"),
    ">": ("{0}高于{1}", "{0} is above {1}"),
    ">=": ("{0}不低于{1}", "{0} is at least {1}"),
}
COMPARED_TIMES: dict[str, Pair] = {
    "<": ("{0}早于{1}", "{0} is before {1}"),
    "<=": ("{0}不晚于{1}", "{0} is not after {1}"),
    ">": ("{0}晚于{1}", "{0} is after {1}"),
    ">=": ("{0}不早于{1}", "{0} is not before {1}"),
}
RECKONED = {"+": "+", "-": "−", "*": "×", "/": "÷", "%": "%"}
CALLED: dict[str, Pair] = {
    "abs": ("{0}的绝对值", "the size of {0}"),
    "ceil": ("{0}（向上取整）", "{0} (rounded up)"),
    "floor": ("{0}（向下取整）", "{0} (rounded down)"),
    "round": ("{0}（四舍五入到{1}位小数）", "{0} (rounded to {1} decimals)"),
    "length": ("{0}的字数", "the length of {0}"),
    "size": ("{0}的个数", "the number of {0}"),
    "contains": ("{0}含有{1}", "{0} contains {1}"),
    "starts_with": ("{0}以{1}开头", "{0} begins with {1}"),
    "ends_with": ("{0}以{1}结尾", "{0} ends with {1}"),
    "date": ("{0}的日期", "the day of {0}"),
    "year": ("{0}的年份", "the year of {0}"),
    "month": ("{0}的月份", "the month of {0}"),
    "add_days": ("{0}之后{1}天", "{1} days after {0}"),
    "add_months": ("{0}之后{1}个月", "{1} months after {0}"),
    "days_between": ("{0}到{1}的天数", "the days from {0} to {1}"),
    "days_since": ("{0}至今的天数", "the days since {0}"),
    "workdays_between": ("{0}到{1}的工作日数", "the working days from {0} to {1}"),
    "coalesce": ("{0}（空缺时用{1}）", "{0} (if empty, {1})"),
    "least": ("{0}与{1}中较小的", "the smaller of {0} and {1}"),
    "greatest": ("{0}与{1}中较大的", "the larger of {0} and {1}"),
}
FOLDED: dict[str, Pair] = {
    "sum": ("{0}合计", "the total of {0}"),
    "avg": ("{0}的平均", "the mean of {0}"),
    "min": ("最小的{0}", "the smallest {0}"),
    "max": ("最大的{0}", "the largest {0}"),
    "median": ("{0}的中位数", "the median of {0}"),
    "count": ("有{0}的数目", "the number with {0}"),
    "share": ("“{0}”的比例", "the share with {0}"),
    "every": ("每一份都满足：{0}", "on every one, {0}"),
    "any": ("至少一份满足：{0}", "on at least one, {0}"),
    "first": ("第一个{0}", "the first {0}"),
    "last": ("最后一个{0}", "the last {0}"),
    "trimmed_mean": ("去掉{1}个最高和{1}个最低后{0}的平均", "the mean of {0} without the {1} highest and {1} lowest"),
    "quantile": ("{0}的{1}分位数", "the {1} quantile of {0}"),
}
FOLDED_TABLE: dict[str, Pair] = {
    "every": ("{table}每一行都满足：{0}", "on every row of {table}, {0}"),
    "any": ("{table}至少有一行满足：{0}", "on at least one row of {table}, {0}"),
    "count": ("{table}中满足“{0}”的行数", "the number of rows of {table} where {0}"),
    "share": ("{table}中满足“{0}”的比例", "the share of rows of {table} where {0}"),
}
