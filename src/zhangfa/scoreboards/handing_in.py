"""What a try needs and what is handed in for it: the rules, the period, a file of units, files of facts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from zhangfa.charter.engine import all_current
from zhangfa.charter.load import load_charter
from zhangfa.charter.model import Charter
from zhangfa.charter.problems import Problem
from zhangfa.charter.score_model import Score
from zhangfa.desk.drafting import Draft
from zhangfa.directory.sheet import LARGEST_FILE
from zhangfa.refusal import Refusal
from zhangfa.scoreboards import trials
from zhangfa.scoreboards.needs import needs_of
from zhangfa.scoreboards.templates_for_files import units_on_file
from zhangfa.scoreboards.trials import Table, Trial
from zhangfa.scoreboards.uploads import Upload, open_facts, open_units
from zhangfa.scoreboards.wording import said
from zhangfa.scores.period import NoPeriod, Period, read_period

MOST_ROWS = 200_000
"""Lines of all files together; a county's year is a tenth of it."""
MOST_FILES = 12


class NotACharter(Exception):
    """An uploaded charter with problems."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Offer:
    """A score of a charter in force that can be tried."""

    key: str
    title: str
    charter: str


def offers() -> list[Offer]:
    """Return the scores of the charters in force, in order of title."""
    held = sorted(all_current().values(), key=lambda one: one.title.zh)
    return [
        Offer(f"{one.id}.{each.id}", said(each.title), said(one.title)) for one in held for each in one.scores.values()
    ]


def begin(form: Mapping[str, str], draft: Draft) -> Trial:
    """Return a new trial of the score chosen, or of the charter uploaded.

    Raises:
        NotACharter: the charter uploaded has problems.
        Refusal: nothing was chosen, or the charter judges nothing.
    """
    if draft.text.strip():
        return _uploaded(draft, form.get("score", ""))
    charter, _dot, score = form.get("score", "").partition(".")
    held = all_current().get(charter)
    if held is None or score not in held.scores:
        raise Refusal("fields", _("请选一项考核，或者上传一份章程。"))
    return Trial(trials.new_token(), charter, held.version, score, title=_title(held, score))


def _uploaded(draft: Draft, chosen: str) -> Trial:
    loaded = load_charter(draft.text, name=draft.name, files=draft.files)
    charter = loaded.charter
    if charter is None:
        raise NotACharter(loaded.problems)
    if not charter.scores:
        raise Refusal("fields", _("这份章程里没有考核（scores）。"))
    score = chosen.rpartition(".")[2]
    score = score if score in charter.scores else next(iter(charter.scores))
    return Trial(
        trials.new_token(), charter.id, 0, score, text=draft.text, files=dict(draft.files),
        title=_title(charter, score),
    )  # fmt: skip


def _title(charter: Charter, score: str) -> str:
    return f"{said(charter.title)} · {said(charter.scores[score].title) or score}"


def period_of_trial(trial: Trial, charter: Charter, score: Score) -> Period | None:
    """Return the period tried; None where none was chosen."""
    try:
        return read_period(trial.period, score.every, charter.seasons)
    except NoPeriod:
        return None


def take(
    trial: Trial, charter: Charter, score: Score, form: Mapping[str, str], files: MultiValueDict[str, UploadedFile],
    today: dt.date,
) -> dict[str, str]:  # fmt: skip
    """Take what was handed in into the trial; return a sentence for each field that is wrong. What is right is kept."""
    errors: dict[str, str] = {}
    if (asked := form.get("score", "")) in charter.scores:
        trial.score, score, trial.title = asked, charter.scores[asked], _title(charter, asked)
    trial.period = form.get("period", "").strip()[:40]
    try:
        period = read_period(trial.period, score.every, charter.seasons)
    except NoPeriod as fault:
        errors["period"], period = said(fault.said), None
    _take_units(trial, charter, score, form, files.get("units"), period.end if period else today, errors)
    for need in needs_of(charter, score):
        _take_facts(trial, charter, need.table, form, files.getlist(f"facts.{need.table}"), errors)
    if sum(one.rows for held in trial.tables.values() for one in held) > MOST_ROWS:
        errors["files"] = _("各表合计超过 %(most)d 行，请分次试算。") % {"most": MOST_ROWS}
    if not any(trial.tables.values()) and needs_of(charter, score):
        errors.setdefault("files", _("请至少上传一张数据表。"))
    return errors


def _take_units(
    trial: Trial, charter: Charter, score: Score, form: Mapping[str, str], file: UploadedFile | None, day: dt.date,
    errors: dict[str, str],
) -> None:  # fmt: skip
    if file is not None:
        try:
            trial.units = _keep(trial, file, open_units(_read(file)))
        except Refusal as refused:
            errors["units"] = refused.sentence
    elif form.get("on_file") and score.of_kind:
        content = units_on_file(charter, score, day)
        trial.units = _keep_as(trial, _("组织目录（%(day)s）") % {"day": day.isoformat()}, open_units(content))
    if trial.units is None:
        errors.setdefault(
            "units", _("请上传单位表，或者用组织目录里的单位。") if score.of_kind else _("请上传人员表。")
        )


def _take_facts(
    trial: Trial,
    charter: Charter,
    table: str,
    form: Mapping[str, str],
    files: list[UploadedFile],
    errors: dict[str, str],
) -> None:
    if form.get(f"drop.{table}"):
        trial.tables.pop(table, None)
    held: list[Table] = []
    for file in files[:MOST_FILES]:
        try:
            held.append(_keep(trial, file, open_facts(_read(file), charter, table)))
        except Refusal as refused:
            errors[f"facts.{table}"] = f"{file.name}：{refused.sentence}"
    if held:
        trial.tables[table] = held


def _read(file: UploadedFile) -> bytes:
    if (file.size or 0) > LARGEST_FILE:
        raise Refusal("fields", _("文件超过 20 MB，请分成几个。"))
    return bytes(file.read())


def _keep(trial: Trial, file: UploadedFile, upload: Upload) -> Table:
    return _keep_as(trial, "".join(_safe(file.name or ""))[:80] or _("未命名"), upload)


def _keep_as(trial: Trial, name: str, upload: Upload) -> Table:
    columns = [[one.heading, one.field, one.title] for one in upload.columns]
    return Table(name, upload.rows, columns, trials.put_file(trial.token, upload.content))


def _safe(name: str) -> Iterator[str]:
    yield from (sign for sign in name if sign.isprintable() and sign not in '<>"\\/')
