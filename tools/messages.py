"""Collect the Chinese sentences of every room and compile their English translations.

A room's catalogue is its own: ``src/zhangfa/<room>/locale/en/LC_MESSAGES/django.po``. Chinese is the
source and needs none. Without arguments: collect, then compile. ``--compile-only`` compiles what
changed (set-up). ``--check`` names every sentence without a translation, and fails if there is one.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "zhangfa"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "lazy": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
}
METHODS = {".py": "python", ".html": "jinja2.ext:babel_extract"}
JINJA = {"newstyle_gettext": "true", "trim_blocks": "true", "lstrip_blocks": "true", "extensions": "jinja2.ext.do"}
FIXED = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
"""The catalogues' date never changes, so that collecting anew without new sentences changes no file."""


def rooms() -> list[Path]:
    """Return the folders of all rooms that are Django apps, in order of name."""
    return sorted(path.parent for path in PACKAGE.glob("*/apps.py"))


def catalogue_path(room: Path) -> Path:
    """Return where a room's English catalogue stands."""
    return room / "locale" / "en" / "LC_MESSAGES" / "django.po"


def sources(room: Path) -> Iterator[Path]:
    """Yield the room's Python files and templates in a fixed order."""
    for path in sorted(room.rglob("*")):
        if path.suffix in METHODS and "migrations" not in path.parts:
            yield path


def collect(room: Path) -> Catalog:
    """Gather every sentence of a room, with the files it stands in."""
    found = Catalog(charset="utf-8")
    for path in sources(room):
        options = JINJA if path.suffix == ".html" else {}
        name = path.relative_to(PACKAGE).as_posix()
        with path.open("rb") as file:
            for _line, message, comments, context in extract(
                METHODS[path.suffix], file, keywords=KEYWORDS, options=options
            ):
                found.add(message, None, [(name, 0)], auto_comments=comments, context=context)
    return found


def read_catalogue(room: Path) -> Catalog:
    """Read a room's English catalogue; an empty one where there is none yet."""
    path = catalogue_path(room)
    if not path.exists():
        return _dressed(Catalog(locale="en", charset="utf-8"))
    with path.open("rb") as file:
        return _dressed(read_po(file, locale="en", charset="utf-8"))


def _dressed(catalogue: Catalog) -> Catalog:
    catalogue.project, catalogue.version, catalogue.fuzzy = "Zhangfa", "0", False
    catalogue.msgid_bugs_address = ""
    catalogue.header_comment = "# English translations of this room; the sources are Chinese."
    catalogue.creation_date = catalogue.revision_date = FIXED
    catalogue.last_translator = catalogue.language_team = "Zhangfa"
    return catalogue


def update(room: Path) -> Catalog:
    """Bring a room's catalogue up to its sources: new sentences empty, vanished ones gone."""
    found, catalogue = collect(room), read_catalogue(room)
    if not len(found) and not catalogue_path(room).exists():
        return catalogue
    catalogue.update(found, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    _dressed(catalogue)
    path = catalogue_path(room)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=120, ignore_obsolete=True, include_lineno=False, sort_output=True)
    return catalogue


def untranslated(room: Path) -> list[str]:
    """Return every sentence of the room's sources that its catalogue does not translate."""
    catalogue = read_catalogue(room)
    return [_first(message.id) for message in collect(room) if message.id and not _is_done(catalogue, message)]


def _is_done(catalogue: Catalog, message: Message) -> bool:
    known = catalogue.get(message.id, message.context)
    if known is None or known.fuzzy:
        return False
    return all(known.string) if isinstance(known.string, (tuple, list)) else bool(known.string)


def _first(id: str | tuple[str, ...]) -> str:
    return id if isinstance(id, str) else id[0]


def compile_catalogue(room: Path) -> None:
    """Write the binary catalogue that is read at run time, if it is older than its source."""
    source = catalogue_path(room)
    if not source.exists():
        return
    target = source.with_suffix(".mo")
    if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
        return
    with target.open("wb") as file:
        write_mo(file, read_catalogue(room))


def check() -> int:
    """Name what is not translated; return the exit code."""
    missing = [(room.name, sentence) for room in rooms() for sentence in untranslated(room)]
    for room, sentence in missing:
        print(f"{room}: {sentence}")
    print(f"{len(missing)} sentences without a translation.")
    return 1 if missing else 0


def main(arguments: list[str]) -> int:
    """Do what the arguments ask; a room's name limits collecting to that room."""
    if "--check" in arguments:
        return check()
    named = [word for word in arguments if not word.startswith("--")]
    for room in rooms():
        if "--compile-only" not in arguments and (not named or room.name in named):
            update(room)
        compile_catalogue(room)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
