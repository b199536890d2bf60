"""The words of scores and honours: how units and people are judged, and what they earn by it."""

# ruff: noqa: E501 — a sentence stays on one line
# fmt: off
from __future__ import annotations

from zhangfa.charter.fact_columns import UNIT_KINDS
from zhangfa.charter.schema.blocks import Block, Either, Many, Map, Title, Word, block
from zhangfa.charter.schema.shapes import (
    Bool,
    Formula,
    Id,
    Length,
    Line,
    Number,
    NumberOrSetting,
    OneOf,
    Whole,
    WholeOrSetting,
)

WAYS = ("target", "goalposts", "minmax", "rank", "bands", "add", "veto", "given")
"""The ways to count; an indicator has exactly one."""
MISSING = ("show", "leave_out")
COMBINE = ("arithmetic", "geometric")
WHO = Many(Line())

OF = block(
    "of", "考核谁", "who is scored",
    Word("post", Id(), "任此角色的人", "the people who hold this role", required=True),
)
OF_WHOM = Either(single=OneOf(UNIT_KINDS), mapping=OF)
GOALPOSTS = block(
    "goalposts", "固定的上下限", "fixed goalposts",
    Word("low", NumberOrSetting(), "得 0 分的值", "the value that earns 0", required=True),
    Word("high", NumberOrSetting(), "得 100 分的值；小于 low 则越少越好", "the value that earns 100; below low, less is better", required=True),
)
BAND = block(
    "band", "一档", "a band",
    Word("upto", NumberOrSetting(), "到此值（含）", "up to this value, which is included"),
    Word("below", NumberOrSetting(), "不到此值", "up to this value, which is left out"),
    Word("points", NumberOrSetting(), "得分（0 到 100）", "the points it earns, 0 to 100", required=True),
)
ADD = block(
    "add", "加分或扣分", "a bonus or a malus",
    Word("cap", NumberOrSetting(), "封顶：加分为正数，扣分为负数", "its limit: above zero a bonus, below zero a malus", required=True),
)
GIVEN = block(
    "given", "评分", "given marks",
    Word("mark", Id(), "哪个字段是所评的分", "the field that holds the marks", required=True),
    Word("max", NumberOrSetting(), "满分", "the highest mark", required=True),
    Word("trim", Whole(0, 9), "各去掉几个最高分和最低分", "how many of the highest and of the lowest marks are left out"),
)
INDICATOR = block(
    "indicator", "一项指标", "an indicator",
    Word("title", Title(), "指标名称", "its title", required=True),
    Word("from", Line(), "取哪种事实：台账，或 task、unit、post、score、honour", "the facts: a register, or task, unit, post, score, honour", required=True),
    Word("where", Formula(), "取哪些事实", "which of them"),
    Word("value", Formula(), "怎样由事实得出一个值（汇总表达式）", "how they make one value, an aggregate"),
    Word("key", Id(), "事实按哪个字段归到被考核的人或单位；不写则按事实所在单位", "the field that says whose fact it is; else the fact's unit"),
    Word("weight", NumberOrSetting(), "权重", "its weight"),
    Word("source", Line(), "权重的出处（条款）；不写则用考核的出处", "where the weight comes from; else the score's source"),
    Word("clause", Title(), "依据的条款", "the clause it rests on"),
    Word("transform", OneOf(("ln",)), "先取自然对数", "take the natural logarithm first"),
    Word("missing", OneOf(MISSING), "没有数据时：show 标为未报、不参加排名；leave_out 权重分给其他指标", "without data: shown as not reported and not ranked, or its weight goes to the others"),
    Word("target", NumberOrSetting(), "计分办法一：目标值得满分", "way: the value that earns all points"),
    Word("floor", NumberOrSetting(), "底线值得零分（不写则为 0）；目标小于底线则越少越好", "with target: the value that earns none; above the target, less is better"),
    Word("goalposts", GOALPOSTS, "计分办法二：固定上下限之间按比例", "way: in proportion between fixed goalposts"),
    Word("minmax", OneOf(("peers",)), "计分办法三：在同组最低与最高之间按比例", "way: in proportion between the lowest and the highest of the peers"),
    Word("rank", OneOf(("peers",)), "计分办法四：按在同组的名次", "way: by the rank among the peers"),
    Word("bands", Either(sequence=Many(BAND)), "计分办法五：分档，自低而高，不得有空缺或重叠", "way: a table of bands, ascending, without gap or overlap"),
    Word("add", ADD, "计分办法六：值直接加到总分上（加分、扣分），须封顶", "way: the value is added to the total, up to a cap"),
    Word("veto", Bool(), "计分办法七：值大于零即一票否决", "way: any value above zero strikes the whole score"),
    Word("given", GIVEN, "计分办法八：由人或评审组评分", "way: marks given by a person or a panel"),
)
DIMENSION = block(
    "dimension", "一个维度", "a dimension",
    Word("title", Title(), "维度名称", "its title", required=True),
    Word("weight", NumberOrSetting(), "权重", "its weight", required=True),
    Word("source", Line(), "权重的出处", "where the weight comes from"),
    Word("in", Id(), "属于哪个维度", "the dimension it is part of"),
    Word("combine", OneOf(COMBINE), "各项怎样合成：算术平均或几何平均", "how its parts are combined"),
    Word("indicators", Map(INDICATOR, "snake"), "指标", "its indicators"),
)
TIER = block(
    "tier", "一个等次", "a tier",
    Word("title", Title(), "等次名称", "its title", required=True),
    Word("share", Number(), "排在前面的比例，如 0.2", "the best share of those ranked, such as 0.2"),
    Word("at_least", NumberOrSetting(), "总分不低于", "the least total"),
)
PUBLISH = block(
    "publish", "公布", "publishing",
    Word("by", Id(), "由哪个角色签发", "the role that signs it off", required=True),
    Word("objections", Length(), "可提异议的时间", "how long it can be objected to"),
    Word("to", WHO, "给谁看：角色、about（被考核者）、public（公开，只限单位）", "who sees it: roles, about (those scored), public (units only)"),
)
SCORE = block(
    "score", "一项考核", "a score",
    Word("title", Title(), "考核名称", "its title", required=True),
    Word("of", OF_WHOM, "考核哪类单位，或 {post: 角色} 考核人", "the kind of unit scored, or {post: role} for people", required=True),
    Word("every", Id(), "周期：month、quarter、half-year、year，或阶段代号", "month, quarter, half-year, year, or a season", required=True),
    Word("rank_in", OneOf(UNIT_KINDS), "在哪类单位内排名；不写则统一排名", "the kind of unit within which ranks are given; else among all"),
    Word("peers", Id(), "只与同一编组的单位比较", "the group within which units are compared"),
    Word("base", NumberOrSetting(), "基础分", "points everybody starts with"),
    Word("total", NumberOrSetting(), "各权重之和应为多少（写了就核对）", "what the weights must sum to; checked where it is said"),
    Word("source", Line(), "权重的出处（文件、条款）", "where the weights come from"),
    Word("precision", Whole(0, 6), "总分保留几位小数（默认 2，四舍五入）", "decimals of the total, 2 unless said; half goes away from zero"),
    Word("rank_on", OneOf(("rounded", "full")), "按四舍五入后的分或完整的分排名", "rank on the rounded or on the full total"),
    Word("ties", OneOf(("competition", "dense", "average")), "并列：1-2-2-4、1-2-2-3，或取平均名次", "ties: 1-2-2-4, 1-2-2-3, or the mean rank"),
    Word("too_few", Either(single=WholeOrSetting(), mapping=Map(WholeOrSetting(), "any")), "事实少于几条不排名：一个数，或 指标（或事实）: 数", "fewest facts to be ranked: a number, or by indicator or kind of fact"),
    Word("combine", OneOf(COMBINE), "各项怎样合成：算术平均或几何平均", "how its parts are combined"),
    Word("missing", OneOf(MISSING), "没有数据时怎么办（各指标的默认）", "what happens without data, unless an indicator says otherwise"),
    Word("indicators", Map(INDICATOR, "snake"), "指标", "its indicators"),
    Word("dimensions", Map(DIMENSION, "snake"), "维度", "its dimensions"),
    Word("tiers", Map(TIER), "等次，自高而低", "its tiers, from the best"),
    Word("publish", PUBLISH, "公布", "how it is published"),
)
GRADE = block(
    "grade", "称号的一级", "a grade of an honour",
    Word("title", Title(), "级别名称", "its title", required=True),
    Word("at_least", NumberOrSetting(), "总分不低于", "the least total"),
    Word("when", Formula(), "须达到的标准（就考核结果判断）", "the standard, judged on the score's result"),
)
WITHDRAW = block(
    "withdraw", "撤销", "withdrawal",
    Word("by", WHO, "由谁撤销", "who may withdraw it"),
    Word("when", Formula(), "满足什么条件即撤销（就单位现状判断）", "it is withdrawn once this holds of the unit"),
)
HONOUR = block(
    "honour", "一个称号", "an honour",
    Word("title", Title(), "称号名称", "its title", required=True),
    Word("of", OF_WHOM, "授予哪类单位，或 {post: 角色} 授予人；不写则同 from 的考核", "the kind of unit that holds it, or {post: role}; else as the score in from"),
    Word("from", Id(), "依据哪项考核", "the score it rests on"),
    Word("rank", Line(), "办法一：名次，如 3（前三名）或 4-10", "way: by rank, such as 3 (the first three) or 4-10"),
    Word("quota", WholeOrSetting(), "办法二：名额，按名次取满为止；与 award 同用则为名额上限", "way: so many of the best; with award, at most so many"),
    Word("per", OneOf(UNIT_KINDS), "名额按哪类单位分别计", "the kind of unit that has a quota of its own"),
    Word("when", Formula(), "办法三：满足条件即授予", "way: whoever satisfies the condition"),
    Word("grades", Map(GRADE), "办法三之二：分级（如星级），自高而低", "way: by grades such as stars, from the highest"),
    Word("award", WHO, "办法四：由谁评授", "way: who awards it"),
    Word("over", OneOf(UNIT_KINDS), "逐级汇总：when 对其下哪类单位汇总判断", "roll-up: the kind of unit below that when counts"),
    Word("adjoining", WholeOrSetting(), "其中须有几个相连", "how many of those counted must adjoin"),
    Word("lasts", Length(), "有效期", "how long it is kept"),
    Word("moving", Bool(), "流动：下一个获得者接走", "moving: the next holder takes it over"),
    Word("withdraw", WITHDRAW, "撤销", "how it is withdrawn"),
    Word("clause", Title(), "依据的条款", "the clause it rests on"),
)
SCORES = Map(SCORE)
HONOURS = Map(HONOUR)
JUDGING: tuple[Block, ...] = (
    SCORE, OF, INDICATOR, GOALPOSTS, BAND, ADD, GIVEN, DIMENSION, TIER, PUBLISH, HONOUR, GRADE, WITHDRAW,
)
