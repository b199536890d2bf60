"""A NUL from outside is answered with a sentence, on either database."""

import pytest
from django.test import Client
from tests.desk.conftest import PASSWORD, World

LIST = "/registers/residents-requests.request/"
ADDRESSES = ["/directory/?q=%00", f"{LIST}?q=%00ab", "/d/?code=%00", "/d/a%00b", "/p/a%00/b"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_with_a_nul_is_a_bad_request(world: World, client: Client, address: str) -> None:
    client.post("/login/", {"username": "p1", "password": PASSWORD})
    answer = client.get(address)
    assert answer.status_code == 400
    assert "请回到上一页" in answer.content.decode()


@pytest.mark.parametrize("form", [{"username": "a\x00b", "password": "x"}, {"username": "a", "next\x00": "b"}])
def test_a_form_with_a_nul_is_a_bad_request(world: World, client: Client, form: dict[str, str]) -> None:
    assert client.post("/login/", form).status_code == 400
