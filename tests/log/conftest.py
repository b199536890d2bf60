"""The log by itself: its events here belong to no record and no file, so the checks of other rooms would object."""

import pytest

from zhangfa.log import verify


@pytest.fixture(autouse=True)
def log_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out what other rooms registered."""
    monkeypatch.setattr(verify, "_checks", {})
