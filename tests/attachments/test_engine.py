"""Taking files in."""

import datetime as dt
import hashlib
import io
import resource
import struct
import time
import zipfile
import zlib
from pathlib import Path

import pytest
from PIL import Image
from tests.attachments.conftest import picture_bytes, upload

from zhangfa.acts.actor import PUBLIC
from zhangfa.acts.refusal import Refusal
from zhangfa.attachments import shelf
from zhangfa.attachments.engine import (
    Attachment,
    clean_name,
    hold_files,
    release_files,
    seal_files,
    store,
    sweep_unused,
    unseal_files,
)

pytestmark = pytest.mark.django_db
GPS_IFD = 0x8825


def photo_with_gps() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "SecretPhoneMaker"
    exif[0x0112] = 6  # lies on its side
    exif.get_ifd(GPS_IFD).update({1: "N", 2: (35.0, 4.0, 30.0), 3: "E", 4: (116.0, 18.0, 40.0)})
    return picture_bytes((400, 300), exif=exif)


def kept_bytes(digest: str) -> bytes:
    return shelf.place_of(shelf.originals(), digest).read_bytes()


def test_store_photo_loses_exif_and_place_and_stands_upright(at: dt.datetime) -> None:
    sent = photo_with_gps()
    assert b"SecretPhoneMaker" in sent

    stored = store(upload=upload(sent), accept="image", by=PUBLIC, at=at)

    kept = kept_bytes(stored["hash"])
    assert b"SecretPhoneMaker" not in kept
    assert b"Exif" not in kept
    assert dict(Image.open(io.BytesIO(kept)).getexif()) == {}
    assert Image.open(io.BytesIO(kept)).size == (300, 400)


def test_store_names_the_file_by_the_hash_of_what_is_kept(at: dt.datetime, shelf_folder: Path) -> None:
    stored = store(upload=upload(picture_bytes(), "井盖 丢了.PNG.exe"), accept="", by=PUBLIC, at=at)

    kept = shelf_folder / "attachments" / stored["hash"][:2] / stored["hash"][2:]
    assert hashlib.sha256(kept.read_bytes()).hexdigest() == stored["hash"]
    assert (stored["name"], stored["type"], stored["size"]) == ("井盖 丢了.PNG.jpg", "image/jpeg", kept.stat().st_size)
    assert Attachment.objects.get().hash == stored["hash"]


def test_store_shrinks_to_2560_pixels(at: dt.datetime) -> None:
    stored = store(upload=upload(picture_bytes((4000, 3000))), accept="image", by=PUBLIC, at=at)

    assert Image.open(io.BytesIO(kept_bytes(stored["hash"]))).size == (2560, 1920)


def test_store_twice_keeps_one_file(at: dt.datetime) -> None:
    content = picture_bytes()
    first = store(upload=upload(content), accept="", by=PUBLIC, at=at)
    second = store(upload=upload(content, "other.jpg"), accept="", by=PUBLIC, at=at + dt.timedelta(hours=1))

    assert first["hash"] == second["hash"]
    assert [row.stored_at for row in Attachment.objects.all()] == [at + dt.timedelta(hours=1)]


