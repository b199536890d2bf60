"""A backup counts once it was restored: for real, on the database of the run."""

import io
import sqlite3
import tarfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from tests.log.events import AT, add_event, add_events

from zhangfa.log.archive import DATABASES, MANIFEST, Manifest, Refused
from zhangfa.log.backup import backup
from zhangfa.log.checkpoint import last_checkpoint
from zhangfa.log.models import Event
from zhangfa.log.restore import restore
from zhangfa.log.seal import seal
from zhangfa.log.secrets import Tampered, decrypt_value, encrypt_value, forget_open_keys
from zhangfa.log.transaction import write_transaction

pytestmark = pytest.mark.django_db(transaction=True)
LATER = AT + timedelta(hours=6)


@pytest.fixture(autouse=True)
def county(settings, tmp_path: Path):
    """An installation of its own with twelve events, a file and a sensitive value."""
    move_to(settings, tmp_path / "county")
    with write_transaction():
        add_events(12)
        stored = encrypt_value(5, "phone", "13800000000")
    (settings.DATA / "attachments" / "ab").mkdir(parents=True)
    (settings.DATA / "attachments" / "ab" / "abcd").write_bytes(b"photo" * 1_000)
    yield stored
    forget_open_keys()


def move_to(settings, folder: Path) -> None:
    """Let the installation's folder be another one, with keys of its own."""
    settings.CONFIG = replace(settings.CONFIG, data=folder)
    settings.DATA = folder
    forget_open_keys()


def lose_everything() -> None:
    with connection.cursor() as cursor:
        for table in ("log_event", "log_node", "log_checkpoint", "log_datakey"):
            cursor.execute(f"DELETE FROM {table}")


def test_a_restored_copy_is_whole_on_a_new_machine(county, settings, tmp_path: Path) -> None:
    manifest = backup(target=tmp_path / "b.tar", at=AT, with_keys=True)
    assert (manifest.events, manifest.checkpoint, manifest.vendor) == (12, last_checkpoint(), connection.vendor)
    lose_everything()
    move_to(settings, tmp_path / "new")
    restored = restore(source=tmp_path / "b.tar", at=LATER)
    assert (restored.report.sound, restored.report.sealed, restored.missing) == (True, 12, None)
    assert (settings.DATA / "attachments" / "ab" / "abcd").read_bytes() == b"photo" * 1_000
    assert decrypt_value(5, "phone", county) == "13800000000"
    assert "6.0 小时前" in restored.said[0].zh
    add_event("goes on")
    assert (seal(at=LATER), Event.objects.count()) == (1, 13)


def test_a_backup_without_keys_says_what_cannot_be_read(county, settings, tmp_path: Path) -> None:
    backup(target=tmp_path / "b.tar", at=AT)
    lose_everything()
    move_to(settings, tmp_path / "new")
    restored = restore(source=tmp_path / "b.tar", at=LATER)
    assert restored.report.sound
    assert ["wrapping.key" in said.zh for said in restored.said] == [False, True, False]
    with pytest.raises(Tampered):
        decrypt_value(5, "phone", county)


def test_restore_refuses_a_full_place_and_force_tells_what_is_missing(settings, tmp_path: Path) -> None:
    backup(target=tmp_path / "b.tar", at=AT)
    add_events(8, start=100)
    seal(at=AT)
    with pytest.raises(Refused, match="20 events here already"):
        restore(source=tmp_path / "b.tar", at=LATER)
    assert Event.objects.count() == 20
    restored = restore(source=tmp_path / "b.tar", at=LATER, force=True)
    assert (Event.objects.count(), restored.missing) == (12, 8)
    assert "缺 8 条" in restored.said[0].zh


def test_restore_measures_by_a_checkpoint_kept_elsewhere(settings, tmp_path: Path) -> None:
    backup(target=tmp_path / "b.tar", at=AT)
    add_events(3, start=100)
    seal(at=AT)
    kept = last_checkpoint()
    lose_everything()
    move_to(settings, tmp_path / "new")
    assert restore(source=tmp_path / "b.tar", at=LATER, kept=kept).missing == 3


