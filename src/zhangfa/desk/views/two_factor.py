"""The second factor: set-up with a QR code, recovery codes, and the question at log-in."""

from __future__ import annotations

import base64
import io
import secrets

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django_otp import login as verify_session
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from zhangfa.desk.views.signing_in import finish
from zhangfa.directory.posts import two_factor_needed

RECOVERY_CODES = 8


@never_cache
def second_factor(request: HttpRequest) -> HttpResponse:
    """Ask for the code of one's device; without a device, set one up."""
    confirmed = request.user.totpdevice_set.filter(confirmed=True).first()
    if confirmed is None:
        return _set_up(request)
    if request.user.is_verified():
        return render(request, "desk/two_factor_on.html", {"left": _codes_left(request)})
    return _ask(request, confirmed)


def _ask(request: HttpRequest, device: TOTPDevice) -> HttpResponse:
    wanted = request.POST.get("next") or request.GET.get("next", "")
    error = ""
    if request.method == "POST":
        typed = request.POST.get("code", "").replace(" ", "")
        used, error = _match(request, device, typed)
        if used:
            verify_session(request, used)
            return finish(request, wanted)
    context = {"error": error, "wanted": wanted, "hint": _demo_code(device)}
    return render(request, "desk/two_factor.html", context, status=422 if error else 200)


def _match(request: HttpRequest, device: TOTPDevice, typed: str) -> tuple[TOTPDevice | StaticDevice | None, str]:
    """Try the code on the device and on the recovery codes; say in a sentence why it failed."""
    for candidate in (device, request.user.staticdevice_set.first()):
        if candidate is None:
            continue
        allowed, facts = candidate.verify_is_allowed()
        if not allowed:
            until = timezone.localtime(facts["locked_until"]).strftime("%H:%M:%S") if facts else ""
            return None, _("验证码输错次数过多，请在 %(time)s 之后再试。") % {"time": until}
        if candidate.verify_token(typed):
            return candidate, ""
    return None, _("验证码不对或已过期。请输入验证器上当前的六位数字，或一个未用过的备用码。")


def _set_up(request: HttpRequest) -> HttpResponse:
    device, _made = TOTPDevice.objects.get_or_create(user=request.user, confirmed=False, defaults={"name": "totp"})
    wanted = request.POST.get("next") or request.GET.get("next", "")
    error = ""
    if request.method == "POST":
        if device.verify_token(request.POST.get("code", "").replace(" ", "")):
            return _confirm(request, device, wanted)
        error = _("验证码不对。请核对手机时间是否准确，再输入验证器上当前的六位数字。")
    context = {
        "error": error,
        "wanted": wanted,
        "picture": _qr(device.config_url),
        "secret": base64.b32encode(device.bin_key).decode().rstrip("="),
        "needed": two_factor_needed(request.user.person_id),
        "hint": _demo_code(device),
    }
    return render(request, "desk/two_factor_set_up.html", context, status=422 if error else 200)


def _confirm(request: HttpRequest, device: TOTPDevice, wanted: str) -> HttpResponse:
    device.confirmed = True
    device.save(update_fields=["confirmed"])
    verify_session(request, device)
    request.user.staticdevice_set.all().delete()
    recovery = StaticDevice.objects.create(user=request.user, name="recovery")
    codes = [f"{secrets.randbelow(10**8):08d}" for _n in range(RECOVERY_CODES)]
    for code in codes:
        recovery.token_set.create(token=code)
    return render(request, "desk/two_factor_codes.html", {"codes": codes, "wanted": finish(request, wanted).url})


def _codes_left(request: HttpRequest) -> int:
    recovery = request.user.staticdevice_set.first()
    return recovery.token_set.count() if recovery else 0


def _qr(address: str) -> str:
    drawn = io.BytesIO()
    segno.make(address, error="m").save(drawn, kind="svg", scale=5, border=2, xmldecl=False)
    return "data:image/svg+xml;base64," + base64.b64encode(drawn.getvalue()).decode()


def _demo_code(device: TOTPDevice) -> str:
    """Return the device's present code in the demo, where nobody has a phone set up; else nothing."""
    if not settings.CONFIG.demo:
        return ""
    clock = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    # A code counts once: right after it was used the next one is shown.
    clock.time = max(timezone.now().timestamp(), (device.last_t + 1 - device.drift) * device.step + device.t0)
    return f"{clock.token():06d}"
