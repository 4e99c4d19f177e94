"""Warnings: what can be run but will not end well, or is said in vain."""

from __future__ import annotations

import math
from collections.abc import Iterable

from renkei.errors import Problem
from renkei.fab.fab import Fab
from renkei.fab.rules.names import all_steps
from renkei.fab.rules.saying import wrong


def nothing_is_overloaded(fab: Fab) -> Iterable[Problem]:
    """The declared orders leave every tool group below 100 %; heaviest first."""
    from renkei.fab.capacity import load  # pandas takes longer to import than a fab to read

    table = load(fab)
    heavy = table[table["total_percent"] >= 100].sort_values("total_percent", ascending=False)
    for name, tools, percent in zip(heavy["tool_group"], heavy["tools"], heavy["total_percent"], strict=True):
        column = f"tools@{fab.size}" if fab.size else "tools"
        if math.isfinite(percent):
            needed = math.ceil(tools * percent / 100 + 1e-9)
            message = (
                f"= {tools}: {name} is loaded to {percent:.1f} % by the orders; below 100 % needs about {needed} tools"
            )
            yield wrong(fab.tool_groups[name], column, message)


def setups_have_times(fab: Fab) -> Iterable[Problem]:
    """A setup that some step needs takes time, if any setup does; once a setup."""
    timed = {change.to_setup for change in fab.setups}
    seen = set(timed)
    for step in all_steps(fab):
        if timed and step.setup and step.setup_time is None and step.setup not in seen:
            seen.add(step.setup)
            yield wrong(step, "setup", f'= "{step.setup}" takes no time: no row of setups.csv leads to it')


def minimum_runs_have_setups(fab: Fab) -> Iterable[Problem]:
    """A minimum run acts only where steps need setups."""
    users = {step.tool_group for step in all_steps(fab) if step.setup}
    for name, group in fab.tool_groups.items():
        if group.min_run and name not in users:
            yield wrong(group, "min_run", f"= {group.min_run} has no effect: no step at {name} needs a setup")


def cascades_have_intervals(fab: Fab) -> Iterable[Problem]:
    """At cascading tools a step says how far apart lots follow; the first one of each group is named."""
    seen = set()
    for step in all_steps(fab):
        if fab.tool_groups[step.tool_group].cascade and step.interval is None and step.tool_group not in seen:
            seen.add(step.tool_group)
            yield wrong(step, "interval", f"is empty at {step.tool_group}, whose tools cascade; nothing overlaps")


def routes_are_followed(fab: Fab) -> Iterable[Problem]:
    """Every route is followed by some product."""
    followed = {product.route for product in fab.products.values()}
    for name, route in fab.routes.items():
        if name not in followed:
            yield wrong(route[0], "route", f'= "{name}" is followed by no product')
