import datetime as dt

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from tests.desk.conftest import AT, World
from tests.facts.county import MEASURED

from zhangfa.acts.actor import PUBLIC, actor_of
from zhangfa.acts.engine import take_step
from zhangfa.acts.models import Record
from zhangfa.charter.engine import apply_charter
from zhangfa.directory import engine, tree
from zhangfa.directory.models import GroupMember, Person, Post, Unit
from zhangfa.honours.engine import award

TODAY = timezone.localdate().isoformat()


def test_tree_stands_open_at_the_county_and_offers_the_rest(world: World, visit) -> None:
    page = visit("王敏").get("/directory/").content.decode()
    assert "鱼山街道" in page
    assert f'hx-get="/directory/units/{world.units["鱼山街道"]}/below/"' in page
    assert "东关社区" not in page


def test_units_below_are_answered_as_a_fragment(world: World, visit) -> None:
    page = visit("王敏").get(f"/directory/units/{world.units['鱼山街道']}/below/").content.decode()
    assert "<html" not in page
    assert "东关社区" in page


def test_unit_page_shows_posts_history_and_units_below(world: World, visit) -> None:
    page = visit("王敏").get(f"/directory/units/{world.units['东关社区']}/").content.decode()
    for words in ("孙村", "点课单位", "东关一网格", "隶属鱼山街道", "370828002001"):
        assert words in page


def test_search_finds_units_and_people_by_two_characters_and_by_initials(visit) -> None:
    client = visit("王敏")
    assert "东关社区" in client.get("/directory/?q=东关").content.decode()
    assert "鱼山街道" in client.get("/directory/?q=ysjd").content.decode()
    assert "王敏" in client.get("/directory/?q=王敏").content.decode()
    assert "没有找到这样的单位" in client.get("/directory/?q=不存在的").content.decode()


def test_day_before_the_county_existed_is_empty_in_words(visit) -> None:
    assert "这一天还没有任何单位。" in visit("王敏").get("/directory/?on=2019-01-01").content.decode()


def test_nonsense_day_shows_today(visit) -> None:
    assert visit("王敏").get("/directory/?on=gestern").status_code == 200


def test_absent_unit_and_person_are_404(visit) -> None:
    client = visit("王敏")
    assert client.get("/directory/units/99999/").status_code == 404
    assert client.get("/directory/people/99999/").status_code == 404


def test_rename_keeps_the_past_reachable(world: World, visit) -> None:
    unit = world.units["东关社区"]
    form = {"name": "东关新社区", "on": TODAY, "key": "r1"}
    answer = visit("钱章").post(f"/directory/units/{unit}/rename/", form)
    assert answer["Location"] == f"/directory/units/{unit}/"
    client = visit("王敏")
    assert "<h1>东关新社区</h1>" in client.get(f"/directory/units/{unit}/").content.decode()
    assert "<h1>东关社区</h1>" in client.get(f"/directory/units/{unit}/?on=2025-05-05").content.decode()


def test_move_takes_the_records_along(world: World, visit) -> None:
    from zhangfa.directory import engine

    at = timezone.now()
    town = engine.create_unit(
        code="370828003", kind="town", name="羊山镇", parent=world.units["金乡县"], since=dt.date(2020, 1, 1),
        by=None, at=at, key="u-town",
    )  # fmt: skip
    made = take_step(
        register="residents-requests.request", step="submit", by=PUBLIC, at=at, key="ask",
        unit=world.units["东关一网格"], data={"category": "facility", "content": "路口井盖缺失"},
    )  # fmt: skip
    form = {"parent": "羊山镇", "on": TODAY, "key": "m1"}
    assert visit("钱章").post(f"/directory/units/{world.units['东关社区']}/move/", form).status_code == 302
    assert tree.unit(world.units["东关一网格"]).town == town.id
    assert Record.objects.get(pk=made.record).town == town.id


def test_ambiguous_name_offers_a_choice_and_keeps_what_was_typed(world: World, visit) -> None:
    client, unit = visit("钱章"), world.units["西关一网格"]
    form = {"into": "东关", "on": TODAY, "key": "m1"}
    answer = client.post(f"/directory/units/{unit}/merge/", form)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'name="into_id"' in page
    assert 'value="东关"' in page
    picked = form | {"into_id": str(world.units["东关一网格"])}
    assert client.post(f"/directory/units/{unit}/merge/", picked).status_code == 302
    assert Unit.objects.get(pk=unit).merged_into_id == world.units["东关一网格"]


