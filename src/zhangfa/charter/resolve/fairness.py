"""Fair by construction: what no score may count, and what people who are scored are owed.

Scores count results of work. Log-ins, time online, clock-ins, likes, forwards, study time, uploaded photos and tracks
are refused as indicators (Notice of the State Council General Office, 国办函〔2026〕12号).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from zhangfa.charter.model import Register, Step, Text
from zhangfa.charter.resolve.judged import Judging, columns_read, demands, values_allowed
from zhangfa.charter.resolve.scores import indicator_items, weight_items
from zhangfa.charter.schema.shapes import Item
from zhangfa.charter.score_model import Indicator, Score
from zhangfa.expression import tree

IN_CHINESE = re.compile(
    "打卡|签到|签退|登录|登陆|在线时长|在线时间|上线时长|点赞|转发|学习时长|学习时间|步数|轨迹|上传照片|照片数|截图"
)
IN_ENGLISH = re.compile(
    r"\b(log(ged)? ?(in|on)s?|sign ?ins?|check ?ins?|clock ?(in|out)s?|punch ?(in|card)s?|(time|minutes|hours) online|"
    r"online (time|minutes|hours)|likes|thumbs ?ups?|forwards|forward(ed|ing)|reposts?|retweets?|"
    r"(study|learning) (time|minutes|hours)|step ?counts?|footsteps|pedometer|gps|tracks|trajector(y|ies)|"
    r"uploaded photos|photos? (uploaded|counts?)|uploads|screenshots?)\b"
)
RATED = ("int", "decimal", "percent", "choice", "bool")
TRACES = ("files", "point")
HOME = "household"
"""A household is people: what holds for a score of persons holds for it."""


def check_fairness(judging: Judging, scores: Mapping[str, Score]) -> None:
    """Collect every breach of fairness in the scores of a charter."""
    for name, score in scores.items():
        item = judging.scores[name]
        for _, one, draft, _ in indicator_items(item):
            _check_indicator(judging, draft, score.indicators[one])
        _check_people(judging, item, score)
        for weight, source in weight_items(item):
            if not source:
                judging.ctx.fail("C315", weight, at_word=True)


def _check_indicator(judging: Judging, item: Item, indicator: Indicator) -> None:
    if not indicator.from_:
        return
    register = judging.registers.get(indicator.from_)
    columns = judging.columns(indicator.from_)
    read = columns_read(columns, indicator.where, indicator.value)
    if word := _presence(_words(indicator, register, read)):
        judging.ctx.fail("C310", item, at_word=True, word=word)
    for one in read:
        if columns[one].kind in TRACES:
            judging.ctx.fail("C311", item, at_word=True, word=one)
    if register and _from_public(register) and not _is_verified(indicator, register):
        judging.ctx.fail("C314", item.value.get("where", item), at_word=True, word=register.id)


def _words(indicator: Indicator, register: Register | None, read: list[str]) -> Iterator[str]:
    """Yield every id and title under which a reader meets what the indicator counts."""
    texts: list[Text] = [indicator.title]
    yield indicator.id
    if register:
        yield register.id
        texts.append(register.title)
        for field in (register.fields[one] for one in read if one in register.fields):
            yield field.id
            texts.append(field.title)
    for text in texts:
        yield text.zh
        yield text.en or ""


def _presence(words: Iterator[str]) -> str:
    for one in words:
        if found := IN_CHINESE.search(one) or IN_ENGLISH.search(re.sub("[-_]", " ", one.lower())):
            return found[0]
    return ""


def _check_people(judging: Judging, item: Item, score: Score) -> None:
    if not score.of_post and score.of_kind != HOME:
        return
    publish = item.value.get("publish")
    if score.publish and score.publish.public and publish:
        judging.ctx.fail("C312", publish.value["to"], word=score.id)
    if publish is None or not publish.has("objections"):
        judging.ctx.fail("C313", publish or item, at_word=True, word=score.id)


def _takes(step: Step, kind: str) -> bool:
    return any(who.kind == kind for who in step.by.who)


def _from_public(register: Register) -> bool:
    return any(not step.from_ and _takes(step, "public") for step in register.steps.values())


def _is_verified(indicator: Indicator, register: Register) -> bool:
    """Tell whether a complaint counts only after somebody looked into it, or by the resident's own verdict.

    Proved from ``where`` alone: it must demand a state that no resident's submission leads to, or a field that a
    resident fills in afterwards, or that a later step was taken.
    """
    return indicator.where is not None and _proves(indicator.where.tree, register)


def _proves(node: tree.Node, register: Register) -> bool:
    if isinstance(node, tree.Logic) and node.operator == "or":
        return all(_proves(part, register) for part in node.parts)
    return any(_proves(one, register) if one is not node else _demands(one, register) for one in demands(node))


def _demands(node: tree.Node, register: Register) -> bool:
    states = values_allowed(node, "state")
    if states is not None:
        return not states & _unverified(register)
    verdicts, counters = _verdicts(register), _counters(register)
    if isinstance(node, tree.Not) and isinstance(node.operand, tree.Is) and node.operand.what is None:
        return _names(node.operand.operand) & (verdicts | {"closed"}) != set()
    if isinstance(node, tree.Compare) and node.operator in (">", ">=", "="):
        above = (isinstance(node.right, tree.Literal) and node.right.value not in (0, None)) or node.operator == ">"
        return bool(_names(node.left) & (verdicts | (counters if above else set())))
    if isinstance(node, tree.In | tree.Between):
        return bool(_names(node.operand) & verdicts)
    return False


def _names(node: tree.Node) -> set[str]:
    return {node.path[0]} if isinstance(node, tree.Name) else set()


def _unverified(register: Register) -> set[str]:
    """Return the states in which nobody has looked into what a resident submitted."""
    opening = [step for step in register.steps.values() if not step.from_ and _takes(step, "public")]
    return {state for step in opening for state in step.to}


def _verdicts(register: Register) -> set[str]:
    """Return the fields of a verdict: chosen or rated by the resident who comes back, and not part of the complaint."""
    residents = [one for one in register.steps.values() if _takes(one, "public") or _takes(one, "author")]
    told = {field.id for step in residents if not step.from_ for field in step.asks}
    later = [field for step in residents if step.from_ for field in step.asks]
    return {field.id for field in later if field.type in RATED and field.id not in told}


def _counters(register: Register) -> set[str]:
    return {step.id.replace("-", "_") + "_count" for step in register.steps.values() if step.from_}
