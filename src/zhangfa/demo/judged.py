"""Everything in the demo county by which units and people are judged."""

from __future__ import annotations

from collections.abc import Iterator

from zhangfa.demo.archive import archive_stories
from zhangfa.demo.arena import arena_stories
from zhangfa.demo.branches import branch_stories
from zhangfa.demo.cadres import cadre_stories
from zhangfa.demo.courtyards import courtyard_stories
from zhangfa.demo.progress import progress_stories
from zhangfa.demo.simulation import Stage, Story
from zhangfa.demo.span import Span


def judged_stories(stage: Stage, span: Span) -> Iterator[tuple[str, Story]]:
    """Yield the stories of every mechanism that judges."""
    for stories in (
        courtyard_stories, progress_stories, arena_stories, branch_stories, archive_stories, cadre_stories,
    ):  # fmt: skip
        yield from stories(stage, span)
