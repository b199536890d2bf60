"""Explain a charter to a villager: who takes part, what is recorded, how it goes on, and by when."""

# ruff: noqa: E501 — a sentence or a drawn part stays on one line
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from zhangfa.charter.judging_words import (
    say_every,
    say_expression,
    say_publish,
    say_scale,
    say_source,
    say_tier,
    say_way,
    say_whom,
)
from zhangfa.charter.model import Charter, Door, Field, Register, Step, Text
from zhangfa.charter.score_model import Indicator, Score
from zhangfa.charter.words import (
    both,
    english,
    field_title,
    listed,
    names_in_words,
    say_all,
    say_duration,
    say_fields,
    say_kinds,
    say_late,
    say_states,
    say_takers,
    step_title,
)  # fmt: skip
from zhangfa.expression import Expression, describe


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the explanation: ``who``, ``what``, ``how``, ``when``, ``protect``, ``judged``, ``honours`` or ``decided``."""

    id: str
    title: Text
    lines: tuple[Text, ...]


def explain(charter: Charter) -> tuple[Section, ...]:
    """Return the sections of a charter's page, each with whole sentences in both languages."""
    sections = (
        Section("who", Text("谁参加", "Who takes part"), tuple(_who(charter))),
        Section("what", Text("记什么", "What is recorded"), tuple(_what(charter))),
        Section("how", Text("怎么办", "How it goes"), tuple(_how(charter))),
        Section("when", Text("多久办", "By when"), tuple(_when(charter))),
        Section("protect", Text("怎样保护您", "How you are protected"), tuple(_protect(charter))),
        Section("judged", Text("怎么考核", "How it is judged"), tuple(_judged(charter))),
        Section("honours", Text("有什么称号", "What can be earned"), tuple(_honoured(charter))),
        Section("decided", Text("县里定的", "What the county decided"), tuple(_decided(charter))),
    )
    return tuple(section for section in sections if section.lines)


def _who(charter: Charter) -> Iterator[Text]:
    for role in charter.roles.values():
        at = say_kinds(role.at)
        safe = ("，登录须两步验证", "; signs in with two factors") if role.two_factor else ("", "")
        yield both(
            f"{role.title.zh}：在{at.zh}任职{safe[0]}。", f"{english(role.title)}: a post at a {english(at)}{safe[1]}."
        )
    for door in charter.doors.values():
        yield _door(charter, door)


def _door(charter: Charter, door: Door) -> Text:
    if door.submit:
        title = charter.registers[door.register].steps[door.submit].title
        code = say_kinds([door.code_for]) if door.code_for else None
        follow = ("凭查询码跟踪进展", " and is followed by a code") if door.follow else ("", "")
        scan = (f"扫{code.zh}的二维码", f", from the QR code of a {english(code)}") if code else ("在窗口", "")
        return both(
            f"群众{scan[0]}就能“{title.zh}”，不用注册" + (f"，{follow[0]}。" if follow[0] else "。"),
            f'Anybody can "{english(title)}" without an account{scan[1]}{follow[1]}.',
        )
    shown = listed(_column_title(charter, charter.registers[door.shows], one) for one in door.columns)
    return both(f"公开{door.title.zh}：{shown.zh}。", f"{english(door.title)} is public: {english(shown)}.")


def _column_title(charter: Charter, register: Register, column: str) -> Text:
    known = {"unit": Text("单位", "unit"), "state": Text("状态", "state")}
    return known.get(column) or field_title(charter, register, column)


def _what(charter: Charter) -> Iterator[Text]:
    for register in charter.registers.values():
        unit = say_kinds(register.unit)
        fields = say_fields(register.fields.values())
        yield both(
            f"{register.title.zh}（每条归一个{unit.zh}）：{fields.zh}。",
            f"{english(register.title)} (each belongs to one {english(unit)}): {english(fields)}.",
        )
        for field in register.fields.values():
            if field.rows:
                yield _checklist(field)
            elif field.compute:
                how = _in_words(field.compute, charter, register)
                yield both(
                    f"{field.title.zh}由系统算出：{how.zh}。", f"{english(field.title)} is computed: {english(how)}."
                )


