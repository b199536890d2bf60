import dataclasses
import datetime as dt
import re
import time

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.test import Client
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice
from tests.desk.conftest import PASSWORD, World

from zhangfa.directory.models import Account


def log_in(client: Client, name: str, password: str = PASSWORD, **more: str):
    return client.post("/login/", {"username": name, "password": password, **more})


def code_of(device: TOTPDevice) -> str:
    clock = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    clock.time = time.time()
    return f"{clock.token():06d}"


def test_staff_page_sends_a_stranger_to_the_log_in_page(db: None, client: Client) -> None:
    answer = client.get("/calendar/?x=1")
    assert (answer.status_code, answer["Location"]) == (302, "/login/?next=%2Fcalendar%2F%3Fx%3D1")


def test_right_password_leads_to_the_wanted_page(world: World, client: Client) -> None:
    answer = log_in(client, "p1", next="/calendar/")
    assert (answer.status_code, answer["Location"]) == (302, "/calendar/")
    assert client.get("/calendar/").status_code == 200


def test_log_in_never_leads_to_another_site(world: World, client: Client) -> None:
    assert log_in(client, "p1", next="https://evil.example/")["Location"] == "/"


def test_wrong_password_is_answered_with_a_sentence_and_the_name_kept(world: World, client: Client) -> None:
    answer = log_in(client, "p1", "wrong")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "用户名或密码不对" in page
    assert 'value="p1"' in page


def test_wrong_and_absent_names_are_answered_alike(world: World, client: Client) -> None:
    wrong, absent = (log_in(client, name, "wrong").content.decode() for name in ("p1", "p0"))
    plain = [re.sub(r'value="[^"]*"', "", page) for page in (wrong, absent)]
    assert plain[0] == plain[1]


def test_five_wrong_passwords_lock_the_name_and_say_until_when(world: World, client: Client) -> None:
    for _n in range(5):
        answer = log_in(client, "p1", "wrong")
    assert answer.status_code == 429
    last = AccessAttempt.objects.get(username="p1").attempt_time
    until = timezone.localtime(last + dt.timedelta(hours=settings.AXES_COOLOFF_TIME)).strftime("%H:%M")
    assert f"请在 {until} 之后再试" in answer.content.decode()
    assert log_in(client, "p1").status_code == 429


def test_lock_holds_for_the_pair_of_name_and_address_only(world: World, client: Client) -> None:
    for _n in range(5):
        log_in(client, "p1", "wrong")
    assert log_in(client, "p2").status_code == 302
    elsewhere = client.post("/login/", {"username": "p1", "password": PASSWORD}, REMOTE_ADDR="10.1.2.3")
    assert elsewhere.status_code == 302


def test_first_log_in_demands_a_new_password_before_anything_else(world: World, client: Client) -> None:
    Account.objects.filter(username="p1").update(must_change_password=True)
    log_in(client, "p1")
    assert client.get("/calendar/")["Location"] == "/password/?next=%2Fcalendar%2F"
    form = {"old": PASSWORD, "new": "blue-river-1987", "again": "blue-river-1987", "key": "k1", "next": "/calendar/"}
    assert client.post("/password/", form)["Location"] == "/calendar/"
    assert client.get("/calendar/").status_code == 200
    assert Account.objects.get(username="p1").check_password("blue-river-1987")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"old": "wrong"}, "原密码不对"),
        ({"again": "other-word-99"}, "两次输入的新密码不一样"),
        ({"new": "short", "again": "short"}, "10"),
        ({"new": PASSWORD, "again": PASSWORD}, "新密码不能和原密码相同"),
    ],
)
def test_bad_new_password_is_refused_with_its_reason(world: World, client: Client, change: dict, sentence: str) -> None:
    log_in(client, "p1")
    form = {"old": PASSWORD, "new": "blue-river-1987", "again": "blue-river-1987", "key": "k1"} | change
    answer = client.post("/password/", form)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_office_with_two_factors_sees_nothing_before_setting_them_up(world: World, client: Client) -> None:
    assert log_in(client, "p4")["Location"] == "/two-factor/?next=%2F"
    assert client.get("/calendar/")["Location"] == "/two-factor/?next=%2Fcalendar%2F"
    page = client.get("/two-factor/").content.decode()
    assert "data:image/svg+xml;base64," in page
    device = TOTPDevice.objects.get(user__username="p4")
    shown = client.post("/two-factor/", {"code": code_of(device), "next": "/calendar/"}).content.decode()
    assert len(re.findall(r"<code>\d{8}</code>", shown)) == 8
    assert client.get("/calendar/").status_code == 200


def test_second_log_in_asks_for_the_code_and_takes_each_recovery_code_once(world: World, client: Client) -> None:
    account = world.account("周镇")
    TOTPDevice.objects.create(user=account, confirmed=True, name="totp")
    account.staticdevice_set.create(name="recovery").token_set.create(token="12345678")
    log_in(client, "p4")
    assert client.get("/calendar/").status_code == 302
    assert client.post("/two-factor/", {"code": "12345678", "next": "/calendar/"})["Location"] == "/calendar/"
    other = Client()
    log_in(other, "p4")
    assert other.post("/two-factor/", {"code": "12345678"}).status_code == 422
    assert other.get("/calendar/").status_code == 302


def test_wrong_codes_are_slowed_down_with_a_time(world: World, client: Client) -> None:
    TOTPDevice.objects.create(user=world.account("周镇"), confirmed=True, name="totp")
    log_in(client, "p4")
    for _n in range(3):
        answer = client.post("/two-factor/", {"code": "000000"})
    assert "验证码输错次数过多，请在" in answer.content.decode()


