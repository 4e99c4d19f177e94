"""Two lines of two tools at load 0.7 that overflow under one rule and settle under others.

Lu and Kumar, "Distributed scheduling based on due dates and buffer priorities", IEEE TAC 36 (1991): lots pass classes
1 to 4 on tools A, B, B, A. Rybko and Stolyar, "Ergodicity of stochastic processes describing the operation of open
queueing networks", Problems of Information Transmission 28 (1992): some lots pass classes 1, 2 on A, B, others 3, 4 on
B, A. Classes 1 and 3 take 0.1, classes 2 and 4 take 0.6 minutes, and a lot of each kind comes every minute. If classes
4 and 2 go first they never work together, so they act as one tool at load 1.2, although no tool is at more than 0.7.

How fast lots pile up is told by the fluid limit (Dai, Annals of Applied Probability 5 (1995)). Lu–Kumar: from x lots in
class 1, x/9 minutes empty it, 1.5·x empty class 2, and 1.5·x more class 4, behind which 1.5·x lots have gathered: a
cycle takes 3·x and ends with half as many again. So x₀ lots at the start make the WIP swing between (t + 6·x₀)/6 and
(t + 6·x₀)/3. Rybko–Stolyar: x lots in class 1 become 1.5·x in class 3 after 1.5·x minutes, and the WIP is x₀ + t/3.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from renkei.build.floorplan import floor_plan
from renkei.fab.fab import Fab
from renkei.floor import drive
from tests.verdicts import Record, Verdict

from .fabs import make_fab
from .replications import QUANTILE, REPLICATIONS

PART = f"Re-entrant lines, growth in the fluid limit; ours with 99.99 % t intervals over {REPLICATIONS} replications"
START = 200
"""Lots in class 1 at minute 0."""
FAR = 1e9
"""A due date so late that nobody is ever late."""
TIMES = (0.1, 0.6, 0.1, 0.6)
LU_KUMAR = {
    "last buffer first": ("lbfs", "lbfs"),
    "first buffer first": ("fbfs", "fbfs"),
    "earliest due date": ("edd", "edd"),
    "least slack": ("slack", "slack"),
    "fluctuation smoothing": ("fsvct", "fsvct"),
    "first come": ("fifo", "fifo"),
}
RYBKO_STOLYAR = {"entry first": ("spt", "spt"), "first come": ("fifo", "fifo")}
"""Rules of tools A and B."""
MINUTES = {1: 3000.0, 8: 12_000.0}
"""Length of a run by effort."""


def two_tools(
    routes: dict[str, tuple[tuple[str, int], ...]], rules: tuple[str, str], random: bool, **dues: float
) -> Fab:
    """Tools A and B, one-wafer lots on each route every minute, and the lots at the start on the first."""
    law = "exponential" if random else "constant"
    steps = {
        name: [{"tool_group": tool, "process": TIMES[class_ - 1], "distribution": law} for tool, class_ in visits]
        for name, visits in routes.items()
    }
    orders = [
        {"product": name, "interval": 1.0, "interval_distribution": law, "wafers": 1, "due": dues.get(name, FAR)}
        | {"priority": place, "start": 1.0}
        for place, name in enumerate(routes)
    ]
    first = next(iter(routes))
    due = dues.get(first, FAR) - 1.0
    wip = [{"product": first, "step": 1, "wafers": 1, "due": due + n / (2 * START)} for n in range(START)]
    groups = {tool: {"dispatch": (rule,)} for tool, rule in zip("AB", rules, strict=True)}
    return make_fab(groups, steps, orders, initial_wip=wip)


def lu_kumar(rules: tuple[str, str], random: bool) -> Fab:
    return two_tools({"r": (("A", 1), ("B", 2), ("B", 3), ("A", 4))}, rules, random)


def rybko_stolyar(rules: tuple[str, str], random: bool) -> Fab:
    return two_tools({"r": (("A", 1), ("B", 2)), "s": (("B", 3), ("A", 4))}, rules, random, r=0.0)


def paths(fab: Fab, until: float, random: bool) -> tuple[Any, Any]:
    """Return minutes in the second half of a run and WIP at them, [replications, minutes]."""
    fp = floor_plan(fab)
    minutes = np.linspace(until / 2, until, 201)

    def one(seed: int) -> list[int]:
        state, found = fp.fresh(seed), []
        for minute in minutes:
            state = drive.advance(fp.plan, state, float(minute))
            found.append(int(state.clock[0].wip))
        return found

    drive.advance(fp.plan, fp.fresh(0), -1.0)  # compiles, where needed, before threads ask for it together
    with ThreadPoolExecutor(2) as pool:
        return minutes, np.array(list(pool.map(one, range(REPLICATIONS if random else 1))), float)


def judge(verdict: Record, case: str, growth: Any, expected: float, tolerance: float) -> None:
    """Growth, lots a minute: `growth` [replications] agrees in the mean."""
    mean = float(growth.mean())
    half = QUANTILE * float(growth.std(ddof=1)) / REPLICATIONS**0.5 if len(growth) > 1 else None
    met = abs(mean - expected) <= (tolerance * expected if expected else half or tolerance)
    asked = f"within {100 * tolerance:.0f} %" if expected else "in the interval" if half else f"below {tolerance}"
    verdict(Verdict(PART, case, expected, mean, half, bool(met), asked))
    assert met, f"{case}: {mean} ± {half}, expected {expected}"


@pytest.mark.parametrize("random", [False, True], ids=["constant", "random"])
def test_lu_kumar_overflows(verdict: Record, effort: int, random: bool) -> None:
    minutes, wip = paths(lu_kumar(("lbfs", "fbfs"), random), MINUTES[effort], random)
    rate = wip / (minutes + 6 * START)
    case = f"Lu–Kumar, classes 4 and 2 first, {'random' if random else 'constant'} times"
    tolerance = 0.05 if effort > 1 else 0.15
    judge(verdict, f"{case}: lowest WIP a minute", rate.min(axis=1), 1 / 6, tolerance)
    judge(verdict, f"{case}: highest WIP a minute", rate.max(axis=1), 1 / 3, tolerance)


@pytest.mark.parametrize("random", [False, True], ids=["constant", "random"])
def test_rybko_stolyar_overflows(verdict: Record, effort: int, random: bool) -> None:
    minutes, wip = paths(rybko_stolyar(("priority", "edd"), random), MINUTES[effort], random)
    growth = (wip[:, -1] - wip[:, 0]) / (minutes[-1] - minutes[0])
    case = f"Rybko–Stolyar, classes 4 and 2 first, {'random' if random else 'constant'} times: growth of WIP a minute"
    judge(verdict, case, growth, 1 / 3, 0.05 if effort > 1 else 0.15)


@pytest.mark.parametrize("random", [False, True], ids=["constant", "random"])
@pytest.mark.parametrize(
    ("name", "rule"), [*(("Lu–Kumar", r) for r in LU_KUMAR), *(("Rybko–Stolyar", r) for r in RYBKO_STOLYAR)]
)
def test_other_rules_settle(verdict: Record, effort: int, name: str, rule: str, random: bool) -> None:
    fab = lu_kumar(LU_KUMAR[rule], random) if name == "Lu–Kumar" else rybko_stolyar(RYBKO_STOLYAR[rule], random)
    minutes, wip = paths(fab, MINUTES[effort], random)
    growth = (wip[:, -1] - wip[:, 0]) / (minutes[-1] - minutes[0])
    case = f"{name}, {rule}, {'random' if random else 'constant'} times: growth of WIP a minute"
    judge(verdict, case, growth, 0.0, 0.002)
    assert wip.max() < START, "the lots of the start have gone, and others have not piled up"
