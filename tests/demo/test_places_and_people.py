import datetime as dt
from collections import Counter

import pytest

from zhangfa.demo.people import ACCOUNTS, account_holders, every_post, load_people
from zhangfa.demo.places import FULL_GRID, YUSHAN, every_place, load_places
from zhangfa.directory import posts, tree
from zhangfa.directory.models import Account, Unit

AT = dt.datetime(2026, 11, 20, 2, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 20)


def test_places_are_the_same_for_the_same_seed():
    assert list(every_place(1)) == list(every_place(1))
    assert list(every_place(1)) != list(every_place(2))


def test_people_are_the_same_for_the_same_seed():
    assert list(every_post(1)) == list(every_post(1))
    assert list(every_post(1)) != list(every_post(2))


def test_parents_come_first_and_every_code_once():
    seen: set[str] = set()
    for code, _name, _kind, parent in every_place():
        assert code not in seen
        assert parent in seen or not parent
        seen.add(code)


def test_no_account_is_without_a_holder():
    holders = account_holders(list(every_post()))
    assert set(holders) == {account.username for account in ACCOUNTS}
    assert len(set(holders.values())) == len(ACCOUNTS)


@pytest.mark.django_db
def test_demo_county_is_loaded_through_the_import():
    load_places(at=AT, by=None)
    people = load_people(at=AT, by=None, password="a-demo-password-2026")
    kinds = Counter(Unit.objects.values_list("kind", flat=True))
    assert {kind: kinds[kind] for kind in ("prefecture", "county", "town", "village", "department")} == {
        "prefecture": 1,
        "county": 12,
        "town": 158,
        "village": 6350,
        "department": 16,
    }
    # A village of 2016 that hangs under the newer town, not under the one its code begins with.
    assert sum(not code.startswith(town[:9]) for code, town in _villages()) == 134
    grid = tree.unit_by_code(FULL_GRID)
    assert 300 <= len(tree.descendants(grid.id, "household")) <= 340
    assert posts.holders("grid-worker", grid.id, TODAY) == [people["grid"]]
    assert people["town"] in posts.holders("town-office", grid.id, TODAY)
    assert posts.is_clerk(people["clerk"], TODAY)
    assert Account.objects.get(username="grid").check_password("a-demo-password-2026")
    assert Account.objects.count() == len(ACCOUNTS)
    grids = tree.descendants(tree.unit_by_code(YUSHAN).id, "grid")
    assert all(len(posts.holders("grid-worker", id, TODAY)) == 1 for id in grids)


def _villages():
    return Unit.objects.filter(kind="village").values_list("code", "parent__code")
