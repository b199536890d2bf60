"""Put a backup in place, check it, and say how far behind the last known checkpoint it is."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection, connections

from zhangfa.log.archive import DATABASES, MANIFEST, Manifest, Refused, describe_file, files_below, wrapping_check
from zhangfa.log.checkpoint import (
    TRUSTED_KEYS,
    SignedCheckpoint,
    last_checkpoint,
    published_path,
    read_checkpoint,
    trusted_keys,
)
from zhangfa.log.models import Event
from zhangfa.log.postgres import load_database
from zhangfa.log.secrets import forget_open_keys
from zhangfa.log.sentence import Sentence
from zhangfa.log.verify import Report, verify_log

Progress = Callable[[int, int], None]
QUIET: Progress = lambda _done, _total: None  # noqa: E731


@dataclass(frozen=True, slots=True)
class Restored:
    """What came of a restore."""

    manifest: Manifest
    report: Report
    missing: int | None
    """Events known to have been sealed that the restored copy lacks; None when no newer checkpoint is known."""
    said: tuple[Sentence, ...]
    """How far behind it is, and what the host still has to do."""


def restore(
    *, source: Path, at: datetime, force: bool = False, kept: SignedCheckpoint | None = None,
    progress: Progress = QUIET,
) -> Restored:  # fmt: skip
    """Check the backup's hashes, put it in place, verify the log. No server may be running.

    Refuses a place that already holds events unless `force`, which moves what was there aside (on PostgreSQL: replaces
    it). `kept`: a checkpoint kept elsewhere, to measure by. Raises `Refused` before anything was touched.
    """
    Path(settings.DATA).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=settings.DATA) as folder:
        manifest = _unpack(source, Path(folder), progress)
        _refuse_full_place(force)
        known = _newest_known(kept)
        said = list(_put_in_place(Path(folder), manifest, f".before-restore-{at:%Y%m%dT%H%M%S}"))
    report = verify_log(progress=progress, against=[kept] if kept and not _behind(kept) else [])
    said.insert(0, _say_distance(manifest, known, at))
    return Restored(manifest, report, _behind(known), tuple(said))


def _unpack(source: Path, folder: Path, progress: Progress) -> Manifest:
    try:
        with tarfile.open(source) as tar:
            members = tar.getmembers()
            total, done = sum(member.size for member in members), 0
            for member in members:
                if not member.isreg():
                    raise Refused(
                        f"备份中有非普通文件 {member.name}。", f"{member.name} in the backup is no plain file."
                    )
                tar.extract(member, folder, filter="data")
                done += member.size
                progress(done, total)
    except (tarfile.TarError, OSError) as error:
        raise Refused(f"{source} 不是完整的备份文件：{error}", f"{source} is no whole backup file: {error}") from error
    path = folder / MANIFEST
    if not path.exists():
        raise Refused("备份中没有清单：文件不完整。", "The backup has no manifest: the file is not whole.")
    manifest = Manifest.from_json(path.read_text())
    path.unlink()
    _check_files(manifest, folder)
    return manifest


def _check_files(manifest: Manifest, folder: Path) -> None:
    if manifest.vendor != connection.vendor:
        raise Refused(
            f"备份来自 {manifest.vendor}，而本机用 {connection.vendor}。请设好 DATABASE_URL 再试。",
            f"The backup is of {manifest.vendor}, this installation runs on {connection.vendor}. "
            "Set DATABASE_URL accordingly and try again.",
        )
    there = {name[2:]: path for name, path in files_below(folder, ".").items()}
    promised = {file.name: file for file in manifest.files}
    wrong = [name for name in promised | there if name not in there or name not in promised
             or describe_file(there[name], name) != promised[name]]  # fmt: skip
    if wrong or DATABASES[manifest.vendor] not in there:
        names = ", ".join(sorted(wrong)[:5]) or DATABASES[manifest.vendor]
        raise Refused(f"备份中的文件与清单不符：{names}。", f"Files of the backup do not match its manifest: {names}.")


def _refuse_full_place(force: bool) -> None:
    if force:
        return
    try:
        count = Event.objects.count()
    except DatabaseError:
        return  # no tables yet
    if count:
        raise Refused(
            f"此处已有 {count} 条事件。确要以备份取代，请加 --force。",
            f"There are {count} events here already. To put the backup in their place, add --force.",
        )


def _newest_known(kept: SignedCheckpoint | None) -> SignedCheckpoint | None:
    found = [kept, read_checkpoint(published_path())]
    with contextlib.suppress(DatabaseError):
        found.append(last_checkpoint())
    return max((checkpoint for checkpoint in found if checkpoint), key=lambda checkpoint: checkpoint.size, default=None)


def _behind(known: SignedCheckpoint | None) -> int | None:
    last = last_checkpoint()
    ahead = known.size - (last.size if last else 0) if known else 0
    return ahead if ahead > 0 else None


def _put_in_place(folder: Path, manifest: Manifest, aside: str) -> list[Sentence]:
    database = folder / DATABASES[manifest.vendor]
    if manifest.vendor == "postgresql":
        load_database(database)
        connections.close_all()
    else:
        _replace_sqlite(database, aside)
    _replace_attachments(folder / "attachments", Path(settings.DATA) / "attachments", aside)
    if manifest.with_keys:
        _replace_keys(folder / "keys", aside)
    return _what_keys_are_missing(manifest)


def _replace_sqlite(database: Path, aside: str) -> None:
    with contextlib.closing(sqlite3.connect(database)) as copy:
        (verdict,) = copy.execute("PRAGMA integrity_check").fetchone()
    if verdict != "ok":
        raise Refused(f"备份的数据库已损坏：{verdict}", f"The backup's database is damaged: {verdict}")
    name = Path(str(connection.settings_dict["NAME"]))
    connections.close_all()
    if name.exists():
        _refuse_running_server(name)
        name.rename(name.with_name(name.name + aside))
    shutil.move(database, name)


def _refuse_running_server(name: Path) -> None:
    # Leaving WAL mode needs the file alone: it fails as long as any other process has the database open. It also folds
    # the write-ahead log into the file, so that what is moved aside is whole.
    try:
        with contextlib.closing(sqlite3.connect(name, timeout=0.5)) as probe:
            (mode,) = probe.execute("PRAGMA journal_mode=DELETE").fetchone()
    except sqlite3.DatabaseError as error:
        if "locked" not in str(error):
            return  # what is there is no database any more: nothing to keep whole
        mode = "wal"
    if mode != "delete":
        raise Refused(
            "数据库正被使用。请先停下服务（zhangfa run），再恢复。",
            "The database is in use. Stop the server (zhangfa run) first, then restore.",
        )


def _replace_attachments(unpacked: Path, place: Path, aside: str) -> None:
    if place.exists() and any(place.iterdir()):
        place.rename(place.with_name(place.name + aside))
    if unpacked.exists():
        shutil.copytree(unpacked, place, dirs_exist_ok=True, copy_function=shutil.move)


def _replace_keys(unpacked: Path, aside: str) -> None:
    place = settings.CONFIG.secrets_folder
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    for key in sorted(unpacked.iterdir()):
        target = place / key.name
        if target.exists() and target.read_bytes() != key.read_bytes():
            target.rename(target.with_name(target.name + aside))
        shutil.move(key, target)
        os.chmod(target, 0o600)
    forget_open_keys()


def _what_keys_are_missing(manifest: Manifest) -> list[Sentence]:
    said = []
    if manifest.wrapping_check != wrapping_check():
        said.append(
            Sentence(
                "备份不含钥匙，本机的 keys/wrapping.key 也不是原来那把：敏感内容在放回原钥匙之前不可读。",
                "The backup has no keys and keys/wrapping.key here is another one: sensitive values cannot be read "
                "until the old key is put back.",
            )
        )
    if manifest.checkpoint and manifest.checkpoint.public_key not in trusted_keys():
        with (settings.CONFIG.secrets_folder / TRUSTED_KEYS).open("a") as file:
            file.write(manifest.checkpoint.public_key.hex() + "\n")
        said.append(
            Sentence(
                f"旧检查点由另一把钥匙签名，已把其公钥记入 keys/{TRUSTED_KEYS}；请与原机核对。",
                f"The old checkpoints are signed by another key; its public key now stands in keys/{TRUSTED_KEYS}. "
                "Compare it with the old installation's.",
            )
        )
    return said


def _say_distance(manifest: Manifest, known: SignedCheckpoint | None, at: datetime) -> Sentence:
    last = last_checkpoint()
    size, waiting = (last.size if last else 0), manifest.events - (last.size if last else 0)
    hours = (at - datetime.fromisoformat(manifest.made_at)).total_seconds() / 3600
    zh = f"恢复到 {manifest.made_at} 的备份（{hours:.1f} 小时前）：封存 {size} 条，另有 {waiting} 条待封存。"
    en = f"Restored the backup of {manifest.made_at} ({hours:.1f} hours ago): {size} events sealed, {waiting} waiting."
    missing = _behind(known)
    if known is None:
        return Sentence(f"{zh}没有已知的更新检查点可比。", f"{en} No newer checkpoint is known to compare with.")
    if missing is None:
        return Sentence(f"{zh}不落后于已知的最新检查点。", f"{en} It is not behind the newest checkpoint known.")
    return Sentence(
        f"{zh}已知最新检查点为 {known.size} 条（{known.ts}）：缺 {missing} 条。",
        f"{en} The newest checkpoint known is of {known.size} events ({known.ts}): {missing} are missing.",
    )
