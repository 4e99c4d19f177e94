"""Tool groups, qualifications, orders, initial lots, and the spreads of all times."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

import numpy as np

from renkei.errors import Problem
from renkei.fab.fab import Fab
from renkei.fab.routes import Step
from renkei.fab.row import Row
from renkei.fab.rules.names import all_steps
from renkei.fab.rules.saying import place, plain, wrong
from renkei.fab.tools import Qualification

_TOOL_NUMBERS = re.compile(r"(\d{1,9})(?:-(\d{1,9}))?")
_SHARE = re.compile(r"(\d+(?:\.\d+)?)\s*%")


def something_to_do(fab: Fab) -> Iterable[Problem]:
    """A fab has tool groups, routes and products."""
    for file, table in (
        ("tool_groups.csv", fab.tool_groups),
        ("routes.csv", fab.routes),
        ("products.csv", fab.products),
    ):
        if not table:
            yield Problem(file, None, "", "has no rows; a fab needs at least one")
    for name, route in fab.routes.items():
        if not route:
            yield Problem("routes.csv", None, "route", f'= "{name}" has no steps')


def dispatch_is_ranked(fab: Fab) -> Iterable[Problem]:
    """The fab's dispatch rule names at least one criterion."""
    if not fab.dispatch:
        yield Problem("fab.yaml", None, "dispatch", 'is empty; name criteria, like "priority, setup, fifo"')


def crews_work_in_shifts_or_always(fab: Fab) -> Iterable[Problem]:
    """A crew has a number of people for all hours or numbers for its shifts, not both."""
    for crew in fab.crews.values():
        if crew.shifts and crew.people is not None:
            message = f"= {crew.people}, but the row has shifts too; leave one of the two empty"
            yield wrong(crew, "people", message)


def tools_for_the_steps(fab: Fab) -> Iterable[Problem]:
    """A tool group that steps need has at least one tool."""
    users: dict[str, list[Step]] = defaultdict(list)
    for step in all_steps(fab):
        users[step.tool_group].append(step)
    for name, steps in users.items():
        group = fab.tool_groups[name]
        if group.kind == "tool" and group.tools == 0:
            message = (
                f"= 0, but {len(steps)} steps need {name}, the first at {place(steps[0])}; give it at least one tool"
            )
            yield wrong(group, f"tools@{fab.size}" if fab.size else "tools", message)


def delays_are_only_waiting(fab: Fab) -> Iterable[Problem]:
    """A delay has no slots, batches, setups or qualified tools."""
    for group in fab.tool_groups.values():
        if group.kind == "delay" and group.cascade:
            yield wrong(group, "cascade", "= yes has no meaning for kind = delay; leave it empty")
    for step in all_steps(fab):
        if fab.tool_groups[step.tool_group].kind == "delay":
            for column in ("batch_min", "setup", "recipe", "dedicate_step"):
                if value := getattr(step, column):
                    yield wrong(step, column, f"= {value} has no meaning at {step.tool_group}, a delay; leave it empty")


def qualified_tools_exist(fab: Fab) -> Iterable[Problem]:
    """Qualified tools are numbers of tools that the group has, or a share of them."""
    for row in fab.qualifications:
        if tools := fab.tool_groups[row.tool_group].tools:
            yield from _check_qualified(row, tools)


def _check_qualified(row: Qualification, count: int) -> Iterable[Problem]:
    share = _SHARE.fullmatch(row.tools.strip())
    if share:
        if not 0 < float(share[1]) <= 100:
            yield wrong(row, "tools", f'= "{row.tools}" must be more than 0 % and at most 100 %')
        return
    for part in row.tools.replace(",", " ").split() or [""]:
        numbers = _TOOL_NUMBERS.fullmatch(part)
        if not numbers:
            yield wrong(row, "tools", f'= "{row.tools}" must be tool numbers like "1-3 7" or a share like "50%"')
            return
        first, last = int(numbers[1]), int(numbers[2] or numbers[1])
        if not 1 <= first <= last:
            yield wrong(row, "tools", f'= "{row.tools}": {part} must count from 1 upwards, the smaller number first')
        elif last > count:
            message = (
                f'= "{row.tools}" names tool {last}, but {row.tool_group} has {count}; tools are numbered 1 to {count}'
            )
            yield wrong(row, "tools", message)


