"""Every word of the charter language, in one table.

The reader, the word lists of ``docs/reference/language.md``, the JSON Schema for editors and the
hints of the checker are all made from it.
"""

# ruff: noqa: E501 — a sentence stays on one line
# fmt: off
from __future__ import annotations

from typing import get_args

from zhangfa.charter.fact_columns import UNIT_KINDS
from zhangfa.charter.model import FieldType, Sensitivity
from zhangfa.charter.schema.blocks import Block, Either, Later, Many, Map, Title, Word, block
from zhangfa.charter.schema.judging import HONOURS, JUDGING, SCORES
from zhangfa.charter.schema.shapes import Bool, Day, Formula, Id, Length, Line, OneOf, Whole, WholeOrSetting

FIELD_TYPES = tuple(one for one in get_args(FieldType) if one != "stock")
COLUMN_TYPES = tuple(one for one in FIELD_TYPES if one not in ("table", "ref", "units"))
SETTING_TYPES = ("text", "int", "decimal", "percent", "money", "date", "time", "bool", "duration")
GROUPS = ("party", "cadres", "industry", "livelihood", "service", "environment", "culture", "safety", "other")
NUMBERS = ("int", "decimal", "percent", "money")
LIMITED = (*NUMBERS, "date", "text", "files", "choices", "units", "table")
VERBS = ("pass_on", "add_signer", "return", "extend", "pause")
PARTIES = ("public", "author", "about", "assignee", "system")

KINDS = Many(OneOf(UNIT_KINDS))
WHO = Many(Line())

ROLE = block(
    "role", "一个角色", "a role",
    Word("title", Title(), "角色名称", "its title", required=True),
    Word("at", KINDS, "在哪类单位任职", "the kinds of unit the post exists at", required=True),
    Word("two_factor", Bool(), "登录须两步验证", "holders sign in with two factors"),
    Word("help", Title(), "说明", "help for a newcomer"),
)
GROUP = block(
    "group", "一个编组", "a group",
    Word("title", Title(), "编组名称", "its title", required=True),
    Word("of", KINDS, "由哪类单位组成", "the kinds of unit that may belong to it", required=True),
)
SEASON = block(
    "season", "一个阶段", "a season",
    Word("title", Title(), "阶段名称", "its title", required=True),
    Word("from", Day(), "首日", "its first day", required=True),
    Word("to", Day(), "末日（含）", "its last day, included", required=True),
)
SETTING = block(
    "setting", "一个设定值", "a setting",
    Word("title", Title(), "名称", "its title", required=True),
    Word("type", OneOf(SETTING_TYPES), "类型", "its type", required=True),
    Word("value", Line(), "县里定的值", "the value the county decides", required=True),
    Word("help", Title(), "说明：原文未载，为何这样定", "why this value; what the source leaves open"),
)


def _field_words(types: tuple[str, ...], *more: Word) -> tuple[Word, ...]:
    return (
        Word("type", OneOf((*types, "stock")), "类型", "its type", required=True),
        Word("title", Title(), "名称", "its title", required=True),
        Word("help", Title(), "填写说明", "help for who fills it in"),
        Word("required", Bool(), "必填", "must be filled in"),
        Word("default", Formula(), "默认值（表达式）", "its default, an expression"),
        Word("min", Line(), "最小值；文字为最短字数，附件和多选为最少个数", "smallest value, shortest text, fewest files or choices", only=LIMITED),
        Word("max", Line(), "最大值；文字为最长字数，附件和多选为最多个数", "largest value, longest text, most files or choices", only=LIMITED),
        Word("pattern", Line(), "文字须符合的正则式", "a regular expression the text must match", only=("text",)),
        Word("options", Map(Title()), "可选项：代号: 名称", "the choices: id to title", only=("choice", "choices")),
        Word("unit", Title(), "计量单位，如 亩", "unit of measure, such as 亩", only=NUMBERS),
        Word("places", Whole(0, 6), "小数位数", "decimals kept", only=("decimal", "percent", "money")),
        Word("long", Bool(), "多行文字", "several lines", only=("text",)),
        Word("accept", OneOf(("image", "document")), "只收图片或只收文档", "images only or documents only", only=("files",)),
        Word("kind", KINDS, "可选哪类单位", "the kinds of unit one may choose", only=("unit", "units")),
        Word("role", Id(), "所选的人须任此角色", "the role a chosen person must hold", only=("person",)),
        Word("sensitive", OneOf(get_args(Sensitivity)), "敏感信息的种类；加密保存", "kind of sensitive data; stored encrypted"),
        Word("visible_to", WHO, "只给谁看", "who may read it"),
        Word("filled_by", WHO, "由谁填写", "who fills it in"),
        Word("compute", Formula(), "由表达式算出，不填写", "computed by an expression, never typed"),
        *more,
    )


