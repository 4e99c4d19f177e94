"""What each criterion says of a lot, by hand, and what rules are known to achieve."""

from __future__ import annotations

import math
from itertools import pairwise, permutations
from typing import Any

import numpy as np
import pytest

from renkei.fab.dispatch import parse_dispatch
from renkei.fab.fab import Fab
from tests.verdicts import Record

from . import queue_values as exact
from .fabs import make_fab, run_floor, trace_of
from .replications import judge, replicate, wait

Words = dict[str, Any]

LOTS: dict[str, tuple[float, float, list[tuple[str, float]]]] = {
    "a": (1, 60, [("g", 4)]),
    "b": (2, 90, [("g", 3), ("rest", 40)]),
    "c": (3, 75, [("g", 2), ("rest", 10)]),
    "d": (0, 100, [("rest", 0.5), ("g", 5)]),
    "e": (5, 200, [("rest", 0.5), ("rest", 0.5), ("g", 1)]),
}
"""Release, due date and steps of lots that queue while the tool works on a first one until minute 20."""


def waiting(rule: str, routes: dict[str, list[Words]], orders: list[Words]) -> Fab:
    """A tool `g` that works on a first lot until minute 20, and a delay `rest`."""
    groups: dict[str, Words] = {"g": {}, "rest": {"kind": "delay", "tools": 0}}
    first = [{"tool_group": "g", "process": 20}]
    return make_fab(groups, {"first": first, **routes}, [{"product": "first"}, *orders], dispatch=parse_dispatch(rule))


def order_at_g(fab: Fab, seed: int = 1) -> str:
    """The routes of the lots in the order in which `g` took them."""
    rows = [row for row in trace_of(*run_floor(fab, 200.0, seed)) if row[5] == 0 and row[2] != "first"]
    return "".join(row[2] for row in sorted(rows, key=lambda row: float(row[7])))


@pytest.mark.tiny
@pytest.mark.parametrize(
    ("rule", "order"),
    [
        ("fifo", "dabce"),
        ("edd", "acbde"),
        ("odd", "bcade"),  # b 90 − 88·40/43 = 8.1, c 75 − 72·10/12 = 15; at the last step the due date itself
        ("slack", "bacde"),  # due − work left: 47, 56, 63, 95, 199
        ("srpt", "eadcb"),  # 1, 4, 5, 12, 43
        ("fsvct", "bcdae"),  # −84, −21, −10, −7, 3
        ("fsmct", "bcdae"),  # single releases have no pace
        ("fbfs", "abcde"),
        ("lbfs", "edabc"),
        ("lbfs, lifo", "edcba"),
        ("srpt + fifo", "adecb"),  # 5, 5.5, 7, 15, 45
        ("slack - 0.5*edd", "bcade"),  # half the due date − work left: 2, 25.5, 26, 45, 99
        ("0.1*priority + lbfs, srpt", "edacb"),
        ("-fifo", "ecbad"),
        ("lifo + 0.001*edd", "ecbad"),
    ],
)
def test_lots_by_hand(rule: str, order: str) -> None:
    routes = {name: [{"tool_group": g, "process": time} for g, time in steps] for name, (_, _, steps) in LOTS.items()}
    orders: list[Words] = [{"product": n, "start": start, "due": due - start} for n, (start, due, _) in LOTS.items()]
    assert order_at_g(waiting(rule, routes, orders)) == order


@pytest.mark.tiny
def test_queue_time_counts_open_windows_that_end_here_or_later() -> None:
    """End of the windows: a 2 + 50, b 3 + 30, d 5 + 15 (at the step after), f 7 + 100 and 8 + 10; c has none, that of e
    opens only at the end of the step."""
    rest, tool = {"tool_group": "rest", "process": 1}, {"tool_group": "g", "process": 1}
    routes = {
        "a": [rest | {"queue_limit_step": 2, "queue_limit": 50}, tool],
        "b": [rest | {"queue_limit_step": 2, "queue_limit": 30}, tool],
        "c": [rest, tool],
        "d": [rest | {"queue_limit_step": 3, "queue_limit": 15}, tool, rest],
        "e": [tool | {"queue_limit_step": 2, "queue_limit": 1}, rest],
        "f": [
            rest | {"queue_limit_step": 3, "queue_limit": 100},
            rest | {"queue_limit_step": 3, "queue_limit": 10},
            tool,
        ],
    }
    orders: list[Words] = [{"product": name, "start": start} for start, name in enumerate(routes, 1)]
    assert order_at_g(waiting("cqt", routes, orders)) == "fdbace"
    assert order_at_g(waiting("cqt + 40*fbfs", routes, orders)) == "dbafce", "lots without a window come last"


