import re

from django.test import Client
from tests.desk.conftest import World, charter_text

from zhangfa.charter.engine import all_current, versions

NAME = "residents-requests"
EDIT = f"/charters/{NAME}/edit/"


def revised(text: str) -> str:
    """Return the charter's next version, with one more field that the opening step asks."""
    text = text.replace("version: 1\n", "", 1)
    return text.replace("title: {zh: 民情小微码,", "title: {zh: 民情小微码新编,", 1)


def test_charter_is_explained_with_flow_burden_versions_and_numbered_source(visit) -> None:
    page = visit("孙村").get(f"/charters/{NAME}/").content.decode()
    for words in ("谁参加", "怎么办", "多久办", "诉求的流程", "填报负担", "第 1 版", "情形测试"):
        assert words in page
    assert "<svg" in page
    lines = charter_text(NAME).rstrip("\n").split("\n")
    assert page.count('<li id="L') == len(lines)


def test_charter_that_does_not_exist_is_absent(visit) -> None:
    client = visit("钱章")
    addresses = ["/charters/nothing/", "/charters/nothing/edit/", f"/charters/{NAME}/?version=9"]
    assert [client.get(address).status_code for address in addresses] == [404, 404, 404]


def test_check_lists_every_problem_with_its_place_and_keeps_the_text(visit) -> None:
    broken = charter_text(NAME).replace("by: grid-worker", "by: grid-wroker", 1)
    answer = visit("钱章").post(EDIT, {"text": broken, "do": "confirm"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert re.search(r'data-line="\d+" data-column="\d+"', page)
    assert "grid-wroker" in page


def test_check_alone_answers_a_fragment_for_the_editor(visit) -> None:
    client = visit("钱章")
    fragment = client.post("/charters/check/", {"text": revised(charter_text(NAME)), "name": f"{NAME}.yaml"})
    page = fragment.content.decode()
    assert "<html" not in page
    assert "没有问题，可以施行。" in page
    assert "民情小微码新编" in page


def test_check_is_for_the_clerk_only(visit) -> None:
    assert visit("周镇").post("/charters/check/", {"text": "x"}).status_code == 404


def test_unchanged_charter_is_not_put_in_force_again(visit) -> None:
    page = visit("钱章").post(EDIT, {"text": charter_text(NAME), "do": "confirm"}).content.decode()
    assert "和现在施行的完全一样" in page


def test_new_version_is_shown_in_words_confirmed_and_live_at_once(visit) -> None:
    client = visit("钱章")
    text = revised(charter_text(NAME))
    confirm = client.post(EDIT, {"text": text, "do": "confirm"}).content.decode()
    assert "施行之后" in confirm
    assert "民情小微码新编" in confirm
    assert len(versions(NAME)) == 1
    answer = client.post(EDIT, {"text": text, "do": "apply", "in_force": "2026-01-05", "key": "apply-1"})
    assert answer["Location"] == f"/charters/{NAME}/"
    assert all_current()[NAME].title.zh == "民情小微码新编"
    assert "第 2 版" in client.get(f"/charters/{NAME}/").content.decode()
    assert client.get(f"/charters/{NAME}/?version=1").status_code == 200


def test_same_key_puts_in_force_once(visit) -> None:
    client = visit("钱章")
    form = {"text": revised(charter_text(NAME)), "do": "apply", "in_force": "2026-01-05", "key": "apply-1"}
    client.post(EDIT, form)
    client.post(EDIT, form)
    assert [one.version for one in versions(NAME)] == [1, 2]


def test_bad_date_keeps_the_text_and_says_what_to_write(visit) -> None:
    form = {"text": revised(charter_text(NAME)), "do": "apply", "in_force": "soon", "key": "k"}
    answer = visit("钱章").post(EDIT, form)
    assert answer.status_code == 422
    assert "日期请写成" in answer.content.decode()
    assert len(versions(NAME)) == 1


def test_checklist_of_a_charter_stays_with_it(visit) -> None:
    page = visit("钱章").get("/charters/leaders-handover/edit/").content.decode()
    assert 'name="file.handover-items.csv"' in page
    assert "还缺清单文件" not in page


def test_missing_checklist_is_asked_for(visit) -> None:
    page = (
        visit("钱章").post("/charters/new/", {"text": charter_text("leaders-handover"), "do": "check"}).content.decode()
    )
    assert "还缺清单文件：handover-items.csv" in page


def test_uploaded_charter_is_read_into_the_editor(world: World, visit) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    file = SimpleUploadedFile("copy.yaml", charter_text("lecture-team").replace("清风宣讲", "清风讲堂", 1).encode())
    page = visit("钱章").post("/charters/new/", {"text": "", "do": "check", "files": file}).content.decode()
    assert "清风讲堂" in page
    assert 'value="copy.yaml"' in page


def test_anybody_else_cannot_put_a_charter_in_force(visit) -> None:
    form = {"text": revised(charter_text(NAME)), "do": "apply", "in_force": "2026-01-05", "key": "k"}
    assert visit("周镇").post(EDIT, form).status_code == 404
    assert len(versions(NAME)) == 1


def test_hostile_text_is_answered_with_a_problem(client: Client, visit) -> None:
    bomb = "charter: x\n" + "a: " + "[" * 500
    answer = visit("钱章").post("/charters/new/", {"text": bomb, "do": "check"})
    assert answer.status_code == 200
    assert "data-line" in answer.content.decode()
