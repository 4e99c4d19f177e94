"""Which share of a family's tools may run which recipe: half of them where that leaves the work in balance."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence

from nanosheet.flow import Flow, Op
from nanosheet.plan import Release, occupied, visits

SHARES = (0.4, 0.51, 0.6, 0.75)
"""From narrow to wide (guess: 40-60 % of the tools of a family are qualified for a recipe in a young fab)."""
FEW = 6
"""Families used in fewer modules than this qualify step by step instead of module by module."""
GOLDEN_RATIO = 0.6180339887498949
LEAST_OF_TWO = 0.51
"""Narrowest share where a size has two tools: both, so that a pilot line is not two lines with one tool each."""
SLACK = 1.03
"""How much busier than the mean the busiest tool may be, at every size, when the work is spread as well as possible."""


def recipe_names(flows: Iterable[Flow]) -> dict[tuple[str, int], str]:
    """Return the recipe of each (route, step number).

    It is the layer in the scanners, else the module, or the step itself in families that few modules use.
    """
    flows = list(flows)
    modules: dict[str, set[str]] = defaultdict(set)
    for flow in flows:
        for op in flow.ops:
            if not op.module.startswith("monitor"):
                modules[op.family.name].add(op.module)
    names = {(flow.route, op.number): _recipe(op, len(modules[op.family.name])) for flow in flows for op in flow.ops}
    for flow in flows:
        for op in flow.ops:
            if op.dedicate_to is not None:  # the lot must come back to the same tool, so the tool must run both layers
                names[flow.route, op.dedicate_to] = names[flow.route, op.number]
    return names


def _recipe(op: Op, modules: int) -> str:
    if op.module.startswith("monitor"):
        text = op.module
    elif op.family.name.endswith("_cell"):
        text = op.layer
    elif modules >= FEW:
        text = op.module
    else:
        text = f"{op.module} {op.layer} {op.name}"
    return "-".join(text.lower().replace("/", " ").split())


def _qualified(count: int, share: float, ordinal: int) -> list[int]:
    """Return the tools (0-based) of a share by the fab format's rule: neighbours, from a place set by the recipe."""
    width = max(1, math.ceil(share * count - 1e-9))
    start = int(count * ((ordinal * GOLDEN_RATIO) % 1.0))
    return [(start + place) % count for place in range(min(width, count))]


def busiest(count: int, share: float, work: Sequence[float]) -> float:
    """Return the busiest tool's work over the mean, when the recipes' work is spread as evenly as their tools allow.

    Each recipe in turn pours its work over its tools, lowest first, until nothing changes: the least sum of squares,
    hence the least maximum.
    """
    level = [0.0] * count
    poured = [[0.0] * count for _ in work]
    tools = [_qualified(count, share, ordinal) for ordinal in range(len(work))]
    for _ in range(60):
        for recipe, amount in enumerate(work):
            for tool in tools[recipe]:
                level[tool] -= poured[recipe][tool]
            surface = _surface([level[tool] for tool in tools[recipe]], amount)
            for tool in tools[recipe]:
                poured[recipe][tool] = max(0.0, surface - level[tool])
                level[tool] += poured[recipe][tool]
    return max(level) / (sum(work) / count)


def _surface(floors: list[float], amount: float) -> float:
    """Return the height to which an amount rises when poured over floors of these heights."""
    heights = sorted(floors)
    total = 0.0
    for number, height in enumerate(heights, start=1):
        total += height
        surface = (amount + total) / number
        if number == len(heights) or surface <= heights[number]:
            return surface
    raise ValueError("no tool to pour on")


def work_by_recipe(
    flows: dict[str, Flow], releases: Iterable[Release], recipes: dict[tuple[str, int], str]
) -> dict[str, dict[str, float]]:
    """Return the work of each family by recipe, in the order of the routes."""
    releases = list(releases)
    work: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for route, flow in flows.items():
        started = [release for release in releases if release.route == route]
        for op, times in zip(flow.ops, visits(flow), strict=True):
            for release in started:
                work[op.family.name][recipes[route, op.number]] += (
                    times * occupied(op, release.wafers) / release.interval
                )
    return {family: dict(of) for family, of in work.items()}


def share_for(sizes: Iterable[tuple[int, Sequence[float]]]) -> float | None:
    """Return the narrowest share at which every size (tools, work by recipe) stays in balance; None: every tool."""
    sizes = list(sizes)
    pairs = any(count == 2 for count, _ in sizes)
    for share in SHARES:
        if (share >= LEAST_OF_TWO or not pairs) and all(busiest(count, share, work) <= SLACK for count, work in sizes):
            return share
    return None
