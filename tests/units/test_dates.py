"""Dates: which ones are read."""

from __future__ import annotations

import pytest

from renkei.units import read_date


@pytest.mark.parametrize("text", ["0001-01", "1899-12-31", "2201-01-01", "9999-12"])
def test_years_far_off_are_slips_of_the_hand(text: str) -> None:
    with pytest.raises(ValueError, match=f"= {text} lies outside the years 1900 to 2200"):
        read_date(text)
