"""The page behind the code on the door: say what is wrong, carry a code away."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhangfa.acts.refusal import Refusal
from zhangfa.charter import engine as charters
from zhangfa.charter.model import Charter, Door, Step
from zhangfa.directory import tree
from zhangfa.doors.asking import hand_in
from zhangfa.doors.door_codes import find_code, read_code
from zhangfa.doors.door_frame import is_own_form, now, public_page, remember_code, role_titles, show
from zhangfa.doors.forms import Answers, ask_questions, read_answers
from zhangfa.doors.limits import address_of
from zhangfa.doors.models import DoorCode
from zhangfa.doors.sheets import place_above
from zhangfa.doors.work import set_puzzle

MAX_BODY = 130 * 1024 * 1024
"""Six photos of 20 MB and the words."""


@dataclass(frozen=True, slots=True)
class Place:
    """The door somebody stands at."""

    code: str
    charter: Charter
    door: Door
    unit: int

    @property
    def step(self) -> Step:
        """The step this door hands requests in by."""
        return self.charter.registers[self.door.register].steps[self.door.submit]

    @property
    def id(self) -> str:
        """The door's name for puzzles and counters."""
        return f"{self.charter.id}.{self.door.id}"


@public_page
def home(request: HttpRequest) -> HttpResponse:
    """Go to the door whose code was typed, or ask for a code."""
    code = read_code(request.GET.get("code", ""))
    return redirect("door", code[:20]) if code.isalnum() else show(request, "no_door.html", {"title": _("窗口")})


@public_page
def ask(request: HttpRequest, code: str) -> HttpResponse:
    """Show the form of a door, or take what was filled in."""
    found = find_code(code)
    place = _place_of(found) if found else None
    if found is None or (place is None and found.until is None):
        return show(request, "no_door.html", {"title": _("窗口")}, status=404)
    if place is None or found.until is not None:
        return _moved(request, found)
    if request.method == "POST":
        return _take(request, place)
    return _form(request, place, Answers({}, {}), key=secrets.token_urlsafe(18))


@public_page
def puzzle(request: HttpRequest, code: str) -> HttpResponse:
    """Give a fresh puzzle to a page that lay open longer than its own lasts."""
    found = find_code(code)
    if found is None:
        return JsonResponse({}, status=404)
    return HttpResponse(set_puzzle(door=f"{found.charter}.{found.door}", at=now()), content_type="application/json")


def _place_of(found: DoorCode) -> Place | None:
    """Return the door as the charter in force has it; nothing where charter, door or unit are gone."""
    charter = charters.all_current().get(found.charter)
    door = charter.doors.get(found.door) if charter else None
    unit = tree.find_unit(found.unit)
    if charter is None or door is None or not door.submit or unit is None or unit.until is not None:
        return None
    return Place(found.code, charter, door, found.unit)


def _moved(request: HttpRequest, old: DoorCode) -> HttpResponse:
    newer = DoorCode.objects.filter(charter=old.charter, door=old.door, unit=old.unit, until=None).first()
    open_still = newer is not None and _place_of(newer) is not None
    context = {"title": _("窗口"), "new_code": newer.code if newer and open_still else "", "place": _where(old.unit)}
    return show(request, "moved.html", context, status=200 if open_still else 410)


def _where(unit: int) -> str:
    above = place_above(unit)
    return " · ".join(part for part in (above, tree.unit(unit).name) if part)


def _take(request: HttpRequest, place: Place) -> HttpResponse:
    """Take a posted form; whatever is wrong, all that was typed comes back with a sentence."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BODY:
        refusal = Refusal("file-size", _("照片加起来太大了，没有收下。"), hint=_("请回到上一页，少选几张再提交。"))
        return show(request, "sorry.html", {"title": _("照片太大"), "refusal": refusal}, status=413)
    at = now()
    answers = read_answers(place.step, request, at)
    key = request.POST.get("key", "")[:50] or secrets.token_urlsafe(18)
    if not is_own_form(request):
        sentence, hint = _("这次没有提交成功，您写的都还在。"), _("请允许浏览器保存 Cookie，再按一次“提交”。")
        return _form(request, place, answers, key=key, sentence=sentence, hint=hint, status=403)
    try:
        if answers.errors:
            raise Refusal("fields", _("照片有问题，您写的内容都还在。"), fields=answers.errors)
        handed_in = hand_in(
            charter=place.charter,
            door=place.door,
            unit=place.unit,
            data=answers.data,
            solution=request.POST.get("work", "")[:2000],
            address=address_of(request),
            key=f"door:{key}",
            at=at,
        )
    except Refusal as refusal:
        answers = Answers(answers.data, answers.errors | refusal.fields)
        return _form(request, place, answers, key=key, sentence=refusal.sentence, hint=refusal.hint, status=422)
    response = HttpResponseRedirect(f"{reverse('receipt')}?d={place.code}")
    remember_code(request, response, handed_in.code)
    return response


def _form(
    request: HttpRequest,
    place: Place,
    answers: Answers,
    *,
    key: str,
    sentence: str = "",
    hint: str = "",
    status: int = 200,
) -> HttpResponse:
    language = get_language() or "zh-hans"
    charter, step = place.charter, place.step
    at: dt.datetime = now()
    context = {
        "title": place.door.title.in_language(language) or charter.title.in_language(language),
        "summary": charter.summary.in_language(language) if charter.summary else "",
        "place": _where(place.unit),
        "code": place.code,
        "puzzle": set_puzzle(door=place.id, at=at),
        "key": key,
        "questions": ask_questions(
            step, charter.registers[place.door.register], role_titles(charter), data=answers.data, errors=answers.errors
        ),
        "sentence": sentence,
        "hint": hint,
        "button": _("提交"),
    }
    return show(request, "ask.html", context, status=status)