def test_refusal_of_the_engine_stands_at_its_field(world: World, visit) -> None:
    answer = visit("钱章").post(
        f"/directory/units/{world.units['东关社区']}/rename/", {"name": "  ", "on": TODAY, "key": "r"}
    )
    assert answer.status_code == 422
    assert "请填写这一项。" in answer.content.decode()


def test_appointing_gives_a_post_and_ending_it_takes_it(world: World, visit) -> None:
    client, unit = visit("钱章"), world.units["西关一网格"]
    form = {"person": "王敏", "role": "grid-worker", "since": TODAY, "until": "", "key": "a1"}
    assert client.post(f"/directory/units/{unit}/appoint/", form).status_code == 302
    post = Post.objects.get(person_id=world.people["王敏"], unit_id=unit)
    assert client.post(f"/directory/posts/{post.pk}/end/", {"until": TODAY, "key": "e1"}).status_code == 302
    post.refresh_from_db()
    assert post.until == timezone.localdate()


def test_only_the_clerk_changes_the_directory(world: World, visit) -> None:
    client, unit = visit("周镇"), world.units["东关社区"]
    post = Post.objects.filter(unit_id=unit).first()
    addresses = [
        f"/directory/units/{unit}/rename/",
        f"/directory/units/{unit}/appoint/",
        f"/directory/posts/{post.pk}/end/",
    ]
    assert [client.post(address, {"name": "x", "key": "k"}).status_code for address in addresses] == [404, 404, 404]
    assert "更名" not in client.get(f"/directory/units/{unit}/").content.decode()


def upload(client, text: str, kind: str = "people"):
    file = SimpleUploadedFile("people.csv", text.encode())
    return client.post("/directory/import/", {"kind": kind, "file": file})


HEAD = "工号,姓名,办公电话,角色,单位代码,任职日期\n"


def test_import_is_previewed_confirmed_and_done_once(world: World, visit) -> None:
    client = visit("钱章")
    preview = upload(client, HEAD + "n1,新来的,0537-1234567,grid-worker,370828002001-01,2026-01-01\n")
    page = preview.content.decode()
    assert preview.status_code == 200
    assert "新增人员 新来的（n1）" in page
    assert not Person.objects.filter(code="n1").exists()
    form = dict(__import__("re").findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.split("会有的变化")[1]))
    assert client.post("/directory/import/", form)["Location"] == "/directory/"
    client.post("/directory/import/", form)
    assert Person.objects.filter(code="n1").count() == 1


