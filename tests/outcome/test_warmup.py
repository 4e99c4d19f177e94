"""MSER-5: against its definition worked out slowly, against series whose beginning is known, and on runs."""

from __future__ import annotations

import statistics

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renkei.outcome.warmup import mser5, warmup_advice
from tests.floor.fabs import make_fab


def slow_mser5(values):
    """The definition, without arrays."""
    means = [statistics.fmean(values[5 * k : 5 * k + 5]) for k in range(len(values) // 5)]
    errors = {}
    for cut in range(len(means) - 4):
        kept = means[cut:]
        if 4 * len(kept) < len(means):
            break
        mean = statistics.fmean(kept)
        errors[cut] = sum((value - mean) ** 2 for value in kept) / len(kept) ** 2
    return errors


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(-1e3, 1e3), min_size=50, max_size=140))
def test_the_cut_minimises_the_standard_error_of_what_is_kept(values):
    errors = slow_mser5(values)
    cut = mser5(values)
    assert cut is not None
    assert cut % 5 == 0
    assert errors[cut // 5] == pytest.approx(min(errors.values()), rel=1e-9, abs=1e-9)


def test_a_step_is_cut_where_it_is():
    """Forty observations at another level: the cut falls at the step or, where noise tempts it, a little later."""
    assert mser5(np.where(np.arange(400) < 40, 30.0, 0.0)) == 40
    for seed in range(10):
        values = np.random.default_rng(seed).normal(0, 1, 400)
        values[:40] += 30 if seed % 2 else -30
        assert 40 <= mser5(values) <= 120


def test_a_transient_is_cut_when_it_has_died_down():
    """50·exp(−t/20) in noise of 1: it sinks into the noise of batch means, 1/√5, at about 20·ln(50·√5) = 94."""
    values = 50 * np.exp(-np.arange(1000) / 20) + np.random.default_rng(1).normal(0, 1, 1000)
    assert 40 <= mser5(values) <= 140


def test_what_is_steady_is_not_cut():
    assert mser5(np.full(200, 7.0)) == 0
    cuts = [mser5(np.random.default_rng(seed).normal(0, 1, 500)) for seed in range(20)]
    assert np.median(cuts) <= 25


def test_short_series_get_no_answer():
    assert mser5(np.zeros(49)) is None
    assert mser5(np.zeros(50)) == 0


def days(wip, cycle_time, replication=0):
    """A daily table of these two series."""
    return pd.DataFrame(
        {"replication": replication, "day": np.arange(1.0, len(wip) + 1), "mean_wip_lots": wip,
         "mean_cycle_time_days": cycle_time}
    )  # fmt: skip


def test_the_longer_of_both_series_counts_and_days_without_lots_do_not():
    noise = np.random.default_rng(2).normal(0, 1, 300)
    wip, cycle_time = noise.copy(), noise.copy()
    wip[:20] -= 40
    cycle_time[:30] = np.nan
    cycle_time[30:50] -= 40
    advice = warmup_advice(days(wip, cycle_time))
    assert (advice.wip_days, advice.cycle_time_days, advice.days) == (20, 50, 50)
    assert not advice.run_too_short


def test_replications_are_averaged_before_the_cut():
    """A rise and an equal fall in two replications are no transient of their mean."""
    flat = np.zeros(100)
    bump = np.where(np.arange(100) < 20, 50.0, 0.0)
    both = pd.concat([days(bump, flat, 0), days(-bump, flat, 1)])
    assert warmup_advice(days(bump, flat)).wip_days == 20
    assert warmup_advice(both).wip_days == 0


def test_a_series_that_never_settles_says_so():
    climbing = np.arange(300.0)
    advice = warmup_advice(days(climbing, np.full(300, np.nan)))
    assert advice.run_too_short
    assert advice.cycle_time_days is None
    assert warmup_advice(days(climbing[:49], climbing[:49])) is None


def test_an_overloaded_floor_never_settles():
    import renkei

    orders = [{"product": "r", "interval": 60.0, "interval_distribution": "exponential"}]
    fab = make_fab({"g": {}}, {"r": [{"tool_group": "g", "process": 90.0}]}, orders)
    run = renkei.run_floor(fab, days=200, replications=2)
    assert run.mser5.run_too_short


def test_an_empty_floor_fills_up_within_the_cut():
    """A delay of 30 days: WIP climbs for thirty days and stays; no lot is done before."""
    import renkei

    orders = [{"product": "r", "interval": 60.0}]
    fab = make_fab({"d": {"kind": "delay"}}, {"r": [{"tool_group": "d", "process": 30 * 1440.0}]}, orders)
    run = renkei.run_floor(fab, days=200)
    assert 25 <= run.mser5.wip_days <= 30
    assert run.mser5.cycle_time_days == 0
    assert renkei.run_floor(fab, days=200, warmup="auto").warmup == run.mser5.days
