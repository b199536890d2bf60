"""How parts of a charter are said in words, in both languages: parties, durations, states."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from zhangfa.charter.model import Charter, Duration, Field, Late, Register, Step, Takers, Text, Who

UNITS = {
    "minutes": ("分钟", "minute"),
    "hours": ("小时", "hour"),
    "days": ("天", "day"),
    "workdays": ("个工作日", "working day"),
    "weeks": ("周", "week"),
    "months": ("个月", "month"),
    "quarters": ("个季度", "quarter"),
    "years": ("年", "year"),
}
KINDS = {
    "prefecture": ("市", "prefecture"),
    "county": ("县", "county"),
    "town": ("镇街", "town"),
    "precinct": ("管区", "precinct"),
    "village": ("村（社区）", "village"),
    "grid": ("网格", "grid"),
    "lane": ("街巷", "lane"),
    "household": ("户", "household"),
    "department": ("部门", "department"),
    "branch": ("支部", "branch"),
    "team": ("队伍", "team"),
    "cooperative": ("合作社", "cooperative"),
    "company": ("企业", "company"),
    "school": ("学校", "school"),
}
PARTIES = {
    "public": ("群众（不用注册）", "anybody, without an account"),
    "author": ("提出的人", "whoever opened it"),
    "about": ("当事人或当事单位", "whom it is about"),
    "assignee": ("接办的人", "whoever was assigned"),
    "system": ("系统", "the system"),
}
WARNINGS = {"yellow": ("黄色", "yellow"), "orange": ("橙色", "orange"), "red": ("红色", "red")}


def both(zh: str, en: str) -> Text:
    """Make a text of both languages."""
    return Text(zh, en)


def english(text: Text) -> str:
    """Return the English of a text, or its Chinese where there is none."""
    return text.en or text.zh


def listed(texts: Iterable[Text], zh: str = "、", en: str = ", ") -> Text:
    """Join texts into an enumeration."""
    many = list(texts)
    return Text(zh.join(one.zh for one in many), en.join(english(one) for one in many))


def say_duration(duration: Duration) -> Text:
    """Say a length of time, such as ``10 个工作日`` · ``10 working days``."""
    zh, en = UNITS[duration.unit]
    return Text(f"{duration.amount} {zh}", f"{duration.amount} {en}{'' if duration.amount == 1 else 's'}")


def say_kinds(kinds: Iterable[str]) -> Text:
    """Say kinds of unit."""
    return listed((Text(*KINDS[kind]) for kind in kinds), "、", " or ")


def say_who(who: Who, charter: Charter, register: Register | None) -> Text:
    """Say a party by the title people know."""
    if who.kind == "role":
        title = charter.roles[who.name].title
        if not who.at or register is None:
            return title
        unit = field_title(charter, register, who.at)
        return Text(f"{unit.zh}的{title.zh}", f"{english(title)} of the {english(unit).lower()}")
    if who.kind == "field" and register is not None:
        title = field_title(charter, register, who.name)
        return Text(f"{title.zh}", english(title))
    return Text(*PARTIES[who.kind])


def field_title(charter: Charter, register: Register, path: str) -> Text:
    """Return the title of a field at a path such as ``topic.lecturer``."""
    first, _, rest = path.partition(".")
    field = register.fields.get(first)
    if field is None:
        return Text(path)
    if not rest:
        return field.title
    target = charter.registers.get(field.to)
    inner = target.fields.get(rest) if target else None
    if inner is None:
        return field.title
    return Text(f"{field.title.zh}的{inner.title.zh}", f"{english(inner.title)} of the {english(field.title).lower()}")


def say_all(whos: Iterable[Who], charter: Charter, register: Register | None) -> Text:
    """Say several parties."""
    return listed(say_who(who, charter, register) for who in whos)


def say_takers(by: Takers, charter: Charter, register: Register) -> Text:
    """Say who takes a step, and how many of them it needs."""
    who = [say_who(one, charter, register) for one in by.who]
    if by.mode == "all":
        one = listed(who, "和", " and ")
        return Text(f"{one.zh}（都要办理）", f"{english(one)} (each of them)")
    if by.mode == "panel":
        drawn = ("，抽签产生", ", drawn by lot") if by.drawn else ("", "")
        away = _away(by, charter, register)
        return Text(
            f"{who[0].zh} {by.count} 人{drawn[0]}{away.zh}", f"{by.count} of {english(who[0])}{drawn[1]}{away.en}"
        )
    if by.mode == "vote":
        return Text(
            f"{who[0].zh}表决，{_share(by.share)}以上通过",
            f"{english(who[0])} by vote; passes at {by.share} of those present",
        )
    return listed(who, "或", " or ")


def _away(by: Takers, charter: Charter, register: Register) -> Text:
    if not by.not_from:
        return Text("", "")
    unit = (
        Text("本单位", "unit of the record") if by.not_from == "unit" else field_title(charter, register, by.not_from)
    )
    return Text(f"，{unit.zh}的人回避", f", none from the {english(unit).lower()}")


def _share(share: Fraction) -> str:
    return f"{share.denominator}分之{share.numerator}"


def say_late(late: Late, charter: Charter, register: Register) -> Text:
    """Say what happens when a deadline passes."""
    parts = []
    if late.tell:
        told = say_all(late.tell, charter, register)
        parts.append(Text(f"告知{told.zh}", f"it is told to {english(told)}"))
    if late.warn:
        zh, en = WARNINGS[late.warn]
        parts.append(Text(f"标为{zh}预警", f"it is marked {en}"))
    if late.do:
        title = register.steps[late.do].title
        parts.append(Text(f"由系统办理“{title.zh}”", f'the system takes "{english(title)}"'))
    return listed(parts, "，", ", ")


def say_fields(fields: Iterable[Field]) -> Text:
    """Say fields by their titles."""
    return listed(field.title for field in fields)


def say_states(states: Iterable[str], register: Register) -> Text:
    """Say states by their titles, in quotes."""
    titles = [register.states[one].title for one in states]
    return listed((Text(f"“{one.zh}”", f'"{english(one)}"') for one in titles), "或", " or ")


def names_in_words(charter: Charter, register: Register, step: Step | None = None) -> dict[str, Text]:
    """Return the titles of every name an expression of the register may use, for ``describe``."""
    names = {
        "state": Text("状态", "state"),
        "unit": Text("单位", "unit"),
        "opened": Text("打开时间", "time of opening"),
        "today": Text("当天", "the day"),
        "author": Text("提出的人", "whoever opened it"),
    }
    names |= {f"state={one.id}": one.title for one in register.states.values()}
    names |= {setting.id: setting.title for setting in charter.settings.values()}
    for field in (*register.fields.values(), *(step.asks if step else ())):
        names[field.id] = field.title
        names |= {f"{field.id}={option.id}": option.title for option in field.options}
        names |= {f"{field.id}.{column.id}": column.title for column in field.columns}
    for one in register.steps.values():
        names[one.id.replace("-", "_") + "_count"] = Text(f"“{one.title.zh}”的次数", f'times of "{english(one.title)}"')
    return names


def step_title(step: Step) -> Text:
    """Return a step's title in quotes."""
    return Text(f"“{step.title.zh}”", f'"{english(step.title)}"')
