"""Who may have a file, and what the promise about files says."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest
from django.test import Client
from tests.acts.county import County, build_county
from tests.attachments.conftest import picture_bytes, upload

from zhangfa.acts.actor import PUBLIC
from zhangfa.acts.engine import Outcome
from zhangfa.acts.refusal import Refusal
from zhangfa.attachments import shelf
from zhangfa.attachments.engine import StoredFile, store
from zhangfa.attachments.models import Attachment
from zhangfa.attachments.uses import find_readable, read_log
from zhangfa.attachments.verify import Fault, verify_attachments
from zhangfa.directory import engine as directory
from zhangfa.directory.models import Account
from zhangfa.log.seal import seal
from zhangfa.log.verify import verify_log


@pytest.fixture
def county(db: None) -> County:
    made = build_county()
    Attachment.objects.all().delete()
    return made


def stored_photo(county: County) -> StoredFile:
    return store(upload=upload(picture_bytes(), "井盖.jpg"), accept="image", by=PUBLIC, at=county.now)


def request_with(county: County, *files: StoredFile) -> Outcome:
    return county.request(photos=list(files))


def found_by(county: County, who: str, digest: str, **code: str) -> bool:
    actor = PUBLIC.with_code(code["code"]) if code else county.actor(who)
    return find_readable(digest=digest, actor=actor, at=county.now) is not None


def test_file_is_read_by_those_who_see_its_record(county: County) -> None:
    photo = stored_photo(county)
    made = request_with(county, photo)

    seen = [who for who in ("wang", "zhao", "office", "l1", "public") if found_by(county, who, photo["hash"])]
    assert seen == ["wang", "office"]
    assert found_by(county, "", photo["hash"], code=str(made.code))


def test_file_that_was_never_stored_is_refused(county: County) -> None:
    invented: StoredFile = {"hash": "a" * 64, "name": "x.jpg", "type": "image/jpeg", "size": 1}
    with pytest.raises(Refusal) as refused:
        request_with(county, invented)

    assert list(refused.value.fields) == ["photos"]


def test_file_without_record_is_read_by_nobody(county: County) -> None:
    photo = stored_photo(county)

    assert not found_by(county, "wang", photo["hash"])
    assert not found_by(county, "wang", "0" * 64)


def test_uses_are_found_once_whether_sealed_or_not(county: County, django_assert_max_num_queries: object) -> None:
    photo = stored_photo(county)
    request_with(county, photo)
    read_log()
    seal(at=county.now)
    read_log()
    read_log()

    assert found_by(county, "wang", photo["hash"])


def signed_in(county: County, who: str) -> Client:
    directory.create_account(person=county.people[who], username=who, password="Wq7-long-enough", by=None,
                             at=county.now, key=f"account-{who}")  # fmt: skip
    Account.objects.filter(username=who).update(must_change_password=False)
    client = Client()
    client.force_login(Account.objects.get(username=who), backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_file_page_hands_out_safely_or_is_absent(county: County) -> None:
    photo = stored_photo(county)
    request_with(county, photo)
    address = f"/files/{photo['hash']}/{photo['name']}"
    wang, zhao = signed_in(county, "wang"), signed_in(county, "zhao")
    shown, small = wang.get(address), wang.get(f"{address}?small")

    assert (shown.status_code, shown["Content-Type"], shown["X-Content-Type-Options"]) == (200, "image/jpeg", "nosniff")
    assert "sandbox" in shown["Content-Security-Policy"]
    assert len(b"".join(small.streaming_content)) < photo["size"]
    denied, absent = zhao.get(address), zhao.get(f"/files/{'0' * 64}/{photo['name']}")
    assert (denied.status_code, absent.status_code) == (404, 404)


def test_document_is_a_download(county: County) -> None:
    pdf = store(upload=upload(b"%PDF-1.7 x", "办结.pdf"), accept="", by=PUBLIC, at=county.now)
    wang = signed_in(county, "wang")
    session = wang.session
    session["uploads"] = [pdf["hash"]]
    session.save()
    response = wang.get(f"/files/{pdf['hash']}/x.html")

    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    assert response["Content-Disposition"].startswith("attachment;")


def test_verify_finds_changed_missing_unknown_and_left_over(county: County) -> None:
    photos = [stored_photo(county) for _n in range(3)]
    request_with(county, *photos[:2])
    changed, missing, loose = (photo["hash"] for photo in photos)
    assert verify_attachments(at=county.now) == []

    path = shelf.place_of(shelf.originals(), changed)
    path.write_bytes(b"x" * path.stat().st_size)
    shelf.place_of(shelf.originals(), missing).unlink()
    stray = shelf.originals() / "ab" / "cdef"
    stray.parent.mkdir(exist_ok=True)
    stray.write_bytes(b"?")
    os.utime(stray, (0, 0))

    later = county.now + dt.timedelta(days=2)
    expected = {
        Fault(changed, "changed"),
        Fault(missing, "missing"),
        Fault("abcdef", "unknown"),
        Fault(loose, "left over"),
    }
    assert set(verify_attachments(at=later)) == expected


def test_verify_log_says_it_in_a_sentence(county: County, shelf_folder: Path) -> None:
    photo = stored_photo(county)
    request_with(county, photo)
    seal(at=county.now)
    shelf.place_of(shelf.originals(), photo["hash"]).unlink()

    said = [(problem.code, problem.en) for problem in verify_log().problems if problem.code.startswith("V3")]
    assert said == [("V302", f"Attachment {photo['hash']}: the file is missing.")]
