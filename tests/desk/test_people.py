import re

import pytest
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice
from tests.desk.conftest import PASSWORD, World

from zhangfa.directory.models import Account, Person


def first_password(client: Client, person: int) -> str:
    return re.search(r"初始密码：([0-9A-Z-]+)。", client.get(f"/directory/people/{person}/").content.decode()).group(1)


def test_clerk_adds_a_person_and_opens_an_account_with_a_password_shown_once(world: World, visit) -> None:
    clerk = visit("钱章")
    address = clerk.post("/directory/people/new/", {"code": "n9", "name": "新同志", "work_phone": "", "key": "n"})[
        "Location"
    ]
    person = Person.objects.get(code="n9").pk
    assert address == f"/directory/people/{person}/"
    clerk.get(address)
    clerk.post(f"{address}open/", {"username": "xin", "key": "o"})
    password = first_password(clerk, person)
    assert "初始密码" not in clerk.get(address).content.decode()
    other = Client()
    assert other.post("/login/", {"username": "xin", "password": password})["Location"].startswith("/password/")


def test_reset_password_ends_the_old_one_and_must_be_changed(world: World, visit) -> None:
    clerk, person = visit("钱章"), world.people["王敏"]
    clerk.post(f"/directory/people/{person}/reset/", {"key": "r"})
    password = first_password(clerk, person)
    client = Client()
    assert client.post("/login/", {"username": "p1", "password": PASSWORD}).status_code == 422
    assert client.post("/login/", {"username": "p1", "password": password})["Location"].startswith("/password/")


def test_same_form_sent_twice_names_one_password(world: World, visit) -> None:
    clerk, person = visit("钱章"), world.people["王敏"]
    shown = []
    for _n in range(2):
        clerk.post(f"/directory/people/{person}/reset/", {"key": "r"})
        shown.append(first_password(clerk, person))
    assert shown[0] == shown[1]
    assert world.account("王敏").check_password(shown[0])


def test_reset_second_factor_is_set_up_anew(world: World, visit) -> None:
    TOTPDevice.objects.create(user=world.account("周镇"), confirmed=True, name="totp")
    visit("钱章").post(f"/directory/people/{world.people['周镇']}/factor/", {"key": "f"})
    assert not TOTPDevice.objects.filter(user=world.account("周镇")).exists()


def test_closed_account_cannot_sign_in(world: World, visit) -> None:
    visit("钱章").post(f"/directory/people/{world.people['王敏']}/close/", {"key": "c"})
    assert Client().post("/login/", {"username": "p1", "password": PASSWORD}).status_code == 422


def test_correcting_a_name_keeps_the_person(world: World, visit) -> None:
    person = world.people["王敏"]
    form = {"name": "王小敏", "work_phone": "0537-1", "pinyin": "WXM", "key": "c"}
    assert visit("钱章").post(f"/directory/people/{person}/correct/", form).status_code == 302
    assert Person.objects.get(pk=person).name == "王小敏"


@pytest.mark.parametrize("change", ["correct", "open", "reset", "factor", "close"])
def test_only_the_clerk_changes_people(world: World, visit, change: str) -> None:
    before = Account.objects.get(username="p1").password
    answer = visit("周镇").post(f"/directory/people/{world.people['王敏']}/{change}/", {"name": "x", "key": "k"})
    assert answer.status_code == 404
    assert Account.objects.get(username="p1").password == before


def test_taken_staff_number_is_refused_at_its_field(world: World, visit) -> None:
    answer = visit("钱章").post("/directory/people/new/", {"code": "p1", "name": "某人", "key": "n"})
    assert answer.status_code == 422
    assert "已经属于另一个人" in answer.content.decode()
