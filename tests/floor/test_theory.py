"""One station of the floor against exact queueing theory: fixed seeds and the intervals of `replications`.

Each test has a short version and one eight times as long, marked slow. The unit of time is a mean service. Formulas
and their sources are in `queue_values`; what the floor cannot express is in `NOT_EXPRESSED`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from renkei.fab.fab import Fab
from renkei.floor.records import T_UNSCHEDULED
from renkei.floor.state import State
from tests.verdicts import Record

from . import queue_values as exact
from .fabs import e10_of, make_fab
from .replications import judge, mean_wip, replicate, share_that_waited, sojourns, wait, wait_at

NOT_EXPRESSED = {
    "M/G/1 with preemptive-resume priorities: sojourns by class": "a lot under way is never put aside for another one",
    "G/G/m by Kingman, Sakasegawa, Allen and Cunneen, Krämer and Langenbach-Belz": "approximations: no exact value",
}
"""Results of queueing theory in common use that nothing here is compared with, and why."""

SERVICES = {
    "D": ({"distribution": "constant"}, 1.0),
    "U(0.975, 1.025)": ({"distribution": "uniform", "spread": 0.025}, 1 + 0.025**2 / 3),
    "U(0.95, 1.05)": ({"distribution": "uniform", "spread": 0.05}, 1 + 0.05**2 / 3),
    "U(0, 2)": ({"distribution": "uniform", "spread": 1.0}, 1 + 1 / 3),
    "E2": ({"distribution": "erlang", "spread": 2}, 1.5),
    "M": ({"distribution": "exponential"}, 2.0),
    "H2, SCV 4": ({"distribution": "hyperexponential", "spread": 4}, 5.0),
    "lognormal, CV 1/2": ({"distribution": "lognormal", "spread": 0.5}, 1.25),
}
"""Services of mean 1 and their second moments."""


def station(rate: float, service: str, servers: int = 1, outages: Sequence[dict[str, Any]] = (), **step: Any) -> Fab:
    """One group of tools with Poisson arrivals of one-wafer lots."""
    order = {"product": "r", "interval": 1 / rate, "interval_distribution": "exponential", "wafers": 1}
    steps = [{"tool_group": "g", "process": 1.0, **SERVICES[service][0], **step}]
    return make_fab({"g": {"tools": servers}}, {"r": steps}, [order], outages=outages)


def saturated(service: dict[str, Any], lots: int = 250) -> Fab:
    """A closed line of two tools whose first, of the service given, never starves: it feeds the second, an exponential
    one of mean 1, by a renewal process. All lots wait at the second with a chance below 10⁻¹⁴."""
    steps = [{"tool_group": "source", **service}, {"tool_group": "g", "process": 1.0, "distribution": "exponential"}]
    return make_fab({"source": {}, "g": {}}, {"r": steps}, [{"product": "r", "wip_limit": lots, "wafers": 1}])


@pytest.mark.parametrize(
    ("servers", "rate"),
    [(1, 0.5), (1, 0.8), (1, 0.9), (2, 1.6), (2, 1.8), (5, 4.5), (10, 9.0), (20, 18.0), (28, 25.2)],
)
def test_several_servers(verdict: Record, effort: int, servers: int, rate: float) -> None:
    expected = exact.mmc_wait(servers, rate)
    values = {"mean wait": expected, "share that waits": exact.erlang_c(servers, rate), "WIP": rate * (expected + 1)}
    lots = effort * (4000 + int(1000 / (1 - rate / servers) ** 2))
    readings = replicate(
        station(rate, "M", servers), lots / rate, lambda s: (wait(s), share_that_waited(s), mean_wip(s)), trace=True
    )
    judge(verdict, f"M/M/{servers}, load {rate / servers:.1f}", values, readings, loosest=0.16)


def test_spread_of_the_sojourn(verdict: Record, effort: int) -> None:
    readings = replicate(station(0.8, "M"), effort * 50_000, lambda state: sojourns(state).std())
    judge(verdict, "M/M/1, load 0.8", {"standard deviation of the sojourn": 5.0}, readings, loosest=0.1)


@pytest.mark.parametrize("rate", [0.5, 0.8, 0.9])
@pytest.mark.parametrize("service", SERVICES)
def test_general_services(verdict: Record, effort: int, service: str, rate: float) -> None:
    second_moment = SERVICES[service][1]
    lots = effort * int((1000 + 150 / (1 - rate) ** 2) * (2 + second_moment))
    values = {"mean wait": exact.mg1_wait(rate, second_moment)}
    readings = replicate(station(rate, service), lots / rate, wait)
    judge(verdict, f"M/G/1, G = {service}, load {rate}", values, readings, loosest=0.2)


@pytest.mark.parametrize(("servers", "rate"), [(1, 0.8), (2, 1.6), (2, 1.8), (5, 4.5), (10, 9.0)])
def test_several_constant_servers(verdict: Record, effort: int, servers: int, rate: float) -> None:
    lots = effort * (5000 + int(600 / (1 - rate / servers) ** 2))
    values = {"mean wait": exact.mdc_wait(servers, rate)}
    readings = replicate(station(rate, "D", servers), lots / rate, wait)
    judge(verdict, f"M/D/{servers}, load {rate / servers:.1f}", values, readings, loosest=0.12)


@pytest.mark.parametrize("rate", [0.8, 0.9])
def test_constant_arrivals(verdict: Record, effort: int, rate: float) -> None:
    order = {"product": "r", "interval": 1 / rate, "wafers": 1}
    step = {"tool_group": "g", "process": 1.0, "distribution": "exponential"}
    lots = effort * int(700 / (1 - rate) ** 2)
    readings = replicate(make_fab({"g": {}}, {"r": [step]}, [order]), lots / rate, wait)
    judge(verdict, f"D/M/1, load {rate}", {"mean wait": exact.gm1_wait(math.inf, rate)}, readings, loosest=0.12)


@pytest.mark.parametrize("rate", [0.8, 0.9])
def test_erlang_arrivals(verdict: Record, effort: int, rate: float) -> None:
    fab = saturated({"process": 1 / rate, "distribution": "erlang", "spread": 2})
    lots = effort * int(1000 / (1 - rate) ** 2)
    readings = replicate(fab, lots / rate, lambda state: wait_at(state, 1))
    judge(verdict, f"E2/M/1, load {rate}", {"mean wait": exact.gm1_wait(2, rate)}, readings, loosest=0.12)


def priority_station(rates: Sequence[float], service: str) -> Fab:
    """Most urgent first; a class of lots has a product and a route of its own, all on one tool."""
    names = [f"r{place}" for place in range(len(rates))]
    orders = [
        {"product": name, "priority": -place, "interval": 1 / rate, "interval_distribution": "exponential", "wafers": 1}
        for place, (name, rate) in enumerate(zip(names, rates, strict=True))
    ]
    routes = {name: [{"tool_group": "g", "process": 1.0, **SERVICES[service][0]}] for name in names}
    return make_fab({"g": {}}, routes, orders, dispatch=("priority", "fifo"))


@pytest.mark.parametrize(("rates", "service"), [((0.1, 0.3, 0.4), "M"), ((0.0225, 0.8775), "D")])
def test_priorities_without_preemption(verdict: Record, effort: int, rates: tuple[float, ...], service: str) -> None:
    def waits(state: State) -> list[float]:
        rows = state.trace[: state.clock[0].traced]
        rows = rows[rows["start"] >= state.clock[0].since]
        return [float((rows["start"] - rows["arrived"])[rows["order"] == row].mean()) for row in range(len(rates))]

    found = exact.cobham_waits(rates, SERVICES[service][1])
    values = {f"mean wait of class {number}": value for number, value in enumerate(found, 1)}
    readings = replicate(priority_station(rates, service), effort * 50_000 / sum(rates), waits, trace=True)
    judge(verdict, f"M/{service}/1, classes at {rates}", values, readings, loosest=0.2)


@pytest.mark.parametrize(("size", "rate"), [(3, 2.4), (6, 4.8), (6, 5.4)])
def test_full_batches(verdict: Record, effort: int, size: int, rate: float) -> None:
    fab = station(rate, "M", per="batch", batch_min=size, batch_max=size)
    values = {"mean wait of a lot": exact.full_batch_wait(size, rate)}
    readings = replicate(fab, effort * 60_000 / rate, wait)
    judge(verdict, f"M/M[{size}]/1, full batches, load {rate / size:.1f}", values, readings, loosest=0.25)


@pytest.mark.parametrize(
    ("least", "most", "rate"),
    [(1, 6, 3.0), (1, 6, 4.8), (5, 6, 4.8), (6, 6, 4.8), (5, 6, 5.4), (1, 3, 2.4), (3, 3, 2.4), (2, 3, 2.7)],
)
def test_batches_between_limits(verdict: Record, effort: int, least: int, most: int, rate: float) -> None:
    def read(state: State) -> tuple[float, float, float]:
        group = state.groups[0]
        span = state.clock[0].now - state.clock[0].since
        return wait(state), group.starts / group.jobs, e10_of(state)[0, 0] / span

    fab = station(rate, "D", per="batch", batch_min=least, batch_max=most)
    lots = effort * (15_000 if rate < 0.85 * most else 60_000)
    measures = ("mean wait of a lot", "mean batch", "busy share")
    values = dict(zip(measures, exact.bulk_queue(least, most, rate), strict=True))
    judge(verdict, f"M/D[{least}, {most}]/1, {rate} lots", values, replicate(fab, lots / rate, read), loosest=0.1)


@pytest.mark.parametrize("clock", ["busy", "calendar"])
@pytest.mark.parametrize("service", ["D", "M"])
@pytest.mark.parametrize(("rate", "failures", "repair"), [(0.7, 0.1, 1.0), (0.7, 0.02, 5.0), (0.8, 0.0141, 5.0)])
def test_breakdowns(
    verdict: Record, effort: int, clock: str, service: str, rate: float, failures: float, repair: float
) -> None:
    outage = {"tool_group": "g", "clock": clock, "interval": 1 / failures, "duration": repair}
    fab = station(rate, service, outages=[outage])
    readings = replicate(fab, effort * (25_000 if rate < 0.8 else 60_000) / rate, lambda state: sojourns(state).mean())
    second_moment = SERVICES[service][1]
    expected = exact.sojourn_with_breakdowns(rate, second_moment, failures, repair, clock == "calendar")
    case = f"M/{service}/1, {rate} lots, failures {failures} on the {clock} clock, repair {repair:g}"
    judge(verdict, case, {"mean sojourn": expected}, readings, loosest=0.2)


def test_availability(verdict: Record, effort: int) -> None:
    outage = {"tool_group": "g", "interval": 10_080.0, "duration": 705.59}
    fab = station(1e-4, "D", servers=20, outages=[outage])
    span = effort * 1e6
    down = replicate(fab, span, lambda state: e10_of(state)[:, T_UNSCHEDULED].sum() / 20 / span)
    case = "a tool that fails every 10,080 min and takes 705.59 to repair"
    judge(verdict, case, {"down share": 705.59 / (10_080 + 705.59)}, down, loosest=0.06)


@pytest.mark.parametrize("service", ["D", "H2, SCV 4"])
def test_pure_delay(verdict: Record, effort: int, service: str) -> None:
    order = {"product": "r", "interval": 0.5, "interval_distribution": "exponential", "wafers": 1}
    step = {"tool_group": "wait", **SERVICES[service][0], "process": 3.0}
    fab = make_fab({"wait": {"kind": "delay", "tools": 0}}, {"r": [step]}, [order])
    readings = replicate(fab, effort * 10_000, mean_wip)
    judge(verdict, f"M/G/∞, G = {service} of mean 3, 2 lots", {"WIP": 6.0}, readings, loosest=0.06)


def test_cascade(verdict: Record, effort: int) -> None:
    """A lone lot takes p + (n − 1)·c, lots in a row follow n·c apart (family WE_FE_84 of SMT2020)."""
    group = {"tools": 1, "cascade": True, "load": 1.0, "unload": 1.0}
    step = {"tool_group": "g", "process": 0.852, "interval": 0.639, "per": "wafer"}
    order = {"product": "r", "interval": 30.0, "wafers": 25}
    fab = make_fab({"g": group}, {"r": [step]}, [order])
    readings = replicate(fab, effort * 300, lambda state: sojourns(state).mean())
    judge(verdict, "two-slot cascade, lone lot", {"sojourn, handling included": 1 + 16.188 + 1}, readings, loosest=1e-6)
    fab = make_fab({"g": group}, {"r": [step]}, [order | {"interval": 10.0}])
    readings = replicate(
        fab, effort * 300, lambda state: np.diff(state.finished[: state.clock[0].finished].finished).mean()
    )
    judge(verdict, "two-slot cascade, lots in a row", {"distance": 15.975}, readings, loosest=1e-6)
