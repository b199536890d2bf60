"""Who may come in: the gate before every staff page, and the answers when it stays shut.

Every page is for staff unless its view is marked ``@login_not_required`` (Django's own mark). The
gate expires idle sessions, keeps what was typed, and sends people through a change of password and
the second factor before anything else. It also sets ``request.actor``.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import urlsplit

from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from zhangfa.acts.actor import PUBLIC, Actor, actor_of
from zhangfa.desk.frame import is_english
from zhangfa.desk.kept import keep_form, open_kept
from zhangfa.directory.posts import two_factor_needed
from zhangfa.refusal import Refusal

IDLE_SECONDS = getattr(settings, "STAFF_IDLE_SECONDS", 30 * 60)
SEEN_EVERY = 60
ALWAYS_OPEN = {"logout", "language", "continue"}


def _actor(request: HttpRequest) -> Actor:
    if not request.user.is_authenticated:
        return PUBLIC
    return actor_of(request.user.person_id, timezone.localdate())


class StaffGate:
    """Middleware: idle sessions end, strangers sign in, the half signed in finish it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: _actor(request))
        request.was = _end_if_idle(request)
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            # Not no-store: the page a person goes back to must still hold what was typed.
            patch_cache_control(response, private=True, no_cache=True)
        return response

    def process_view(self, request: HttpRequest, view: Callable, args: object, kwargs: object) -> HttpResponse | None:
        if not getattr(view, "login_required", True):
            return None
        if not request.user.is_authenticated:
            return ask_to_sign_in(request)
        gate = unfinished(request)
        if not gate or request.resolver_match.url_name in {gate, *ALWAYS_OPEN}:
            return None
        hold_form(request, keep_form(request, request.user.username))
        return redirect(f"{reverse(gate)}?{urlencode({'next': _wanted(request)})}")

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a refusal that no view turned into its form: in its own words, absent like denied."""
        if not isinstance(exception, Refusal):
            return None
        if exception.code == "not_found":
            return render(request, "404.html", status=404)
        return render(request, "desk/refused.html", {"refused": exception}, status=422)


def _end_if_idle(request: HttpRequest) -> str:
    """End a session nobody used for the idle time; return whose it was, else an empty string."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
        return ""
    now, name = int(time.time()), request.user.username
    seen = request.session.get("seen", now)
    if now - seen > IDLE_SECONDS:
        logout(request)
        return name
    if now - seen >= SEEN_EVERY or "seen" not in request.session:
        request.session["seen"] = now
    return ""


def unfinished(request: HttpRequest) -> str:
    """Name the page still owed before any other: ``password``, ``two_factor``, or nothing."""
    if request.user.must_change_password:
        return "password"
    if is_verified(request):
        return ""
    owed = request.user.totpdevice_set.filter(confirmed=True).exists() or two_factor_needed(request.user.person_id)
    return "two_factor" if owed else ""


def is_verified(request: HttpRequest) -> bool:
    """Say whether this session has passed the second factor; right after the password it never has."""
    check = getattr(request.user, "is_verified", None)
    return bool(check and check())


def hold_form(request: HttpRequest, token: str) -> None:
    """Let a kept form wait in the session until signing in is finished."""
    if token:
        request.session["kept"] = token


def _wanted(request: HttpRequest) -> str:
    return request.get_full_path() if request.method == "GET" else reverse("workbench")


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Send a reader to the log-in page; answer a form with that page, carrying what was typed."""
    if request.headers.get("HX-Request"):
        return HttpResponse(_("登录已过期。请提交表单或刷新页面后重新登录，填写的内容不会丢失。"), status=401)
    if request.method == "GET":
        return redirect(f"{reverse('login')}?{urlencode({'next': request.get_full_path()})}")
    token = keep_form(request, getattr(request, "was", ""))
    return show_log_in(request, kept=token, status=401)


def show_log_in(
    request: HttpRequest,
    *,
    kept: str = "",
    wanted: str = "",
    username: str = "",
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    """Render the log-in page."""
    form = open_kept(kept) if kept else None
    username = username or (form.who if form else "")
    context = {"kept": kept, "form": form, "wanted": wanted, "username": username, "error": error}
    return render(request, "desk/log_in.html", context | {"demo": demo_accounts()}, status=status)


def demo_accounts() -> list[tuple[str, str, str]]:
    """List (user name, password, who) of the demo's accounts, only where ``DEMO`` is on."""
    if not settings.CONFIG.demo:
        return []
    accounts, password = map(import_string, settings.DEMO_ACCOUNTS)
    return [(account.username, password, account.en if is_english() else account.zh) for account in accounts]


@never_cache
@login_not_required
def locked_out(
    request: HttpRequest, response: HttpResponse | None = None, credentials: dict[str, str] | None = None
) -> HttpResponse:
    """Answer a locked pair of name and address, saying when to try again."""
    name = (credentials or {}).get("username") or request.POST.get("username", "")
    attempt = AccessAttempt.objects.filter(username=name).order_by("-attempt_time").first()
    until = timezone.localtime((attempt.attempt_time if attempt else timezone.now()) + get_cool_off(request))
    sentence = _(
        "密码连续输错 %(times)s 次，为保护账户已暂停登录。请在 %(time)s 之后再试；忘记密码请联系本单位管理员重设。"
    ) % {"times": settings.AXES_FAILURE_LIMIT, "time": until.strftime("%H:%M")}
    kept = request.POST.get("kept", "")
    return show_log_in(request, username=name, error=sentence, kept=kept, status=429)


@never_cache
def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token is gone: show what was typed and let the person send it again.

    Only for a form that came from our own pages; a form of another site gets nothing to confirm.
    """
    own = urlsplit(request.headers.get("Origin") or request.headers.get("Referer", "")).netloc == request.get_host()
    form = open_kept(keep_form(request)) if own else None
    return render(request, "desk/resend.html", {"form": form, "stale": True, "autosubmit": False}, status=403)
