"""Every change of people, posts and accounts; reached through :mod:`zhangfa.directory.engine`."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from zhangfa.directory import checks, tree
from zhangfa.directory.fold import Payload
from zhangfa.directory.models import Account, Person, Post
from zhangfa.directory.pinyin import initials_of_person
from zhangfa.directory.posts import PostHeld
from zhangfa.directory.writing import Written, expect_act, reserve_ids, write_change
from zhangfa.log.transaction import write_transaction
from zhangfa.refusal import Refusal


def create_person(
    *,
    code: str,
    name: str,
    work_phone: str = "",
    pinyin: str = "",
    by: int | None,
    at: dt.datetime,
    key: str,
) -> Person:
    """Add a person under a staff number of the county's own list."""

    def make() -> Payload:
        checks.require(checks.code_sentence(code), "code")
        checks.require(checks.name_sentence(name, 40), "name")
        if Person.objects.filter(code=code).exists():
            checks.require(_("工号 %(code)s 已经属于另一个人。") % {"code": code}, "code")
        [id] = reserve_ids(Person, 1)
        row = [id, code, name.strip(), pinyin or initials_of_person(name)[:40], work_phone.strip()[:24]]
        return {"act": "create_person", "people": [row]}

    written = write_change(kind="person", make=make, by=by, at=at, key=key)
    expect_act(written, "create_person")
    return Person.objects.get(id=written.payload["people"][0][0])


def change_person(
    *,
    person: int,
    name: str | None = None,
    work_phone: str | None = None,
    pinyin: str = "",
    by: int | None,
    at: dt.datetime,
    key: str,
) -> Person:
    """Correct a person's name, work phone or pinyin initials; what is None stays."""

    def make() -> Payload:
        row = _person(person)
        new = row.name if name is None else name.strip()
        checks.require(checks.name_sentence(new, 40), "name")
        letters = pinyin or (row.pinyin if new == row.name else initials_of_person(new)[:40])
        phone = row.work_phone if work_phone is None else work_phone.strip()[:24]
        return {"act": "change_person", "people": [[person, row.code, new, letters, phone]]}

    expect_act(write_change(kind="person", make=make, by=by, at=at, key=key), "change_person")
    return Person.objects.get(id=person)


def appoint(
    *,
    person: int,
    role: str,
    unit: int,
    since: dt.date | None = None,
    until: dt.date | None = None,
    by: int | None,
    at: dt.datetime,
    key: str,
) -> PostHeld:
    """Give a person a role at a unit, from ``since`` (the day of ``at`` unless told) until (not including) a day."""
    start = since or checks.local_day(at)

    def make() -> Payload:
        row = _person(person)
        checks.open_unit(unit)
        if not checks.ROLE.fullmatch(role):
            checks.require(_("“%(role)s”不是角色的标识。") % {"role": role}, "role")
        if until is not None and until <= start:
            checks.require(_("任职的结束日期必须晚于开始日期。"), "until")
        overlapping = Post.objects.filter(person_id=person, role=role, unit_id=unit).exclude(until__lte=start)
        if overlapping.filter(since__lt=until or dt.date.max).exists():
            words = {"name": row.name, "role": role}
            checks.require(_("%(name)s 在这段时间已经在该单位担任 %(role)s。") % words, "since")
        [id] = reserve_ids(Post, 1)
        end = until.isoformat() if until else None
        return {"act": "appoint", "posts": [[id, person, role, unit, start.isoformat(), end]]}

    written = write_change(kind="person", make=make, by=by, at=at, key=key, unit=unit)
    expect_act(written, "appoint")
    post = Post.objects.get(id=written.payload["posts"][0][0])
    return PostHeld(post.role, tree.unit(post.unit_id), post.id, post.since, post.until)


def end_post(*, post: int, until: dt.date | None = None, by: int | None, at: dt.datetime, key: str) -> PostHeld:
    """End a post: from ``until`` on (the day of ``at`` unless told) it gives no rights."""
    day = until or checks.local_day(at)

    def make() -> Payload:
        row = Post.objects.filter(id=post).first()
        if row is None:
            raise Refusal("not_found", _("没有找到这项任职。"), hint=_("请在人员目录中重新选择。"))
        if row.until is not None and row.until <= day:
            checks.require(_("这项任职已于 %(until)s 结束。") % {"until": row.until}, "until")
        if day < row.since:
            checks.require(_("任职的结束日期不能早于开始日期 %(since)s。") % {"since": row.since}, "until")
        return {"act": "end_post", "end": [[post, day.isoformat()]]}

    expect_act(write_change(kind="person", make=make, by=by, at=at, key=key), "end_post")
    row = Post.objects.get(id=post)
    return PostHeld(row.role, tree.unit(row.unit_id), row.id, row.since, row.until)


def create_account(
    *,
    person: int,
    username: str,
    password: str = "",
    hashed: str = "",
    must_change: bool = True,
    by: int | None,
    at: dt.datetime,
    key: str,
) -> Account:
    """Open a person's account, with a first password (or one already ``hashed`` by ``make_password``)."""

    def make() -> Payload:
        row = _person(person)
        if not checks.CODE.fullmatch(username):
            checks.require(_("用户名只能用数字、字母和连字符，最长 32 位。"), "username")
        if Account.objects.filter(username=username).exists():
            checks.require(_("用户名 %(name)s 已经被使用。") % {"name": username}, "username")
        if Account.objects.filter(person_id=person).exists():
            checks.require(_("%(name)s 已经有一个账号。") % {"name": row.name}, "person")
        [id] = reserve_ids(Account, 1)
        return {"act": "create_account", "account": [[id, person, username]]}

    secret = hashed or make_password(_valid(password, None))
    with write_transaction():
        written = write_change(kind="person", make=make, by=by, at=at, key=key)
        expect_act(written, "create_account")
        id = written.payload["account"][0][0]
        if not written.repeated:
            Account.objects.filter(id=id).update(password=secret, must_change_password=must_change)
    return Account.objects.get(id=id)


def set_password(*, account: int, password: str, by: int | None, at: dt.datetime, key: str) -> Account:
    """Set an account's password; set by anybody but its owner it must be changed at the next sign-in."""
    row = Account.objects.filter(id=account).first()
    if row is None:
        raise Refusal("not_found", _("没有找到这个账号。"))
    secret = make_password(_valid(password, row))
    with write_transaction():
        if not _note_account("set_password", account, by, at, key).repeated:
            Account.objects.filter(id=account).update(password=secret, must_change_password=by != row.person_id)
    return Account.objects.get(id=account)


def close_account(*, account: int, by: int | None, at: dt.datetime, key: str) -> Account:
    """Lock an account for good; its person, posts and past stay."""
    with write_transaction():
        if not _note_account("close_account", account, by, at, key).repeated:
            Account.objects.filter(id=account).update(is_active=False)
    return Account.objects.get(id=account)


def _note_account(act: str, account: int, by: int | None, at: dt.datetime, key: str) -> Written:
    written = write_change(kind="person", make=lambda: {"act": act, "of_account": account}, by=by, at=at, key=key)
    expect_act(written, act)
    return written


def _person(id: int) -> Person:
    found = Person.objects.filter(id=id).first()
    if found is None:
        sentence = _("没有找到这个人。")
        raise Refusal("not_found", sentence, hint=_("请在人员目录中重新选择。"), fields={"person": sentence})
    return found


def _valid(password: str, account: Account | None) -> str:
    try:
        validate_password(password, account)
    except ValidationError as error:
        sentence = " ".join(error.messages)
        raise Refusal("fields", sentence, fields={"password": sentence}) from error
    return password
