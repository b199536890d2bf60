"""A county for every test; undone with its transaction."""

from __future__ import annotations

import pytest
from tests.acts.county import County, build_county


@pytest.fixture
def county(db: None) -> County:
    """A small county with the three charters in force, on Monday 2 March 2026."""
    return build_county()
