"""Random numbers with addresses: the right laws, one number an address, none shared."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from renkei.floor import chance

SAMPLES = 40_000


def draws(law: int, mean: float, spread: float) -> Any:
    """Numbers at the addresses of a lot's successive steps."""
    with np.errstate(over="ignore"):
        key = np.uint64(chance.combine(np.uint64(11), np.uint64(5)))
        places = (np.uint64(chance.address(key, chance.PROCESS, step, 0)) for step in range(SAMPLES))
        return np.array([chance.draw(law, mean, spread, place) for place in places])


def exponential(x: Any) -> Any:
    return 1 - np.exp(-x / 5)


def uniform(x: Any) -> Any:
    return np.clip((x - 3) / 4, 0, 1)


def erlang(x: Any) -> Any:
    rate = 3 / 5
    return 1 - np.exp(-rate * x) * (1 + rate * x + (rate * x) ** 2 / 2)


def hyperexponential(x: Any) -> Any:
    """Two phases with balanced means, squared coefficient of variation 4."""
    share = 0.5 * (1 + math.sqrt(3 / 5))
    return sum(p * (1 - np.exp(-2 * p * x / 5)) for p in (share, 1 - share))


def lognormal(x: Any) -> Any:
    sigma = math.sqrt(math.log(1 + 0.5**2))
    return np.array([0.5 * (1 + math.erf((math.log(v / 5) + sigma**2 / 2) / sigma / math.sqrt(2))) for v in x])


@pytest.mark.parametrize(
    ("law", "spread", "distribution", "scv"),
    [
        (chance.UNIFORM, 2, uniform, 4 / 3 / 25),
        (chance.EXPONENTIAL, 0, exponential, 1),
        (chance.ERLANG, 3, erlang, 1 / 3),
        (chance.HYPEREXPONENTIAL, 4, hyperexponential, 4),
        (chance.LOGNORMAL, 0.5, lognormal, 0.25),
    ],
)
def test_distributions(law: int, spread: float, distribution: Callable[[Any], Any], scv: float) -> None:
    """Kolmogorov's distance stays below its 99.99 % bound, mean and variance are right."""
    found = np.sort(draws(law, 5.0, float(spread)))
    ranks = np.arange(SAMPLES + 1) / SAMPLES
    expected = distribution(found)
    distance = max(np.max(ranks[1:] - expected), np.max(expected - ranks[:-1]))
    assert distance < 2.23 / math.sqrt(SAMPLES)
    assert found.mean() == pytest.approx(5.0, abs=4 * 5 * math.sqrt(scv / SAMPLES))
    assert found.var() / 25 == pytest.approx(scv, rel=0.15)
    assert found.min() >= 0


def test_constants_need_no_luck() -> None:
    assert chance.draw(chance.CONSTANT, 7.0, 3.0, np.uint64(1)) == 7.0


def test_units_are_uniform_and_independent_of_neighbours() -> None:
    units = draws(chance.UNIFORM, 0.5, 0.5)
    assert units.min() >= 0
    assert units.max() < 1
    counts = np.histogram(units, 100, (0, 1))[0]
    assert ((counts - SAMPLES / 100) ** 2).sum() / (SAMPLES / 100) < 160  # chi-square, 99 degrees, 99.99 %
    assert abs(np.corrcoef(units[:-1], units[1:])[0, 1]) < 4 / math.sqrt(SAMPLES)


def test_no_two_purposes_steps_or_visits_share_an_address() -> None:
    with np.errstate(over="ignore"):
        keys = [np.uint64(chance.combine(np.uint64(3), number)) for number in range(20)]
        places = [
            chance.address(key, purpose, step, visit)
            for key in keys
            for purpose in range(10)
            for step in range(1, 60)
            for visit in range(3)
        ]
    assert len(set(places)) == len(places)


def test_published_splitmix_numbers() -> None:
    """The finaliser gives the generator's published sequence: seed 0 begins with these three."""
    golden = 0x9E3779B97F4A7C15
    states = [np.uint64(golden * n % 2**64) for n in (1, 2, 3)]
    with np.errstate(over="ignore"):
        found = [int(chance.mix(state)) for state in states]
    assert found == [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F]
