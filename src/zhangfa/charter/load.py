"""Load a charter: source → schema → resolve → problems, all problems in one go."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from zhangfa.charter.model import Charter
from zhangfa.charter.problems import Problem, Problems
from zhangfa.charter.resolve.whole import resolve_charter
from zhangfa.charter.schema.words import CHARTER
from zhangfa.charter.source import decode_source, digest_of, parse_source

CHECKLIST = re.compile(r"rows_from:[ \t]*[\"']?([A-Za-z0-9][A-Za-z0-9_.-]{0,79}\.csv)\b")
KEPT = 256


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading yields: the charter where there is no problem, else the problems, in the order of the file."""

    charter: Charter | None
    problems: tuple[Problem, ...]
    numbered: bool = False
    """Whether the file gives its version."""
    dated: bool = False
    """Whether the file gives the day from which it is in force."""


_kept: OrderedDict[tuple[str, str], Loaded] = OrderedDict()
_lock = Lock()


def load_charter(text: str, *, name: str, files: Mapping[str, str] | None = None) -> Loaded:
    """Check a charter's text and return it frozen, or everything wrong with it.

    ``name`` is the file name that problems quote; ``files`` holds the checklist files it may name,
    by name. Loading the same text again costs nothing: the result is kept by its digest.
    """
    files = {one: files[one] for one in checklists_of(text) if one in files} if files else {}
    digest = digest_of(text, files)
    place = (digest, name)
    with _lock:
        if kept := _kept.get(place):
            _kept.move_to_end(place)
            return kept
    loaded = _load(text, name, files, digest)
    with _lock:
        _kept[place] = loaded
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return loaded


def _load(text: str, name: str, files: Mapping[str, str], digest: str) -> Loaded:
    problems = Problems(name)
    tree = parse_source(text.removeprefix("\ufeff"), problems)
    if tree is None:
        return Loaded(None, problems.sorted())
    item = CHARTER.read(tree, "", problems)
    assert item is not None
    charter = resolve_charter(item, text=text, files=files, digest=digest, problems=problems)
    return Loaded(None if len(problems) else charter, problems.sorted(), item.has("version"), item.has("in_force"))


def checklists_of(text: str) -> tuple[str, ...]:
    """Return the names of the checklist files a charter's text refers to."""
    return tuple(dict.fromkeys(CHECKLIST.findall(text)))


def read_charter(path: Path) -> tuple[str | None, dict[str, str], tuple[Problem, ...]]:
    """Read a charter's file and the checklists beside it: (text, files, problems of their form)."""
    problems = Problems(path.name)
    text = decode_source(path.read_bytes(), problems)
    files: dict[str, str] = {}
    for name in checklists_of(text or ""):
        beside = path.parent / name
        if beside.is_file():
            found = decode_source(beside.read_bytes(), problems)
            files |= {name: found} if found is not None else {}
    return (None if len(problems) else text), files, problems.sorted()


def load_file(path: Path) -> Loaded:
    """Check a charter's file with the checklists beside it."""
    text, files, problems = read_charter(path)
    return Loaded(None, problems) if text is None else load_charter(text, name=path.name, files=files)
