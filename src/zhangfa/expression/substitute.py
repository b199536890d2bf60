"""Put something else in the place of parts of a tree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

from zhangfa.expression import tree

Chooser = Callable[[tree.Node], tree.Node | None]


def substitute(node: tree.Node, choose: Chooser) -> tree.Node:
    """Return the tree with every part replaced for which ``choose`` returns another; those are not gone into."""
    chosen = choose(node)
    if chosen is not None:
        return chosen
    changed = {one.name: new for one in fields(node) if (new := _inside(getattr(node, one.name), choose)) is not None}
    return replace(node, **changed) if changed else node


def _inside(value: Any, choose: Chooser) -> Any:
    if isinstance(value, tree.Node):
        return substitute(value, choose)
    if isinstance(value, tuple) and any(isinstance(part, tree.Node | tuple) for part in value):
        return tuple(part if (new := _inside(part, choose)) is None else new for part in value)
    return None
