import datetime as dt

import pytest

from zhangfa.directory import engine, tree

AT = dt.datetime(2026, 11, 20, 2, 0, tzinfo=dt.UTC)


def names(found):
    return [one.name for one in found]


def test_ancestors_go_from_near_to_far(county):
    assert names(tree.ancestors(county["第一网格"].id)) == ["李庄村", "鱼山街道", "金乡县", "济宁市"]


def test_descendants_by_level_column_and_by_walking_agree(county):
    def below(name, kind=None):
        return {tree.unit(id).name for id in tree.descendants(county[name].id, kind)}

    assert below("李庄村") == {"第一网格", "第二网格", "东巷", "1号"}
    assert below("济宁市", "grid") == {"第一网格", "第二网格"}
    assert below("济宁市") - below("金乡县") == {"金乡县"}
    assert below("金乡县", "department") == {"县委组织部"}
    assert below("1号") == set()


@pytest.mark.parametrize(
    ("post", "unit", "reached"),
    [
        ("鱼山街道", "鱼山街道", True),
        ("鱼山街道", "第一网格", True),
        ("鱼山街道", "1号", True),
        ("金乡县", "县委组织部", True),
        ("济宁市", "1号", True),
        ("王丕街道", "第一网格", False),
        ("第一网格", "鱼山街道", False),
        ("第二网格", "1号", False),
        ("县委组织部", "鱼山街道", False),
    ],
)
def test_post_reaches_its_unit_and_everything_below(county, post, unit, reached):
    assert tree.reaches(county[post].id, county[unit].id) is reached


def test_nothing_reaches_what_does_not_exist(county):
    assert not tree.reaches(county["金乡县"].id, 999_999)


def test_path_name_runs_from_the_county_down(county):
    assert tree.path_name(county["第一网格"].id) == "金乡县鱼山街道李庄村第一网格"
    assert tree.path_name(county["第一网格"].id, top="prefecture") == "济宁市金乡县鱼山街道李庄村第一网格"
    assert tree.path_name(county["县委组织部"].id) == "金乡县委组织部"
    assert tree.path_name(county["济宁市"].id) == "济宁市"


def test_unit_of_an_unknown_id(db):
    assert tree.find_unit(5) is None
    with pytest.raises(LookupError):
        tree.unit(5)


def test_many_units_take_one_query(county, django_assert_num_queries):
    ids = [unit.id for unit in county.values()]
    tree.forget()
    tree.unit(ids[0])
    with django_assert_num_queries(1):
        assert list(tree.units(ids)) == ids
    with django_assert_num_queries(0):
        assert tree.units(ids)[ids[3]] == tree.unit(ids[3])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("鱼山", ["鱼山街道"]),
        ("yssj", []),
        ("ysjd", ["鱼山街道"]),
        ("网格", ["第一网格", "第二网格"]),
        ("", []),
        ("第 二", ["第二网格"]),
    ],
)
def test_search_by_two_signs_or_by_initials(county, text, found):
    assert names(tree.search(text)) == found


def test_search_keeps_to_what_lies_below(county, add):
    add("village", "李楼村", county["王丕街道"])
    assert names(tree.search("李", below=county["鱼山街道"].id)) == ["李庄村"]
    assert names(tree.search("李", below=county["济宁市"].id, kind="village")) == ["李庄村", "李楼村"]


def test_village_need_not_begin_with_its_parents_code(add):
    town = add("town", "新街道", code="370829003000")
    village = add("village", "老村", town, code="370829109201")
    assert tree.unit_by_code("370829109201") == village
    assert village.town == town.id


def test_search_finds_no_closed_unit(county):
    engine.close_unit(unit=county["第二网格"].id, by=None, at=AT, key="close")
    assert names(tree.search("网格")) == ["第一网格"]
