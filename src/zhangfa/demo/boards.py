"""How the demo's scores are published: drafted, signed, contested, corrected and locked in simulated time."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import partial

from zhangfa.charter import engine as charters
from zhangfa.charter.score_model import Score
from zhangfa.demo import corrections
from zhangfa.demo.case import acting, holder
from zhangfa.demo.offices import GRADED_TOWNS
from zhangfa.demo.places import JINXIANG
from zhangfa.demo.simulation import Pause
from zhangfa.demo.span import Span, in_office, workday
from zhangfa.directory import tree
from zhangfa.directory.models import Post
from zhangfa.facts import mirror
from zhangfa.log.seal import seal
from zhangfa.publishing.engine import decide_objection, draft_board, object_to, revise_board, sign_board
from zhangfa.publishing.models import SHOWN, UPHELD, Board, Objection, Standing
from zhangfa.scores.period import Period

SEED = 1207
DRAFTED, SIGNED, OBJECTED, DECIDED, REVISED = 9, 10, 13, 17, 20
"""Days after a period's end."""
YEAR_AFTER = 45
"""Days a score of the year waits for those of its parts to be locked."""
HALVES_FROM = {"village-cadres": 1}
"""Half-years that are left out because nobody was surveyed in them."""
QUARTERS_FROM = {"residents-requests": -2}
"""Requests are told for ninety days only."""
OBJECTORS = {
    "beautiful-courtyard.town-quarter": "town-women", "progress-comparison.towns": "office",
    "progress-comparison.committees": "office", "star-branches.organs": "organ-office",
    "star-branches.branches": "branch-secretary", "village-arena.half": "secretary",
    "residents-requests.towns": "town-office", "cadre-archive.team-towns": "cadre",
    "cadre-archive.team-departments": "cadre",
}  # fmt: skip
"""Who speaks for a unit; an official speaks for himself."""
LATE_BOARDS = {
    "progress-comparison.towns": "draft", "star-branches.organs": "", "residents-requests.towns": "",
}  # fmt: skip
"""How far the boards of the last finished quarter have come; the rest are shown, with an objection open."""
WORDS = "有一场活动在季末举行，登记时已过录入日，请核对签到表后计入。"
UPHELD_BECAUSE = "签到表、现场记录都在，属实；请补录后更正。"
REJECTED_BECAUSE = "与原始记录核对，计入的次数和时间都没有错。"


@dataclass(frozen=True, slots=True)
class Issue:
    """One score of one period at one place, to be published."""

    charter: str
    score: Score
    period: Period
    area: int
    role: str

    @property
    def name(self) -> str:
        """The score with its charter."""
        return f"{self.charter}.{self.score.id}"

    @property
    def key(self) -> str:
        """What its acts' keys begin with."""
        return f"demo-{self.charter[:8]}-{self.score.id}-{self.period.id}-{self.area}"

    def board(self) -> Board | None:
        """Return its newest board."""
        boards = Board.objects.filter(
            charter=self.charter, score=self.score.id, period=self.period.id, area=self.area
        )  # fmt: skip
        return boards.order_by("-edition").first()