@pytest.mark.tiny
def test_smoothing_the_mean_counts_lots_as_if_released_evenly() -> None:
    """x comes in pairs at 0 and 10, so evenly at 0, 5, 10, 15; y comes evenly at 1, 5, 9, 13."""
    routes = {name: [{"tool_group": "g", "process": 1}] for name in "xy"}
    orders: list[Words] = [
        {"product": "x", "interval": 10, "releases": 2, "lots_per_release": 2},
        {"product": "y", "start": 1, "interval": 4, "releases": 4},
    ]
    assert order_at_g(waiting("fifo", routes, orders)) == "xxyyyxxy"
    assert order_at_g(waiting("fsmct", routes, orders)) == "xyxyyxyx"


@pytest.mark.tiny
def test_chance_is_the_same_whatever_else_waits() -> None:
    """A seed decides each order once; over 400 seeds either of two lots leads about half the time (five deviations)."""
    routes = {name: [{"tool_group": "g", "process": 1}] for name in "xyz"}
    orders: list[Words] = [{"product": name, "order": name, "start": 1} for name in "xyz"]
    two, three = waiting("random", routes, orders[:2]), waiting("random", routes, orders)
    found = [order_at_g(two, seed) for seed in range(400)]
    assert found[:50] == [order_at_g(three, seed).replace("z", "") for seed in range(50)]
    assert abs(found.count("xy") - 200) <= 50


@pytest.mark.tiny
@pytest.mark.parametrize("seed", range(5))
def test_no_order_of_a_static_set_beats_the_best_rule(seed: int) -> None:
    """Jackson: earliest due dates keep the largest lateness least. Smith: shortest times keep the mean flow time
    least."""
    luck = np.random.default_rng(seed)
    times, dues = luck.permutation(12)[:6] + 1, luck.permutation(40)[:6] + 20
    routes = {name: [{"tool_group": "g", "process": int(time)}] for name, time in zip("abcdef", times, strict=True)}
    orders: list[Words] = [{"product": name, "due": int(due)} for name, due in zip("abcdef", dues, strict=True)]

    def ends(order: Any) -> Any:
        return 20 + np.cumsum([times["abcdef".index(name)] for name in order])

    def lateness(order: Any) -> float:
        return max(end - dues["abcdef".index(name)] for end, name in zip(ends(order), order, strict=True))

    every = list(permutations("abcdef"))
    assert lateness(order_at_g(waiting("edd", routes, orders))) == min(map(lateness, every))
    assert ends(order_at_g(waiting("spt", routes, orders))).sum() == min(ends(order).sum() for order in every)


CLASSES = 8
EDGES = [-math.log(1 - n / CLASSES) if n < CLASSES else math.inf for n in range(CLASSES + 1)]


def _part(low: float, high: float) -> float:
    """Mean of an exponential variable of mean 1 between two bounds that it lies between once in `CLASSES` times."""
    top = 0.0 if math.isinf(high) else (high + 1) * math.exp(-high)
    return CLASSES * ((low + 1) * math.exp(-low) - top)


TIMES = [_part(low, high) for low, high in pairwise(EDGES)]
"""Process times of equally frequent lots: an exponential time of mean 1 in eight steps."""


@pytest.mark.parametrize("rule", ["fifo", "random", "spt", "srpt", "0.5*spt + 0.5*srpt"])
def test_shortest_first_waits_least(verdict: Record, effort: int, rule: str) -> None:
    """One machine, load 0.8: under rules that know nothing of the times lots wait alike, shortest first less."""
    rate = 0.8
    routes = {f"r{n}": [{"tool_group": "g", "process": time}] for n, time in enumerate(TIMES)}
    orders: list[Words] = [
        {"product": name, "interval": CLASSES / rate, "interval_distribution": "exponential", "wafers": 1}
        for name in routes
    ]
    fab = make_fab({"g": {}}, routes, orders, dispatch=parse_dispatch(rule))
    blind = exact.mg1_wait(rate, sum(time**2 for time in TIMES) / CLASSES)
    shortest = exact.shortest_first_wait([rate / CLASSES] * CLASSES, TIMES)
    assert shortest < 0.75 * blind
    expected = blind if rule in ("fifo", "random") else shortest
    judge(verdict, f"M/G/1 by {rule}", {"mean wait": expected}, replicate(fab, effort * 30_000.0, wait), loosest=0.1)


def test_eight_steps_come_near_the_integral() -> None:
    """Phipps: the mean wait of M/M/1 by shortest time is the limit of many classes."""
    rate, count = 0.8, 4000
    edges = [-math.log(1 - (n + 0.5) / count) for n in range(count)]
    limit = exact.shortest_first_wait([rate / count] * count, edges)
    grid = np.linspace(0.0, 60.0, 600_001)
    behind = 1 - rate * (1 - (1 + grid) * np.exp(-grid))
    integral = np.trapezoid(rate * np.exp(-grid) / behind**2, grid)
    assert limit == pytest.approx(integral, rel=0.01)
