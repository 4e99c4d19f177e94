"""Do tools, places and demand fit the wafers that were promised?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from renkei.plausibility.judgement import MINUTES_PER_MONTH, Case, Judgement

SHOWN = 3
"""Groups named at most."""
LEAST_FILLED = 0.3


def tools_carry_the_volume(case: Case) -> Iterator[Judgement]:
    """Static load of each tool group by the largest volume a milestone asks for; more than 100 % never runs.

    Load = wafers · minutes a wafer ÷ (tools · minutes up), Hopp and Spearman, Factory Physics, ch. 9. Development,
    monitors and variability come on top.
    """
    if case.volume is None:
        return
    milestone, wafers = case.volume
    factory, size = case.factory, case.fab.wafers_per_lot
    needed = wafers / size * factory.work(case.product, size)
    there = factory.tool_array(case.tools) * factory.available * MINUTES_PER_MONTH
    loads = np.divide(needed, there, out=np.full(len(needed), np.inf), where=there > 0)
    loads[needed <= 0] = 0.0
    over = [i for i in np.argsort(-loads, kind="stable").tolist() if loads[i] > 1]
    steps = case.fab.routes[case.fab.products[case.product].route]
    shown = _shown(case, over)
    more = f"; {len(over) - len(shown)} more groups are over 100 %" if len(over) > len(shown) else ""
    for i in shown:
        group = factory.groups[i]
        visits = sum(step.tool_group == group for step in steps)
        count = case.tools.get(group, 0)
        load = f"load {loads[i]:.0%}" if count else "none is ordered"
        rest = more if i == shown[-1] else ""
        yield Judgement(
            ("milestones", milestone.id, "when"),
            f"{count} {group} for {wafers:,.0f} wafers a month at {visits} steps a wafer: {load}{rest}",
            "less than 100 % of the hours that tools are up, 85–90 % at the bottleneck",
            f"capacity of fab {case.alliance.fab}; Hopp and Spearman, Factory Physics, ch. 9",
        )


def _shown(case: Case, over: list[int]) -> list[int]:
    """The dearest of the overloaded groups, whose tools are planned to be the bottleneck, then the most loaded ones."""
    groups, names = case.fab.tool_groups, case.factory.groups
    dearest = max(over, key=lambda i: groups[names[i]].price_musd or 0.0, default=None)
    first = [dearest] if dearest is not None and groups[names[dearest]].price_musd else []
    return [*first, *(i for i in over if i not in first)][:SHOWN]


def site_holds_the_tools(case: Case) -> Iterator[Judgement]:
    """Tools that are ordered need places."""
    places = sum(bay.tool_places for phase in case.alliance.site.phases.values() for bay in phase.bays.values())
    ordered = sum(case.tools.values())
    if ordered > places:
        yield Judgement(
            ("site", "phases"), f"{ordered:,} tools are ordered, and there are {places:,} tool places",
            "a place for every tool", "the alliance's own orders and bays",
        )  # fmt: skip


def demand_fills_the_fab(case: Case) -> Iterator[Judgement]:
    """Segments' demand together, at the start, against the wafers the alliance is for."""
    demand = sum(float(segment.demand) for segment in case.alliance.market.segments.values())
    if case.real and 0 < demand < LEAST_FILLED * case.wafers:
        yield Judgement(
            ("market", "segments"),
            f"all demand there is, {demand:,.0f} wafers a month, is {demand / case.wafers:.0%} of {case.wafers:,.0f}",
            f"a newcomer wins a part of a market, so that demand is more than {LEAST_FILLED:.0%} of capacity",
            "expert estimate",
        )
