"""The printed sheets: one A4 page for each unit's door, a whole town in one PDF."""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import segno
import typst

from zhangfa.charter.model import Charter
from zhangfa.desk.assets import fonts_folder
from zhangfa.directory import tree

TEMPLATE = Path(__file__).parent / "typst" / "sheets.typ"
STEPS = (
    ("扫一扫，说事情，可拍照", "Scan, say what is wrong, add a photo"),
    ("收好查询码，随时看办到哪一步", "Keep your code, follow it any time"),
    ("办没办好，您说了算：评价，或要求重办", "You decide whether it is solved: rate it or send it back"),
)


@dataclass(frozen=True, slots=True)
class SheetDoor:
    """What one sheet says: the unit's own name, the names above it, its code and address."""

    name: str
    path: str
    code: str
    address: str


def sheet_doors(*, codes: dict[int, str], public_url: str) -> list[SheetDoor]:
    """Describe the doors of these units, in the order given."""
    units = tree.units(codes)
    return [SheetDoor(units[id_].name, place_above(id_), code, f"{public_url}/d/{code}") for id_, code in codes.items()]


def place_above(unit: int) -> str:
    """Return the names above a unit from the county down, apart, such as ``金乡县 · 鱼山街道 · 崔口村``."""
    names = [above.name for above in tree.ancestors(unit) if above.kind != "prefecture"]
    return " · ".join(reversed(names))


def make_qr(address: str) -> str:
    """Return a QR code as SVG, with a quarter of it repairable for a sheet that weathers."""
    out = io.BytesIO()
    segno.make(address, error="q", micro=False).save(out, kind="svg", border=2, xmldecl=False, dark="#16202b")
    return out.getvalue().decode()


def print_sheets(*, charter: Charter, county: str, doors: Sequence[SheetDoor]) -> bytes:
    """Return the PDF of these doors' sheets."""
    given = {
        "title": charter.title.zh,
        "english": charter.title.en or "",
        "summary": charter.summary.zh if charter.summary else "",
        "county": county,
        "steps": STEPS,
        "doors": [
            {
                "name": d.name,
                "path": d.path,
                "code": d.code,
                "address": d.address.split("://")[-1],
                "qr": make_qr(d.address),
            }
            for d in doors
        ],
    }
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "sheets.json").write_text(json.dumps(given, ensure_ascii=False), "utf-8")
        (root / "sheets.typ").write_bytes(TEMPLATE.read_bytes())
        pdf: bytes = typst.compile(root / "sheets.typ", root=root, font_paths=[fonts_folder()])
    return pdf
