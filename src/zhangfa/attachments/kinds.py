"""What a file really is, told from its bytes; its name is never believed."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass

import filetype
from django.utils.translation import gettext as _

from zhangfa.acts.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of file the county may keep."""

    type: str
    ending: str
    picture: bool = False


PICTURES = {
    "image/jpeg": Kind("image/jpeg", "jpg", True),
    "image/png": Kind("image/png", "png", True),
    "image/apng": Kind("image/png", "png", True),
    "image/webp": Kind("image/webp", "webp", True),
    "image/gif": Kind("image/gif", "gif", True),
}
PDF = Kind("application/pdf", "pdf")
OLE = Kind("application/x-ole-storage", "doc")
ZIP = Kind("application/zip", "zip")
TEXT = Kind("text/plain", "txt")
_OOXML = "application/vnd.openxmlformats-officedocument."
PACKAGES = (
    ("word/", Kind(_OOXML + "wordprocessingml.document", "docx")),
    ("xl/", Kind(_OOXML + "spreadsheetml.sheet", "xlsx")),
    ("ppt/", Kind(_OOXML + "presentationml.presentation", "pptx")),
    ("OFD.xml", Kind("application/ofd", "ofd")),
)
"""What a zip is by the first entry of its contents; OFD is GB/T 33190-2016."""
OLE_ENDINGS = {
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
    "wps": "application/vnd.ms-works",
    "et": "application/vnd.ms-excel",
    "dps": "application/vnd.ms-powerpoint",
}
MAX_ENTRIES = 10_000
MAX_UNPACKED = 500 * 1024 * 1024
MAX_RATIO = 200
_MARKUP = re.compile(rb"<\s*(!doctype|html|svg|script|head|body|iframe|\?xml)", re.IGNORECASE)


def recognise(content: bytes, name: str) -> Kind:
    """Return what the bytes are; refuse what is not kept, such as web pages and programs."""
    guessed = filetype.guess_mime(content[:8192])
    if guessed in PICTURES:
        return PICTURES[guessed]
    if content[:5] == b"%PDF-":
        return PDF
    if content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return _old_office(name)
    if content[:4] == b"PK\x03\x04":
        return _package(content)
    if guessed in ("image/heic", "image/avif"):
        raise Refusal(
            "file-heic", _("这张照片是 HEIC/AVIF 格式，系统读不了。请在手机相机设置里选“兼容性最佳”，或截屏后上传。")
        )
    if guessed is None and _is_plain_text(content):
        return TEXT
    raise Refusal(
        "file-type",
        _("不接收这种文件。请上传照片（JPG、PNG），或 PDF、Word、Excel、OFD、压缩包（zip）、纯文本。"),
    )


def _old_office(name: str) -> Kind:
    ending = name.rpartition(".")[2].lower()
    return Kind(OLE_ENDINGS[ending], ending) if ending in OLE_ENDINGS else OLE


def _package(content: bytes) -> Kind:
    """Tell the kinds of zip apart by the table of contents alone; nothing is ever unpacked."""
    try:
        entries = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise Refusal("file-broken", _("这个压缩包打不开，可能没有传完整。请重新选择文件。"))
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ENTRIES or unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * max(len(content), 65536):
        raise Refusal("file-bomb", _("这个压缩包解开后会大得不正常，不能接收。请把其中的文件分开上传。"))
    for start, kind in PACKAGES:
        if any(entry.filename.startswith(start) for entry in entries):
            return kind
    return ZIP


def _is_plain_text(content: bytes) -> bool:
    if not content or b"\0" in content or _MARKUP.search(content):
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False
