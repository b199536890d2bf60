"""Draw how a register's records move, as one column of cards that a phone can show.

Each state is a card, each step a row of it with its taker and deadline; so no two texts can overlap,
however long a title is. Lines run in lanes beside the column: forward on the right, back on the left,
one lane per state they lead to. Presentation attributes only: a strict CSP forbids ``style``.
"""

# ruff: noqa: E501 — a sentence or a drawn part stays on one line
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape

from zhangfa.charter.lanes import Line, Run, lay_lanes, wide, wrap
from zhangfa.charter.model import Charter, Register, State, Step, Text
from zhangfa.charter.words import english, say_duration, say_takers

FONT = (
    "-apple-system,BlinkMacSystemFont,'Segoe UI','PingFang SC','HarmonyOS Sans SC','MiSans','Microsoft YaHei',"
    "'Source Han Sans SC','Noto Sans CJK SC','Noto Sans SC',sans-serif"
)
CARD = 296
GAP = 18
LANE = 13
PAD = 12
HEAD = 15
BODY = 12.5
LINE_HEIGHT = 18
INK, SOFT, RULE = "#1b2733", "#52606d", "#d5dce3"
COLOURS = ("#1f5fa8", "#17693a", "#7a4d00", "#8a2b6b", "#5b3fa0", "#0b6670")
"""Line colours, each at least 4.5 : 1 on white."""


@dataclass(slots=True)
class _Row:
    step: Step
    title: list[str]
    under: list[str]
    leads: list[str]
    beside: bool
    """Whether where it leads stands on the title's own line."""
    y: float = 0

    @property
    def lines(self) -> int:
        return len(self.title) + len(self.under) + (0 if self.beside else len(self.leads))


@dataclass(slots=True)
class _Card:
    state: State | None
    title: list[str]
    rows: list[_Row] = field(default_factory=list)
    y: float = 0

    @property
    def head(self) -> float:
        return len(self.title) * 21 + 13

    @property
    def height(self) -> float:
        return self.head + sum(_row_height(row) for row in self.rows)


def draw_flow(register: Register, language: str = "zh", *, charter: Charter | None = None) -> str:
    """Return a standalone, accessible SVG of the register's flow; with the charter it names who takes each step."""
    cards = _place(_cards(register, language, charter))
    lines = _lines(cards)
    left, right = lay_lanes(lines)
    x = left * LANE + (16 if left else 8)
    width = x + CARD + (right * LANE + 16 if right else 8)
    height = cards[-1].y + cards[-1].height + 10
    english_ = language.startswith("en")
    title = f"How a {english(register.title).lower()} moves" if english_ else f"{register.title.zh}的流程"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}" '
        f'role="img" aria-labelledby="flow-{register.id}-title flow-{register.id}-desc" font-family="{FONT}" lang="{"en" if english_ else "zh-CN"}">',
        f'<title id="flow-{register.id}-title">{escape(title)}</title>',
        f'<desc id="flow-{register.id}-desc">{escape(_in_words(cards, english_))}</desc>',
        f'<rect width="{width:g}" height="{height:g}" fill="#ffffff"/>',
    ]
    parts += [part for card in cards for part in _draw_card(card, x, english_)]
    parts += [part for line in lines for part in _draw_line(line, x, cards)]
    return "".join([*parts, "</svg>"])


def _cards(register: Register, language: str, charter: Charter | None) -> list[_Card]:
    english_ = language.startswith("en")
    opening = [step for step in register.steps.values() if not step.from_]
    start = _Card(
        None, ["Start" if english_ else "开始"], [_row(step, register, english_, charter) for step in opening]
    )
    cards = [start]
    states = sorted(register.states.values(), key=lambda state: state.final)  # stable: the order of first mention
    for state in states:
        steps = [step for step in register.steps.values() if state.id in step.from_]
        card = _Card(state, wrap(_told(state.title, english_), CARD - 2 * PAD - 26, HEAD))
        card.rows = [_row(step, register, english_, charter) for step in steps]
        cards.append(card)
    return cards


def _told(text: Text, english_: bool) -> str:
    return english(text) if english_ else text.zh


def _row(step: Step, register: Register, english_: bool, charter: Charter | None) -> _Row:
    room = CARD - 2 * PAD
    leads = ("↻ " if step.to == step.from_ else "→ ") + (" / " if english_ else "／").join(
        _told(register.states[one].title, english_) for one in step.to
    )
    title = _told(step.title, english_)
    beside = wide(title, BODY + 1) + wide(leads, BODY) + 16 <= room
    under = [_told(say_takers(step.by, charter, register), english_)] if charter else []
    if step.within:
        time = _told(say_duration(step.within), english_)
        under.append(f"within {time}" if english_ else f"{time}内")
    if step.at_most:
        under.append(f"at most {step.at_most}×" if english_ else f"最多 {step.at_most} 次")
    return _Row(step, wrap(title, room, BODY + 1), _joined(under, room), wrap(leads, room, BODY), beside)


def _joined(parts: list[str], room: float) -> list[str]:
    """Put parts on as few lines as fit, a middle dot between those that share one."""
    lines: list[str] = []
    for part in parts:
        if lines and wide(f"{lines[-1]} · {part}", BODY) <= room:
            lines[-1] = f"{lines[-1]} · {part}"
        else:
            lines += wrap(part[:1].upper() + part[1:], room, BODY)
    return lines


