"""Why an honour was given or ended, and what people are told: whole sentences in both languages."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from zhangfa.charter.honour_model import Grade, Honour
from zhangfa.charter.judging_words import say_expression, say_way
from zhangfa.charter.model import Charter, Text
from zhangfa.charter.words import KINDS, english
from zhangfa.directory import tree

if TYPE_CHECKING:
    from zhangfa.honours.changes import Ended, Given

HOW = {
    "lapsed": ("已到期", "has lapsed"),
    "withdrawn": ("已撤销", "was withdrawn"),
    "moved": ("已流转", "was passed on"),
    "lost": ("不再符合条件", "is no longer earned"),
    "renewed": ("已续授", "was renewed"),
}


def titled(honour: Honour, grade: str = "") -> Text:
    """Name an honour with its grade: 星级党支部（五星）."""
    found = next((one for one in honour.grades if one.id == grade), None)
    if found is None:
        return Text(honour.title.zh, english(honour.title))
    return Text(f"{honour.title.zh}（{found.title.zh}）", f"{english(honour.title)} ({english(found.title)})")


def units_named(units: Sequence[int], most: int = 6) -> Text:
    """Name some units, and how many there are where they are more."""
    names = [one.name for one in tree.units(units).values()]
    shown, more = names[:most], len(names) - most
    rest = (f"等 {len(names)} 个", f" and {more} more") if more > 0 else ("", "")
    return Text("、".join(shown) + rest[0], ", ".join(shown) + rest[1])


def number(value: object) -> str:
    """Write a value as people do, with four decimals at most: 1, 0.8333, 是."""
    if isinstance(value, Decimal):
        return format(round(value, 4).normalize(), "f") if value else "0"
    return "—" if value is None else str(value)


def told_given(charter: Charter, given: Given) -> Text:
    """Tell that an honour was given; a person's honour is not named."""
    if given.person is not None:
        return _told_person(charter)
    name, unit = titled(given.honour, given.grade), tree.unit(given.unit or 0).name
    return Text(f"{unit}获得“{name.zh}”。", f'{unit} now holds "{english(name)}".')


def told_ended(charter: Charter, ended: Ended) -> Text:
    """Tell that an honour ended, and why; a person's honour is not named."""
    held = ended.holding
    if held.person_id is not None:
        return _told_person(charter)
    honour = charter.honours.get(held.honour)
    name = titled(honour, held.grade) if honour else Text(held.honour, held.honour)
    unit, how = tree.unit(held.unit_id or 0).name, HOW[ended.how]
    return Text(
        f"{unit}的“{name.zh}”{how[0]}：{ended.reason.zh}",
        f'"{english(name)}" of {unit} {how[1]}: {english(ended.reason)}',
    )


def _told_person(charter: Charter) -> Text:
    title = charter.title
    return Text(
        f"您在“{title.zh}”中的称号或牌有变动，登录后在“考核 · 称号”查看缘由。",
        f'An honour or card of yours under "{english(title)}" has changed; sign in and see why under Scores, Honours.',
    )


def placed(score: Text, period: Text, first: int, last: int, of: int, tied: Text | None) -> Text:
    """Say the place that earned an honour, and with whom it is shared."""
    zh, en = f"{period.zh}“{score.zh}”第 {first} 名（共 {of} 个）", f'Place {first} of {of} in "{english(score)}", '
    en += f"{english(period)}"
    if tied is None:
        return Text(f"{zh}。", f"{en}.")
    if not tied.zh:
        return Text(f"{zh}，有并列，占第 {first}–{last} 名。", f"{en}; shared, taking places {first} to {last}.")
    return Text(
        f"{zh}，与{tied.zh}并列，占第 {first}–{last} 名。",
        f"{en}; shared with {english(tied)}, taking places {first} to {last}.",
    )


def tied_out(honour: Honour, places: tuple[int, int], last: int, named: Text) -> Text:
    """Say who had the same place at the edge of what can be given, so that none of them came by it."""
    zh, en = honour.title.zh, english(honour.title)
    return Text(
        f"{named.zh}并列，占第 {places[0]}–{places[1]} 名，“{zh}”只到第 {last} 名，按规定不超名额，均未授予。",
        f'{english(named)} share places {places[0]} to {places[1]}; "{en}" ends with place {last}, and never goes to '
        "more than that, so none of them came by it.",
    )


def by_rule(honour: Honour, charter: Charter, score: Text, period: Text, total: object) -> Text:
    """Say the total and the condition it satisfies."""
    assert honour.when is not None
    rule = say_expression(honour.when, charter, "score")
    return Text(
        f"{period.zh}“{score.zh}”总分 {number(total)}，条件是{rule.zh}。",
        f'"{english(score)}", {english(period)}: total {number(total)}, on condition that {english(rule)}.',
    )


