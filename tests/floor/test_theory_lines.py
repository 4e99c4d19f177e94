"""Lines, closed lines and crews of the floor against exact queueing theory; as `test_theory` does for one station."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from renkei.floor.records import T_UNSCHEDULED
from renkei.floor.state import State
from tests.verdicts import Record

from . import queue_values as exact
from .fabs import e10_of, make_fab
from .replications import judge, mean_wip, replicate, sojourns


def line(rates: Sequence[float], servers: Sequence[int] | None = None) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Groups and steps of a line of exponential stations."""
    groups = {f"g{n}": {"tools": count} for n, count in enumerate(servers or [1] * len(rates))}
    steps = [
        {"tool_group": f"g{n}", "process": 1 / rate, "distribution": "exponential"} for n, rate in enumerate(rates)
    ]
    return groups, steps


def poisson(rate: float) -> dict[str, Any]:
    """One-wafer lots at random."""
    return {"product": "r", "interval": 1 / rate, "interval_distribution": "exponential", "wafers": 1}


def test_feedback(verdict: Record, effort: int) -> None:
    groups, steps = line((1, 1.5, 1.2))
    steps[-1] |= {"rework_step": 1, "rework_percent": 20.0}
    fab = make_fab(groups, {"r": steps}, [poisson(0.5)])
    sojourn = exact.network_sojourn(0.5, (0.5 / 0.8,) * 3, (1, 1.5, 1.2), (1, 1, 1))
    values = {"WIP": 0.5 * sojourn, "mean sojourn": sojourn}
    readings = replicate(fab, effort * 40_000, lambda state: (mean_wip(state), sojourns(state).mean()))
    judge(verdict, "open line of 3, 20 % sent back to the start", values, readings, loosest=0.06)


def test_branches_with_several_servers(verdict: Record, effort: int) -> None:
    groups, steps = line((0.4, 0.5, 0.3), (3, 2, 4))
    steps[1]["sampling_percent"] = 60.0
    fab = make_fab(groups, {"r": steps}, [poisson(0.9)])
    sojourn = exact.network_sojourn(0.9, (0.9, 0.9 * 0.6, 0.9), (0.4, 0.5, 0.3), (3, 2, 4))
    readings = replicate(fab, effort * 22_000, lambda state: sojourns(state).mean())
    judge(verdict, "open line of 3, 2, 4 tools, the second sampled", {"mean sojourn": sojourn}, readings, loosest=0.06)


@pytest.mark.parametrize(
    ("rates", "lots"), [((1, 1, 1), n) for n in (1, 3, 5, 10)] + [((1, 0.8, 1.25, 1), n) for n in (5, 10, 20)]
)
def test_constant_wip(verdict: Record, effort: int, rates: tuple[float, ...], lots: int) -> None:
    groups, steps = line(rates)
    fab = make_fab(groups, {"r": steps}, [{"product": "r", "wip_limit": lots, "wafers": 1}])
    throughput = exact.conwip_throughput(rates, lots)

    def read(state: State) -> tuple[float, float, float]:
        clock = state.clock[0]
        return clock.finished / (clock.now - clock.since), sojourns(state).mean(), mean_wip(state)

    readings = replicate(fab, effort * 10_000, read)
    values = {"throughput": throughput, "mean sojourn": lots / throughput, "WIP": float(lots)}
    judge(verdict, f"closed line of rates {rates}, lots: {lots}", values, readings, loosest=0.06)


@pytest.mark.parametrize("lots", [2, 5, 10])
@pytest.mark.parametrize(("kind", "distribution"), [("best", "constant"), ("practical worst", "exponential")])
def test_best_and_practical_worst_case(verdict: Record, effort: int, kind: str, distribution: str, lots: int) -> None:
    """Four stations of 2 minutes: constant times take max(T0, w/rb), exponential ones T0 + (w − 1)/rb."""
    groups, steps = line((0.5, 0.5, 0.5, 0.5))
    order = {"product": "r", "wip_limit": lots, "wafers": 1}
    fab = make_fab(groups, {"r": [step | {"distribution": distribution} for step in steps]}, [order])
    expected = max(8.0, lots / 0.5) if kind == "best" else 8 + (lots - 1) / 0.5
    readings = replicate(fab, effort * 10_000, lambda state: sojourns(state).mean())
    judge(verdict, f"{kind} case, 4 tools of 2 min, lots: {lots}", {"cycle time": expected}, readings, loosest=0.06)


@pytest.mark.parametrize(("tools", "people"), [(20, 1), (20, 3), (20, 20)])
def test_tools_that_wait_for_repair(verdict: Record, effort: int, tools: int, people: int) -> None:
    outage = {"tool_group": "g", "interval": 10.0, "duration": 1.0}
    groups = {"g": {"tools": tools, "repair_crew": "fitters"}}
    steps = [{"tool_group": "g", "process": 1.0}]
    fab = make_fab(groups, {"r": steps}, [{"product": "r"}], outages=[outage], crews={"fitters": people})
    span = effort * 3000
    readings = replicate(fab, span, lambda state: e10_of(state)[:, T_UNSCHEDULED].sum() / tools / span)
    values = {"down share": exact.down_share(tools, people, 0.1, 1.0)}
    judge(verdict, f"{tools} tools, MTTF 10, MTTR 1, people to repair: {people}", values, readings, loosest=0.06)


@pytest.mark.parametrize("people", [1, 3])
def test_held_lots_that_wait_for_engineers(verdict: Record, effort: int, people: int) -> None:
    """Lots that leave a station without queue come at random, and so does the half of them that is held."""
    rate = 0.8 * people
    step = {"tool_group": "g", "process": 1.0, "hold_percent": 50.0, "hold_floor_percent": 50.0, "hold_time": 1.0}
    groups = {"g": {"tools": 40, "hold_crew": "engineers"}}
    fab = make_fab(groups, {"r": [step]}, [poisson(2 * rate)], crews={"engineers": people})
    readings = replicate(fab, effort * 15_000, lambda state: state.crews[0].waited / state.crews[0].jobs)
    values = {"mean wait": exact.mmc_wait(people, rate)}
    judge(verdict, f"held lots, engineers: {people}, load 0.8", values, readings, loosest=0.1)
