"""Measures of one floor run over its window [warm-up, end), as defined in docs/statistics.md."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from renkei.build.accounts import finished_rows, tool_time
from renkei.build.floorplan import FloorPlan
from renkei.fab.raw_time import rpt
from renkei.floor.records import AT_TOOL, E10, IN_LINE
from renkei.floor.state import State

DAY = 1440.0
Measures = dict[str, Any]


def _mean(values: Any) -> float | None:
    return float(np.mean(values)) if len(values) else None


def _quantile(values: Any, share: float) -> float | None:
    return float(np.quantile(values, share)) if len(values) else None


def _cycle_times(rows: Any, raw: float | None) -> Measures:
    """Measures of finished lots (rows of FINISHED); `raw` is their static raw process time in minutes."""
    done = rows[rows["wafers_out"] > 0]
    known = done[done["known"] == 1]
    times = (known["finished"] - known["released"]) / DAY
    promised = done[np.isfinite(done["due"])]
    mean = _mean(times)
    return {
        "completed_lots": len(done),
        "mean_cycle_time_days": mean,
        "p50": _quantile(times, 0.5),
        "p95": _quantile(times, 0.95),
        "rpt_days": None if raw is None else raw / DAY,
        "x_factor": mean * DAY / raw if mean is not None and raw else None,
        "on_time_fraction": _mean(promised["finished"] <= promised["due"]),
    }


def _waiting_since(state: State, since: float) -> dict[int, float]:
    """Lot-minutes in the window of the lots that still wait, by step row."""
    lots = state.lots[(state.lots["alive"] == 1) & np.isin(state.lots["waiting"], (IN_LINE, AT_TOOL))]
    now = float(state.clock["now"][0])
    waits = now - np.maximum(lots["arrived"], since)
    steps, where = np.unique(lots["step"], return_inverse=True)
    return dict(zip(steps.tolist(), np.bincount(where, waits).tolist(), strict=True)) if len(lots) else {}


def _groups(floor: FloorPlan, state: State, since: float) -> Measures:
    times = tool_time(state)
    span = float(state.clock["now"][0]) - since
    waiting: dict[int, float] = {}
    for step, minutes in _waiting_since(state, since).items():
        group = int(floor.plan.steps["group"][step])
        waiting[group] = waiting.get(group, 0.0) + minutes
    found = {}
    for name, row in floor.index.groups.items():
        if floor.fab.tool_groups[name].kind == "delay":
            continue
        account = times[state.tools["group"] == row].sum(axis=0)
        present = account.sum() - account[6]
        up = present - account[4] - account[5]
        shares = {state_name: account[place] / present if present else None for place, state_name in enumerate(E10[:6])}
        queue = state.groups[row]
        found[name] = {
            "tools": int((state.tools["group"] == row).sum()),
            **shares,
            "utilisation_of_uptime": (account[0] + account[1]) / up if up else None,
            "mean_queue_time_hours": queue["queue_time"] / queue["starts"] / 60 if queue["starts"] else None,
            "mean_queue_lots": (queue["queue_area"] + waiting.get(row, 0.0)) / span if span else None,
        }
    return found


def measures(floor: FloorPlan, state: State, raw: Mapping[str, float] | None = None) -> Measures:
    """Return the measures of a floor at its present minute over the window since `begin_window` (or minute 0).

    `raw` is the static raw process time by product in minutes, computed when left out.
    """
    clock = state.clock[0]
    since, now = float(clock["since"]), float(clock["now"])
    span = now - since
    raw = rpt(floor.fab) if raw is None else raw
    rows = finished_rows(state)
    product_of, type_of = floor.plan.orders["product"][rows["order"]], floor.plan.orders["lot_type"][rows["order"]]
    known = rows[(rows["known"] == 1) & (rows["wafers_out"] > 0)]
    completed = int((rows["wafers_out"] > 0).sum())
    area = float(clock["wip_area"] + clock["wip"] * (now - clock["wip_time"]))
    products = {
        name: _cycle_times(rows[product_of == row], raw.get(name)) for name, row in floor.index.products.items()
    }
    lot_types = {}
    for name, row in floor.index.lot_types.items():
        own = sorted(
            {
                int(p)
                for p, t in zip(floor.plan.orders["product"], floor.plan.orders["lot_type"], strict=True)
                if t == row
            }
        )
        names = [list(floor.index.products)[place] for place in own]
        lot_types[name] = _cycle_times(rows[type_of == row], raw.get(names[0]) if len(names) == 1 else None)
    return {
        "completed_lots": completed,
        "throughput_lots_per_day": completed / span * DAY if span else None,
        "mean_wip_lots": area / span if span else None,
        "mean_cycle_time_days": _mean((known["finished"] - known["released"]) / DAY),
        "products": products,
        "lot_types": lot_types,
        "tool_groups": _groups(floor, state, since),
        "lot_steps": int(clock["moves"]),
        "events": int(clock["events"]),
    }
