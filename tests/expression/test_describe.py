from __future__ import annotations

from dataclasses import dataclass

import pytest
from tests.expression.test_drafts import PANEL, SCOPE

from zhangfa.expression import Words, describe, parse_expression


@dataclass(frozen=True)
class Title:
    zh: str
    en: str | None = None


NAMES = {
    "mark": Title("得分", "mark"),
    "items": Title("交接清单", "the items"),
    "items.content": Title("内容", "content"),
    "items.agreed": Title("无异议"),
    "kind": Title("项目类别", "kind"),
    "kind=industry": Title("产业扶贫", "industry"),
    "kind=finance": Title("金融扶贫", "finance"),
    "invested": Title("投入资金", "money invested"),
    "verdict": Title("意见", "verdict"),
    "verdict=pass": Title("通过", "pass"),
    "jobs": Title("用工人数", "jobs"),
    "opened": Title("受理时间", "time of receipt"),
    "courtyard": Title("庭院", "courtyard"),
}


@pytest.mark.parametrize(
    ("source", "zh", "en"),
    [
        ("mark >= 80", "得分不低于80", "mark is at least 80"),
        (
            "mark >= 80 and kind = 'industry'",
            "得分不低于80，且项目类别是“产业扶贫”",
            "mark is at least 80, and kind is “industry”",
        ),
        ("kind in ('industry', 'finance')", "项目类别是“产业扶贫”或“金融扶贫”", "kind is “industry” or “finance”"),
        ("kind not in ('finance')", "项目类别不是“金融扶贫”", "kind is not “finance”"),
        ("jobs is not null", "已填写用工人数", "jobs is filled in"),
        ("jobs is null", "未填写用工人数", "jobs is empty"),
        ("mark between 60 and 79", "得分在60到79之间", "mark is between 60 and 79"),
        (
            "every(items, content is not null)",
            "交接清单每一行都满足：已填写内容",
            "on every row of the items, content is filled in",
        ),
        ("every(items, agreed)", "交接清单每一行都满足：无异议为“是”", "on every row of the items, 无异议 is yes"),
        ("count(items) > 0", "交接清单的行数高于0", "the number of rows of the items is above 0"),
        ("opened < '2026-03-01'", "受理时间早于2026-03-01 00:00", "time of receipt is before 2026-03-01 00:00"),
        ("invested / 2 > 1.50", "投入资金 ÷ 2高于1.5", "money invested ÷ 2 is above 1.5"),
        ("days_since(opened) > 30", "受理时间至今的天数高于30", "the days since time of receipt is above 30"),
        (
            "case when mark >= 90 then 20 else 0 end",
            "得分不低于90时为20；否则为0",
            "20 if mark is at least 90; else 0",
        ),
        ("courtyard.state in ('built')", "庭院的状态是“built”", "courtyard’s state is “built”"),
        ("lower(register) = 'a'", "lower(register) = 'a'", "lower(register) = 'a'"),
    ],
)
def test_expression_is_said_in_words(source: str, zh: str, en: str) -> None:
    expression, faults = parse_expression(source, SCOPE)
    assert expression is not None, faults
    assert describe(expression, NAMES) == Words(zh, en)


def test_decision_is_said_in_words() -> None:
    expression, _ = parse_expression("trimmed_mean(mark, 0) >= 8 and share(verdict = 'pass') >= 2/3", PANEL)
    assert expression is not None
    assert describe(expression, NAMES) == Words(
        "得分的平均不低于8，且“意见是“通过””的比例不低于2 ÷ 3",
        "the mean of mark is at least 8, and the share with verdict is “pass” is at least 2 ÷ 3",
    )
