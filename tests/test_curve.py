"""The operating curve against queueing theory, and its laws."""

from __future__ import annotations

import math

import pandas as pd
import pytest

import renkei
from renkei.curve import operating_curve, regular_types
from renkei.errors import InputError
from tests.floor.fabs import make_fab

LOADS = (50, 80, 90)


def station(**order):
    """An M/M/1 station, declared at a load of 40 %."""
    orders = [{"order": "lots", "product": "r", "interval": 25.0, "interval_distribution": "exponential", **order}]
    steps = [{"tool_group": "g", "process": 10.0, "distribution": "exponential"}]
    return make_fab({"g": {}}, {"r": steps}, orders)


@pytest.fixture(scope="module")
def queue():
    """The station's curve."""
    return operating_curve(station(), LOADS, days=400, warmup=30, replications=10)


def test_an_mm1_queue(queue):
    """The sojourn is exponential with mean service ÷ (1 − load): its mean and its quantiles are known."""
    for point in queue.points:
        mean = 1 / (1 - point.load_percent / 100)
        exact = {"x_mean": mean, "x_p5": -math.log(0.95) * mean, "x_p50": math.log(2) * mean,
                 "x_p95": -math.log(0.05) * mean}  # fmt: skip
        for key, value in exact.items():
            assert abs(point.measured[key] - value) < 2.2 * point.half_widths[key], (point.load_percent, key)
            assert point.half_widths[key] < 0.2 * value
        assert point.static_load_percent == pytest.approx(point.load_percent)
        assert point.bottleneck["occupied_of_uptime"] == pytest.approx(point.load_percent / 100, rel=0.02)


def test_little_and_conservation(queue):
    for point in queue.points:
        throughput, cycle = (point.measured[k] for k in ("throughput_lots_per_day", "mean_cycle_time_days"))
        assert point.measured["mean_wip_lots"] == pytest.approx(throughput * cycle, rel=0.01)
        assert throughput * 7 * 25 == pytest.approx(point.starts_per_week, rel=0.02)
        assert point.lot_types["lots"]["x_p50"] == pytest.approx(point.measured["x_p50"])


def test_x_factors_rise_with_load(queue):
    assert queue.table["x_p50"].is_monotonic_increasing
    assert queue.table["mean_wip_lots"].is_monotonic_increasing


def test_tables(queue):
    assert queue.table["load_percent"].tolist() == list(LOADS)
    assert queue.lot_types[["load_percent", "lot_type"]].to_numpy().tolist() == [[n, "lots"] for n in LOADS]
    assert set(queue.to_json()["points"][0]) >= {"load_percent", "x_p5", "x_p50", "x_p95", "x_mean", "ci95", "mser5"}
    assert repr(queue).startswith("<OperatingCurve small: 50 %: X 1.")


def test_the_declared_load_is_the_declared_fab():
    """Played at its own load a fab runs as declared, whatever other loads are asked for."""
    fab = renkei.load_fab("minifab")
    curve = operating_curve(fab, [80, 100 * 11 / 12], days=60, warmup=10)
    alone = renkei.run_floor(fab, days=60, warmup=10)
    assert curve.capacity.load_percent == pytest.approx(100 * 11 / 12)
    own = curve.points[-1]
    assert own.measured["mean_cycle_time_days"] == pytest.approx(alone.measures["mean_cycle_time_days"], rel=0.02)
    assert own.half_widths is None
    assert not [column for column in curve.table if column.endswith("_ci95")]


def test_lots_are_measured_against_their_own_size():
    """Lots of 5 and of 25 wafers that never wait have an X-factor of 1, though one lot type has both."""
    orders = [{"order": "both", "product": "r", "interval": 1e3, "wafers": wafers, "start": 500 * n}
              for n, wafers in enumerate((5, 25))]  # fmt: skip
    fab = make_fab({"g": {}}, {"r": [{"tool_group": "g", "process": 10, "per": "wafer"}]}, orders)
    (point,) = operating_curve(fab, [20], days=60, warmup=10).points
    assert [point.measured[key] for key in ("x_p5", "x_p95", "x_mean")] == pytest.approx([1, 1, 1])


def test_regular_lots_have_the_usual_priority_of_products():
    orders = [
        {"order": "many", "product": "p", "interval": 50, "priority": 10},
        {"order": "few", "product": "p", "interval": 300, "priority": 10},
        {"order": "hot", "product": "p", "interval": 100, "priority": 20},
        {"order": "monitors", "product": "m", "interval": 10, "priority": 5},
    ]
    products = [{"product": "p", "route": "r"}, {"product": "m", "route": "r", "kind": "monitor"}]
    steps = {"r": [{"tool_group": "g", "process": 1}]}
    assert regular_types(make_fab({"g": {}}, steps, orders, products=products)) == ("many", "few")
    assert regular_types(make_fab({"g": {}}, steps, orders[3:], products=products)) == ("monitors",)


def test_the_warm_up_is_the_longest_that_any_load_needs():
    curve = operating_curve(station(), [50, 95], days=200, warmup="auto")
    alone = [operating_curve(station(), [percent], days=200, warmup="auto") for percent in (50, 95)]
    assert curve.warmup == max(one.warmup for one in alone)


def test_threads_do_not_change_the_curve():
    tables = [operating_curve(station(), [50, 80], days=60, warmup=5, threads=threads).table for threads in (1, 2)]
    pd.testing.assert_frame_equal(*tables, check_exact=True)


def test_arguments_are_checked_together():
    with pytest.raises(InputError) as caught:
        operating_curve(station(), [50, 101, float("nan")], days=0, warmup=0, replications=0)
    assert [problem.field for problem in caught.value.problems] == ["loads", "loads", "days", "warmup", "replications"]
