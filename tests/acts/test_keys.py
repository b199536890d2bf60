"""A data key that went without an event is missed."""

from __future__ import annotations

import pytest
from tests.acts.county import County

from zhangfa.acts.keys import key_problems, lost_keys
from zhangfa.log.models import DataKey
from zhangfa.log.secrets import erase_record


def test_no_key_is_missed_where_none_went(county: County) -> None:
    county.request(phone="13800138000")
    county.request(content='他说：{"~":"不是密文"}')
    assert list(lost_keys()) == []


@pytest.mark.parametrize("deleted", [True, False])
def test_a_key_deleted_or_emptied_by_hand_is_named(county: County, deleted: bool) -> None:
    opened, other = county.request(phone="13800138000"), county.request(phone="13900139000")
    if deleted:
        DataKey.objects.filter(record=opened.record).delete()
    else:
        DataKey.objects.filter(record=opened.record).update(wrapped=b"")
    [problem] = key_problems()
    assert problem.code == "V202"
    assert problem.en.startswith(f"The data key of record {opened.record} is gone")
    assert other.record not in lost_keys()


def test_an_erased_record_is_no_lost_one(county: County) -> None:
    opened = county.request(phone="13800138000")
    erase_record(record=opened.record, reason="本人要求", by=None, at=county.now, key="erase")
    assert list(lost_keys()) == []
