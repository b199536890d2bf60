import pytest
from django.db import connection
from tests.log.events import AT

from zhangfa.log.models import DataKey, Event
from zhangfa.log.secrets import (
    ERASED,
    RecordErased,
    Tampered,
    decrypt_value,
    encrypt_value,
    erase_record,
    fetch_keys,
    is_forgotten,
    new_key,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("value", ["13800000000", None, 42, ["a", {"b": False}], ""])
def test_encrypt_value_reads_back(value: object) -> None:
    stored = encrypt_value(5, "phone", value)
    assert list(stored) == ["~"]
    assert decrypt_value(5, "phone", stored) == value


def test_encrypt_value_never_gives_the_same_text_twice_and_one_key_per_record() -> None:
    assert encrypt_value(5, "phone", "1") != encrypt_value(5, "phone", "1")
    encrypt_value(6, "phone", "1")
    assert sorted(DataKey.objects.values_list("record", flat=True)) == [5, 6]


def test_decrypt_value_refuses_a_ciphertext_moved_or_changed() -> None:
    stored = encrypt_value(5, "phone", "1")
    encrypt_value(6, "phone", "1")
    changed = {"~": "AAAA" + stored["~"][4:]}
    for record, field, text in [(6, "phone", stored), (5, "name", stored), (5, "phone", changed)]:
        with pytest.raises(Tampered):
            decrypt_value(record, field, text)


def test_a_wrapped_key_moved_to_another_record_does_not_open() -> None:
    encrypt_value(5, "phone", "1")
    DataKey.objects.create(record=6, wrapped=DataKey.objects.get(record=5).wrapped)
    with pytest.raises(Tampered, match="record 6"):
        fetch_keys([6])


def test_erase_record_forgets_the_values_for_ever_and_logs_it_once() -> None:
    stored = encrypt_value(5, "phone", "1")
    first = erase_record(record=5, reason="本人申请", by=3, at=AT, key="erase-5")
    again = erase_record(record=5, reason="本人申请", by=3, at=AT, key="erase-5")
    assert decrypt_value(5, "phone", stored) is ERASED
    assert not ERASED
    assert is_forgotten(5)
    assert (first.seq, True) == (again.seq, again.repeated)
    assert Event.objects.get().payload == '{"reason":"本人申请","record":5}'
    with pytest.raises(RecordErased):
        encrypt_value(5, "phone", "2")


def test_fetch_keys_opens_many_records_with_one_query(django_assert_num_queries) -> None:
    stored = {record: encrypt_value(record, "phone", str(record)) for record in range(1, 41)}
    with django_assert_num_queries(1):
        keyring = fetch_keys(stored)
    assert [keyring.decrypt(record, "phone", stored[record]) for record in stored] == [str(r) for r in stored]
    assert keyring.decrypt(99, "phone", stored[1]) is ERASED
    assert keyring.decrypt(1, "content", "plain") == "plain"


def test_new_key_gives_the_row_for_the_callers_own_statement() -> None:
    key = new_key(8)
    stored = key.encrypt("phone", "9")
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO log_datakey (record, wrapped) VALUES (%s, %s)", key.row)
    assert decrypt_value(8, "phone", stored) == "9"
