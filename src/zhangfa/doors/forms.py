"""The form of a step as the public sees it: one question for each field that may be asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhangfa.acts.actor import PUBLIC
from zhangfa.acts.refusal import Refusal
from zhangfa.attachments.engine import StoredFile, seal_files, store, unseal_files
from zhangfa.charter.model import Field, Register, Step
from zhangfa.directory.models import Unit

ASKED = frozenset(
    {
        "text",
        "int",
        "decimal",
        "percent",
        "money",
        "date",
        "datetime",
        "time",
        "bool",
        "choice",
        "choices",
        "unit",
        "phone",
        "files",
        "point",
        "id-number",
        "credit-code",
    }
)
"""Types a resident can answer; a person, a reference or a table is never asked at a door."""
INPUTS = {
    "int": "number",
    "decimal": "text",
    "percent": "text",
    "money": "text",
    "date": "date",
    "datetime": "datetime-local",
    "time": "time",
    "phone": "tel",
    "text": "text",
    "id-number": "text",
    "credit-code": "text",
}
MANY_OPTIONS = 12
SCALE = 6


@dataclass(frozen=True, slots=True)
class Question:
    """One question with what was answered so far; ``look`` names its macro in ``doors/questions.html``."""

    id: str
    look: str
    label: str
    help: str
    required: bool
    value: str = ""
    values: tuple[str, ...] = ()
    error: str = ""
    options: tuple[tuple[str, str], ...] = ()
    input: str = "text"
    limits: Mapping[str, str] = field(default_factory=dict)
    measure: str = ""
    who_sees: str = ""
    kept: tuple[StoredFile, ...] = ()
    token: str = ""


@dataclass(frozen=True, slots=True)
class Answers:
    """What a form brought: raw data for ``take_step``, and sentences about files that were refused."""

    data: dict[str, object]
    errors: dict[str, str]


def fields_asked(step: Step) -> list[Field]:
    """List the fields of a step that the public is asked."""
    return [asked for asked in step.asks if asked.type in ASKED and _for_public(asked)]


def _for_public(asked: Field) -> bool:
    named = {who.kind for who in asked.filled_by}
    return not named or bool(named & {"public", "author"})


def read_answers(step: Step, request: HttpRequest, at: dt.datetime) -> Answers:
    """Read a posted form; files are stored at once, so that they survive a form sent back."""
    data: dict[str, object] = {}
    errors: dict[str, str] = {}
    for asked in fields_asked(step):
        if asked.type == "files":
            data[asked.id] = _read_files(asked, request, at, errors)
        else:
            data[asked.id] = _read_plain(asked, request)
    return Answers(data, errors)


def _read_plain(asked: Field, request: HttpRequest) -> object:
    if asked.type == "choices":
        return request.POST.getlist(asked.id)
    value = request.POST.get(asked.id, "").replace("\r\n", "\n").strip()
    if asked.type == "point":
        return value.split(",") if value.count(",") == 1 else None
    return value


def _read_files(asked: Field, request: HttpRequest, at: dt.datetime, errors: dict[str, str]) -> list[StoredFile]:
    files = unseal_files(request.POST.get(f"{asked.id}-kept", ""))
    limit = int(asked.max) if asked.max is not None and not isinstance(asked.max, dt.date) else 10
    for upload in request.FILES.getlist(asked.id):
        if len(files) >= limit:
            errors[asked.id] = _("最多 %(count)d 个文件，多出的没有收下。") % {"count": limit}
            break
        try:
            files.append(store(upload=upload, accept=asked.accept, by=PUBLIC, at=at))
        except Refusal as refusal:
            errors[asked.id] = refusal.sentence
    return files


def ask_questions(
    step: Step, register: Register, roles: Mapping[str, str], *, data: Mapping[str, object], errors: Mapping[str, str]
) -> list[Question]:
    """Build the questions of a step, with the answers and sentences of a form that was sent back."""
    return [_question(asked, roles, data.get(asked.id), errors.get(asked.id, "")) for asked in fields_asked(step)]


def _question(asked: Field, roles: Mapping[str, str], value: object, error: str) -> Question:
    language = get_language() or "zh-hans"
    files = tuple(value) if asked.type == "files" and isinstance(value, list) else ()
    listed = isinstance(value, list | tuple)
    return Question(
        id=asked.id,
        look=_look(asked),
        label=asked.title.in_language(language),
        help=asked.help.in_language(language) if asked.help else "",
        required=asked.required,
        value=",".join(value) if asked.type == "point" and listed else str(value or ""),
        values=tuple(map(str, value)) if asked.type == "choices" and listed else (str(value or ""),),
        error=error,
        options=_options(asked, language),
        input="image" if asked.accept == "image" else INPUTS.get(asked.type, "text"),
        limits=_limits(asked),
        measure="" if _look(asked) == "scale" else asked.measure,
        who_sees=_who_sees(asked, roles, language),
        kept=files,
        token=seal_files(files) if files else "",
    )


def _look(asked: Field) -> str:
    if asked.type == "text" and asked.long:
        return "long"
    if asked.type == "int" and _is_scale(asked):
        return "scale"
    if asked.type == "choice" and len(asked.options) > MANY_OPTIONS:
        return "select"
    looks = {"choice": "radio", "choices": "check", "bool": "yes", "files": "files", "point": "place", "unit": "select"}
    return looks.get(asked.type, "line")


def _is_scale(asked: Field) -> bool:
    ends = (asked.min, asked.max)
    if any(end is None or isinstance(end, dt.date) for end in ends):
        return False
    return int(asked.max) - int(asked.min) < SCALE  # type: ignore[arg-type]


def _options(asked: Field, language: str) -> tuple[tuple[str, str], ...]:
    if _look(asked) == "scale":
        return tuple((str(n), str(n)) for n in range(int(asked.min), int(asked.max) + 1))  # type: ignore[arg-type]
    if asked.type == "unit":
        units = Unit.objects.filter(kind__in=asked.kind, until=None).order_by("code").values_list("id", "name")[:200]
        return tuple((str(id_), name) for id_, name in units)
    return tuple((option.id, option.title.in_language(language)) for option in asked.options)


def _limits(asked: Field) -> dict[str, str]:
    """Return the attributes of the input that tell the browser the same limits the engine holds."""
    names = ("minlength", "maxlength") if asked.type == "text" else ("min", "max")
    if asked.type not in ("text", "int", "date"):
        return {}
    pairs = zip(names, (asked.min, asked.max), strict=True)
    return {name: str(end) for name, end in pairs if end is not None}


def _who_sees(asked: Field, roles: Mapping[str, str], language: str) -> str:
    """Say who will read a sensitive answer, unless the charter's own help says it already."""
    named = [roles.get(who.name, who.name) for who in asked.visible_to if who.kind == "role"]
    if asked.sensitive is None and not named:
        return ""
    said = asked.help.in_language(language) if asked.help else ""
    if named and all(name.casefold() in said.casefold() for name in named):
        return _("加密保存，只用来就这件事联系您。")
    if named:
        words = _("只有%(roles)s看得到，用来联系您了解情况；加密保存，不公开。不填也能办。")
        return words % {"roles": _("、").join(named)}
    return _("只有经办人员看得到；加密保存，不公开。")
