"""How numbers and dates are written."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import pytest

from renkei.report import words


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.06123, "0.0612"),
        (12345.6, "12,300"),
        (99.96, "100"),
        (0, "0"),
        (-2.5, "-2.5"),
        (None, "–"),
        (float("nan"), "–"),
        (float("inf"), "–"),
    ],
)
def test_number(value: Any, text: str) -> None:
    assert words.number(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (349, "349"),
        (1274, "1.27k"),
        (999_600, "1M"),
        (113_049, "113k"),
        (40_500_000, "40.5M"),
        (2e9, "2bn"),
        (None, "–"),
    ],
)
def test_compact(value: Any, text: str) -> None:
    assert words.compact(value) == text


@pytest.mark.parametrize(
    ("yen", "text"), [(70e9, "70.0"), (1_730_000_000_000, "1,730"), (0, "0.0"), (99.96e9, "100"), (pd.NA, "–")]
)
def test_billions(yen: Any, text: str) -> None:
    assert words.billions(yen) == text


@pytest.mark.parametrize(
    "value", [dt.date(2027, 10, 9), pd.Timestamp("2027-10-09"), dt.datetime(2027, 10, 9, 4), "2027-10-09"]
)
def test_month(value: Any) -> None:
    assert words.month(value) == "2027-10"


@pytest.mark.parametrize("value", [None, pd.NaT, float("nan"), ""])
def test_no_month(value: Any) -> None:
    assert words.month(value) == "–"


@pytest.mark.parametrize(
    ("reached", "text"),
    [
        ("2027-10-31", "in time"),
        ("2028-03-01", "in time"),
        ("2028-04-01", "1 late"),
        ("2029-10-09", "19 late"),
        ("2027-08-31", "2 early"),
        (None, ""),
    ],
)
def test_lateness_counts_calendar_months_from_the_nearer_end(reached: str | None, text: str) -> None:
    assert words.lateness(reached, "2027-10-01", "2028-03-31") == text


def test_span() -> None:
    assert words.span("2024-10-01", "2024-12-14") == "2024-10 – 2024-12"
    assert words.span("2024-10-01", "2024-10-31") == words.span("2024-10-01") == "2024-10"
    assert words.span(None) == "–"
