"""Fits to public facts: the fit finds what made the data, its intervals cover, and the page says what it says."""

from __future__ import annotations

import numpy as np
import pytest
from tools import calibration
from tools.calibration import built_in_rate, defect_densities, durations, learning, page, power_residual, ramp, staffing

from renkei.alliance.reading import read_alliance

QUARTERS = [-3.0, -1.0, 0.0, 1.0, 3.0, 5.0, 7.0]


def course(rate: float, floor: float, start: float, quarters: list[float]) -> np.ndarray:
    return floor + (start - floor) * np.exp(-rate * (np.array(quarters) + 3))


def test_exact_data_give_back_their_parameters() -> None:
    fit = learning(QUARTERS, list(course(0.5, 0.06, 0.4, QUARTERS)))
    assert fit.rate.best == pytest.approx(0.5, abs=0.02)
    assert fit.floor.best == pytest.approx(0.06, abs=0.003)
    assert fit.residual < 0.01
    assert not fit.rate.open


def test_profile_intervals_cover_the_truth_as_often_as_they_say() -> None:
    """With the error they assume; 40 data sets at 95 %: fewer than 33 has a chance below 1 in 10,000."""
    luck = np.random.default_rng(1)
    held = 0
    for _ in range(40):
        noisy = course(0.5, 0.06, 0.4, QUARTERS) * np.exp(luck.normal(0, calibration.READING, len(QUARTERS)))
        fit = learning(QUARTERS, list(noisy))
        held += fit.rate.low <= 0.5 <= fit.rate.high
    assert held >= 33


def test_more_error_makes_wider_intervals() -> None:
    data = defect_densities("N7", "N5")
    sure, unsure = learning(*data, sigma=0.05).rate, learning(*data, sigma=0.2).rate
    assert unsure.high - unsure.low > sure.high - sure.low
    assert unsure.best == sure.best


def test_facts_that_must_not_be_fitted_are_left_out() -> None:
    """The clash of 1.245 and the upper limit: fitting them would move the rate out of its interval."""
    quarters, densities = defect_densities("N7", "N5")
    assert len(quarters) == 6
    assert max(densities) < 1
    clean, spoilt = learning(quarters, densities), learning([*quarters, -2.0], [*densities, 1.245])
    assert spoilt.residual > 3 * clean.residual


def test_the_data_do_not_tell_the_form() -> None:
    """Exponential approach and power law fit alike: no claim to the form rests on these points."""
    data = defect_densities("N7", "N5")
    ratio = power_residual(*data) / learning(*data).residual
    assert 0.5 < ratio < 2


def test_a_ramp_that_has_not_ended_leaves_its_time_open() -> None:
    quarters = [float(n) for n in range(9)]
    done, _ = ramp(quarters, [4 * (1 - np.exp(-q / 1.5)) + 0.05 * (-1) ** q for q in quarters])
    rising, _ = ramp(quarters, [0.5 * q + 0.05 * (-1) ** q for q in quarters])
    assert not done.open
    assert 1.0 < done.low <= 1.5 <= done.high < 3
    assert rising.open


def test_the_built_in_alliances_learn_no_faster_than_the_leader() -> None:
    """Newcomers: the median at or below the best fit to the leader, and the interval is not left far behind."""
    fit = learning(*defect_densities("N7", "N5"))
    for name in ("japan-us-2nm", "japan-us-2nm-2023"):
        alliance = read_alliance(name)
        middle = float(np.median([built_in_rate(alliance, seed) for seed in range(200)]))
        assert 0.5 * fit.rate.low < middle <= fit.rate.best, name


def test_the_building_time_of_the_model_case_holds_most_fabs_that_were_built() -> None:
    """The two outside are the quickest, of builders with many fabs behind them; the mean is well inside."""
    build = read_alliance("japan-us-2nm").site.phases["iim1"].build.spread
    months = durations("ground_broken", "move_in")
    assert len(months) == 8
    low, high = float(build.lowest or 0), float(build.highest or 99)
    outside = {name for name, value in months.items() if not low <= value <= high}
    assert outside == {"TSMC Fab 15 P1", "UMC Fab 12X Xiamen"}
    assert build.quantile(0.1) < float(np.mean(list(months.values()))) < build.quantile(0.9)


def test_smaller_and_younger_sites_need_more_people() -> None:
    people = staffing()
    assert people["JASM Kumamoto 1"] == pytest.approx(30.9, abs=0.1)
    assert people["JASM Kumamoto 1"] < people["TSMC Fab 18"] < people["TSMC Fab 21 P1 Arizona"]


def test_the_page_tells_the_fits() -> None:
    """Where it does not: `python -m tools.calibration page`. Rows of built-in alliances may lag behind those."""
    shown = calibration.PAGE.read_text(encoding="utf-8")
    assert lines(page(shown)) == lines(shown)


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if not line.startswith("| `")]
