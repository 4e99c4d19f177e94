"""The floor against exact queueing theory: fixed seeds, independent replications, a 99.99 % interval.

The unit of time is a mean service.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from renkei.build.floorplan import floor_plan
from renkei.fab.fab import Fab
from renkei.floor import drive
from renkei.floor.records import T_UNSCHEDULED
from renkei.floor.state import State

from . import queue_values as exact
from .fabs import e10_of, make_fab, run_floor, trace_of

REPLICATIONS = 20
QUANTILE = 4.897
"""Of Student's t with 19 degrees of freedom at 0.99995."""

SERVICES = {
    "constant": ({"distribution": "constant"}, 1.0),
    "uniform, half-width 0.05": ({"distribution": "uniform", "spread": 0.05}, 1 + 0.05**2 / 3),
    "uniform, half-width 1": ({"distribution": "uniform", "spread": 1.0}, 1 + 1 / 3),
    "Erlang-2": ({"distribution": "erlang", "spread": 2}, 1.5),
    "exponential": ({"distribution": "exponential"}, 2.0),
    "hyperexponential, SCV 4": ({"distribution": "hyperexponential", "spread": 4}, 5.0),
    "lognormal, CV 1/2": ({"distribution": "lognormal", "spread": 0.5}, 1.25),
}
"""Services of mean 1 and their second moments."""


def station(
    rate: float, service: dict[str, Any], servers: int = 1, outages: Sequence[dict[str, Any]] = (), **step: Any
) -> Fab:
    """One group of tools with Poisson arrivals of one-wafer lots."""
    order = {"product": "r", "interval": 1 / rate, "interval_distribution": "exponential", "wafers": 1}
    steps = [{"tool_group": "g", "process": 1.0, **service, **step}]
    return make_fab({"g": {"tools": servers}}, {"r": steps}, [order], outages=outages)


def replicate(fab: Fab, lots: int, rate: float, read: Callable[[State], Any], warmup: float = 0.1) -> Any:
    """Return readings [replications, …] of runs in which so many lots arrive after a warm-up of a share of them."""
    fp = floor_plan(fab)
    readings = []
    for seed in range(REPLICATIONS):
        state = drive.advance(fp.plan, fp.fresh(seed), warmup * lots / rate)
        drive.begin_window(fp.plan, state)
        readings.append(read(drive.advance(fp.plan, state, (1 + warmup) * lots / rate)))
    return np.array(readings, float)


def assert_mean(readings: Any, expected: Any, loosest: float = 0.06) -> None:
    """The expected values lie in the interval of the means, and the intervals are narrow enough to mean something."""
    mean = readings.mean(axis=0)
    half = QUANTILE * readings.std(axis=0, ddof=1) / math.sqrt(len(readings))
    assert np.all(half <= loosest * np.abs(expected)), f"intervals too wide: {mean} ± {half} for {expected}"
    assert np.all(np.abs(mean - expected) <= half + 1e-9), f"{mean} ± {half} misses {expected}"


def wait(state: State) -> float:
    return float(state.groups[0].queue_time / state.groups[0].starts)


def sojourns(state: State) -> Any:
    rows = state.finished[: state.clock[0].finished]
    return rows.finished - rows.released


def mean_wip(state: State) -> float:
    clock = state.clock[0]
    return float((clock.wip_area + clock.wip * (clock.now - clock.wip_time)) / (clock.now - clock.since))


@pytest.mark.parametrize(
    ("servers", "rate"),
    [(1, 0.5), (1, 0.8), (1, 0.9), (2, 1.6), (2, 1.8), (5, 4.5), (10, 9.0), (20, 18.0), (28, 25.2)],
)
def test_several_servers(servers: int, rate: float) -> None:
    fab = station(rate, {"distribution": "exponential"}, servers)
    expected = exact.mmc_wait(servers, rate)
    lots = 4000 + int(1000 / (1 - rate / servers) ** 2)
    readings = replicate(fab, lots, rate, lambda state: (wait(state), mean_wip(state)))
    assert_mean(readings, np.array([expected, rate * (expected + 1)]), loosest=0.16)


