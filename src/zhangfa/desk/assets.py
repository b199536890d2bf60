"""What the set-up built: icons, static files with their version, fonts for printing."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from markupsafe import Markup

FOLDER = Path(__file__).resolve().parent
ICONS = FOLDER / "static" / "vendor" / "icons.json"
FRAME = (
    '<svg class="icon{extra}" width="20" height="20" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
    'stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">{shapes}</svg>'
)


def fonts_folder() -> Path:
    """Return the folder of the Noto Sans SC and Noto Serif SC files (Regular, Bold) for typst."""
    return FOLDER / "fonts"


@lru_cache(maxsize=1)
def _shapes() -> dict[str, str]:
    """Return name → SVG shapes; empty while the assets are not built."""
    return dict(json.loads(ICONS.read_text("utf-8"))) if ICONS.exists() else {}


def icon(name: str, extra: str = "") -> Markup:
    """Draw an icon; a name that was not built (a charter's own wish) draws the general one."""
    shapes = _shapes()
    drawn = shapes.get(name) or shapes.get("clipboard-list", "")
    return Markup(FRAME.format(extra=f" {extra}" if extra else "", shapes=drawn))


@lru_cache(maxsize=64)
def _version(path: str) -> str:
    found = finders.find(path)
    return hashlib.sha256(Path(found).read_bytes()).hexdigest()[:8] if isinstance(found, str) else ""


def asset(path: str) -> str:
    """Return the address of a static file with its version, so that a new one is fetched at once."""
    if settings.DEBUG:
        _version.cache_clear()
    version = _version(path)
    return f"{static(path)}?v={version}" if version else static(path)