def test_idle_session_ends(world: World, client: Client) -> None:
    log_in(client, "p1")
    assert client.get("/calendar/").status_code == 200
    session = client.session
    session["seen"] = int(time.time()) - settings.STAFF_IDLE_SECONDS - 1
    session.save()
    assert client.get("/calendar/").status_code == 302


def test_form_sent_after_the_session_ended_is_sent_again_after_signing_in(world: World, client: Client) -> None:
    log_in(client, "p1")
    client.cookies.pop("sessionid")
    answer = client.post("/calendar/?y=1", {"text": "第一行\n<二>", "key": "k9", "who": ["a", "b"]})
    assert answer.status_code == 401
    kept = re.search(r'name="kept" value="([^"]+)"', answer.content.decode()).group(1)
    assert log_in(client, "p1", kept=kept)["Location"] == "/continue/"
    page = client.get("/continue/").content.decode()
    assert 'action="/calendar/?y=1"' in page
    assert re.findall(r'<textarea name="(\w+)" hidden>\n([^<]*)</textarea>', page) == [
        ("text", "第一行\n&lt;二&gt;"),
        ("key", "k9"),
        ("who", "a"),
        ("who", "b"),
    ]


def test_kept_form_speaks_by_the_titles_of_its_charter(world: World, client: Client) -> None:
    log_in(client, "p6")
    client.cookies.pop("sessionid")
    typed = {"key": "k1", "topic": "352", "starts": "2026-12-10T09:00", "place": "三楼会议室"}
    answer = client.post("/registers/lecture-team.lecture/new/order/", typed)
    kept = re.search(r'name="kept" value="([^"]+)"', answer.content.decode()).group(1)
    log_in(client, "p6", kept=kept)
    page = client.get("/continue/").content.decode()
    assert re.findall("<dt>([^<]*)</dt><dd>([^<]*)</dd>", page) == [
        ("课题", "已选好"), ("开始时间", "2026-12-10T09:00"), ("地点", "三楼会议室"),
    ]  # fmt: skip


def test_kept_form_of_an_idle_session_goes_on_by_itself_for_the_same_person_only(world: World) -> None:
    for name, by_itself in (("p1", True), ("p2", False)):
        client = Client()
        log_in(client, "p1")
        session = client.session
        session["seen"] = int(time.time()) - settings.STAFF_IDLE_SECONDS - 1
        session.save()
        answer = client.post("/calendar/", {"text": "x"})
        kept = re.search(r'name="kept" value="([^"]+)"', answer.content.decode()).group(1)
        log_in(client, name, kept=kept)
        assert ("data-autosubmit" in client.get("/continue/").content.decode()) is by_itself


def test_forged_kept_form_is_not_sent(world: World, client: Client) -> None:
    assert log_in(client, "p1", kept="eyJwYXRoIjoiLyJ9:x:y")["Location"] == "/"


def test_form_without_a_valid_token_comes_back_with_what_was_typed(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/calendar/", {"text": "写了很久"}, headers={"Origin": "http://testserver"})
    assert answer.status_code == 403
    assert "写了很久" in answer.content.decode()


def test_form_of_another_site_gets_nothing_to_confirm(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/calendar/", {"text": "forged"}, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
    assert "forged" not in answer.content.decode()


def test_language_is_kept_on_the_account_and_in_a_cookie(world: World, client: Client) -> None:
    log_in(client, "p1")
    answer = client.post("/language/", {"language": "en", "next": "/calendar/"})
    assert answer["Location"] == "/calendar/"
    assert Account.objects.get(username="p1").language == "en"
    assert '<html lang="en">' in client.get("/calendar/").content.decode()


def test_unknown_language_changes_nothing(world: World, client: Client) -> None:
    log_in(client, "p1")
    client.post("/language/", {"language": "xx"})
    assert Account.objects.get(username="p1").language == "zh-hans"


def test_log_out_needs_a_post_and_ends_the_session(world: World, client: Client) -> None:
    log_in(client, "p1")
    assert client.get("/logout/").status_code == 405
    client.post("/logout/")
    assert client.get("/calendar/").status_code == 302


def test_half_typed_request_from_a_script_is_not_redirected(world: World, client: Client) -> None:
    answer = client.get("/calendar/", headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert "重新登录" in answer.content.decode()


def test_passwords_and_codes_are_never_carried_or_shown_again(world: World, client: Client) -> None:
    for address in ("/password/", "/two-factor/"):
        answer = client.post(address, {"old": "secret-one", "new": "secret-two", "code": "123456"})
        page = answer.content.decode()
        assert 'name="kept" value=""' in page
        assert "secret-one" not in page
    strict = Client(enforce_csrf_checks=True)
    for address in ("/login/", "/password/"):
        answer = strict.post(
            address, {"username": "p1", "password": "secret-3"}, headers={"Origin": "http://testserver"}
        )
        assert answer.status_code == 403
        assert "secret-3" not in answer.content.decode()


def test_demo_accounts_are_offered_in_the_demo_only(db: None, client: Client, settings: object) -> None:
    assert "演示账户" not in client.get("/login/").content.decode()
    settings.CONFIG = dataclasses.replace(settings.CONFIG, demo=True)
    page = client.get("/login/").content.decode()
    assert "演示账户" in page
    assert "<code>clerk</code>" in page
