"""The plan of each size: what is started, how much work it brings to each family, how many tools that needs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from nanosheet.families import FAMILIES
from nanosheet.flow import Flow, Op

MONTH = 365.25 / 12 * 1440
"""Minutes of a month."""
BOTTLENECKS = {"euv_cell": 0.90, "arfi_cell": 0.90}
"""Planned utilisation of available time of the intended bottlenecks."""
MOST_SMALL, MOST_LARGE = (0.55, 0.75, 0.82), (0.45, 0.85, 0.87)
"""The same for all other families with one, two, more tools: a tool that stands alone needs reserve (guess)."""
SMALL = 10_000
"""Wafer starts a month below which a size is planned as a small line (guess)."""
SETUP_TIME = {"implant_hc": 25.0, "implant_mc": 20.0, "implant_he": 25.0}
"""Minutes to change the species (guess)."""
SETUP_SHARE = 0.1
"""Share of the implant jobs that change the species, for planning (guess)."""


@dataclass(frozen=True)
class Release:
    """Lots started at an even rate."""

    order: str
    product: str
    route: str
    size: str
    lots_per_month: float
    wafers: int
    priority: int
    due_days: float | None

    @property
    def interval(self) -> float:
        """Minutes between lots."""
        return MONTH / self.lots_per_month


def visits(flow: Flow) -> list[float]:
    """Expected number of times a lot does each step: sampling, and the sections redone after failed checks.

    A check that fails with probability q sends the lot through its section 1/(1 − q) times on average, inner first.
    """
    times = [1.0] * len(flow.ops)
    for op in flow.ops:
        if op.rework_to is not None:
            again = 1 / (1 - op.rework_percent / 100 * op.sampling / 100)
            for number in range(op.rework_to, op.number + 1):
                times[number - 1] *= again
    return [each * op.sampling / 100 for each, op in zip(times, flow.ops, strict=True)]


def occupied(op: Op, wafers: int) -> float:
    """Minutes for which a lot keeps the next one waiting: the longer of slots 1 and 2, and its share of setups."""
    touched = min(wafers, op.wafers_touched or wafers)
    setup = SETUP_SHARE * SETUP_TIME.get(op.family.name, 0.0)
    return max(touched * op.interval, op.process - op.interval) + setup


def loads(flows: dict[str, Flow], releases: Iterable[Release]) -> dict[str, dict[str, float]]:
    """Return the number of tools busy all the time, by family and kind of lot: product, engineering, monitor."""
    work: dict[str, dict[str, float]] = {name: defaultdict(float) for name in FAMILIES}
    for release in releases:
        flow = flows[release.route]
        for op, times in zip(flow.ops, visits(flow), strict=True):
            work[op.family.name][kind_of(release.product)] += times * occupied(op, release.wafers) / release.interval
    return work


def kind_of(product: str) -> str:
    """Return the kind of a product by its name."""
    if product.startswith("mon-"):
        return "monitor"
    return "product" if product == "logic" else "engineering"


def tools_needed(family: str, wspm: int, work: float) -> int:
    """Return the smallest number of tools that does the work within the planned utilisation of available time."""
    available = FAMILIES[family].group.availability
    tools = 1
    while work > tools * available * _most(family, wspm, tools) + 1e-9:
        tools += 1
    return tools


def _most(family: str, wspm: int, tools: int) -> float:
    most = MOST_SMALL if wspm < SMALL else MOST_LARGE
    return BOTTLENECKS.get(family, most[min(tools, 3) - 1])


def raw_process_days(flow: Flow, wafers: int, transport: float, load: float, unload: float) -> float:
    """Days of a lone lot in an empty, faultless fab, with moves (minutes each) and load and unload (minutes a job)."""
    total = 0.0
    for op, times in zip(flow.ops, visits(flow), strict=True):
        touched = min(wafers, op.wafers_touched or wafers)
        job = load + op.process + (touched - 1) * op.interval + unload + op.family.overlap
        total += times * (job + transport)
    return total / 1440
