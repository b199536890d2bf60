"""A charter being written: its text and checklists as typed, its problems, what would change."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest

from zhangfa.charter.diff import compare
from zhangfa.charter.engine import CharterRefused, plan_charter
from zhangfa.charter.load import checklists_of
from zhangfa.charter.model import Charter, Text
from zhangfa.charter.models import CharterVersion
from zhangfa.charter.problems import Problem

LARGEST = 1_000_000
"""Bytes of a charter or a checklist; the loader refuses more."""
CHECKLIST = "file."


@dataclass(frozen=True, slots=True)
class Draft:
    """What stands in the editor."""

    name: str
    text: str
    files: Mapping[str, str]
    missing: tuple[str, ...] = ()
    """Checklists the text names and that are not there yet."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What a draft would do: problems, or the charter with its differences from the one in force."""

    problems: tuple[Problem, ...] = ()
    charter: Charter | None = None
    standing: Charter | None = None
    changes: tuple[Text, ...] = ()

    @property
    def same(self) -> bool:
        """Whether this very text already stands."""
        return bool(self.charter and self.standing and self.charter.digest == self.standing.digest)


def stored_draft(charter: str) -> Draft | None:
    """Return the newest version of a charter as a draft; None where there is no such charter."""
    row = CharterVersion.objects.filter(charter=charter).order_by("-version").first()
    return Draft(row.name, row.text, json.loads(row.files)) if row else None


def typed_draft(request: HttpRequest, name: str) -> Draft:
    """Read the draft a form carries: typed text first, an uploaded file over it."""
    text = request.POST.get("text", "").replace("\r\n", "\n")
    files = {
        field[len(CHECKLIST) :]: value.replace("\r\n", "\n")
        for field, value in request.POST.items()
        if field.startswith(CHECKLIST)
    }
    for upload in request.FILES.getlist("files"):
        content = upload.read(LARGEST + 1).decode("utf-8-sig", "replace")
        if upload.name.endswith((".yaml", ".yml")):
            text, name = content, upload.name
        else:
            files[upload.name] = content
    wanted = checklists_of(text)
    present = {one: files[one] for one in wanted if one in files}
    return Draft(name, text, present, tuple(one for one in wanted if one not in files))


def judge(draft: Draft, at: dt.datetime) -> Judged:
    """Check a draft and compare it with what stands; writes nothing."""
    try:
        charter, standing = plan_charter(text=draft.text, name=draft.name, files=draft.files, at=at)
    except CharterRefused as refused:
        return Judged(problems=refused.problems)
    return Judged(charter=charter, standing=standing, changes=compare(standing, charter) if standing else ())
