"""Take files in, hold them for a form that was sent back, and sweep away what nothing holds."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Protocol, TypedDict

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _

from zhangfa.acts.refusal import Refusal
from zhangfa.attachments import shelf
from zhangfa.attachments.kinds import Kind, recognise
from zhangfa.attachments.models import Attachment, FileUse, Hold
from zhangfa.attachments.pictures import rewrite_picture

if TYPE_CHECKING:
    from zhangfa.acts.actor import Actor

MAX_BYTES = 20 * 1024 * 1024
KEPT_UNUSED = dt.timedelta(days=1)
_BAD_IN_NAME = re.compile(r'[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069/\\<>:"|?*;]+')


class StoredFile(TypedDict):
    """A file as fields of type ``files`` hold it."""

    hash: str
    name: str
    type: str
    size: int


class Upload(Protocol):
    """What a browser sent: Django's ``UploadedFile``, or any named file."""

    name: Any

    def read(self, size: int = ..., /) -> bytes:
        """Return at most ``size`` bytes."""


def store(*, upload: Upload, accept: str, by: Actor, at: dt.datetime) -> StoredFile:
    """Keep an uploaded file and return what a ``files`` field holds of it.

    ``accept`` is ``image``, ``document`` or empty for both. Pictures are written anew without
    EXIF and place. Raises :class:`Refusal` for what is empty, over 20 MB, or of another type.
    """
    content = upload.read(MAX_BYTES + 1)
    name = str(upload.name or "")
    _check_size(content, name)
    kind = recognise(content, name)
    _check_accepted(kind, accept)
    if kind.picture:
        content, type_ = rewrite_picture(content)
        kind = Kind(type_, "png" if type_ == "image/png" else "jpg", True)
    digest = shelf.put_bytes(content)
    _note_stored(digest, kind, len(content), by, at)
    return {"hash": digest, "name": clean_name(name, kind.ending), "type": kind.type, "size": len(content)}


def _check_size(content: bytes, name: str) -> None:
    if not content:
        raise Refusal("file-empty", _("文件“%(name)s”是空的。请重新选择。") % {"name": clean_name(name, "")})
    if len(content) > MAX_BYTES:
        words = _("文件“%(name)s”超过 20 MB。请压缩或分成几个再传。")
        raise Refusal("file-size", words % {"name": clean_name(name, "")})


def _check_accepted(kind: Kind, accept: str) -> None:
    if accept == "image" and not kind.picture:
        raise Refusal("file-not-picture", _("这里只收照片（JPG、PNG）。"))
    if accept == "document" and kind.picture:
        raise Refusal("file-not-document", _("这里只收文件（PDF、Word、Excel 等），不收照片。"))


def _note_stored(digest: str, kind: Kind, size: int, by: Actor, at: dt.datetime) -> None:
    Attachment.objects.update_or_create(
        hash=digest,
        defaults={"stored_at": at},
        create_defaults={"type": kind.type, "size": size, "stored_at": at, "person": by.person},
    )


def clean_name(name: str, ending: str) -> str:
    """Return a harmless file name of at most 80 signs with the ending its bytes deserve."""
    bare = _BAD_IN_NAME.sub("_", name.replace("\\", "/").rpartition("/")[2]).strip(" ._")
    stem, dot, had = bare.rpartition(".")
    if dot and len(had) <= 5 and had.isascii():
        bare = stem
    bare = bare[:80].strip(" ._") or _("附件")
    return f"{bare}.{ending}" if ending else bare


def seal_files(files: Iterable[StoredFile]) -> str:
    """Return a token for a hidden field, so that a form sent back still has its files."""
    return signing.dumps([dict(file) for file in files], salt="zhangfa.files", compress=True)


def unseal_files(token: str) -> list[StoredFile]:
    """Return the files of a token made within a day; none for a forged or stale one."""
    try:
        opened: list[StoredFile] = signing.loads(token, salt="zhangfa.files", max_age=KEPT_UNUSED)
    except signing.BadSignature:
        return []
    return opened


def hold_files(*, hashes: Iterable[str], reason: str) -> None:
    """Keep files that no record holds yet, for instance with a quarantined request."""
    Hold.objects.bulk_create([Hold(hash=each, reason=reason) for each in hashes], ignore_conflicts=True)


def release_files(*, reason: str) -> None:
    """End a hold; what no record took over is swept a day after it was stored."""
    Hold.objects.filter(reason=reason).delete()


def sweep_unused(*, at: dt.datetime) -> int:
    """Remove files that nothing has held for a day; return how many."""
    from zhangfa.attachments.uses import read_log

    read_log()
    swept = 0
    for digest in unused(at):
        with transaction.atomic():
            if Attachment.objects.filter(hash=digest, stored_at__lt=at - KEPT_UNUSED).delete()[0]:
                shelf.remove_file(digest)
                swept += 1
    return swept


def unused(at: dt.datetime) -> list[str]:
    """List hashes stored over a day ago that no record and no hold keeps."""
    old = Attachment.objects.filter(stored_at__lt=at - KEPT_UNUSED)
    kept = old.exclude(hash__in=FileUse.objects.values("hash")).exclude(hash__in=Hold.objects.values("hash"))
    return list(kept.values_list("hash", flat=True))