def _row_height(row: _Row) -> float:
    return row.lines * LINE_HEIGHT + 10


def _place(cards: list[_Card]) -> list[_Card]:
    y = 10.0
    for card in cards:
        card.y = y
        inner = y + card.head
        for row in card.rows:
            row.y = inner
            inner += _row_height(row)
        y += card.height + GAP
    return cards


def _lines(cards: list[_Card]) -> list[Line]:
    """Return one line per state and side: all steps that lead there join it."""
    place = {card.state.id: index for index, card in enumerate(cards) if card.state}
    found: dict[tuple[int, bool], Line] = {}
    for index, card in enumerate(cards):
        for row in card.rows:
            for state in row.step.to:
                to = place[state]
                if to == index:
                    continue
                forward = to > index
                line = found.setdefault((to, forward), Line(to, forward, cards[to].y + cards[to].head / 2))
                line.runs.append(Run(row.y + 5 + LINE_HEIGHT / 2, _is_clock(row.step)))
    return list(found.values())


def _is_clock(step: Step) -> bool:
    return all(who.kind == "system" for who in step.by.who)


def _draw_card(card: _Card, x: float, english_: bool) -> Iterator[str]:
    final = card.state is not None and card.state.final
    shade = "#e7f3ea" if final else "#1b2733" if card.state is None else "#e8f0f9"
    ink = "#ffffff" if card.state is None else "#0f4d29" if final else "#123e70"
    yield f'<rect x="{x:g}" y="{card.y:g}" width="{CARD}" height="{card.height:g}" rx="6" fill="#ffffff" stroke="{RULE}"/>'
    yield f'<path d="{_head_shape(x, card)}" fill="{shade}"/>'
    for number, line in enumerate(card.title):
        y = card.y + 22 + number * 21
        yield f'<text x="{x + PAD:g}" y="{y:g}" font-size="{HEAD}" font-weight="600" fill="{ink}">{escape(line)}</text>'
    if final:
        word = "end" if english_ else "终"
        yield f'<text x="{x + CARD - PAD:g}" y="{card.y + 22:g}" font-size="{BODY}" text-anchor="end" fill="{ink}">{word}</text>'
    for number, row in enumerate(card.rows):
        yield from _draw_row(row, x, number > 0)


def _head_shape(x: float, card: _Card) -> str:
    bottom = card.y + card.head
    curve = 6 if not card.rows else 0
    return (
        f"M{x + 6:g} {card.y:g}h{CARD - 12}q6 0 6 6V{bottom - curve:g}"
        + (f"q0 6 -6 6h-{CARD - 12}q-6 0 -6 -6" if curve else f"h-{CARD}")
        + f"V{card.y + 6:g}q0 -6 6 -6z"
    )


def _draw_row(row: _Row, x: float, ruled: bool) -> Iterator[str]:
    if ruled:
        yield f'<path d="M{x + PAD:g} {row.y:g}h{CARD - 2 * PAD}" stroke="{RULE}"/>'
    y = row.y + 5 + LINE_HEIGHT * 0.75
    for line in row.title:
        yield f'<text x="{x + PAD:g}" y="{y:g}" font-size="{BODY + 1}" font-weight="600" fill="{INK}">{escape(line)}</text>'
        y += LINE_HEIGHT
    if row.beside:
        there = y - LINE_HEIGHT
        yield f'<text x="{x + CARD - PAD:g}" y="{there:g}" font-size="{BODY}" text-anchor="end" fill="{SOFT}">{escape(row.leads[0])}</text>'
    for line in (*row.under, *(() if row.beside else row.leads)):
        yield f'<text x="{x + PAD:g}" y="{y:g}" font-size="{BODY}" fill="{SOFT}">{escape(line)}</text>'
        y += LINE_HEIGHT


def _draw_line(line: Line, x: float, cards: list[_Card]) -> Iterator[str]:
    colour = COLOURS[(line.to - 1) % len(COLOURS)]
    away = 1 if line.forward else -1
    edge = x + CARD if line.forward else x
    lane = edge + away * (10 + line.lane * LANE)
    ends = [run.y for run in line.runs]
    end = line.y
    for run in line.runs:
        dash = ' stroke-dasharray="4 3"' if run.clock else ""
        yield f'<path d="M{edge:g} {run.y:g}H{lane:g}" fill="none" stroke="{colour}" stroke-width="1.6"{dash}/>'
        yield f'<circle cx="{edge:g}" cy="{run.y:g}" r="2.6" fill="{colour}"/>'
    far = min(ends) if line.forward else max(ends)
    yield f'<path d="M{lane:g} {far:g}V{end:g}H{edge + away * 5:g}" fill="none" stroke="{colour}" stroke-width="1.6" stroke-linejoin="round"/>'
    tip = edge + away * 1
    yield f'<path d="M{tip:g} {end:g}l{away * 7} -4v8z" fill="{colour}"/>'


def _in_words(cards: list[_Card], english_: bool) -> str:
    stop, comma, colon = (". ", ", ", ": ") if english_ else ("。", "，", "：")
    gap = " " if english_ else ""
    said = []
    for card in cards:
        rows = comma.join(f"{gap.join(row.title)} {gap.join(row.leads)}" for row in card.rows)
        name = gap.join(card.title)
        said.append(f"{name}{colon}{rows}" if rows else name)
    return stop.join(said)
