"""What every test shares: a scratch folder, never the folder of a running installation."""

import os

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Refuse to run against the default data folder, where a demo county may live."""
    if "DATA" not in os.environ:
        pytest.exit("Set DATA to a scratch folder first, or run `make test`: tests never touch ./data.", returncode=4)
