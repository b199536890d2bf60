"""What every public page has in common: its language, its cookie, its headers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from functools import wraps
from urllib.parse import urlsplit

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware, get_token
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from zhangfa.acts.refusal import Refusal
from zhangfa.charter.model import Charter
from zhangfa.settings import CONFIG

CODE_COOKIE = "zhangfa-code"
SALT = "zhangfa.doors.code"
CODE_LASTS = 30 * 60
"""Seconds after which a lent phone no longer shows the request."""
View = Callable[..., HttpResponse]


class _OwnCheck(CsrfViewMiddleware):
    """Django's check, which says what it found instead of answering with a bare page."""

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        return HttpResponse(reason, status=403)


def is_own_form(request: HttpRequest) -> bool:
    """Tell whether a posted form came from our own page with its cookie."""
    check = _OwnCheck(lambda _request: HttpResponse())
    return check.process_view(request, is_own_form, (), {}) is None


def public_page(view: View) -> View:
    """Make a view a public page: never cached; its forms are checked in the view, to keep what was typed."""

    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Refusal as refusal:
            status = 404 if refusal.code == "not_found" else 409
            return show(request, "sorry.html", {"title": _("办不了"), "refusal": refusal}, status=status)

    made: View = login_not_required(csrf_exempt(never_cache(answer)))
    return made


def show(
    request: HttpRequest, template: str, context: Mapping[str, object], status: int = 200, room: str = "doors"
) -> HttpResponse:
    """Render a public page, of this room or of another that has some; a link to it sends no address along."""
    words = {
        "csrf_token_value": get_token(request),
        "english": speaks_english(),
        "path": request.path,
        "host": urlsplit(CONFIG.public_url).netloc,
        "county": "",
    }
    response = render(request, f"{room}/{template}", words | dict(context), status=status)
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    return response


def speaks_english() -> bool:
    """Tell whether the reader chose English."""
    return (get_language() or "").startswith("en")


def role_titles(charter: Charter) -> dict[str, str]:
    """Return the titles of a charter's roles in the reader's language."""
    return {id_: role.title.in_language(get_language() or "zh-hans") for id_, role in charter.roles.items()}


def remember_code(request: HttpRequest, response: HttpResponse, code: str) -> None:
    """Let this browser look at the request for half an hour without typing the code again."""
    response.set_signed_cookie(
        CODE_COOKIE,
        code,
        salt=SALT,
        max_age=CODE_LASTS,
        path="/f",
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
    )


def remembered_code(request: HttpRequest) -> str:
    """Return the code this browser may look at; empty for none, a forged or a stale one."""
    return str(request.get_signed_cookie(CODE_COOKIE, "", salt=SALT, max_age=CODE_LASTS))


def forget_code(response: HttpResponse) -> None:
    """End this browser's look at the request."""
    response.delete_cookie(CODE_COOKIE, path="/f", samesite="Lax")


def now() -> dt.datetime:
    """Return the moment of this request, for the engines, which have no clock of their own."""
    return timezone.now()
