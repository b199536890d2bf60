"""Follow a request by its code: see how it stands, say whether it is solved, send it back."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from zhangfa.acts.actor import PUBLIC
from zhangfa.acts.engine import take_step
from zhangfa.acts.refusal import Refusal
from zhangfa.acts.words import step_title
from zhangfa.attachments.models import Attachment
from zhangfa.attachments.views import send_file
from zhangfa.charter.model import Step
from zhangfa.desk.posted import read_id
from zhangfa.doors.door_frame import (
    forget_code,
    is_own_form,
    now,
    public_page,
    remember_code,
    remembered_code,
    role_titles,
    show,
)
from zhangfa.doors.follow_codes import Found, may_try, note_wrong, open_code
from zhangfa.doors.forms import Answers, ask_questions, read_answers
from zhangfa.doors.limits import address_of
from zhangfa.doors.public_case import PublicCase, read_public_case, shown_files, waiting_words
from zhangfa.settings import CONFIG


@public_page
def enter(request: HttpRequest) -> HttpResponse:
    """Ask for the code, or open what a posted one opens."""
    if request.method != "POST":
        return _enter(request)
    if not is_own_form(request):
        return _enter(request, _("没有打开成功。请允许浏览器保存 Cookie，再输一次。"), status=403)
    return _open(request, request.POST.get("code", ""))


@public_page
def by_link(request: HttpRequest, code: str) -> HttpResponse:
    """Open a link that carries the code; the code then leaves the address bar."""
    return _open(request, code)


def _open(request: HttpRequest, typed: str) -> HttpResponse:
    address, at = address_of(request), now()
    if not may_try(address=address, at=at):
        hint = _("过一小时再试。已经打开过的件，用原来那个浏览器还能看。")
        return _enter(request, _("这个网络一小时内输错的次数太多了。"), hint, status=429)
    found = open_code(typed)
    if found is None:
        note_wrong(address=address, at=at)
        hint = _("请对照您抄下的码再输一次。连续输错 10 次要等一小时。")
        return _enter(request, _("没有查到。"), hint, status=404)
    response = redirect("follow-case")
    remember_code(request, response, found.code)
    return response


def _enter(request: HttpRequest, sentence: str = "", hint: str = "", status: int = 200) -> HttpResponse:
    context = {"title": _("查办理进度"), "sentence": sentence, "hint": hint}
    return show(request, "follow.html", context, status=status)


def _found(request: HttpRequest) -> Found | None:
    code = remembered_code(request)
    return open_code(code) if code else None


@public_page
def receipt(request: HttpRequest) -> HttpResponse:
    """Show the code to carry away, and what happens next by when."""
    found = _found(request)
    if found is None:
        return redirect("follow")
    seen = read_public_case(record=found.record, code=found.code, at=now()) if found.record else None
    link = f"{CONFIG.public_url}{reverse('follow')}#{found.code.replace('-', '')}"
    context = {
        "title": _("收到了"), "code": found.code, "link": link, "link_words": link.split("://")[-1],
        "qr": segno.make(link, error="m", micro=False).png_data_uri(scale=6, border=3),
        "waiting": found.record is None, "dues": seen.dues if seen else (), "closed": bool(seen and seen.closed),
        "draft": request.GET.get("d", "")[:20],
    }  # fmt: skip
    return show(request, "receipt.html", context)


@public_page
def case(request: HttpRequest) -> HttpResponse:
    """Show how the request stands, with the forms of what the resident may do now."""
    return _case(request)


def _case(
    request: HttpRequest,
    *,
    answers: Answers | None = None,
    step: str = "",
    refusal: Refusal | None = None,
    key: str = "",
    status: int = 200,
) -> HttpResponse:
    found = _found(request)
    if found is None:
        return redirect("follow")
    if found.waiting is not None:
        state, words = waiting_words(found.waiting)
        context = {"title": _("办理进度"), "code": found.code, "state": state, "words": words}
        return show(request, "waiting.html", context)
    seen = read_public_case(record=found.record or 0, code=found.code, at=now())
    if seen is None:
        return redirect("follow")
    forms = [_form(seen, each, answers if each.id == step else None) for each in seen.offers]
    context = {
        "title": _("办理进度"), "seen": seen, "forms": forms, "refusal": refusal, "wrong_step": step,
        "version": seen.situation.record["version"], "code": found.code,
        "key": key or secrets.token_urlsafe(18), "done": request.GET.get("done", "") in seen.situation.register.steps,
    }  # fmt: skip
    return show(request, "case.html", context, status=status)


def _form(seen: PublicCase, step: Step, answers: Answers | None) -> Mapping[str, object]:
    charter, register = seen.situation.charter, seen.situation.register
    given = answers or Answers({}, {})
    left = step.at_most - seen.situation.meta.get("steps", {}).get(step.id, 0) if step.at_most else None
    questions = ask_questions(step, register, role_titles(charter), data=given.data, errors=given.errors)
    return {"id": step.id, "title": step_title(step), "questions": questions, "left": left,
            "help": step.help, "version": seen.situation.record["version"]}  # fmt: skip


@public_page
def act(request: HttpRequest, step: str) -> HttpResponse:
    """Take a step of the resident's: confirm, send back, appeal."""
    found = _found(request)
    if request.method != "POST" or found is None or found.record is None:
        return redirect("follow-case" if found else "follow")
    at = now()
    seen = read_public_case(record=found.record, code=found.code, at=at)
    known = seen.situation.register.steps.get(step) if seen else None
    if seen is None or known is None:
        raise Refusal("not_found", _("没有这一步。"))
    answers = read_answers(known, request, at)
    key = request.POST.get("key", "")[:50] or secrets.token_urlsafe(18)
    if not is_own_form(request):
        hint = _("请允许浏览器保存 Cookie，再按一次。")
        refusal = Refusal("cookie", _("这次没有提交成功，您写的都还在。"), hint=hint)
        return _case(request, answers=answers, step=step, refusal=refusal, key=key, status=403)
    try:
        take_step(
            register=seen.situation.key,
            step=step,
            by=PUBLIC.with_code(found.code),
            at=at,
            key=f"door:{key}",
            record=found.record,
            version=read_id(request.POST.get("version")),
            data=answers.data,
            code=found.code,
        )
    except Refusal as refused:
        both = Answers(answers.data, answers.errors | refused.fields)
        return _case(request, answers=both, step=step, refusal=refused, status=422)
    return HttpResponseRedirect(f"{reverse('follow-case')}?done={step}")


@public_page
def file(request: HttpRequest, digest: str, name: str) -> HttpResponseBase:
    """Show the resident a photo of the own request."""
    found = _found(request)
    seen = read_public_case(record=found.record, code=found.code, at=now()) if found and found.record else None
    if seen is None or digest not in shown_files(seen):
        raise Refusal("not_found", _("没有找到这个文件。"))
    return send_file(Attachment.objects.filter(hash=digest).first(), name, small="small" in request.GET)


@public_page
def leave(request: HttpRequest) -> HttpResponse:
    """Close the request on this phone, for instance a lent one."""
    response = redirect("follow")
    forget_code(response)
    return response


@public_page
def lost(request: HttpRequest) -> HttpResponse:
    """Say honestly what can and cannot be done about a lost code."""
    return show(request, "lost.html", {"title": _("查询码丢了")})


@public_page
def language(request: HttpRequest, code: str) -> HttpResponse:
    """Switch the language and go back to the page."""
    wanted = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith("/")
    response = redirect(wanted if safe else reverse("follow"))
    if code in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, code, max_age=365 * 86400, samesite="Lax", httponly=True)
    return response
