"""What is tried, written into the charter's own text: the lines a clerk would change to make it the rule."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from zhangfa.charter.load import load_charter
from zhangfa.charter.model import Charter
from zhangfa.charter.problems import Problem, Problems
from zhangfa.charter.source import Mapping_, Node, Scalar, parse_source
from zhangfa.scores.exact import plain
from zhangfa.scores.whatif import Changes, change_score

NUMBERS = {"weights": "weight", "targets": "target", "floors": "floor"}
CONTEXT = 1


@dataclass(frozen=True, slots=True)
class Rewritten:
    """The charter's text with what is tried, and what a clerk should know before agreeing."""

    text: str
    difference: str
    """The changed lines, as ``diff`` writes them."""
    complete: bool
    """Whether the text says exactly what was tried; else a line has to be mended by hand."""
    shared: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Settings that were changed and that other scores read too: the titles of these scores, by setting."""
    problems: tuple[Problem, ...] = ()


def rewrite(charter: Charter, score: str, changes: Changes, name: str, files: Mapping[str, str]) -> Rewritten:
    """Write what is tried into the charter's text; titles and remarks stay as they are."""
    root = parse_source(charter.text, Problems(name))
    assert root is not None
    node = _at(root, "scores", score)
    edits = [*_numbers(charter.text, root, node, changes), *_removals(charter.text, node, changes)]
    text = charter.text
    for start, end, word in sorted(edits, reverse=True):
        text = text[:start] + word + text[end:]
    loaded = load_charter(text, name=name, files=files)
    complete = loaded.charter is not None and _same(charter, loaded.charter, score, changes)
    shared = dict(_shared(charter, root, score, node, changes))
    return Rewritten(text, _difference(charter.text, text, name), complete, shared, loaded.problems)


def _same(before: Charter, after: Charter, score: str, changes: Changes) -> bool:
    wanted, found = change_score(before.scores[score], changes), after.scores.get(score)
    if found is None or set(found.indicators) != set(wanted.indicators):
        return False
    ours = [found.indicators[one] for one in wanted.indicators]
    pairs = zip(wanted.indicators.values(), ours, strict=True)
    dimensions = {one.id: one.weight for one in found.dimensions.values()}
    return all(_judges(one) == _judges(other) for one, other in pairs) and dimensions == {
        one.id: one.weight for one in wanted.dimensions.values()
    }


def _judges(one: object) -> tuple[object, ...]:
    scale = one.scale  # type: ignore[attr-defined]
    return one.weight, scale.target, scale.floor or Decimal(0)  # type: ignore[attr-defined]


def _numbers(text: str, root: Mapping_, node: Node | None, changes: Changes) -> Iterator[tuple[int, int, str]]:
    """Yield an edit (from, to, word) for every number: where it stands, or in the setting it names."""
    for part, id_, word, value in _wanted(changes):
        holder = _at(node, part, id_)
        held = _at(holder, word)
        if isinstance(held, Scalar):
            place = _setting(root, held) or held
            yield _replace(text, place, plain(value))
        elif word == "floor" and isinstance(target := _at(holder, "target"), Scalar):
            yield _add_floor(text, target, plain(value))


def _wanted(changes: Changes) -> Iterator[tuple[str, str, str, Decimal]]:
    for name, word in NUMBERS.items():
        yield from (("indicators", id_, word, value) for id_, value in getattr(changes, name).items())
    yield from (("dimensions", id_, "weight", value) for id_, value in changes.dimensions.items())


def _setting(root: Mapping_, held: Scalar) -> Scalar | None:
    found = _at(root, "settings", held.value, "value")
    return found if isinstance(found, Scalar) else None


def _replace(text: str, place: Scalar, word: str) -> tuple[int, int, str]:
    if place.style in ("'", '"'):
        return place.index, text.index(place.style, place.index + 1) + 1, f'"{word}"'
    return place.index, place.index + len(place.value), word


def _add_floor(text: str, target: Scalar, word: str) -> tuple[int, int, str]:
    """Put a floor beside its target: on a line of its own, or after a comma where all stands on one."""
    end = target.index + len(target.value) + (2 if target.style in ("'", '"') else 0)
    begin = text.rfind("\n", 0, target.index) + 1
    before = text[begin : target.index]
    if before.strip() == "target:":
        indent = before[: len(before) - len(before.lstrip())]
        line_end = text.find("\n", end)
        end = len(text) if line_end < 0 else line_end
        return end, end, f"\n{indent}floor: {word}"
    return end, end, f", floor: {word}"


def _removals(text: str, node: Node | None, changes: Changes) -> Iterator[tuple[int, int, str]]:
    """Yield the lines of every indicator that is left out."""
    holder = _at(node, "indicators")
    lines = text.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    for id_ in changes.removed:
        if isinstance(holder, Mapping_) and id_ in holder.entries:
            key = holder.entries[id_][0]
            last = key.line
            while last < len(lines) and _deeper(lines[last], key.column):
                last += 1
            yield starts[key.line - 1], starts[last], ""


def _deeper(line: str, column: int) -> bool:
    bare = line.lstrip()
    return bool(bare.strip()) and len(line) - len(bare) >= column


def _at(node: Node | None, *path: str) -> Node | None:
    for word in path:
        if not isinstance(node, Mapping_) or word not in node.entries:
            return None
        node = node.entries[word][1]
    return node


def _shared(
    charter: Charter, root: Mapping_, score: str, node: Node | None, changes: Changes
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the changed settings that other scores of the charter read, with the ids of these scores."""
    for part, id_, word, _value in _wanted(changes):
        held = _at(node, part, id_, word)
        if isinstance(held, Scalar) and _setting(root, held):
            others = [one for one in charter.scores if one != score and held.value in _words(_at(root, "scores", one))]
            if others:
                yield held.value, tuple(others)


def _words(node: Node | None) -> set[str]:
    if isinstance(node, Scalar):
        return {node.value}
    held = [one for _key, one in node.entries.values()] if isinstance(node, Mapping_) else getattr(node, "items", [])
    return set().union(*map(_words, held)) if held else set()


def _difference(before: str, after: str, name: str) -> str:
    lines = difflib.unified_diff(
        before.splitlines(), after.splitlines(), f"a/{name}", f"b/{name}", lineterm="", n=CONTEXT
    )
    return "\n".join(lines) + "\n"