def _checklist(field: Field) -> Text:
    columns = say_fields(field.columns)
    return both(
        f"{field.title.zh}有 {len(field.rows)} 行，每行填：{columns.zh}。",
        f"{english(field.title)} has {len(field.rows)} rows, each with: {english(columns)}.",
    )


def _in_words(expression: Expression, charter: Charter, register: Register, step: Step | None = None) -> Text:
    words = describe(expression, names_in_words(charter, register, step))
    return Text(words.zh, words.en)


def _how(charter: Charter) -> Iterator[Text]:
    for register in charter.registers.values():
        for step in register.steps.values():
            yield _step(charter, register, step)


def _step(charter: Charter, register: Register, step: Step) -> Text:
    who = say_takers(step.by, charter, register)
    to = say_states(step.to, register)
    zh, en = [f"{who.zh}办理{step_title(step).zh}"], [f"{_capital(english(who))} takes {step_title(step).en}"]
    if step.asks:
        asked = say_fields(step.asks)
        zh.append(f"填写{asked.zh}")
        en.append(f"filling in {english(asked)}")
    if step.when:
        when = _in_words(step.when, charter, register, step)
        zh.append(f"条件是{when.zh}")
        en.append(f"on condition that {english(when)}")
    if step.at_most:
        zh.append(f"最多 {step.at_most} 次")
        en.append(f"at most {step.at_most} time{'' if step.at_most == 1 else 's'}")
    zh.append(f"办完为{to.zh}")
    en.append(f"after which it is {english(to)}")
    if step.decide:
        how = _rule(charter, register, step)
        zh.append(f"结果按规则得出：{how.zh}")
        en.append(f"decided by the rule: {english(how)}")
    if step.tell:
        told = say_all(step.tell, charter, register)
        zh.append(f"并告知{told.zh}")
        en.append(f"and told to {english(told)}")
    return both("，".join(zh) + "。", ", ".join(en) + ".")


def _rule(charter: Charter, register: Register, step: Step) -> Text:
    assert step.decide is not None
    how = _in_words(step.decide, charter, register, step)
    zh, en = how.zh, english(how)
    for state in step.to:
        title = register.states[state].title
        zh, en = zh.replace(f"“{state}”", f"“{title.zh}”"), en.replace(f"“{state}”", f'"{english(title)}"')
    return both(zh, en)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _when(charter: Charter) -> Iterator[Text]:
    for register in charter.registers.values():
        for step in register.steps.values():
            if step.within:
                yield _deadline(charter, register, step)
        if register.within:
            time = say_duration(register.within)
            late = say_late(register.late, charter, register) if register.late else None
            yield both(
                f"整件{register.title.zh}须在 {time.zh}内办完" + (f"；逾期{late.zh}。" if late else "。"),
                f"The whole {english(register.title).lower()} is done within {english(time)}"
                + (f"; if late, {english(late)}." if late else "."),
            )


def _deadline(charter: Charter, register: Register, step: Step) -> Text:
    assert step.within is not None
    time = say_duration(step.within)
    since = listed((step_title(register.steps[one]) for one in step.since), "或", " or ")
    late = say_late(step.late, charter, register) if step.late else None
    zh = f"{step_title(step).zh}须在{f'最近一次{since.zh}之后' if step.since else ''} {time.zh}内" + (
        f"；逾期{late.zh}。" if late else "。"
    )
    counted = f" of the latest {english(since)}" if step.since else ""
    en = f"{step_title(step).en} within {english(time)}{counted}" + (f"; if late, {english(late)}." if late else ".")
    return both(zh, en)