COLUMN = block("column", "表格的一列", "a column of a table", *_field_words(COLUMN_TYPES))
FIELD = block(
    "field", "一个字段", "a field",
    *_field_words(
        FIELD_TYPES,
        Word("to", Line(), "指向哪个台账", "the register it points into", only=("ref",)),
        Word("where", Formula(), "可选哪些记录（就所指记录判断）", "which records may be chosen", only=("ref",)),
        Word("carry", Line(), "取自已有的事实，如 topic.lecturer，不再填写", "taken from a fact already held, never typed again"),
        Word("columns", Map(COLUMN, "snake"), "各列", "its columns", only=("table",)),
        Word("rows_from", Either(single=Line(), mapping=Map(Line(), "any")), "固定行：清单文件（CSV），或 行名: 数值",
             "fixed rows: a checklist file (CSV), or a mapping row: number", only=("table",)),
    ),
)
LATE = block(
    "late", "逾期时", "what happens when it is late",
    Word("tell", WHO, "告知谁", "whom to tell"),
    Word("warn", OneOf(("yellow", "orange", "red")), "记录标上的预警等级", "the warning level put on the record"),
    Word("do", Id(), "由系统办理哪个步骤", "the step the system then takes"),
)
BY = block(
    "by", "由谁办理", "who takes the step",
    Word("any", WHO, "其中任何一方", "any one of them"),
    Word("all", WHO, "每一方都要办理（会签）", "each of them (countersigning)"),
    Word("panel", Line(), "评审组，如 3 of expert", "a panel, such as 3 of expert"),
    Word("drawn", Bool(), "评审组抽签产生", "the panel is drawn by lot"),
    Word("not_from", Line(), "评审组回避的单位（单位字段，或 unit 即本单位）", "no member from this unit (a unit field, or unit)"),
    Word("vote", Line(), "由任此角色的人表决", "the holders of this role vote"),
    Word("pass", Line(), "通过的比例，如 2/3 of present", "the share that passes, such as 2/3 of present"),
)
EFFECT = block(
    "effect", "一项效果", "an effect",
    Word("open", Line(), "在另一台账开一条记录", "open a record in another register"),
    Word("step", Id(), "用哪个步骤打开", "the step that opens it"),
    Word("with", Map(Formula(), "snake"), "带入的值：字段: 表达式", "values carried over: field to expression"),
    Word("set", Id(), "设定单位的一项属性", "set a property of the unit"),
    Word("value", Formula(), "属性的值（表达式）", "the property's value, an expression"),
    Word("tell", WHO, "告知谁", "whom to tell"),
    Word("text", Title(), "告知什么", "what to tell them"),
    *(Word(later, Later(), "积分、资金、库存和称号", "points, money, stock and honours") for later in ("post", "move", "take", "put", "confer")),
    gives_way=True,
)
STEP = block(
    "step", "一个步骤", "a step",
    Word("title", Title(), "步骤名称（动词）", "its title, a verb", required=True),
    Word("help", Title(), "说明", "help for who takes it"),
    Word("from", Many(Id()), "可从哪些状态办理；不写则为打开记录的步骤", "states it may be taken from; without it, it opens a record"),
    Word("to", Many(Id()), "办完进入的状态", "the state it leads to", required=True),
    Word("by", Either(Line(), WHO, BY), "由谁办理", "who takes it", required=True),
    Word("asks", Either(Line(), Many(Line()), Map(FIELD, "snake")), "要填哪些字段；写成“代号: 字段”则只属于本步骤",
         "the fields it asks; as a mapping, fields of this step's own sheet"),
    Word("when", Formula(), "满足什么条件才可办理（对填写后的记录判断）", "the condition, judged on the record as filled in"),
    Word("within", Length(), "办理期限", "the deadline"),
    Word("since", Many(Id()), "期限自最近一次办理这些步骤起算；不写则自进入状态起算",
         "steps from whose latest taking the deadline counts; else from entering the state"),
    Word("late", LATE, "逾期时", "what happens when it is late"),
    Word("assign", Line(), "办完后把下一步派给谁，如 specialist@department", "who gets the next task"),
    Word("claim", Length(), "先到先领；过此时间无人领则轮流指派", "whoever takes it first; after this time it is assigned by turn"),
    Word("then", Many(EFFECT), "随之发生的效果，与步骤同成同败", "effects; all stand or fall with the step"),
    Word("at_most", WholeOrSetting(), "每条记录最多办理几次", "how often it may be taken on one record"),
    Word("decide", Formula(), "由表达式决定进入哪个状态", "the expression that chooses the state it leads to"),
    Word("tell", WHO, "办完告知谁", "whom to tell when it is done"),
    Word("never", Many(OneOf(VERBS)), "不许使用的通用动作", "the engine's own verbs that are not allowed"),
)
ABOUT = block(
    "about", "关于谁", "whom a record is about",
    Word("person", Id(), "任此角色的人", "a person who holds this role"),
    Word("unit", OneOf(UNIT_KINDS), "这类单位", "a unit of this kind"),
)
KEEP = block(
    "keep", "保存多久", "how long records are kept",
    Word("for", Length(), "办结后保存多久", "for how long after they are closed", required=True),
    Word("then", OneOf(("anonymise", "erase")), "期满去除个人信息，或销毁", "then blank the personal fields, or erase", required=True),
)
NEVER_TWO = block(
    "never_two", "不得重叠", "what never overlaps",
    Word("of", Line(), "占用的对象，如 topic.lecturer", "the resource, such as topic.lecturer", required=True),
    Word("during", Many(Id()), "[起, 止] 两个时间字段", "[start, end], two datetime fields", required=True),
)
REGISTER = block(
    "register", "一个台账", "a register",
    Word("title", Title(), "台账名称", "its title", required=True),
    Word("help", Title(), "说明", "help for a newcomer"),
    Word("icon", Id(), "图标名", "name of its icon"),
    Word("unit", KINDS, "记录归哪类单位", "the kinds of unit that own a record", required=True),
    Word("about", ABOUT, "记录关于谁", "whom a record is about"),
    Word("label", Line(), "记录的称呼，如 {category} · {content:20}", "how a record is called"),
    Word("fields", Map(FIELD, "snake"), "记什么", "what is recorded", required=True),
    Word("steps", Map(STEP), "怎样流转", "how it moves", required=True),
    Word("states", Map(Title()), "各状态的名称", "the titles of its states", required=True),
    Word("rests", Many(Id()), "停留状态：在其中只有限期的步骤才是待办", "states at rest: only steps with a time limit are owed there"),
    Word("seen_by", WHO, "谁看得见记录；不写则为本章程各角色，各在其辖区内", "who may see its records; else every role, within its reach"),
    Word("one_per", Many(Id()), "每个（单位、人、字段值）至多一条", "at most one record per these"),
    Word("never_two", NEVER_TWO, "同一对象的时段不得重叠", "no two overlap for one resource"),
    Word("unless_same_person", Either(sequence=Many(Either(Id(), Many(Id(), 2)), 2)), "同一人不得办理其中两步（四眼原则）",
         "steps of which one person may never take two (four eyes)"),
    Word("keep", KEEP, "保存期限", "retention"),
    Word("dated_by", Id(), "由哪个日期字段定所属期间", "the date field that decides its period"),
    Word("sensitive", OneOf(get_args(Sensitivity)), "整条记录敏感", "the whole record is sensitive"),
    Word("within", Length(), "整条记录的期限，自打开至办结", "the whole record's deadline"),
    Word("late", LATE, "整条记录逾期时", "what happens when the record is late"),
    Word("prints", Line(), "打印样式", "the printed form"),
)
DOOR = block(
    "door", "一个窗口", "a door",
    Word("title", Title(), "窗口名称", "its title", required=True),
    Word("register", Id(), "打开哪个台账的记录（不写则与窗口同名）", "the register it opens records of; else its own name"),
    Word("submit", Id(), "用哪个步骤提交", "the step by which the public submits"),
    Word("code_for", OneOf(UNIT_KINDS), "为每个这类单位印一张码", "a printed code for every unit of this kind"),
    Word("follow", Bool(), "可凭查询码跟踪", "the resident follows by a code"),
    Word("shows", Id(), "公示哪个台账", "the register it shows"),
    Word("where", Formula(), "公示哪些记录", "which records it shows"),
    Word("as", OneOf(("calendar", "list", "directory")), "公示成日历、列表或名录", "shown as"),
    Word("columns", Many(Line()), "公示哪些字段", "the fields it shows"),
)
LATER_BLOCKS = {
    "duties": ("定期任务", "recurring duties"), "assignments": ("分派", "assignments"), "draws": ("抽签", "draws"),
    "accounts": ("账户", "accounts"), "warnings": ("预警", "warnings"), "streams": ("监测", "streams"),
    "bulletins": ("通报", "bulletins"), "migrate": ("在办记录转入新版本", "moving open records to a new version"),
}
CHARTER = block(
    "charter", "章程", "a charter",
    Word("charter", Id(), "章程代号", "its id", required=True),
    Word("title", Title(), "名称", "its title", required=True),
    Word("summary", Title(), "一句话说明", "one sentence on what it does"),
    Word("group", OneOf(GROUPS), "类别", "its kind", required=True),
    Word("source", Many(Line()), "依据的出处", "where it comes from"),
    Word("version", Whole(1), "版本号；不写则自动递增", "its version; else the next"),
    Word("in_force", Day(), "施行日期；不写则为应用之日", "the day from which it is in force; else the day it is applied"),
    Word("lawful_basis", Title(), "处理个人信息的合法依据", "why personal data may be processed"),
    Word("impact", Title(), "个人信息保护影响评估的结论", "the result of the impact assessment"),
    Word("settings", Map(SETTING, "snake"), "县里定的值", "values the county decides"),
    Word("burden_minutes", Map(Whole(0, 600), "any"), "步骤本身所费分钟数（台账.步骤: 分钟）", "minutes a step costs beside its fields (register.step)"),
    Word("tests", Many(Line()), "情景测试文件", "its scenario files"),
    Word("roles", Map(ROLE), "角色", "who takes part", required=True),
    Word("groups", Map(GROUP), "编组", "groupings of units"),
    Word("seasons", Map(SEASON, "snake"), "阶段", "campaigns and seasons"),
    Word("registers", Map(REGISTER), "台账", "what is recorded and how it moves", required=True),
    Word("doors", Map(DOOR), "窗口", "what the public may do without an account"),
    Word("scores", SCORES, "考核", "scores"),
    Word("honours", HONOURS, "称号", "honours"),
    *(Word(name, Later(), zh, en) for name, (zh, en) in LATER_BLOCKS.items()),
)
BLOCKS: tuple[Block, ...] = (
    CHARTER, ROLE, GROUP, SEASON, SETTING, REGISTER, ABOUT, KEEP, NEVER_TWO, FIELD, COLUMN, STEP, BY, LATE, EFFECT, DOOR,
    *JUDGING,
)
