"""What the clerk does for somebody's log-in: a first password, a new one, a new second factor, an end."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from zhangfa.acts.naming import code_of
from zhangfa.directory import engine
from zhangfa.directory.models import Account
from zhangfa.directory.writing import write_change
from zhangfa.log.transaction import write_transaction


def password_for(key: str) -> str:
    """Return the password that goes with a form's key: the same form sent twice names the same one."""
    return code_of(settings.CONFIG.secret("passwords"), key)


def open_account(*, person: int, username: str, by: int | None, at: dt.datetime, key: str) -> str:
    """Open an account and return its first password, to be changed at the first log-in."""
    password = password_for(key)
    engine.create_account(person=person, username=username, password=password, by=by, at=at, key=key)
    return password


def reset_password(*, account: int, by: int | None, at: dt.datetime, key: str) -> str:
    """Give an account a new first password and return it."""
    password = password_for(key)
    engine.set_password(account=account, password=password, by=by, at=at, key=key)
    return password


def reset_two_factor(*, account: int, by: int | None, at: dt.datetime, key: str) -> None:
    """Forget an account's authenticator and recovery codes: the next log-in sets up new ones."""
    with write_transaction():
        payload = {"act": "reset_two_factor", "of_account": account}
        written = write_change(kind="person", make=lambda: payload, by=by, at=at, key=key)
        if not written.repeated:
            TOTPDevice.objects.filter(user_id=account).delete()
            StaticDevice.objects.filter(user_id=account).delete()


def account_of(person: int) -> Account | None:
    """Return a person's account, closed or not."""
    return Account.objects.filter(person_id=person).first()
