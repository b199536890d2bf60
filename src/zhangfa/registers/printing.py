"""Set a paper by typst: A4, our own fonts, nothing fetched and nothing written."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import orjson
import segno
import typst
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

TEMPLATE = Path(__file__).resolve().parent / "paper" / "paper.typ"
FONTS = settings.PACKAGE / "desk" / "fonts"
"""Where the set-up puts Noto Sans SC and Noto Serif SC; without them the system's fonts serve."""

Block = Mapping[str, object]


@lru_cache(maxsize=1)
def _fonts() -> tuple[list[str], bool]:
    """Return the folders to take fonts from, and whether they are enough without the system's."""
    built = any(FONTS.glob("*.ttf"))
    return ([str(FONTS)] if built else []), built


def set_paper(
    *, title: str, subtitle: str, foot: str, blocks: Sequence[Block], address: str = "", wide: bool = False
) -> bytes:
    """Return the PDF of a paper made of blocks (facts, lines, signatures, story, boxes, note)."""
    language = "en" if (get_language() or "").startswith("en") else "zh"
    data = {
        "title": title, "subtitle": subtitle, "foot": foot, "blocks": list(blocks), "wide": wide, "lang": language,
        "qr": _qr(address) if address else "", "words": {"page": _page_words()},
    }  # fmt: skip
    folders, enough = _fonts()
    return typst.compile(
        str(TEMPLATE), font_paths=folders, ignore_system_fonts=enough, sys_inputs={"data": orjson.dumps(data).decode()}
    )


def _page_words() -> list[str]:
    """Return what stands before, between and after the page's number and their count."""
    return re.split("[<>]", _("第 %(page)s 页，共 %(pages)s 页") % {"page": "<", "pages": ">"})


def _qr(address: str) -> str:
    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(drawn, kind="svg", border=0, xmldecl=False, svgns=True)
    return drawn.getvalue().decode()
