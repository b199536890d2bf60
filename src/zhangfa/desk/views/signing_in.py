"""Log-in, log-out, language, and sending a kept form again."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import check_for_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from zhangfa.desk.kept import open_kept
from zhangfa.desk.kept_words import say_kept
from zhangfa.desk.sign_in import hold_form, show_log_in, unfinished
from zhangfa.directory.models import Account


def safe_address(request: HttpRequest, address: str) -> str:
    """Return the address if it is one of ours, else the workbench."""
    ours = address.startswith("/") and url_has_allowed_host_and_scheme(address, None, request.is_secure())
    return address if ours else reverse("workbench")


@sensitive_post_parameters("password")
@never_cache
@login_not_required
def log_in(request: HttpRequest) -> HttpResponse:
    """Ask for name and password; keep a form that was being sent."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    if request.method != "POST":
        if request.user.is_authenticated:
            return redirect(safe_address(request, wanted))
        return show_log_in(request, wanted=wanted)
    name, kept = request.POST.get("username", "").strip(), request.POST.get("kept", "")
    account = authenticate(request, username=name, password=request.POST.get("password", ""))
    if account is None:
        error = _("用户名或密码不对。请核对后再试；连续输错会暂停登录。")
        return show_log_in(request, kept=kept, wanted=wanted, username=name, error=error, status=422)
    login(request, account)
    hold_form(request, kept if open_kept(kept) else "")
    return _with_language(finish(request, wanted), account.language)


def finish(request: HttpRequest, wanted: str) -> HttpResponse:
    """Go on after a step of signing in: what is still owed, then the kept form, then the page."""
    gate = unfinished(request)
    if gate:
        return redirect(f"{reverse(gate)}?{urlencode({'next': safe_address(request, wanted)})}")
    return redirect("continue") if request.session.get("kept") else redirect(safe_address(request, wanted))


@never_cache
@require_GET
def send_again(request: HttpRequest) -> HttpResponse:
    """Send the kept form again: by itself for the same person, else after a look."""
    form = open_kept(request.session.get("kept", ""))
    if form is None or unfinished(request):
        return redirect("workbench")
    mine = form.who == request.user.username and not form.files
    said = say_kept(form, request.actor, timezone.now())
    return render(request, "desk/resend.html", {"form": form, "said": said, "stale": False, "autosubmit": mine})


@require_POST
@login_not_required
def log_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return redirect("login")


@require_POST
@login_not_required
def choose_language(request: HttpRequest) -> HttpResponse:
    """Keep the chosen language on the account and in a cookie."""
    code = request.POST.get("language", "")
    back = redirect(safe_address(request, request.POST.get("next", "")))
    if code not in dict(settings.LANGUAGES) or not check_for_language(code):
        return back
    if request.user.is_authenticated:
        Account.objects.filter(pk=request.user.pk).update(language=code)
    return _with_language(back, code)


def _with_language(response: HttpResponse, code: str) -> HttpResponse:
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, code, max_age=365 * 86400, samesite="Lax")
    return response
