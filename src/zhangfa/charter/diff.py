"""What changes from one version of a charter to the next, in words a clerk reads before agreeing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields as fields_of
from typing import Any

from zhangfa.charter.honour_model import Honour
from zhangfa.charter.judging_words import say_publish, say_scale
from zhangfa.charter.model import Charter, Duration, Effect, Field, Register, Step, Takers, Text, Who
from zhangfa.charter.score_model import Publish, Scale, Score
from zhangfa.charter.words import (
    PARTIES,
    both,
    english,
    listed,
    say_all,
    say_duration,
    say_fields,
    say_kinds,
    say_late,
    say_states,
    say_takers,
)  # fmt: skip
from zhangfa.expression import Expression

NOTHING = Text("无", "none")
CHARTER_WORDS = {
    "title": ("名称", "title"),
    "summary": ("一句话说明", "summary"),
    "group": ("类别", "kind"),
    "source": ("出处", "source"),
    "lawful_basis": ("合法依据", "lawful basis"),
    "impact": ("影响评估", "impact assessment"),
    "in_force": ("施行日期", "date in force"),
}
WORDS = {
    "title": ("名称", "title"),
    "help": ("说明", "help"),
    "at": ("任职单位", "kinds of unit"),
    "two_factor": ("两步验证", "two factors"),
    "of": ("组成", "members"),
    "start": ("首日", "first day"),
    "end": ("末日", "last day"),
    "value": ("值", "value"),
    "type": ("类型", "type"),
    "required": ("必填", "required"),
    "default": ("默认值", "default"),
    "min": ("下限", "minimum"),
    "max": ("上限", "maximum"),
    "pattern": ("格式", "pattern"),
    "options": ("选项", "options"),
    "measure": ("计量单位", "unit of measure"),
    "places": ("小数位数", "decimals"),
    "long": ("多行", "several lines"),
    "accept": ("文件种类", "kind of file"),
    "kind": ("单位种类", "kinds of unit"),
    "role": ("角色", "role"),
    "to": ("去向", "destination"),
    "where": ("范围", "which"),
    "sensitive": ("敏感种类", "sensitivity"),
    "visible_to": ("谁能看", "who may read it"),
    "filled_by": ("谁填写", "who fills it in"),
    "compute": ("计算办法", "computation"),
    "carry": ("带入", "carried from"),
    "columns": ("列", "columns"),
    "rows": ("固定行", "fixed rows"),
    "from_": ("起点状态", "states it starts from"),
    "by": ("办理人", "taker"),
    "asks": ("填写内容", "fields asked"),
    "asks_about": ("填写当事人", "asks whom it is about"),
    "when": ("办理条件", "condition"),
    "within": ("期限", "deadline"),
    "since": ("期限起算", "start of the deadline"),
    "late": ("逾期处理", "what happens when late"),
    "assign": ("下一步派给", "next task goes to"),
    "claim": ("领办时间", "time to claim"),
    "then": ("随之发生", "effects"),
    "at_most": ("次数上限", "at most"),
    "decide": ("结果规则", "deciding rule"),
    "tell": ("告知", "told"),
    "never": ("禁用动作", "verbs not allowed"),
    "unit": ("归属单位", "owning unit"),
    "about": ("当事人", "about"),
    "about_role": ("当事人角色", "role of whom it is about"),
    "label": ("称呼", "label"),
    "seen_by": ("谁能看", "who may see it"),
    "one_per": ("唯一", "one per"),
    "rests": ("停留状态", "states at rest"),
    "never_two": ("不得重叠", "never two"),
    "unless_same_person": ("四眼原则", "four eyes"),
    "keep_for": ("保存期限", "retention"),
    "keep_then": ("期满处理", "after retention"),
    "dated_by": ("所属期间", "dated by"),
    "prints": ("打印样式", "printed form"),
    "icon": ("图标", "icon"),
    "submit": ("提交步骤", "submitting step"),
    "register": ("台账", "register"),
    "code_for": ("二维码单位", "printed code for"),
    "follow": ("凭码跟踪", "followed by code"),
    "shows": ("公示台账", "register shown"),
    "as_": ("公示形式", "shown as"),
    "of_kind": ("对象", "kind of unit"),
    "of_post": ("对象", "role"),
    "every": ("周期", "period"),
    "rank_in": ("排名范围", "kind of unit ranked in"),
    "peers": ("比较编组", "peers"),
    "base": ("基础分", "base"),
    "precision": ("小数位数", "decimals"),
    "rank_on": ("排名所依的分", "total ranked on"),
    "ties": ("并列", "ties"),
    "too_few": ("最少事实数", "fewest facts"),
    "combine": ("合成办法", "way of combining"),
    "publish": ("公布", "publishing"),
    "weight": ("权重", "weight"),
    "weight_source": ("权重出处", "source of the weight"),
    "clause": ("条款", "clause"),
    "transform": ("变换", "transformation"),
    "missing": ("无数据时", "what happens without data"),
    "key": ("事实归属", "key"),
    "scale": ("计分办法", "way to count"),
    "dimension": ("维度", "dimension"),
    "indicators": ("指标", "indicators"),
    "parent": ("上级维度", "dimension above"),
    "share": ("比例", "share"),
    "at_least": ("最低分", "least total"),
    "first": ("首名", "first rank"),
    "last": ("末名", "last rank"),
    "quota": ("名额", "quota"),
    "per": ("名额单位", "kind of unit with a quota"),
    "over": ("汇总对象", "units rolled up"),
    "adjoining": ("相连数", "number adjoining"),
    "awarders": ("评授人", "awarders"),
    "lasts": ("有效期", "time kept"),
    "moving": ("流动", "moving"),
    "withdrawn_by": ("撤销人", "who may withdraw it"),
    "withdrawn_when": ("撤销条件", "condition of withdrawal"),
    "own": ("本步骤字段", "own sheet"),
    "steps": ("步骤", "steps"),
    "states": ("状态", "states"),
    "fields": ("字段", "fields"),
}
KEPT = frozenset({"id", "own", "states"})
ELSEWHERE = frozenset({"fields", "steps", "final", "indicators", "dimensions", "tiers", "grades", "needs"})
"""What is said of the things inside, and not of the thing that holds them."""


def compare(old: Charter, new: Charter) -> tuple[Text, ...]:
    """Return every difference of meaning, each as one sentence in both languages; comments and order do not count."""
    say = _Sayer(old, new)
    return tuple(say.everything())


class _Sayer:
    def __init__(self, old: Charter, new: Charter) -> None:
        self.old = old
        self.new = new

    def everything(self) -> Iterator[Text]:
        for word, (zh, en) in CHARTER_WORDS.items():
            before, after = getattr(self.old, word), getattr(self.new, word)
            if before != after:
                yield _changed(Text("章程", "the charter"), Text(zh, en), self._plain(before), self._plain(after))
        yield from self._things("角色", "role", self.old.roles, self.new.roles)
        yield from self._things("编组", "group", self.old.groups, self.new.groups)
        yield from self._things("阶段", "season", self.old.seasons, self.new.seasons)
        yield from self._things("设定值", "setting", self.old.settings, self.new.settings)
        yield from self._things("台账", "register", self.old.registers, self.new.registers, self._inside)
        yield from self._things("窗口", "door", self.old.doors, self.new.doors)
        yield from self._things("考核", "score", self.old.scores, self.new.scores, self._inside_score)
        yield from self._things("称号", "honour", self.old.honours, self.new.honours, self._inside_honour)

    def _things(
        self, zh: str, en: str, old: Mapping[str, Any], new: Mapping[str, Any],
        inside: Callable[[Any, Any], Iterator[Text]] | None = None, where: tuple[Register, Register] | None = None,
    ) -> Iterator[Text]:  # fmt: skip
        for name in [*old, *(one for one in new if one not in old)]:
            if name not in new:
                yield both(
                    f"删去{zh} {_named(name, old[name]).zh}。", f"The {en} {_named(name, old[name]).en} is removed."
                )
            elif name not in old:
                yield both(f"新增{zh} {_named(name, new[name]).zh}。", f"The {en} {_named(name, new[name]).en} is new.")
            elif old[name] != new[name]:
                named = _named(name, new[name])
                yield from self._attributes(
                    both(f"{zh} {named.zh}", f"the {en} {named.en}"), old[name], new[name], where
                )
                if inside:
                    yield from inside(old[name], new[name])

    def _inside(self, old: Register, new: Register) -> Iterator[Text]:
        yield from self._things("字段", "field", old.fields, new.fields, self._inside_field, (old, new))
        yield from self._things("步骤", "step", old.steps, new.steps, self._inside_step(old, new), (old, new))
        yield from self._things("状态", "state", old.states, new.states)

    def _inside_score(self, old: Score, new: Score) -> Iterator[Text]:
        yield from self._things("指标", "indicator", old.indicators, new.indicators)
        yield from self._things("维度", "dimension", old.dimensions, new.dimensions)
        yield from self._things("等次", "tier", {one.id: one for one in old.tiers}, {one.id: one for one in new.tiers})

    def _inside_honour(self, old: Honour, new: Honour) -> Iterator[Text]:
        before, after = ({one.id: one for one in honour.grades} for honour in (old, new))
        yield from self._things("级别", "grade", before, after)

    def _inside_field(self, old: Field, new: Field) -> Iterator[Text]:
        before, after = ({one.id: one for one in field.columns} for field in (old, new))
        yield from self._things("列", "column", before, after)

    def _inside_step(self, old: Register, new: Register) -> Callable[[Step, Step], Iterator[Text]]:
        def inside(before: Step, after: Step) -> Iterator[Text]:
            one, two = ({field.id: field for field in step.asks if field.id in step.own} for step in (before, after))
            yield from self._things("评分项", "sheet field", one, two, where=(old, new))

        return inside

    def _attributes(
        self, subject: Text, old: Any, new: Any, where: tuple[Register, Register] | None
    ) -> Iterator[Text]:  # fmt: skip
        registers = where or ((old, new) if isinstance(old, Register) else (None, None))
        for one in fields_of(old):
            before, after = getattr(old, one.name), getattr(new, one.name)
            if one.name in KEPT or one.name in ELSEWHERE or before == after:
                continue
            if one.name in ("asks", "columns") and [x.id for x in before] == [x.id for x in after]:
                continue  # the fields themselves are said elsewhere
            word = Text(*WORDS.get(one.name, (one.name, one.name)))
            yield _changed(
                subject, word, self._say(before, self.old, registers[0]), self._say(after, self.new, registers[1])
            )

    def _say(self, value: Any, charter: Charter, register: Register | None) -> Text:
        if isinstance(value, Takers) and register:
            return say_takers(value, charter, register)
        if isinstance(value, Who):
            return say_all([value], charter, register)
        if isinstance(value, tuple) and value and isinstance(value[0], Who):
            return say_all(value, charter, register)
        if isinstance(value, tuple) and value and isinstance(value[0], Field):
            return say_fields(value)
        if isinstance(value, tuple) and value and isinstance(value[0], Effect):
            return Text(f"{len(value)} 项效果", f"{len(value)} effect{'' if len(value) == 1 else 's'}")
        if isinstance(value, tuple) and value and register and all(one in register.states for one in value):
            return say_states(value, register)
        if register and type(value).__name__ == "Late":
            return say_late(value, charter, register)
        if isinstance(value, Scale):
            return say_scale(value)
        if isinstance(value, Publish):
            return say_publish(value, charter)
        return self._plain(value)

    def _plain(self, value: Any) -> Text:
        if value is None or value == () or value == "" or value == frozenset():
            return NOTHING
        if isinstance(value, bool):
            return Text("是", "yes") if value else Text("否", "no")
        if isinstance(value, Text):
            return Text(f"“{value.zh}”", f'"{english(value)}"')
        if isinstance(value, Duration):
            return say_duration(value)
        if isinstance(value, Expression):
            return Text(value.source, value.source)
        if isinstance(value, (tuple, frozenset)):
            return _many(value)
        if isinstance(value, Mapping):
            said = ", ".join(f"{name}: {one}" for name, one in value.items())
            return Text(said, said) if said else NOTHING
        return Text(str(value), str(value))


def _many(value: tuple[Any, ...] | frozenset[Any]) -> Text:
    from zhangfa.charter.words import KINDS

    items = sorted(value) if isinstance(value, frozenset) else list(value)
    if all(isinstance(one, str) and one in KINDS for one in items):
        return say_kinds(items)
    if all(isinstance(getattr(one, "title", None), Text) for one in items):
        return listed(one.title for one in items)
    if all(isinstance(one, Mapping) for one in items):
        return Text(f"{len(items)} 行", f"{len(items)} rows")
    said = [PARTIES.get(str(one), (str(one), str(one))) for one in items]
    return listed(Text(*one) for one in said)


def _named(name: str, thing: Any) -> Text:
    title = getattr(thing, "title", None)
    return Text(f"{name}（{title.zh}）", f"{name} ({english(title)})") if title and title.zh else Text(name, name)


def _changed(subject: Text, word: Text, before: Text, after: Text) -> Text:
    if before == after:
        return both(f"{subject.zh}的{word.zh}有改动。", _capital(f"{english(word)} of {english(subject)} is changed."))
    return both(
        f"{subject.zh}的{word.zh}由{_spaced(before.zh)}改为{_spaced(after.zh).rstrip()}。",
        _capital(f"{english(word)} of {english(subject)} changes from {english(before)} to {english(after)}."),
    )


def _spaced(zh: str) -> str:
    left = " " if zh[:1].isascii() and zh[:1] else ""
    right = " " if zh[-1:].isascii() and zh[-1:] else ""
    return f"{left}{zh}{right}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