def test_backup_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "b.tar").write_text("precious")
    with pytest.raises(Refused, match="exists already"):
        backup(target=tmp_path / "b.tar", at=AT)
    assert (tmp_path / "b.tar").read_text() == "precious"


def test_a_backup_is_for_its_owner_only_and_leaves_nothing_else(tmp_path: Path) -> None:
    backup(target=tmp_path / "b.tar", at=AT)
    assert (tmp_path / "b.tar").stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.tar", "county"]


def repack(source: Path, change) -> Path:
    """Write the backup anew with each member's (name, bytes) as `change` returns it; None drops it."""
    target = source.with_name("changed.tar")
    with tarfile.open(source) as old, tarfile.open(target, "w") as new:
        for member in old.getmembers():
            changed = change(member.name, old.extractfile(member).read())
            if changed is not None:
                entry = tarfile.TarInfo(changed[0])
                entry.size = len(changed[1])
                new.addfile(entry, io.BytesIO(changed[1]))
    return target


def to_file(change):
    """Apply a change to the attachment only."""
    return lambda name, data: change(name, data) if name.startswith("attachments") else (name, data)


def to_database(change):
    """Apply a change to the database's copy only."""
    return lambda name, data: change(name, data) if name.startswith("database") else (name, data)


def to_manifest(change):
    """Apply a change to the manifest only."""
    return lambda name, data: change(name, data) if name == MANIFEST else (name, data)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (to_file(lambda name, data: (name, data[:-1] + b"X")), "do not match"),
        (to_file(lambda name, data: None), "do not match"),
        (to_file(lambda name, data: ("extra", data)), "do not match"),
        (to_file(lambda name, data: ("../outside", data)), "no whole backup file"),
        (to_database(lambda name, data: (name, data[:5_000] + b"XX" + data[5_002:])), "do not match"),
        (to_manifest(lambda name, data: None), "no manifest"),
        (to_manifest(lambda name, data: (name, b"{}")), "Zhangfa backup"),
    ],
)
def test_a_damaged_backup_is_refused_before_anything_is_touched(tmp_path: Path, change, sentence: str) -> None:
    backup(target=tmp_path / "b.tar", at=AT)
    with pytest.raises(Refused, match=sentence):
        restore(source=repack(tmp_path / "b.tar", change), at=LATER, force=True)
    assert Event.objects.count() == 12
    assert not (tmp_path / "outside").exists()


def test_a_cut_off_backup_is_refused(tmp_path: Path) -> None:
    backup(target=tmp_path / "b.tar", at=AT)
    (tmp_path / "c.tar").write_bytes((tmp_path / "b.tar").read_bytes()[:20_000])
    (tmp_path / "d.tar").write_text("nonsense")
    for name in ("c.tar", "d.tar"):
        with pytest.raises(Refused):
            restore(source=tmp_path / name, at=LATER, force=True)
    assert Event.objects.count() == 12


def test_a_backup_of_the_other_database_is_refused(tmp_path: Path) -> None:
    other = "sqlite" if connection.vendor == "postgresql" else "postgresql"

    def relabel(name: str, data: bytes) -> tuple[str, bytes]:
        if name == MANIFEST:
            return name, replace(Manifest.from_json(data.decode()), vendor=other).to_json().encode()
        return name, data

    backup(target=tmp_path / "b.tar", at=AT)
    assert other in DATABASES
    with pytest.raises(Refused, match="DATABASE_URL"):
        restore(source=repack(tmp_path / "b.tar", relabel), at=LATER, force=True)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="about SQLite's file")
def test_restore_refuses_while_a_server_has_the_database_open(tmp_path: Path) -> None:
    backup(target=tmp_path / "b.tar", at=AT)
    server = sqlite3.connect(connection.settings_dict["NAME"])
    server.execute("SELECT count(*) FROM log_event").fetchone()
    with pytest.raises(Refused, match="Stop the server"):
        restore(source=tmp_path / "b.tar", at=LATER, force=True)
    server.close()
    assert Event.objects.count() == 12


@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL (DATABASE_URL)")
def test_missing_postgresql_tools_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Refused, match="pg_dump is missing"):
        backup(target=tmp_path / "b.tar", at=AT)
    assert not (tmp_path / "b.tar").exists()
