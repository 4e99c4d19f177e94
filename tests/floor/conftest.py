"""Short versions of long tests."""

from __future__ import annotations

import pytest


@pytest.fixture(params=[1, pytest.param(8, marks=pytest.mark.slow)], ids=["short", "long"])
def effort(request: pytest.FixtureRequest) -> int:
    """How many times as long as in the fast suite a simulation runs; the test has a version of each, the long one
    marked slow."""
    return int(request.param)