def test_import_with_a_wrong_row_writes_nothing_and_exports_the_problems(world: World, visit) -> None:
    client = visit("钱章")
    answer = upload(
        client, HEAD + "n1,新来的,,grid-worker,370828002001-01,2026-01-01\nn2,另一个,,grid-worker,没有这个,2026-01-01\n"
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "确认导入" not in page
    assert not Person.objects.filter(code="n1").exists()
    address = __import__("re").search(r'href="(/directory/import/errors\.csv[^"]*)"', page).group(1)
    sheet = client.get(address.replace("&amp;", "&")).content.decode("utf-8-sig").splitlines()
    assert sheet[0] == "行,列,问题"
    assert len(sheet) == 2


def test_import_without_or_with_an_unreadable_file_is_refused_in_a_sentence(visit) -> None:
    client = visit("钱章")
    assert "请先选择一个" in client.post("/directory/import/", {"kind": "units"}).content.decode()
    answer = client.post(
        "/directory/import/", {"kind": "units", "file": SimpleUploadedFile("x.xlsx", b"PK\x03\x04junk")}
    )
    assert answer.status_code == 422


def test_expired_preview_is_refused(visit) -> None:
    answer = visit("钱章").post("/directory/import/", {"kind": "units", "shelf": "0" * 64, "key": "k"})
    assert answer.status_code == 422
    assert "预览已经过期" in answer.content.decode()


def test_shelf_name_never_leaves_its_folder(visit) -> None:
    answer = visit("钱章").get("/directory/import/errors.csv?kind=units&shelf=../keys/django.key")
    assert answer.status_code == 404


def apply_groups() -> None:
    """Put a charter in force that groups villages."""
    text = MEASURED.read_text() + "groups:\n  alliance: {title: {zh: 共建联盟, en: Alliance}, of: [village]}\n"
    apply_charter(text=text, name="measured.yaml", by=None, at=AT, key="measured")


def test_clerk_puts_a_unit_into_a_group_and_takes_it_out(world: World, visit) -> None:
    client, unit = visit("钱章"), world.units["东关社区"]
    page = f"/directory/units/{unit}/"
    assert "加入编组" not in client.get(page).content.decode()
    apply_groups()
    assert "这个单位不在任何编组里。" in client.get(page).content.decode()
    assert "共建联盟" in client.get(f"{page}join/").content.decode()
    form = {"group": "measured.alliance", "part": "东片", "since": "2026-01-01", "key": "j1"}
    assert client.post(f"{page}join/", form)["Location"] == page
    assert client.post(f"{page}join/", form | {"key": "j2"}).status_code == 422
    [member] = GroupMember.objects.all()
    assert "共建联盟 · 东片" in visit("王敏").get(page).content.decode()
    ending = f"/directory/memberships/{member.pk}/end/"
    assert "东关社区 · 共建联盟 · 东片" in client.get(ending).content.decode()
    assert client.post(ending, {"until": TODAY, "key": "l1"})["Location"] == page
    member.refresh_from_db()
    assert member.until == timezone.localdate()


def test_only_the_clerk_changes_groups(world: World, visit) -> None:
    apply_groups()
    client, unit = visit("钱章"), world.units["东关社区"]
    client.post(f"/directory/units/{unit}/join/", {"group": "measured.alliance", "since": TODAY, "key": "j1"})
    [member] = GroupMember.objects.all()
    addresses = [f"/directory/units/{unit}/join/", f"/directory/memberships/{member.pk}/end/"]
    assert [visit("周镇").post(one, {"key": "k"}).status_code for one in addresses] == [404, 404]
    page = visit("王敏").get(f"/directory/units/{unit}/").content.decode()
    assert "共建联盟" in page
    assert "退出编组" not in page


def test_unit_page_asks_no_more_for_many_groups(world: World, visit) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    apply_groups()
    client, unit = visit("王敏"), world.units["东关社区"]
    counts = []
    for rows in (1, 3):
        for number in range(rows):
            GroupMember.objects.create(group=f"measured.g{rows}{number}", unit_id=unit, since=dt.date(2026, 1, 1))
        client.get(f"/directory/units/{unit}/")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/directory/units/{unit}/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_groups_are_imported_on_the_page(world: World, visit) -> None:
    apply_groups()
    client = visit("钱章")
    preview = upload(client, "编组,分组,单位代码,加入日期\n共建联盟,东片,370828002001,2026-01-01\n", "groups")
    page = preview.content.decode()
    assert "东关社区（370828002001）加入共建联盟·东片 2026-01-01" in page
    form = dict(__import__("re").findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.split("会有的变化")[1]))
    assert client.post("/directory/import/", form)["Location"] == "/directory/"
    assert GroupMember.objects.get().part == "东片"


def test_unit_page_shows_what_lies_beside_and_what_is_held(world: World, visit) -> None:
    text = MEASURED.read_text() + (
        "honours:\n  tidy: {title: {zh: 整洁村, en: Tidy}, of: village, award: keeper, withdraw: {by: keeper}}\n"
    )
    apply_charter(text=text, name="measured.yaml", by=None, at=AT, key="measured")
    unit = tree.unit(world.units["东关社区"])
    other = engine.create_unit(
        code="370828002099", kind=unit.kind, name="北关社区", parent=unit.parent, since=dt.date(2020, 1, 1), by=None,
        at=AT, key="north",
    )  # fmt: skip
    engine.set_beside(unit=unit.id, other=other.id, since=dt.date(2026, 1, 1), by=None, at=AT, key="beside")
    keeper = Person.objects.get(name="王敏").pk
    engine.appoint(person=keeper, role="keeper", unit=unit.id, since=dt.date(2020, 1, 1), by=None, at=AT, key="keeper")
    now = timezone.now()
    by = actor_of(keeper, timezone.localdate())
    held = award(charter="measured", honour="tidy", unit=unit.id, by=by, reason="卫生整洁", at=now, key="tidy")
    page = visit("王敏").get(f"/directory/units/{unit.id}/").content.decode()
    assert f'<a href="/directory/units/{other.id}/">北关社区</a>' in page
    assert f'href="/scores/honours/holding/{held.pk}/"' in page
    assert "整洁村" in page
    assert "整洁村" not in visit("钱章").get(f"/directory/units/{unit.id}/").content.decode()
