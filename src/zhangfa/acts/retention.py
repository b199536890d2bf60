"""The end of a closed record's keeping: its personal values are blanked and its data key is destroyed."""

from __future__ import annotations

from typing import Any

from django.db import connection

from zhangfa.acts.actor import SYSTEM
from zhangfa.acts.composing import add_tasks
from zhangfa.acts.fold import Row
from zhangfa.acts.owed import TaskChanges, closing_columns
from zhangfa.acts.sealing import is_secret
from zhangfa.acts.situation import Situation
from zhangfa.acts.verbs import begin_verb
from zhangfa.acts.writing import write_acts
from zhangfa.log import secrets
from zhangfa.log.transaction import write_transaction


def end_retention(situation: Situation, row: Row) -> None:
    """Blank the personal values (all where the charter says ``erase``), forget the key, log it: one transaction."""
    draft = begin_verb("anonymise", situation, SYSTEM, f"keep:{row['id']}")
    draft.payload["data"] = dict.fromkeys(_blanked(situation))
    draft.set_columns(author=None, about_person=None, code_hash=None, **_label(situation))
    draft.remember(joined=None, took=None, sheets=None, signers=None, drawn=None, last=None, passed=None)
    draft.payload["left"] = sorted({one[3] for one in situation.meta.get("joined", ())})
    add_tasks(draft, TaskChanges(sets={row["id"]: closing_columns(row, "done", SYSTEM, situation.at)}))
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")  # else the old key's bytes stay in the file's free space
    with write_transaction():
        write_acts([draft.to_writing()])
        secrets.forget(situation.record["id"])


def _blanked(situation: Situation) -> list[str]:
    fields = situation.register.fields.values()
    if situation.register.keep_then == "erase":
        return [one.id for one in fields if one.id in situation.payload]
    personal = [one.id for one in fields if is_secret(one, situation.register) or one.type == "person"]
    return [name for name in personal if name in situation.payload]


def _label(situation: Situation) -> dict[str, Any]:
    """The label goes where it may name a person."""
    named = any(
        not name.startswith("=") and _names_person(situation, name) for name, _length in situation.register.label
    )
    if named or situation.register.keep_then == "erase":
        return {"label": situation.record["number"]}
    return {}


def _names_person(situation: Situation, name: str) -> bool:
    field = situation.register.fields.get(name)
    return name == "about" or (field is not None and field.type == "person")