def releases_take_time(fab: Fab) -> Iterable[Problem]:
    """Releases are some time apart."""
    for order in fab.orders:
        if order.interval == 0:
            yield wrong(order, "interval", "= 0 must be more than 0 minutes; leave it empty for a single release")
        if order.interval_distribution not in ("constant", "exponential"):
            message = f"= {order.interval_distribution} would need a spread; releases are constant or exponential"
            yield wrong(order, "interval_distribution", message)
        if order.interval is None and order.wip_limit is None and order.releases not in (None, 0, 1):
            message = f"= {order.releases} needs an interval or a wip_limit, which say when the next release is"
            yield wrong(order, "releases", message)


def planned_lots_are_due_after_their_start(fab: Fab) -> Iterable[Problem]:
    """Planned lots are not due before they start; the first of those that are is named."""
    early = np.flatnonzero(fab.lots.columns["due"] < fab.lots.columns["start"])
    if early.size:
        row = fab.lots[int(early[0])]
        others = f"; so are {early.size - 1} more" if early.size > 1 else ""
        yield wrong(row, "due", f"= {row.due} must not lie before start = {row.start}{others}")


def initial_lots_have_a_step(fab: Fab) -> Iterable[Problem]:
    """Initial lots queue at a step of their route and were released before the start."""
    for lot in fab.initial_wip:
        route = fab.products[lot.product].route
        last = len(fab.routes[route])
        if lot.step > last:
            yield wrong(lot, "step", f"= {lot.step} lies beyond the last step of route {route}, {last}")
        if lot.start is not None and lot.start > 0:
            yield wrong(
                lot, "start", f"= {plain(lot.start)} must not be after minute 0; later lots belong in orders.csv"
            )


def spreads_fit(fab: Fab) -> Iterable[Problem]:
    """Every spread fits its distribution."""
    for step in all_steps(fab):
        yield from _check_spread(step, "spread", step.distribution, step.process, step.spread, "process")
        if step.hold_percent or step.hold_floor_percent:
            yield from _check_spread(
                step, "hold_spread", step.hold_distribution, step.hold_time, step.hold_spread, "hold_time"
            )
        if step.setup_time is not None:
            yield from _check_spread(
                step, "setup_spread", step.setup_distribution, step.setup_time, step.setup_spread, "setup_time"
            )
    for change in fab.setups:
        yield from _check_spread(change, "spread", change.distribution, change.time, change.spread, "time")
    for outage in fab.outages:
        yield from _check_spread(
            outage, "interval_spread", outage.interval_distribution, outage.interval, outage.interval_spread, "interval"
        )
        yield from _check_spread(
            outage, "duration_spread", outage.duration_distribution, outage.duration, outage.duration_spread, "duration"
        )
    for move in fab.transports:
        yield from _check_spread(move, "spread", move.distribution, move.time, move.spread, "time")


def setup_laws_have_a_time(fab: Fab) -> Iterable[Problem]:
    """A step's own law of setup goes with its own setup time."""
    for step in all_steps(fab):
        if step.setup_time is None and (step.setup_distribution != "constant" or step.setup_spread):
            yield wrong(step, "setup_time", "is missing; setup_distribution and setup_spread are of this time")


def _check_spread(
    row: Row, column: str, distribution: str, mean: float, spread: float, mean_column: str
) -> Iterable[Problem]:
    wanted = ""
    if distribution == "uniform" and spread > mean:
        wanted = f"must be at most the mean, {mean_column} = {plain(mean)} (it is the half-width)"
    elif distribution == "erlang" and (spread < 1 or not float(spread).is_integer()):
        wanted = "must be a whole number of phases, at least 1"
    elif distribution == "hyperexponential" and spread < 1:
        wanted = "must be a squared coefficient of variation of at least 1"
    elif distribution == "lognormal" and spread <= 0:
        wanted = "must be a coefficient of variation of more than 0"
    if wanted:
        yield wrong(row, column, f"= {plain(spread)} {wanted} for a {distribution} time")
