"""The promise about files: bytes match their hash, none is missing, none is left over (I8)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils import timezone

from zhangfa.attachments import shelf
from zhangfa.attachments.engine import KEPT_UNUSED, unused
from zhangfa.attachments.models import Attachment, FileUse
from zhangfa.attachments.uses import read_log
from zhangfa.log.problems import Problem

SAID = {
    "changed": ("V301", "内容与其摘要不符，存入之后被改动", "changed after it was kept: its bytes are not its hash"),
    "missing": ("V302", "文件不见了", "the file is missing"),
    "unknown": ("V303", "存放处有文件，却没有登记", "the file lies on the shelf but was never noted"),
    "left over": ("V304", "没有记录使用它，超过一天", "no record has held it for a day"),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One file that is not as promised: ``changed``, ``missing``, ``unknown`` (no row) or ``left over``."""

    hash: str
    what: str


def verify_attachments(*, at: dt.datetime, progress: Callable[[int], None] = lambda _count: None) -> list[Fault]:
    """Check every file on the shelf and every row; return the faults, none where all is well."""
    read_log()
    known = dict(Attachment.objects.values_list("hash", "size"))
    on_shelf = set()
    faults = []
    for count, (digest, path) in enumerate(shelf.every_file(), 1):
        on_shelf.add(digest)
        if digest in known and (path.stat().st_size != known[digest] or shelf.digest_of(path) != digest):
            faults.append(Fault(digest, "changed"))
        elif digest not in known and _is_old(path.stat().st_mtime, at):
            faults.append(Fault(digest, "unknown"))
        progress(count)
    faults += [Fault(digest, "missing") for digest in sorted(_wanted(known) - on_shelf)]
    return faults + [Fault(digest, "left over") for digest in unused(at)]


def _wanted(known: dict[str, int]) -> set[str]:
    """Hashes that must be there: those with a row and those a record holds."""
    return set(known) | set(FileUse.objects.values_list("hash", flat=True))


def _is_old(written: float, at: dt.datetime) -> bool:
    return written < at.timestamp() - KEPT_UNUSED.total_seconds()


def check_attachments() -> Iterator[Problem]:
    """Say each fault in a sentence, for ``zhangfa verify`` and the nightly check."""
    for fault in verify_attachments(at=timezone.now()):
        code, zh, en = SAID[fault.what]
        yield Problem(code, f"附件 {fault.hash}：{zh}。", f"Attachment {fault.hash}: {en}.")
