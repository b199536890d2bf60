"""Everything in the demo county by which units and people are judged."""

from __future__ import annotations

from collections.abc import Iterator

from zhangfa.demo.courtyards import courtyard_stories
from zhangfa.demo.simulation import Stage, Story
from zhangfa.demo.span import Span


def judged_stories(stage: Stage, span: Span) -> Iterator[tuple[str, Story]]:
    """Yield the stories of every mechanism that judges."""
    yield from courtyard_stories(stage, span)
