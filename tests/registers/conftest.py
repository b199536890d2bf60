"""The county of the acts' tests, and people who open its pages."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.cache import cache
from django.test import Client
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.plugins.otp_static.models import StaticDevice
from tests.acts.county import County, build_county

from zhangfa.directory.models import Account


@pytest.fixture(autouse=True)
def _fresh(settings: object) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()


@pytest.fixture
def county(db: None) -> County:
    """The county of the acts' tests, its clock a little behind the pages' own."""
    county = build_county()
    county.now = dt.datetime.now(dt.UTC) - dt.timedelta(hours=1)
    return county


def enter(county: County, name: str) -> Client:
    """Return the browser of somebody who has signed in, with a second factor."""
    account = Account.objects.create(
        username=name, person_id=county.people[name], must_change_password=False, password="!"
    )
    client = Client()
    client.force_login(account)
    session = client.session
    device = StaticDevice.objects.create(user=account, name="test")
    session[DEVICE_ID_SESSION_KEY] = device.persistent_id
    session.save()
    return client
