"""Changing one's password."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from zhangfa.desk.posted import form_key
from zhangfa.desk.views.signing_in import finish
from zhangfa.directory.engine import set_password


@sensitive_post_parameters()
@never_cache
def change_password(request: HttpRequest) -> HttpResponse:
    """Ask for the old and the new password; forced before the first use of an account."""
    errors = _faults(request) if request.method == "POST" else {}
    if request.method != "POST" or errors:
        forced = request.user.must_change_password
        context = {"errors": errors, "forced": forced, "wanted": request.GET.get("next", "")}
        return render(request, "desk/password.html", context, status=422 if errors else 200)
    set_password(
        account=request.user.pk,
        password=request.POST["new"],
        by=request.user.person_id,
        at=timezone.now(),
        key=form_key(request.POST),
    )
    request.user.refresh_from_db()
    update_session_auth_hash(request, request.user)
    messages.success(request, _("密码已修改。"))
    return finish(request, request.POST.get("next", ""))


def _faults(request: HttpRequest) -> dict[str, str]:
    old, new, again = (request.POST.get(name, "") for name in ("old", "new", "again"))
    if not request.user.check_password(old):
        return {"old": _("原密码不对。")}
    if new != again:
        return {"again": _("两次输入的新密码不一样。")}
    if new == old:
        return {"new": _("新密码不能和原密码相同。")}
    try:
        validate_password(new, request.user)
    except ValidationError as fault:
        return {"new": " ".join(fault.messages)}
    return {}
