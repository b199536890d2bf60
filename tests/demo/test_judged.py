"""What is judged in the demo: boards come about in simulated time, whatever the day it is loaded on."""

import datetime as dt
import random
from collections import Counter

import pytest
from click import ClickException

from zhangfa.acts.replay import replay_and_compare
from zhangfa.cli.commands.run import _load_demo
from zhangfa.demo.boards import Press
from zhangfa.demo.county import put_charters_in_force, unfinished
from zhangfa.demo.people import load_people
from zhangfa.demo.places import load_places
from zhangfa.demo.progress import progress_stories
from zhangfa.demo.simulation import Stage, tell
from zhangfa.demo.span import Span
from zhangfa.publishing.models import Board, Objection, Standing

END = dt.datetime(2026, 11, 22, 4, tzinfo=dt.UTC)


def test_span_has_a_whole_year_and_four_finished_quarters_whatever_the_day():
    spans = [Span(dt.datetime(2026, month, day, 4, tzinfo=dt.UTC)) for month, day in ((1, 2), (5, 20), (11, 22))]
    assert [span.year.id for span in spans] == ["2025", "2025", "2025"]
    assert [[one.id for one in span.quarters] for span in spans] == [
        ["2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4", "2026-Q1"],
        ["2025-Q2", "2025-Q3", "2025-Q4", "2026-Q1", "2026-Q2"],
        ["2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"],
    ]
    assert all(span.start.date() <= span.quarters[0].start for span in spans)


@pytest.mark.django_db
def test_county_that_was_loaded_by_half_is_not_served(tmp_path, settings):
    settings.DATA = tmp_path
    unfinished().touch()
    with pytest.raises(ClickException, match="not loaded to its end"):
        _load_demo()


@pytest.mark.django_db
def test_boards_are_drafted_contested_corrected_and_locked_in_their_order():
    span = Span(END)
    load_places(at=span.start, by=None)
    load_people(at=span.start, by=None, password="a-long-password")
    put_charters_in_force(at=span.start)
    stage = Stage(random.Random(1), span.start, span.end, "t")
    press = Press(span, charters=("progress-comparison",))
    tell(progress_stories(stage, span), end=span.end, ticks_from=span.start, pauses=list(press.pauses()))
    found = Counter((board.score, board.period, board.state) for board in Board.objects.all())
    assert found == {
        **{(score, quarter.id, state): 1 for score in ("towns", "committees") for quarter in span.quarters[:3]
           for state in ("replaced", "locked")},
        ("towns", "2026-Q3", "draft"): 1,
        ("committees", "2026-Q3", "shown"): 1,
    }  # fmt: skip
    assert Counter(Objection.objects.values_list("state", flat=True)) == {"upheld": 6, "rejected": 6, "open": 2}
    scored = Standing.objects.filter(board__score="towns", board__period="2026-Q2", board__state="locked")
    assert Counter(scored.values_list("status", flat=True)) == {"ranked": 12, "too_few": 1}
    assert replay_and_compare() == []
