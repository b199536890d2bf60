"""Small real documents for scenarios and the simulated county."""

from __future__ import annotations

import datetime as dt
import functools
import io
from typing import TYPE_CHECKING

import typst

from zhangfa.attachments.engine import StoredFile, store

if TYPE_CHECKING:
    from zhangfa.acts.actor import Actor


@functools.cache
def _pdf(words: str) -> bytes:
    quoted = words.replace("\\", "\\\\").replace('"', '\\"')
    made: bytes = typst.compile(f'#set page(width: 148mm, height: 105mm)\n#"{quoted}"'.encode())
    return made


def store_paper(name: str, *, by: Actor, at: dt.datetime) -> StoredFile:
    """Keep a one-page PDF of that name as an attachment, the way an upload is kept."""
    upload = io.BytesIO(_pdf(name.removesuffix(".pdf")))
    upload.name = name  # type: ignore[attr-defined]
    return store(upload=upload, accept="document", by=by, at=at)  # type: ignore[arg-type]
