"""A floor's rows become tidy tables: lots, days, tool groups, queue-time windows; one `replication` each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from renkei.build.accounts import finished_rows
from renkei.build.floorplan import FloorPlan
from renkei.fab.fab import Fab
from renkei.floor.state import State

DAY = 1440.0
QUEUE_TIMES = {
    "replication": "int64", "product": "str", "route": "str", "from_step": "int64", "from_tool_group": "str",
    "to_step": "int64", "limit_hours": "float64", "checked": "int64", "violated": "int64", "violated_share": "float64",
}  # fmt: skip
"""Columns of the table of queue-time windows, so that it has them without windows too."""


@dataclass(frozen=True)
class Before:
    """What the beginning of the window makes a floor forget, noted just before."""

    minute: float
    moves: int
    wip_area: float
    """Lot-minutes."""
    finished: Any
    """Rows of FINISHED."""


def before_window(state: State) -> Before:
    """Return what the tables need of the time up to now; call it right before `begin_window`."""
    clock = state.clock[0]
    area = float(clock["wip_area"] + clock["wip"] * (clock["now"] - clock["wip_time"]))
    return Before(float(clock["now"]), int(clock["moves"]), area, finished_rows(state).copy())


def lots_table(floor: FloorPlan, state: State, replication: int) -> pd.DataFrame:
    """Return the lots finished in the window: order (lot type), product, number, days and wafers; see `FloorRun`."""
    rows = finished_rows(state)
    orders = floor.plan.orders[rows["order"]]
    types, products = list(floor.index.lot_types), list(floor.index.products)
    return pd.DataFrame(
        {
            "replication": replication,
            "order": [types[row] for row in orders["lot_type"]],
            "product": [products[row] for row in orders["product"]],
            "number": rows["number"],
            "released_day": pd.Series(rows["released"] / DAY).where(rows["known"] == 1),
            "finished_day": rows["finished"] / DAY,
            "due_day": rows["due"] / DAY,
            "wafers_in": rows["wafers_in"],
            "wafers_out": rows["wafers_out"],
        }
    )


def daily_table(state: State, before: Sequence[Before], replication: int) -> pd.DataFrame:
    """Return one row a day of the whole run, warm-up included; see `FloorRun.daily`. `before`: of each window begun."""
    rows = state.days[: int(state.clock["days"][0])]
    area = rows["wip_area"] + sum(np.where(rows["time"] > one.minute, one.wip_area, 0.0) for one in before)
    finished = np.concatenate([*(one.finished for one in before), finished_rows(state)])
    return pd.DataFrame(
        {
            "replication": replication,
            "day": rows["time"] / DAY,
            "wip_lots": rows["wip"],
            "wip_wafers": rows["wip_wafers"],
            "mean_wip_lots": np.diff(area, prepend=0.0) / DAY,
            "moves": np.diff(rows["moves"], prepend=0),
            "released_lots": np.diff(rows["released"], prepend=0),
            "completed_lots": np.diff(rows["completed"], prepend=0),
            "mean_cycle_time_days": _cycle_times_by_day(finished, len(rows)),
        }
    )


def _cycle_times_by_day(finished: Any, days: int) -> Any:
    """Return the mean cycle time of the lots completed on each day, NaN where there are none [days]."""
    known = finished[(finished["known"] == 1) & (finished["wafers_out"] > 0)]
    ends = known["finished"]
    day = np.maximum(np.ceil(ends / DAY).astype(np.int64) - 1, 0)
    inside = day < days
    sums = np.bincount(day[inside], (ends - known["released"])[inside] / DAY, minlength=days)
    counts = np.bincount(day[inside], minlength=days)
    return np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)


def tool_groups_table(measures: Mapping[str, Any], replication: int) -> pd.DataFrame:
    """Return one row a tool group with its measures (docs/statistics.md), in the order of the fab."""
    rows = [{"replication": replication, "tool_group": name, **row} for name, row in measures["tool_groups"].items()]
    table = pd.DataFrame(rows, columns=list(rows[0]) if rows else ["replication", "tool_group"])
    numbers = [column for column in table.columns if column not in ("replication", "tool_group", "tools")]
    return table.astype(dict.fromkeys(numbers, "float64"))


def queue_times_table(floor: FloorPlan, state: State, replication: int) -> pd.DataFrame:
    """Return one row a queue-time window of a route: limits, and how often the window was checked and violated."""
    counts = state.steps
    rows = []
    for route, first in floor.index.routes.items():
        for step in floor.fab.routes[route]:
            if step.queue_limit_step is not None:
                count = counts[first + step.step - 1]
                checked, violated = int(count["checked"]), int(count["violated"])
                limit = float(step.queue_limit or 0.0) / 60
                share = violated / checked if checked else np.nan
                rows.append((replication, _made_by(floor.fab, route), route, step.step, step.tool_group,
                             step.queue_limit_step, limit, checked, violated, share))  # fmt: skip
    return pd.DataFrame(rows, columns=list(QUEUE_TIMES)).astype(QUEUE_TIMES)


def _made_by(fab: Fab, route: str) -> str:
    """Return the product of a route; several that share it are counted together: names with commas."""
    return ", ".join(name for name, product in fab.products.items() if product.route == route)