@dataclass(slots=True)
class Press:
    """Publishes issue by issue, with its own source of chance: stories and boards do not disturb each other."""

    span: Span
    charters: Collection[str] = ()
    """Whose scores are published; empty: all."""
    chance: random.Random = field(default_factory=lambda: random.Random(SEED))

    def pauses(self) -> Iterator[Pause]:
        """Yield every moment at which something is published."""
        issues = list(self._issues())
        last = self.span.quarters[-2]
        for period in sorted({one.period for one in issues}, key=lambda one: (one.end, one.id)):
            due = [one for one in issues if one.period == period]
            late = [one for one in due if period == last and LATE_BOARDS.get(one.name, "shown")]
            yield from self._in_time(period, [one for one in due if one not in late])
            yield from self._lately(late)

    def _issues(self) -> Iterator[Issue]:
        county = tree.unit_by_code(JINXIANG)
        assert county is not None
        below = {county.id, *tree.descendants(county.id)}
        for charter in sorted(charters.all_current().values(), key=lambda one: one.id):
            for score in charter.scores.values():
                if score.publish is None or (self.charters and charter.id not in self.charters):
                    continue
                held = Post.objects.filter(role=score.publish.by, until=None).values_list("unit", flat=True)
                areas = sorted(unit for unit in set(held) if unit in below)
                for period in self._periods(charter.id, score.every):
                    issues = (Issue(charter.id, score, period, area, score.publish.by) for area in areas)
                    yield from (one for one in issues if self._is_told(one))

    def _is_told(self, one: Issue) -> bool:
        """Between its first and the last finished half-year the arena went on in three towns only."""
        told = (self.span.halves[0], self.span.halves[-2])
        return one.name != "village-arena.half" or one.period in told or tree.unit(one.area).code in GRADED_TOWNS

    def _periods(self, charter: str, every: str) -> tuple[Period, ...]:
        finished = {
            "quarter": self.span.quarters[QUARTERS_FROM.get(charter, 0) : -1],
            "half-year": self.span.halves[HALVES_FROM.get(charter, 0) : -1],
            "year": (self.span.year,),
        }  # fmt: skip
        return finished.get(every, ())

    def _in_time(self, period: Period, issues: list[Issue]) -> Iterator[Pause]:
        """Give every verb a working day of its own, in order, holidays or not."""
        after = YEAR_AFTER if period == self.span.year else 0
        day = period.end + dt.timedelta(days=after)
        for days, work in (
            (DRAFTED, self.draft), (SIGNED, self.sign), (OBJECTED, self.object), (DECIDED, self.decide),
            (REVISED, self.revise),
        ):  # fmt: skip
            wanted = period.end + dt.timedelta(days=days + after)
            day = workday(max(wanted, day + dt.timedelta(days=1)))
            yield in_office(day, self.chance), partial(work, issues)

    def _lately(self, issues: list[Issue]) -> Iterator[Pause]:
        """Leave the boards of the last finished quarter under way: shown, contested, or not yet signed."""
        drafts = [one for one in issues if LATE_BOARDS.get(one.name) == "draft"]
        shown = [one for one in issues if one not in drafts]
        verbs = ((self.draft, shown), (self.sign, shown), (self.object, shown), (self.draft, drafts))
        day = self.span.today
        moments: list[dt.datetime] = []
        while len(moments) < len(verbs):
            day -= dt.timedelta(days=1)
            if workday(day) == day:
                moments.insert(0, in_office(day, self.chance))
        for at, (work, chosen) in zip(moments, verbs, strict=True):
            if issues and at.date() > issues[0].period.end:
                yield at, partial(work, chosen)

    def draft(self, issues: list[Issue], at: dt.datetime) -> None:
        """Draft the boards of periods that are over."""
        seal(at=at)
        mirror.refresh(at=at)
        for one in issues:
            draft_board(
                charter=one.charter, score=one.score.id, period=one.period.id, area=one.area,
                by=holder(one.role, one.area, at), at=at, key=f"{one.key}-draft",
            )  # fmt: skip

    def sign(self, issues: list[Issue], at: dt.datetime) -> None:
        """Sign what was drafted."""
        for one in issues:
            if board := one.board():
                by = holder(one.role, one.area, at)
                sign_board(board=board.pk, digest=board.digest, by=by, at=at, key=f"{one.key}-sign")

    def object(self, issues: list[Issue], at: dt.datetime) -> None:
        """Let one or two of those scored object, on some boards."""
        for one in issues:
            board = one.board()
            if board is None or board.state != SHOWN or not self._is_contested(one):
                continue
            standings = list(Standing.objects.filter(board=board).order_by("place", "person"))
            told = [standing for standing in standings if standing.status in ("ranked", "")]
            for number, standing in enumerate(self.chance.sample(told, min(2, len(told)))):
                by = (
                    acting(standing.person_id, at) if standing.person_id
                    else holder(OBJECTORS[one.name], standing.unit_id, at)
                )  # fmt: skip
                indicator = corrections.INDICATORS.get(one.name, "") if number == 0 else ""
                object_to(board=board.pk, standing=standing.pk, indicator=indicator, text=WORDS, by=by, at=at,
                          key=f"{one.key}-object-{number}")  # fmt: skip

    def _is_contested(self, one: Issue) -> bool:
        if one.name not in OBJECTORS and not one.score.of_post:
            return False
        return one.period.every != "half-year" or self.chance.random() < 0.2

    def decide(self, issues: list[Issue], at: dt.datetime) -> None:
        """Uphold the first objection where a record can be put right, reject the others."""
        for one in issues:
            board = one.board()
            held = (
                list(Objection.objects.filter(board=board).select_related("standing").order_by("pk")) if board else []
            )
            for number, objection in enumerate(held):
                upheld = number == 0 and corrections.correct(one.name, objection.standing, one.period, at, one.key)
                decide_objection(
                    objection=objection.pk, upheld=upheld, reason=UPHELD_BECAUSE if upheld else REJECTED_BECAUSE,
                    by=holder(one.role, one.area, at), at=at, key=f"{one.key}-decide-{number}",
                )  # fmt: skip

    def revise(self, issues: list[Issue], at: dt.datetime) -> None:
        """Put a corrected edition in the place of a board an objection to which was upheld."""
        for one in issues:
            board = one.board()
            if board and board.state == SHOWN and board.objections.filter(state=UPHELD).exists():
                revise_board(board=board.pk, by=holder(one.role, one.area, at), at=at, key=f"{one.key}-revise")
