"""When a unit moved, the level columns of its records and tasks move with it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from zhangfa.acts.models import Record, Task
from zhangfa.directory import tree
from zhangfa.directory.models import LEVELS

CHUNK = 2000


def rehome_records(units: Collection[int]) -> int:
    """Give the records and tasks of these units the level columns their units have now; return how many records moved.

    Call it in the transaction that moved the units (``directory.engine.Moved.moved``). It is a matter of the tree,
    whose own event says why; the record's own log is not touched.
    """
    changed = 0
    for unit in units:
        levels: dict[str, Any] = {level: getattr(tree.unit(unit), level) for level in LEVELS}
        changed += Record.objects.filter(unit=unit).update(**levels)
        Task.objects.filter(unit=unit).update(**levels)
    return changed
