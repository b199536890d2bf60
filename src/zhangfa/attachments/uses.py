"""Which records hold a file: read from the log, so that no writer can forget to say so."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterator

from zhangfa.acts.actor import Actor
from zhangfa.acts.gate import may_see
from zhangfa.acts.reading import read_case
from zhangfa.attachments.models import Attachment, FileUse, ReadingMark
from zhangfa.charter import engine as charters
from zhangfa.log import secrets
from zhangfa.log.models import Event


def read_log() -> None:
    """Note the uses in events not read yet: the sealed ones once, the unsealed tail each time.

    Positions are given by the sealer without gaps, so none is passed over as sequence numbers
    of slow transactions would be.
    """
    mark, _made = ReadingMark.objects.get_or_create(id=1)
    for event in Event.objects.filter(position__gt=mark.position, kind="step").order_by("position").iterator(2000):
        _note_uses(event)
        mark.position = event.position
    ReadingMark.objects.filter(id=1, position__lt=mark.position).update(position=mark.position)
    for event in Event.objects.filter(position=None, kind="step").iterator(2000):
        _note_uses(event)


def _note_uses(event: Event) -> None:
    if '"hash":' not in event.payload and '"~":' not in event.payload:
        return
    payload = json.loads(event.payload)
    found = set(_hashes_in(payload)) | set(_sealed_hashes(event, payload))
    rows = [FileUse(hash=each, record=event.record) for each in found]
    FileUse.objects.bulk_create(rows, ignore_conflicts=True)


def _hashes_in(value: object) -> Iterator[str]:
    """Yield the hashes of all file values anywhere in a payload."""
    if isinstance(value, dict):
        if {"hash", "name", "type", "size"} <= value.keys():
            yield str(value["hash"])
        else:
            for part in value.values():
                yield from _hashes_in(part)
    elif isinstance(value, list):
        for part in value:
            yield from _hashes_in(part)


def _sealed_hashes(event: Event, payload: object) -> Iterator[str]:
    """Yield the hashes in encrypted file fields, such as a medical certificate."""
    sealed = [(name, stored) for name, stored in _encrypted_in(payload) if _is_files(event, name)]
    if not sealed:
        return
    keys = secrets.fetch_keys([event.record or 0])
    for name, stored in sealed:
        yield from _hashes_in(keys.decrypt(event.record or 0, name, stored))


def _encrypted_in(value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        for name, part in value.items():
            if secrets.is_encrypted(part):
                yield name, part
            else:
                yield from _encrypted_in(part)


def _is_files(event: Event, name: str) -> bool:
    charter = charters.at_version(event.charter, event.version)
    register = charter.registers.get(event.register.rpartition(".")[2])
    asked = register.fields.get(name) if register else None
    return asked is not None and asked.type == "files"


def known_hashes(hashes: Collection[str]) -> set[str]:
    """Return those of the hashes that are kept; asked by every act that names files."""
    return set(Attachment.objects.filter(hash__in=hashes).values_list("hash", flat=True))


def find_readable(*, digest: str, actor: Actor, at: dt.datetime) -> Attachment | None:
    """Return the file if the actor may see a record that holds it, in a field shown to the actor; else nothing.

    Asked by everything that hands bytes out. A file nobody has noted yet is looked up in the
    unread part of the log first.
    """
    attachment = Attachment.objects.filter(hash=digest).first()
    if attachment is None:
        return None
    if not _records_with(digest):
        read_log()
    shown = any(_is_shown(digest, record, actor, at) for record in _records_with(digest))
    return attachment if shown else None


def _records_with(digest: str) -> list[int]:
    return list(FileUse.objects.filter(hash=digest).order_by("-id").values_list("record", flat=True)[:50])


def _is_shown(digest: str, record: int, actor: Actor, at: dt.datetime) -> bool:
    """Tell whether the record is the actor's to see and no field hidden from him holds the file."""
    case = read_case(record=record, actor=actor, at=at, log=False)
    if case is None or not may_see(actor, record, at):
        return False
    holding = {name for name, value in case.values.items() if digest in _hashes_in(value)}
    if holding:
        if holding <= case.shown_secrets:
            read_case(record=record, actor=actor, at=at, log=True)
        return True
    hidden = [case.row["payload"].get(name) for name in case.hidden]
    return not any(secrets.is_encrypted(value) or digest in _hashes_in(value) for value in hidden)