def test_share_of_lots_that_wait() -> None:
    fp, state = run_floor(station(4.5, {"distribution": "exponential"}, 5), until=20_000, trace=True)
    waited = np.array([start > arrived for *_, arrived, start, _ in trace_of(fp, state)])
    batches = waited[: len(waited) // 20 * 20].reshape(20, -1).mean(axis=1)
    assert_mean(batches, exact.erlang_c(5, 4.5), loosest=0.1)


def test_spread_of_the_sojourn() -> None:
    fab = station(0.8, {"distribution": "exponential"})
    assert_mean(replicate(fab, 40_000, 0.8, lambda state: sojourns(state).std()), 5.0, loosest=0.1)


@pytest.mark.parametrize("rate", [0.5, 0.8, 0.9])
@pytest.mark.parametrize("service", SERVICES)
def test_general_services(service: str, rate: float) -> None:
    words, second_moment = SERVICES[service]
    lots = int((1000 + 150 / (1 - rate) ** 2) * (2 + second_moment))
    readings = replicate(station(rate, words), lots, rate, wait)
    assert_mean(readings, exact.mg1_wait(rate, second_moment), loosest=0.2)


@pytest.mark.parametrize(("servers", "rate"), [(1, 0.8), (2, 1.6), (2, 1.8), (5, 4.5), (10, 9.0)])
def test_several_constant_servers(servers: int, rate: float) -> None:
    readings = replicate(station(rate, {}, servers), 5000 + int(600 / (1 - rate / servers) ** 2), rate, wait)
    assert_mean(readings, exact.mdc_wait(servers, rate), loosest=0.12)


@pytest.mark.parametrize("rate", [0.8, 0.9])
def test_constant_arrivals(rate: float) -> None:
    order = {"product": "r", "interval": 1 / rate, "wafers": 1}
    step = {"tool_group": "g", "process": 1.0, "distribution": "exponential"}
    readings = replicate(make_fab({"g": {}}, {"r": [step]}, [order]), int(700 / (1 - rate) ** 2), rate, wait)
    assert_mean(readings, exact.gm1_wait(math.inf, rate), loosest=0.12)


def priority_station(rates: Sequence[float], service: dict[str, Any]) -> Fab:
    """Most urgent first; a class of lots has a product and a route of its own, all on one tool."""
    names = [f"r{place}" for place in range(len(rates))]
    orders = [
        {"product": name, "priority": -place, "interval": 1 / rate, "interval_distribution": "exponential", "wafers": 1}
        for place, (name, rate) in enumerate(zip(names, rates, strict=True))
    ]
    routes = {name: [{"tool_group": "g", "process": 1.0, **service}] for name in names}
    return make_fab({"g": {}}, routes, orders, dispatch=("priority", "fifo"))


@pytest.mark.parametrize(("rates", "service"), [((0.1, 0.3, 0.4), "exponential"), ((0.0225, 0.8775), "constant")])
def test_priorities_without_preemption(rates: tuple[float, ...], service: str) -> None:
    words, second_moment = SERVICES[service]
    expected = np.array(exact.cobham_waits(rates, second_moment)) + 1

    def by_class(state: State) -> list[float]:
        rows = state.finished[: state.clock[0].finished]
        return [float((rows.finished - rows.released)[rows.order == row].mean()) for row in range(len(rates))]

    assert_mean(replicate(priority_station(rates, words), 50_000, sum(rates), by_class), expected, loosest=0.15)


@pytest.mark.parametrize(("size", "rate"), [(3, 2.4), (6, 4.8), (6, 5.4)])
def test_full_batches(size: int, rate: float) -> None:
    fab = station(rate, {"distribution": "exponential"}, per="batch", batch_min=size, batch_max=size)
    assert_mean(replicate(fab, 60_000, rate, wait), exact.full_batch_wait(size, rate), loosest=0.25)


@pytest.mark.parametrize(
    ("least", "most", "rate"),
    [(1, 6, 3.0), (1, 6, 4.8), (5, 6, 4.8), (6, 6, 4.8), (5, 6, 5.4), (1, 3, 2.4), (3, 3, 2.4), (2, 3, 2.7)],
)
def test_batches_between_limits(least: int, most: int, rate: float) -> None:
    def read(state: State) -> tuple[float, float, float]:
        group = state.groups[0]
        span = state.clock[0].now - state.clock[0].since
        return wait(state), group.starts / group.jobs, e10_of(state)[0, 0] / span

    fab = station(rate, {}, per="batch", batch_min=least, batch_max=most)
    lots = 15_000 if rate < 0.85 * most else 60_000
    assert_mean(replicate(fab, lots, rate, read), np.array(exact.bulk_queue(least, most, rate)), loosest=0.1)


@pytest.mark.parametrize("clock", ["busy", "calendar"])
@pytest.mark.parametrize("service", ["constant", "exponential"])
@pytest.mark.parametrize(("rate", "failures", "repair"), [(0.7, 0.1, 1.0), (0.7, 0.02, 5.0), (0.8, 0.0141, 5.0)])
def test_breakdowns(clock: str, service: str, rate: float, failures: float, repair: float) -> None:
    words, second_moment = SERVICES[service]
    outage = {"tool_group": "g", "clock": clock, "interval": 1 / failures, "duration": repair}
    readings = replicate(station(rate, words, outages=[outage]), 25_000, rate, lambda state: sojourns(state).mean())
    expected = exact.sojourn_with_breakdowns(rate, second_moment, failures, repair, clock == "calendar")
    assert_mean(readings, expected, loosest=0.15)


def test_availability() -> None:
    outage = {"tool_group": "g", "interval": 10_080.0, "duration": 705.59}
    fab = station(1e-4, {}, servers=20, outages=[outage])
    span = 1e6
    down = replicate(fab, 100, 1e-4, lambda state: e10_of(state)[:, T_UNSCHEDULED].sum() / 20 / span)
    assert_mean(down, 705.59 / (10_080 + 705.59))


def line(rates: Sequence[float], servers: Sequence[int] | None = None) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Groups and steps of a line of exponential stations."""
    groups = {f"g{n}": {"tools": count} for n, count in enumerate(servers or [1] * len(rates))}
    steps = [
        {"tool_group": f"g{n}", "process": 1 / rate, "distribution": "exponential"} for n, rate in enumerate(rates)
    ]
    return groups, steps


def test_feedback() -> None:
    groups, steps = line((1, 1.5, 1.2))
    steps[-1] |= {"rework_step": 1, "rework_percent": 20.0}
    order = {"product": "r", "interval": 2.0, "interval_distribution": "exponential", "wafers": 1}
    fab = make_fab(groups, {"r": steps}, [order])
    loads = [0.625 / rate for rate in (1, 1.5, 1.2)]
    total = sum(load / (1 - load) for load in loads)
    assert total == pytest.approx(3.4679089)
    readings = replicate(fab, 20_000, 0.5, lambda state: (mean_wip(state), sojourns(state).mean()))
    assert_mean(readings, np.array([total, 2 * total]))


def test_branches_with_several_servers() -> None:
    groups, steps = line((0.4, 0.5, 0.3), (3, 2, 4))
    steps[1]["sampling_percent"] = 60.0
    order = {"product": "r", "interval": 1 / 0.9, "interval_distribution": "exponential", "wafers": 1}
    fab = make_fab(groups, {"r": steps}, [order])
    readings = replicate(fab, 20_000, 0.9, lambda state: sojourns(state).mean())
    assert_mean(readings, 11.11792812)


@pytest.mark.parametrize(
    ("rates", "lots", "expected"),
    [((1, 1, 1), n, n / (n + 2)) for n in (1, 3, 5, 10)]
    + [((1, 0.8, 1.25, 1), n, x) for n, x in ((5, 0.60522444), (10, 0.72723665), (20, 0.78779377))],
)
def test_constant_wip(rates: tuple[float, ...], lots: int, expected: float) -> None:
    groups, steps = line(rates)
    fab = make_fab(groups, {"r": steps}, [{"product": "r", "wip_limit": lots, "wafers": 1}])
    assert exact.conwip_throughput(rates, lots) == pytest.approx(expected)
    span = 10_000.0
    readings = replicate(fab, 10_000, 1.0, lambda state: (state.clock[0].finished / span, mean_wip(state)))
    assert_mean(readings[:, 0], expected)
    assert readings[:, 1] == pytest.approx(lots)


@pytest.mark.parametrize("service", ["constant", "hyperexponential, SCV 4"])
def test_pure_delay(service: str) -> None:
    words = dict(SERVICES[service][0])
    order = {"product": "r", "interval": 0.5, "interval_distribution": "exponential", "wafers": 1}
    step = {"tool_group": "wait", "process": 3.0, **words}
    fab = make_fab({"wait": {"kind": "delay", "tools": 0}}, {"r": [step]}, [order])
    assert_mean(replicate(fab, 20_000, 2.0, mean_wip), 6.0)


@pytest.mark.parametrize("lots", [2, 5, 10])
def test_best_and_practical_worst_case(lots: int) -> None:
    """Four stations of 2 minutes: constant times take max(T0, w/rb), exponential ones T0 + (w − 1)/rb."""
    groups, steps = line((0.5, 0.5, 0.5, 0.5))
    order = {"product": "r", "wip_limit": lots, "wafers": 1}
    constant = [step | {"distribution": "constant"} for step in steps]
    _, state = run_floor(make_fab(groups, {"r": constant}, [order]), until=2000, warmup=200)
    assert sojourns(state)[lots:] == pytest.approx(max(8.0, lots / 0.5))
    random = make_fab(groups, {"r": steps}, [order])
    assert_mean(replicate(random, 4000, 0.4, lambda state: sojourns(state).mean()), 8 + (lots - 1) / 0.5)


def test_cascade() -> None:
    """A lone lot takes p + (n − 1)·c, lots in a row follow n·c apart (family WE_FE_84 of SMT2020)."""
    group = {"tools": 1, "cascade": True, "load": 1.0, "unload": 1.0}
    step = {"tool_group": "g", "process": 0.852, "interval": 0.639, "per": "wafer"}
    order = {"product": "r", "interval": 30.0, "wafers": 25}
    _, alone = run_floor(make_fab({"g": group}, {"r": [step]}, [order]), until=300)
    assert sojourns(alone) == pytest.approx(1 + 16.188 + 1)
    _, crowded = run_floor(make_fab({"g": group}, {"r": [step]}, [order | {"interval": 10.0}]), until=300)
    ends = crowded.finished[: crowded.clock[0].finished].finished
    assert np.diff(ends) == pytest.approx(15.975)
