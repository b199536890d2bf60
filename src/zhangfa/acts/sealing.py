"""Encrypt what is sensitive before it is written, open it where it is needed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from zhangfa.acts.once import once_per_version
from zhangfa.acts.refusal import Refusal
from zhangfa.acts.situation import Situation
from zhangfa.acts.values.term import is_sealed
from zhangfa.charter.model import Charter, Field, Register
from zhangfa.log import secrets

FREE = frozenset(("text", "files", "phone", "id-number", "point", "table"))
"""Types that are encrypted where the whole register is sensitive; coded ones stay readable for statistics."""


def is_secret(field: Field, register: Register) -> bool:
    """Whether the field's value is stored as ciphertext: it is sensitive, a column of it is, or its register is."""
    if field.sensitive or any(column.sensitive for column in field.columns):
        return True
    return register.sensitive is not None and field.type in FREE


@once_per_version
def secret_fields(charter: Charter, register: Register) -> frozenset[str]:
    """Return the fields whose values are stored as ciphertext."""
    return frozenset(one.id for one in register.fields.values() if is_secret(one, register))


def opened(situation: Situation) -> Situation:
    """Return the situation with its payload in the clear; what was erased is absent."""
    payload = situation.payload
    if not any(is_sealed(value) for value in payload.values()):
        return situation
    return situation.having(payload=open_payload(int(situation.record["id"]), payload))


def open_payload(record: int, payload: Mapping[str, Any]) -> dict[str, Any]:
    """Decrypt a payload's sealed values; erased ones are left out."""
    keys = secrets.fetch_keys([record])
    found = {name: keys.decrypt(record, name, value) for name, value in payload.items()}
    return {name: value for name, value in found.items() if value is not secrets.ERASED}


def seal(
    situation: Situation, data: Mapping[str, Any], *, new: bool
) -> tuple[dict[str, Any], tuple[int, bytes] | None]:
    """Encrypt the secret ones of the values; return all, and the row of a new data key where one was made."""
    sealed = secret_fields(situation.charter, situation.register)
    secret = [name for name, value in data.items() if value is not None and name in sealed]
    if not secret:
        return dict(data), None
    record = int(situation.record["id"])
    try:
        key = secrets.new_key(record) if new else secrets.key_for_writing(record)
    except secrets.RecordErased:
        raise Refusal("never", _("这条记录的个人信息已删除，不能再填写个人信息。"), hint=_("请另建一条记录。"))
    return {**data, **{name: key.encrypt(name, data[name]) for name in secret}}, key.row
