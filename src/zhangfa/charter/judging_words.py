"""How scores and honours are said in words, in both languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType

from zhangfa.charter.honour_model import Grade, Honour
from zhangfa.charter.model import Charter, Text
from zhangfa.charter.score_model import Band, Indicator, Publish, Scale, Score, Tier
from zhangfa.charter.words import KINDS, both, english, listed, say_all, say_duration
from zhangfa.expression import Expression, describe

TABLES = {
    "task": ("办理期限", "deadlines"), "unit": ("单位", "units"), "post": ("任职", "posts"),
    "score": ("考核结果", "scores"), "honour": ("称号", "honours"),
}  # fmt: skip
COLUMNS = {
    "on_time": ("按时", "done on time"), "done": ("办结时间", "time done"), "due": ("到期时间", "time due"),
    "register": ("台账", "register"), "step": ("步骤", "step"), "role": ("角色", "role"), "kind": ("种类", "kind"),
    "scheme": ("考核", "score"), "total": ("总分", "total"), "rank": ("名次", "rank"), "tier": ("等次", "tier"),
    "of": ("参评数", "number ranked"), "closed": ("办结时间", "time closed"), "opened": ("提交时间", "time opened"),
    "person": ("人员", "person"), "state": ("状态", "state"), "period": ("期间", "period"),
}  # fmt: skip
PERIODS = {
    "month": ("每月", "every month"), "quarter": ("每季度", "every quarter"),
    "half-year": ("每半年", "every half-year"), "year": ("每年", "every year"),
}  # fmt: skip


def say_whom(thing: Score | Honour, charter: Charter) -> Text:
    """Say who is scored, or who holds an honour."""
    return charter.roles[thing.of_post].title if thing.of_post else Text(*KINDS[thing.of_kind])


def say_every(score: Score, charter: Charter) -> Text:
    """Say how often a score is reckoned."""
    season = charter.seasons.get(score.every)
    return season.title if season else Text(*PERIODS[score.every])


def say_source(indicator: Indicator, charter: Charter) -> Text:
    """Say which facts an indicator reads."""
    register = charter.registers.get(indicator.from_)
    return register.title if register else Text(*TABLES[indicator.from_])


def judging_names(charter: Charter, table: str) -> dict[str, Text]:
    """Return the titles of every name an expression over a table of facts may use, for ``describe``."""
    names = {name: Text(*words) for name, words in COLUMNS.items()}
    names |= {setting.id: setting.title for setting in charter.settings.values()}
    names |= {f"register={one.id}": one.title for one in charter.registers.values()}
    names |= {f"scheme={one.id}": one.title for one in charter.scores.values()}
    names |= {f"role={one.id}": one.title for one in charter.roles.values()}
    names |= {f"kind={kind}": Text(*words) for kind, words in KINDS.items()}
    for honour in charter.honours.values():
        zh, en = f"获得“{honour.title.zh}”", f'holding "{english(honour.title)}"'
        names["has_" + honour.id.replace("-", "_")] = Text(zh, en)
    for one in charter.registers.values():
        names |= {f"step={step.id}": step.title for step in one.steps.values()} if table == "task" else {}
        if one.one_per == ("unit",):
            names[one.id.replace("-", "_")] = one.title
            names |= {f"{one.id.replace('-', '_')}={state.id}": state.title for state in one.states.values()}
    return names | _register_names(charter, table)


def _register_names(charter: Charter, table: str) -> dict[str, Text]:
    register = charter.registers.get(table)
    if register is None:
        return {}
    names = {f"state={one.id}": one.title for one in register.states.values()}
    for field in register.fields.values():
        names[field.id] = field.title
        names |= {f"{field.id}={option.id}": option.title for option in field.options}
    for step in register.steps.values():
        zh, en = f"“{step.title.zh}”的次数", f'times of "{english(step.title)}"'
        names[step.id.replace("-", "_") + "_count"] = Text(zh, en)
    return names


def say_expression(expression: Expression, charter: Charter, table: str) -> Text:
    """Say an expression over a table of facts."""
    said = describe(expression, judging_names(charter, table))
    return Text(said.zh, said.en)


def say_scale(scale: Scale) -> Text:
    """Say how a value becomes points."""
    return SCALES[scale.kind](scale)


def _number(number: Decimal | None) -> str:
    return f"{number.normalize():f}" if number is not None else ""


def _target(scale: Scale) -> Text:
    target, floor = _number(scale.target), _number(scale.floor or Decimal(0))
    return both(f"达到 {target} 得满分，{floor} 得零分", f"full points at {target}, none at {floor}")


def _goalposts(scale: Scale) -> Text:
    low, high = _number(scale.low), _number(scale.high)
    return both(f"自 {low}（零分）至 {high}（满分）按比例", f"in proportion from {low} (none) to {high} (full points)")


def _bands(scale: Scale) -> Text:
    said = listed((_band(one) for one in scale.bands), "，", ", ")
    return both(f"分档：{said.zh}", f"by bands: {english(said)}")


def _band(band: Band) -> Text:
    points, end = _number(band.points), _number(band.upto)
    if band.upto is None:
        return both(f"其余得 {points} 分", f"{points} points for the rest")
    word = ("不超过", "up to") if band.closed else ("不到", "below")
    return both(f"{word[0]} {end} 得 {points} 分", f"{points} points {word[1]} {end}")


def _add(scale: Scale) -> Text:
    cap = scale.cap or Decimal(0)
    size = _number(abs(cap))
    if cap < 0:
        return both(f"直接扣分，最多扣 {size} 分", f"taken off the total, at most {size}")
    return both(f"直接加分，最多加 {size} 分", f"added to the total, at most {size}")


def _given(scale: Scale) -> Text:
    most = _number(scale.given_max)
    return both(f"评分，满分 {most}", f"marks out of {most}")


SCALES: Mapping[str, Callable[[Scale], Text]] = MappingProxyType({
    "target": _target, "goalposts": _goalposts, "bands": _bands, "add": _add, "given": _given,
    "minmax": lambda scale: both("在同组最低与最高之间按比例", "in proportion between the lowest and the highest"),
    "rank": lambda scale: both("按在同组的名次", "by the rank among those compared with"),
    "veto": lambda scale: both("一票否决：大于零即不得分", "a veto: anything above zero strikes the score"),
})  # fmt: skip


def say_tier(tier: Tier | Grade, charter: Charter) -> Text:
    """Say a tier with its standard."""
    parts = list(_standards(tier, charter))
    if not parts:
        return tier.title
    said = listed(parts, "，", ", ")
    return both(f"{tier.title.zh}（{said.zh}）", f"{english(tier.title)} ({english(said)})")


def _standards(tier: Tier | Grade, charter: Charter) -> Iterator[Text]:
    if isinstance(tier, Tier) and tier.share is not None:
        percent = _number(tier.share * 100)
        yield both(f"前 {percent}%", f"the best {percent} %")
    if tier.at_least is not None:
        yield both(f"不低于 {_number(tier.at_least)} 分", f"at least {_number(tier.at_least)}")
    if isinstance(tier, Grade) and tier.when:
        yield say_expression(tier.when, charter, "score")


def say_publish(publish: Publish, charter: Charter) -> Text:
    """Say who signs a score off, who sees it, and how long it can be objected to."""
    by = charter.roles[publish.by].title
    zh, en = [f"{by.zh}签发"], [f"signed off by {english(by)}"]
    if publish.to:
        to = say_all(publish.to, charter, None)
        zh.append(f"给{to.zh}看")
        en.append(f"shown to {english(to)}")
    if publish.objections:
        time = say_duration(publish.objections)
        zh.append(f"{time.zh}内可提异议")
        en.append(f"open to objection for {english(time)}")
    return both("，".join(zh), ", ".join(en))


def say_way(honour: Honour, charter: Charter) -> Text:
    """Say how an honour is come by."""
    source = charter.scores[honour.from_].title if honour.from_ else Text("", "")
    if honour.by == "rank":
        return both(
            f"“{source.zh}”第 {honour.first} 至 {honour.last} 名",
            f'ranks {honour.first} to {honour.last} of "{english(source)}"',
        )
    if honour.by == "award":
        by, most = say_all(honour.awarders, charter, None), honour.quota
        limit = (f"，最多 {most} 个", f", at most {most}") if most else ("", "")
        return both(f"由{by.zh}评授{limit[0]}", f"awarded by {english(by)}{limit[1]}")
    if honour.by == "quota":
        per = KINDS.get(honour.per, ("", ""))
        inside = (f"每个{per[0]}", f" in each {per[1]}") if honour.per else ("", "")
        return both(
            f"“{source.zh}”{inside[0]}前 {honour.quota} 名",
            f'the best {honour.quota} of "{english(source)}"{inside[1]}',
        )
    return _rule(honour, charter)


def _rule(honour: Honour, charter: Charter) -> Text:
    if honour.grades:
        said = listed((say_tier(one, charter) for one in honour.grades), "、", ", ")
        source = charter.scores[honour.from_].title
        return both(f"按“{source.zh}”分级：{said.zh}", f'by grades of "{english(source)}": {english(said)}')
    assert honour.when is not None
    said = say_expression(honour.when, charter, "score" if honour.from_ else "unit")
    if not honour.over:
        return both(f"条件是{said.zh}", f"on condition that {english(said)}")
    below, adjoin = KINDS[honour.over], honour.adjoining
    hang = (f"，其中 {adjoin} 个相连", f", {adjoin} of them adjoining") if adjoin else ("", "")
    return both(f"就其下各{below[0]}看：{said.zh}{hang[0]}", f"over each {below[1]} below: {english(said)}{hang[1]}")
