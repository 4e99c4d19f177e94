"""The hindcast page tells what the stored forecast and the facts say, and the comparison can fail."""

from __future__ import annotations

import csv
import datetime as dt

import pytest
from tools import hindcast
from tools.hindcast import Fact, compared, facts, forecast, page, verdict

from renkei.alliance.reading import read_alliance
from renkei.simulate import simulate


def day(text: str) -> float:
    return float(dt.date.fromisoformat(text).toordinal())


def test_the_page_shows_hits_and_misses_as_they_are() -> None:
    """Where it does not: `python -m tools.hindcast table`."""
    shown = hindcast.PAGE.read_text(encoding="utf-8")
    assert page(shown) == shown
    assert "**miss" in shown


def test_every_fact_is_compared_with_at_least_thirty_futures() -> None:
    with hindcast.FUTURES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) >= 30
    assert [v.fact.quantity for v in compared()] == [fact.quantity for fact in facts()]
    assert {fact.quantity for fact in facts()} <= set(rows[0])


def test_a_fact_outside_is_a_miss_and_one_inside_a_hit() -> None:
    forecasts = [f"2025-{month:02d}-15" for month in range(1, 11)]
    inside = Fact("x", "x", "date", day("2025-05-01"), day("2025-05-01"), "high")
    before = Fact("x", "x", "date", day("2024-05-01"), day("2024-05-01"), "high")
    touching = Fact("x", "x", "date", day("2024-05-01"), day("2025-01-20"), "high")
    assert verdict(inside, forecasts).hit
    assert verdict(inside, forecasts).rank == pytest.approx(0.4)
    assert not verdict(before, forecasts).hit
    assert verdict(touching, forecasts).hit


def test_what_is_not_reached_is_later_than_everything() -> None:
    late = Fact("x", "x", "date", day("2040-01-01"), day("2040-01-01"), "high")
    found = verdict(late, ["2025-01-01"] * 5 + [""] * 5)
    assert (found.p50, found.hit, found.rank) == (day("2025-01-01"), True, 0.5)


def test_a_future_gives_every_quantity_that_its_months_hold() -> None:
    """Before any tool joins, so that no floor is needed: money, people and talks are there, dates are open."""
    future = simulate(read_alliance(hindcast.ALLIANCE, (), {"end": "2024-03"}), seed=4)
    names = ["site-ready", "public-money-2024-03", "private-equity-2024-03", "headcount-2024-01", "at-ibm-2024-03"]
    values = forecast(future, names)
    assert values["site-ready"] == ""
    assert float(values["public-money-2024-03"]) >= 70
    assert float(values["private-equity-2024-03"]) == pytest.approx(7.3)
    assert int(values["headcount-2024-01"]) > 27
    with pytest.raises(ValueError, match="no quantity"):
        forecast(future, ["wafers-2024-01"])
