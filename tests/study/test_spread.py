"""Quantiles of dates that may never come, and intervals of shares."""

from __future__ import annotations

import datetime as dt
import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from renkei.study.spread import day_quantile, measure_quantiles, reached_share, share_interval

DAYS = st.lists(st.none() | st.dates(dt.date(2023, 1, 1), dt.date(2032, 12, 31)), min_size=1, max_size=30)


def column(days: list[dt.date | None]) -> pd.Series:
    return pd.Series(pd.to_datetime(pd.Series(days, dtype="object")).astype("datetime64[ms]"))


@given(DAYS, st.sampled_from([0.1, 0.25, 0.5, 0.9, 1.0]))
def test_a_quantile_is_the_first_day_with_enough_futures(days: list[dt.date | None], share: float) -> None:
    table = column(days)
    day = day_quantile(table, share)
    if day is None:
        assert reached_share(table) < share
        return
    assert reached_share(table, day) >= share - 1e-9
    assert reached_share(table, day - dt.timedelta(days=1)) < share


@given(DAYS)
def test_quantiles_rise_and_never_is_last(days: list[dt.date | None]) -> None:
    found = [day_quantile(column(days), q) or dt.date.max for q in (0.1, 0.5, 0.9)]
    assert found == sorted(found)


def test_never_reached_counts_against_the_quantile() -> None:
    days = column([dt.date(2025, 1, 1), dt.date(2026, 1, 1), None, None])
    assert day_quantile(days, 0.5) == dt.date(2026, 1, 1)
    assert day_quantile(days, 0.9) is None
    assert reached_share(days) == 0.5
    assert reached_share(days, dt.date(2025, 12, 31)) == 0.25


def test_wilson_as_published() -> None:
    """81 of 263: [0.2553, 0.3662] (Newcombe, Statistics in Medicine 17, 1998, table I, method 3)."""
    assert share_interval(81 / 263, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert share_interval(0.0, 20) == pytest.approx((0, 0.1611), abs=5e-5)


@given(st.integers(1, 400), st.floats(0, 1))
def test_an_interval_holds_its_share_and_narrows(futures: int, part: float) -> None:
    share = round(part * futures) / futures
    low, high = share_interval(share, futures)
    assert 0 <= low <= share + 1e-12
    assert share - 1e-12 <= high <= 1
    wider = share_interval(share, futures)
    narrow = share_interval(share, 4 * futures)
    assert narrow[1] - narrow[0] < wider[1] - wider[0]


def test_futures_without_a_measurement_are_left_out() -> None:
    table = pd.DataFrame({"year": [2025] * 3, "d0": [0.1, 0.3, math.nan]})
    (row,) = measure_quantiles(table, "year", ["d0"], (0.5,)).to_dict("records")
    assert (row["measured"], row["mean"], row["p50"]) == (2, pytest.approx(0.2), pytest.approx(0.2))
