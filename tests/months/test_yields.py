"""Yields of wafers: means over their way, excursions, rounding by address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from renkei.alliance import Alliance
from renkei.alliance.uncertainty import drawn
from renkei.months import yields
from renkei.months.calendar import months_of
from renkei.months.learning import Knowledge
from renkei.months.yields import Excursion, Measured, Yields

Build = Callable[..., Alliance]


def test_density_falls_exponentially_to_its_floor(small: Build) -> None:
    technology = small().technology
    values = yields.density(technology, np.array([0.0, 1.0, 50.0]))
    assert values == pytest.approx([5.0, 0.05 + 4.95 * np.exp(-1), 0.05])


def test_systematic_loss_counts_generations(small: Build) -> None:
    technology = small(technology__systematic={"s0": 4.6, "rate": 0.35}).technology
    loss = yields.systematic_loss(technology, np.array([0.0, 0.3, 3.0]))
    assert loss == pytest.approx([4.6, 4.6 * np.exp(-0.35), 4.6 * np.exp(-3.5)])


def test_line_yield_rises_to_maturity(small: Build) -> None:
    technology = small(technology__line_yield={"pilot": 0.7, "mature": 0.95, "rate": 0.2}).technology
    assert yields.line_yield(technology, np.array([0.0, 1e3])) == pytest.approx([0.7, 0.95])


def test_a_mean_over_the_way_is_no_value_at_the_exit() -> None:
    times, values = np.array([0.0, 10.0, 20.0]), np.array([4.0, 2.0, 1.0])
    first, last = np.array([0.0, 5.0, 15.0, 25.0, 12.0]), np.array([30.0, 15.0, 15.0, 35.0, 18.0])
    assert yields.mean_over(times, values, first, last) == pytest.approx([70 / 30, 3.0, 2.0, 1.0, 2.0])


def test_a_wafer_carries_the_mean_of_its_way(small: Build) -> None:
    alliance = small()
    knowledge = Knowledge(history=((0.0, 0.0, 0.0), (100.0, 1.0, 0.0)))
    found = yields.quality(alliance, knowledge, Yields(), np.array([0.0, 100.0]), np.array([200.0, 200.0]), 1.0)
    steps = yields.density(alliance.technology, np.array([0.0, 1.0]))
    assert found.density == pytest.approx([steps.mean(), steps[1]])


def test_the_floors_own_scrap_is_part_of_the_line_yield(small: Build) -> None:
    alliance = small(technology__line_yield={"pilot": 0.7, "mature": 0.95})
    both = [
        yields.quality(alliance, Knowledge(), Yields(), np.zeros(1), np.ones(1), floor).kept[0]
        for floor in (1.0, 0.9, 0.5)
    ]
    assert both == pytest.approx([0.7, 0.7 / 0.9, 1.0])


def test_excursions_hurt_what_leaves_while_they_last(small: Build) -> None:
    alliance = small()
    state = Yields(excursions=(Excursion(100.0, 200.0, 0.4),))
    finished = np.array([100.0, 150.0, 200.0, 201.0])
    found = yields.quality(alliance, Knowledge(), state, np.zeros(4), finished, 1.0)
    assert found.sound == pytest.approx([1, 0.6, 0.6, 1])


def test_excursions_come_at_their_rate(small: Build) -> None:
    alliance = small(technology__excursions={"rate": "3 /year"})
    number = 0
    for seed in range(100):
        state = Yields()
        for month in months_of(alliance):
            state = yields.excursions(state, alliance, month, seed)
        number += len(state.excursions)
        assert all(event.since < event.until for event in state.excursions)
    assert number / 100 == pytest.approx(9, abs=1)


def test_each_excursion_has_its_own_size(small: Build) -> None:
    terms = {"rate": "20 /year", "loss": {"uniform": [0.1, 0.9]}, "length": {"uniform": [2, 30]}}
    alliance = drawn(small(technology__excursions=terms), 3)
    state = Yields()
    for month in months_of(alliance):
        state = yields.excursions(state, alliance, month, 3)
    losses = [event.loss for event in state.excursions]
    days = [(event.until - event.since) / 1440 for event in state.excursions]
    assert len(set(losses)) == len(losses) > 40
    assert np.mean(losses) == pytest.approx(0.5, abs=0.1)
    assert (min(days) >= 2, max(days) <= 30, np.std(days) > 4) == (True, True, True)


def test_what_is_found_hurts_until_engineers_have_cleaned_it_up(small: Build) -> None:
    month = months_of(small())[0]
    events = (Excursion(0.0, 2 * 1440.0, 0.5, 3.0), Excursion(0.0, 1440.0, 0.5, 1.0), Excursion(0, 60 * 1440.0, 0.5, 9))
    state = Yields(excursions=events)
    assert yields.to_clean_up(state, month.end) == 4
    finished = np.array([20 * 1440.0])
    assert events[0].hits(finished)[0]
    none, spent = yields.cleaned_up(state, month, 0.0)
    assert (none, spent) == (state, 0.0)
    # 6.2 engineer-months a month are 0.2 a day: the second is found first and takes 5 days, the first then 15.
    after, spent = yields.cleaned_up(state, month, 6.2)
    assert spent == pytest.approx(4)
    assert [event.until / 1440 for event in after.excursions] == pytest.approx([21, 6, 60])
    assert [event.work for event in after.excursions] == [0, 0, 9]
    slow, spent = yields.cleaned_up(state, month, 3.1)
    assert spent == pytest.approx(3)  # one month less the first day
    assert [event.work for event in slow.excursions] == pytest.approx([1, 0, 9])
    assert yields.to_clean_up(slow, month.end) == pytest.approx(1)
    more = [yields.cleaned_up(state, month, n)[0].excursions[0] for n in (6.2, 12.4, 50)]
    assert [event.until for event in more] == sorted((event.until for event in more), reverse=True)


def test_poisson_numbers_have_their_mean() -> None:
    u = (np.arange(20_000) + 0.5) / 20_000
    for mean in (0.0, 0.3, 4.0):
        assert np.mean([yields.poisson_number(mean, value) for value in u]) == pytest.approx(mean, abs=0.01)


def test_rounding_belongs_to_the_lot_and_keeps_the_mean() -> None:
    numbers = list(range(5000))
    found = yields.rounded(np.full(5000, 12.3), 7, "x", numbers)
    assert set(found.tolist()) == {12, 13}
    assert found.mean() == pytest.approx(12.3, abs=0.03)
    assert yields.rounded(np.full(2, 12.3), 7, "x", [17, 3]).tolist() == [found[17], found[3]]


def test_belief_is_old() -> None:
    state = Yields({3: Measured(1, 0.5, 0.7), 5: Measured(0.5, 0.8, 0.8)})
    assert state.believed(4, 2) is None
    assert state.believed(5, 1) == state.measured[3]
    assert state.believed(6, 1) == state.measured[5]
    assert replace(state).latest == state.measured[5]
