"""What the twin's dispatch rules say of a lot, from the table of criteria on the floor's page."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from renkei.fab.dispatch import CRITERIA, terms
from renkei.fab.routes import Step
from renkei.floor import chance

from .twin_things import Lot, Tool

if TYPE_CHECKING:
    from .twin import Twin

WORK_TO_TIME = 2.0
"""Remaining cycle time over remaining work, as fluctuation smoothing expects it."""


def value(twin: Twin, criterion: str, tool: Tool, lot: Lot) -> float:
    """The value of a criterion or of a weighted sum; less comes first."""
    if criterion in CRITERIA:
        return _value(twin, criterion, tool, lot)
    total = 0.0
    for weight, name in terms(criterion):
        term = _term(twin, name, tool, lot)
        if math.isinf(term):
            return math.inf
        total += weight * term
    return total


def _term(twin: Twin, name: str, tool: Tool, lot: Lot) -> float:
    """What stands for a criterion within a sum: its value, except where that has no unit."""
    if name == "priority":
        known = {row.priority for row in (*twin.fab.orders, *twin.fab.lots, *twin.fab.initial_wip)}
        return sorted(known, reverse=True).index(lot.priority)
    if name in ("fifo", "lifo"):
        return lot.arrived if name == "fifo" else -lot.arrived
    return _value(twin, name, tool, lot)


def _value(twin: Twin, name: str, tool: Tool, lot: Lot) -> float:
    plain = {
        "priority": -lot.priority,
        "fifo": lot.turn,
        "lifo": -lot.turn,
        "edd": lot.due,
        "fbfs": lot.step.step,
        "lbfs": -lot.step.step,
    }
    if name in plain:
        return plain[name]
    if name == "setup":
        return 0.0 if tool.setup == lot.step.setup else twin.table_time(tool, lot.step.setup)
    if name == "spt":
        return _process_time(twin, lot)
    if name == "cqt":
        return _window_left(twin, lot)
    if name == "random":
        return twin.draw(chance.RANK, lot, lot.step, lot.visit)
    return _by_work(twin, name, lot)


def _by_work(twin: Twin, name: str, lot: Lot) -> float:
    ahead = _work(twin, lot.steps[lot.at :])
    return {
        "cr": (lot.due - twin.now) / max(ahead, 1e-9),
        "odd": _operation_due(twin, lot),
        "slack": lot.due - twin.now - ahead,
        "srpt": ahead,
        "fsvct": lot.released - WORK_TO_TIME * ahead,
        "fsmct": _even_release(lot) - WORK_TO_TIME * ahead,
    }[name]


def _work(twin: Twin, steps: tuple[Step, ...]) -> float:
    size = twin.fab.wafers_per_lot
    return sum(twin.expected(step, size) * step.sampling_percent / 100 for step in reversed(steps))


def _process_time(twin: Twin, lot: Lot) -> float:
    group = twin.fab.tool_groups[lot.step.tool_group]
    return twin.expected(lot.step, lot.wafers) - group.load - group.unload


def _operation_due(twin: Twin, lot: Lot) -> float:
    total, after = _work(twin, lot.steps), _work(twin, lot.steps[lot.at + 1 :])
    return lot.due if math.isinf(lot.due) or not after else lot.due - (lot.due - lot.released) * after / total


def _window_left(twin: Twin, lot: Lot) -> float:
    left = [lot.steps[opener - 1].queue_limit - (twin.now - opened) for opener, opened in lot.windows.items()]
    return min(left, default=math.inf)


def _even_release(lot: Lot) -> float:
    order = lot.line.order
    if order is None or order.interval is None:
        return lot.released
    return order.start + lot.number * (order.interval / order.lots_per_release)