def by_grade(grade: Grade, charter: Charter, score: Text, period: Text, total: object) -> Text:
    """Say the total and the standard of the grade it reaches."""
    zh, en = [], []
    if grade.at_least is not None:
        zh.append(f"不低于 {number(grade.at_least)} 分")
        en.append(f"at least {number(grade.at_least)}")
    if grade.when is not None:
        rule = say_expression(grade.when, charter, "score")
        zh.append(rule.zh)
        en.append(english(rule))
    standard = ("；标准：" + "，".join(zh), "; the standard: " + ", ".join(en)) if zh else ("", "")
    return Text(
        f"{period.zh}“{score.zh}”总分 {number(total)}，定为“{grade.title.zh}”{standard[0]}。",
        f'"{english(score)}", {english(period)}: total {number(total)}, graded "{english(grade.title)}"{standard[1]}.',
    )


def renewed(period: Text | None) -> Text:
    """Say that the next conferring took its place."""
    if period is None:
        return Text("已重新授予。", "It was conferred anew.")
    return Text(f"按{period.zh}的结果重新授予。", f"Conferred anew by the result of {english(period)}.")


def regraded(before: Text, after: Text) -> Text:
    """Say that another grade took its place."""
    return Text(f"改定为“{after.zh}”，原为“{before.zh}”。", f'Now "{english(after)}", before "{english(before)}".')


def moved_on(to: Text) -> Text:
    """Say to whom a moving flag went."""
    return Text(f"流转给{to.zh}。" if to.zh else "已流转。", f"Passed on to {english(to)}." if to.zh else "Passed on.")


def corrected() -> Text:
    """Say that a corrected result no longer earns it."""
    return Text("考核结果已更正，更正后不再符合。", "The result was corrected, and no longer earns it.")


def lapsed(last: object) -> Text:
    """Say its last day."""
    return Text(f"有效期到 {last} 为止。", f"It held until {last}.")


def withdrawn_by_rule(honour: Honour, charter: Charter) -> Text:
    """Say the condition under which it is withdrawn."""
    assert honour.withdrawn_when is not None
    rule = say_expression(honour.withdrawn_when, charter, "unit")
    return Text(f"{rule.zh}，按章程撤销。", f"Withdrawn by the charter, since {english(rule)}.")


def unit_closed() -> Text:
    """Say that there is no such unit any more."""
    return Text("这个单位已经撤销或合并。", "This unit was closed or merged.")


def rule_now(honour: Honour, charter: Charter, values: Sequence[Text], *, holds: bool) -> Text:
    """Say a roll-up's rule and what it finds now."""
    way = say_way(honour, charter)
    zh, en = "；".join(one.zh for one in values), "; ".join(english(one) for one in values)
    now = (f"；现在{zh}", f"; now {en}") if values else ("", "")
    fits = ("符合", "Earned") if holds else ("不再符合", "No longer earned")
    return Text(f"{fits[0]}：{way.zh}{now[0]}。", f"{fits[1]}: {english(way)}{now[1]}.")


def counted(what: Text, value: object) -> Text:
    """Say one figure."""
    shown = {True: ("是", "yes"), False: ("否", "no")}.get(value) if isinstance(value, bool) else None
    pair = shown or (number(value), number(value))
    return Text(f"{what.zh}为 {pair[0]}", f"{english(what)}: {pair[1]}")


def shared(what: Text, value: object, of: object, kind: str) -> Text:
    """Say a share, and where it is a part, how many of how many: 比例为 0.9（共 10 户，符合 9 户）."""
    said = counted(what, value)
    if not isinstance(value, Decimal) or not isinstance(of, int | Decimal) or not 0 < value < 1:
        return said
    measure, en = "户" if kind == "household" else "个", KINDS[kind][1]
    part, whole = number(Decimal(round(value * of))), number(Decimal(of))
    zh = f"{said.zh}（共 {whole} {measure}，符合 {part} {measure}）"
    return Text(zh, f"{english(said)} ({part} of {whole}, {en})")


def hanging(found: int, needed: int, kind: str, known: bool) -> Text:
    """Say how many hang together, and that nobody said what lies beside what."""
    zh, en = KINDS[kind]
    if not known:
        return Text(
            f"其下{zh}还没有录入相邻关系（须 {needed} 个相连）", f"nothing is known of which {en} adjoins which"
        )
    return Text(
        f"最多有 {found} 个{zh}相连（须 {needed} 个）", f"at most {found} adjoin ({needed} needed) of kind {en}"
    )
