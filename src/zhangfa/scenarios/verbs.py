"""The engine's own verbs in a scenario: 转办, 加签, 退回, 延期, 暂停, 恢复, 认领."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zhangfa.acts import verbs
from zhangfa.acts.models import Task
from zhangfa.scenarios.reading import ScenarioProblem

if TYPE_CHECKING:
    from zhangfa.scenarios.running import Stage

VERBS = {
    "pass_on": verbs.pass_on,
    "add_signer": verbs.add_signer,
    "return": verbs.return_task,
    "extend": verbs.extend,
    "pause": verbs.pause,
    "resume": verbs.resume,
    "claim": verbs.claim,
}


def take_verb(stage: Stage, act: dict[str, Any]) -> list[str]:
    """Do one of the engine's verbs on the open task of a record."""
    if act["verb"] not in VERBS:
        raise ScenarioProblem(f"No verb “{act['verb']}”. Known: {', '.join(VERBS)}.")
    task = Task.objects.filter(
        record=stage.records[act["on"]].record, step=act["task"], state__in=("open", "paused")
    ).first()
    if task is None:
        return [f"{act['on']} has no open task “{act['task']}”"]
    VERBS[act["verb"]](
        task=task.pk,
        by=stage.actor(act["by"], act["on"]),
        at=stage.now,
        key=f"scenario-{stage.world.serial}-{stage.number}",
        **stage.world.data(act.get("data", {}), stage.records),
    )
    return []