def _protect(charter: Charter) -> Iterator[Text]:
    for register in charter.registers.values():
        for field in register.fields.values():
            if field.sensitive:
                seen = (
                    say_all(field.visible_to, charter, register)
                    if field.visible_to
                    else Text("经办人", "those in charge")
                )
                yield both(
                    f"{field.title.zh}加密保存，只有{seen.zh}看得到，每次查看留痕。",
                    f"{english(field.title)} is stored encrypted; only {english(seen)} can read it, and each reading is logged.",
                )
        if register.keep_for:
            time = say_duration(register.keep_for)
            then = (
                ("去除个人信息", "personal data are blanked")
                if register.keep_then == "anonymise"
                else ("销毁", "it is erased")
            )
            yield both(
                f"{register.title.zh}办结后保存 {time.zh}，期满{then[0]}。",
                f"A {english(register.title).lower()} is kept {english(time)} after closing; then {then[1]}.",
            )
    for word in (charter.lawful_basis, charter.impact):
        if word:
            yield word


def _decided(charter: Charter) -> Iterator[Text]:
    for setting in charter.settings.values():
        value = setting.value
        said = say_duration(value) if hasattr(value, "amount") else Text(str(value), str(value))  # type: ignore[arg-type]
        yield both(f"{setting.title.zh}：{said.zh}。", f"{english(setting.title)}: {english(said)}.")


def _judged(charter: Charter) -> Iterator[Text]:
    for score in charter.scores.values():
        whom, every = say_whom(score, charter), say_every(score, charter)
        zh, en = (
            [f"{score.title.zh}：{every.zh}考核{whom.zh}"],
            [f"{english(score.title)}: {english(whom)}, {english(every)}"],
        )
        if score.rank_in:
            inside = say_kinds([score.rank_in])
            zh.append(f"在同一{inside.zh}内排名")
            en.append(f"ranked within the {english(inside)}")
        if score.base:
            zh.append(f"基础分 {score.base}")
            en.append(f"everybody starts with {score.base}")
        yield both("，".join(zh) + "。", ", ".join(en) + ".")
        for one in score.indicators.values():
            yield _indicator(charter, score, one)
        if score.tiers:
            tiers = listed((say_tier(one, charter) for one in score.tiers), "、", ", ")
            yield both(f"{score.title.zh}分为{tiers.zh}。", f"{english(score.title)} has the tiers {english(tiers)}.")
        if score.publish:
            said = say_publish(score.publish, charter)
            yield both(f"{score.title.zh}由{said.zh}。", f"{english(score.title)} is {english(said)}.")


def _indicator(charter: Charter, score: Score, one: Indicator) -> Text:
    source, value = say_source(one, charter), say_expression(one.value, charter, one.from_)
    zh, en = (
        [f"{one.title.zh}看{source.zh}：{value.zh}"],
        [f"{english(one.title)} reads {english(source)}: {english(value)}"],
    )
    if one.where:
        where = say_expression(one.where, charter, one.from_)
        zh.append(f"只算{where.zh}的")
        en.append(f"only where {english(where)}")
    scale = say_scale(one.scale)
    zh.append(scale.zh)
    en.append(english(scale))
    if one.weight:
        inside = score.dimensions[one.dimension].title if one.dimension else None
        zh.append(f"在{inside.zh}中权重 {one.weight}" if inside else f"权重 {one.weight}")
        en.append(f"weight {one.weight}" + (f" within {english(inside)}" if inside else ""))
    return both("，".join(zh) + "。", ", ".join(en) + ".")


def _honoured(charter: Charter) -> Iterator[Text]:
    for one in charter.honours.values():
        whom, way = say_whom(one, charter), say_way(one, charter)
        zh, en = (
            [f"{one.title.zh}（授予{whom.zh}）：{way.zh}"],
            [f"{english(one.title)} (for a {english(whom)}): {english(way)}"],
        )
        if one.lasts:
            time = say_duration(one.lasts)
            zh.append(f"有效 {time.zh}")
            en.append(f"kept {english(time)}")
        if one.moving:
            zh.append("流动")
            en.append("moving on to the next holder")
        if one.withdrawn_by:
            by = say_all(one.withdrawn_by, charter, None)
            zh.append(f"可由{by.zh}撤销")
            en.append(f"may be withdrawn by {english(by)}")
        yield both("，".join(zh) + "。", ", ".join(en) + ".")
