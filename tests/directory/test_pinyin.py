import pytest

from zhangfa.directory.pinyin import initials, initials_of_person


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("金乡县", "JXX"),
        ("单县", "SX"),
        ("任城区", "RCQ"),
        ("鱼山街道", "YSJD"),
        ("李庄村民委员会", "LZCMWYH"),
        ("1号楼", "1HL"),
        ("", ""),
    ],
)
def test_initials_of_places(name, letters):
    assert initials(name) == letters


@pytest.mark.parametrize(
    ("name", "letters"),
    [("单小芳", "SXF"), ("解海涛", "XHT"), ("曾伟", "ZW"), ("尉迟敏", "YCM"), ("张三", "ZS")],
)
def test_initials_of_people(name, letters):
    assert initials_of_person(name) == letters