def pixel_bomb(side: int) -> bytes:
    """A PNG of a few hundred kilobytes that would decode to gigabytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packer = zlib.compressobj(9)
    rows = packer.compress(b"\0" * (side + 1) * 64) + packer.flush()
    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [9_000, 14_000, 60_000])
def test_store_pixel_bomb_is_refused_before_decoding(side: int, at: dt.datetime) -> None:
    bomb = pixel_bomb(side)
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()

    with pytest.raises(Refusal) as refused:
        store(upload=upload(bomb, "bomb.png"), accept="image", by=PUBLIC, at=at)

    assert refused.value.code == "picture-pixels"
    assert time.process_time() - began < 0.5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 30_000  # kB
    assert Attachment.objects.count() == 0


def zip_of(entries: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in entries.items():
            packed.writestr(name, content)
    return out.getvalue()


def test_store_zip_bomb_is_refused_by_its_table_of_contents(at: dt.datetime) -> None:
    bomb = zip_of({"[Content_Types].xml": b"", "xl/sheet.xml": b"0" * 60_000_000})

    with pytest.raises(Refusal) as refused:
        store(upload=upload(bomb, "list.xlsx"), accept="document", by=PUBLIC, at=at)

    assert (len(bomb) < 100_000, refused.value.code) == (True, "file-bomb")


@pytest.mark.parametrize(
    ("content", "name", "expected"),
    [
        (b"%PDF-1.7\n%...", "a.pdf", ("application/pdf", "a.pdf")),
        (
            zip_of({"[Content_Types].xml": b"", "word/document.xml": b"<w/>"}),
            "b.zip",
            ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "b.docx"),
        ),
        (zip_of({"OFD.xml": b"<OFD/>"}), "c.ofd", ("application/ofd", "c.ofd")),
        (zip_of({"d.txt": b"words"}), "d.docx", ("application/zip", "d.zip")),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "e.xls", ("application/vnd.ms-excel", "e.xls")),
        ("姓名,电话\n".encode("gb18030"), "f.csv", ("text/plain", "f.txt")),
    ],
)
def test_store_document_is_typed_by_its_bytes(
    content: bytes, name: str, expected: tuple[str, str], at: dt.datetime
) -> None:
    stored = store(upload=upload(content, name), accept="document", by=PUBLIC, at=at)

    assert (stored["type"], stored["name"]) == expected


@pytest.mark.parametrize(
    ("content", "name", "accept", "code"),
    [
        (b"", "a.jpg", "image", "file-empty"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "a.jpg", "", "file-type"),
        (b"<!DOCTYPE html><html></html>", "a.txt", "", "file-type"),
        (b"   <ScRiPt>alert(1)</script>", "a.txt", "", "file-type"),
        (b"MZ\x90\0" + b"\0" * 200, "a.pdf", "", "file-type"),
        (b"%PDF-1.7", "a.jpg", "image", "file-not-picture"),
        (b"PK\x03\x04garbage", "a.zip", "", "file-broken"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 400, "a.jpg", "image", "picture-broken"),
        (picture_bytes((60, 60))[:900], "cut.jpg", "image", "picture-broken"),
        (picture_bytes((60, 60)), "a.jpg", "document", "file-not-document"),
        (b"%PDF-" + b"x" * 20 * 1024 * 1024, "big.pdf", "", "file-size"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_store_refuses_with_a_sentence(content: bytes, name: str, accept: str, code: str, at: dt.datetime) -> None:
    with pytest.raises(Refusal) as refused:
        store(upload=upload(content, name), accept=accept, by=PUBLIC, at=at)

    assert refused.value.code == code
    assert Attachment.objects.count() == 0


@pytest.mark.parametrize(
    ("given", "clean"),
    [
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\photos\\a.png", "a.jpg"),
        ("\u202egpj.exe", "gpj.jpg"),
        ('x"; filename="y.html', "x_ filename=_y.jpg"),
        ("长" * 200, "长" * 80 + ".jpg"),
        ("...", "附件.jpg"),
    ],
)
def test_clean_name_is_harmless(given: str, clean: str) -> None:
    assert clean_name(given, "jpg") == clean


def test_sealed_files_come_back_and_forged_ones_do_not(at: dt.datetime) -> None:
    stored = store(upload=upload(picture_bytes()), accept="", by=PUBLIC, at=at)
    token = seal_files([stored])

    assert unseal_files(token) == [stored]
    assert unseal_files(token[:-2] + "xx") == []
    assert unseal_files("") == []


def test_sweep_removes_what_nothing_holds_after_a_day(at: dt.datetime) -> None:
    loose = store(upload=upload(picture_bytes()), accept="", by=PUBLIC, at=at)
    held = store(upload=upload(b"%PDF-1.7 held", "h.pdf"), accept="", by=PUBLIC, at=at)
    hold_files(hashes=[held["hash"]], reason="quarantine:1")

    assert sweep_unused(at=at + dt.timedelta(hours=23)) == 0
    assert sweep_unused(at=at + dt.timedelta(hours=25)) == 1
    assert [digest for digest, _path in shelf.every_file()] == [held["hash"]]

    release_files(reason="quarantine:1")
    assert sweep_unused(at=at + dt.timedelta(hours=25)) == 1
    assert loose["hash"] not in dict(shelf.every_file())
