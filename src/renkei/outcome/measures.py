"""Measures of one floor run over its window [warm-up, end), as defined in docs/statistics.md."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from renkei.build.accounts import finished_rows, tool_time
from renkei.build.floorplan import FloorPlan
from renkei.fab.raw_time import rpt
from renkei.floor.records import AT_TOOL, CAUSES, E10, IN_LINE, WAITS
from renkei.floor.state import State
from renkei.outcome.bottlenecks import bottlenecks

DAY = 1440.0
Measures = dict[str, Any]
QUEUE_CAUSES = WAITS[:-2]
LOT_MEASURES = (
    "mean_cycle_time_days", "cycle_time_std_days", "p5", "p50", "p95", "on_time_fraction", "mean_lateness_days",
    "mean_tardiness_days",
)  # fmt: skip
"""What is told of the lots of the whole fab, of a product and of a lot type, besides their number."""


def _mean(values: Any) -> float | None:
    return float(np.mean(values)) if len(values) else None


def _quantile(values: Any, share: float) -> float | None:
    return float(np.quantile(values, share)) if len(values) else None


def _lot_measures(rows: Any) -> Measures:
    """Measures of finished lots (rows of FINISHED): how many, how long they took, how they kept their due dates."""
    done = rows[rows["wafers_out"] > 0]
    known = done[done["known"] == 1]
    times = (known["finished"] - known["released"]) / DAY
    promised = done[np.isfinite(done["due"])]
    lateness = (promised["finished"] - promised["due"]) / DAY
    return {
        "completed_lots": len(done),
        "mean_cycle_time_days": _mean(times),
        "cycle_time_std_days": float(np.std(times, ddof=1)) if len(times) > 1 else None,
        "p5": _quantile(times, 0.05),
        "p50": _quantile(times, 0.5),
        "p95": _quantile(times, 0.95),
        "on_time_fraction": _mean(promised["finished"] <= promised["due"]),
        "mean_lateness_days": _mean(lateness),
        "mean_tardiness_days": _mean(np.maximum(lateness, 0.0)),
    }


def _with_x_factor(found: Measures, raw: float | None) -> Measures:
    """Add the static raw process time, given in minutes, and what the lots took in multiples of it."""
    mean = found["mean_cycle_time_days"]
    x_factor = mean * DAY / raw if mean is not None and raw else None
    return found | {"rpt_days": None if raw is None else raw / DAY, "x_factor": x_factor}


def _waiting_since(state: State, since: float) -> dict[int, float]:
    """Lot-minutes in the window of the lots that still wait, by step row."""
    lots = state.lots[(state.lots["alive"] == 1) & np.isin(state.lots["waiting"], (IN_LINE, AT_TOOL))]
    now = float(state.clock["now"][0])
    waits = now - np.maximum(lots["arrived"], since)
    steps, where = np.unique(lots["step"], return_inverse=True)
    return dict(zip(steps.tolist(), np.bincount(where, waits).tolist(), strict=True)) if len(lots) else {}


def _queue_areas(floor: FloorPlan, state: State, since: float) -> dict[str, float]:
    """Lot-minutes of waiting in the window by tool group, delays left out."""
    areas = {
        row: float(state.groups["queue_area"][row])
        for name, row in floor.index.groups.items()
        if floor.fab.tool_groups[name].kind != "delay"
    }
    for step, minutes in _waiting_since(state, since).items():
        areas[int(floor.plan.steps["group"][step])] += minutes
    return {name: areas[row] for name, row in floor.index.groups.items() if row in areas}


def queue_key(cause: str) -> str:
    """Return the key under which a tool group tells how many lots wait in its queue for a cause."""
    return f"queue_lots_{cause}"


def _lots_by_cause(state: State) -> Any:
    """Lots that wait by group and cause [groups, causes], means over the looks of the window (none: zeros)."""
    looks = int(state.clock["looks"][0])
    return np.array(state.causes["value"]).reshape(len(state.groups), CAUSES) / max(looks, 1)


def _queue_causes(found: Any, mean_queue_lots: float | None) -> dict[str, float | None]:
    """Share the mean queue out by cause, as the looks found it; None for all if nobody was found waiting."""
    in_queue = found[: len(QUEUE_CAUSES)]
    if not mean_queue_lots or not in_queue.sum():
        return dict.fromkeys(map(queue_key, QUEUE_CAUSES))
    shares = in_queue / in_queue.sum() * mean_queue_lots
    return dict(zip(map(queue_key, QUEUE_CAUSES), shares.tolist(), strict=True))


def _waiting_by_cause(state: State, groups: Measures) -> dict[str, float | None]:
    """Lots of the whole fab that wait, on the average, by cause; those in transport and on hold as the looks found."""
    if not int(state.clock["looks"][0]):
        return dict.fromkeys(WAITS)
    found: dict[str, float | None] = {
        cause: sum(row[queue_key(cause)] or 0.0 for row in groups.values()) for cause in QUEUE_CAUSES
    }
    moving = _lots_by_cause(state).sum(axis=0)
    return found | {cause: float(moving[WAITS.index(cause)]) for cause in ("transport", "hold")}


def _groups(floor: FloorPlan, state: State, since: float) -> Measures:
    times = tool_time(state)
    span = float(state.clock["now"][0]) - since
    areas = _queue_areas(floor, state, since)
    all_waiting = sum(areas.values())
    by_cause = _lots_by_cause(state)
    found = {}
    for name, row in floor.index.groups.items():
        if floor.fab.tool_groups[name].kind == "delay":
            continue
        account = times[state.tools["group"] == row].sum(axis=0)
        present = account.sum() - account[6]
        up = present - account[4] - account[5]
        shares = {state_name: account[place] / present if present else None for place, state_name in enumerate(E10[:6])}
        queue = state.groups[row]
        occupied = account[0] + account[1] + account[2]
        found[name] = {
            "tools": int((state.tools["group"] == row).sum()),
            **shares,
            "utilisation_of_uptime": (account[0] + account[1]) / up if up else None,
            "occupied_of_uptime": occupied / up if up else None,
            "mean_queue_time_hours": queue["queue_time"] / queue["starts"] / 60 if queue["starts"] else None,
            "mean_queue_lots": areas[name] / span if span else None,
            "queue_share": areas[name] / all_waiting if all_waiting else None,
            **_queue_causes(by_cause[row], areas[name] / span if span else None),
        }
    return found


def _lot_types(floor: FloorPlan, rows: Any, raw: Mapping[str, float]) -> Measures:
    """Measures by lot type; a type that spans products has no raw process time."""
    orders, products = floor.plan.orders, list(floor.index.products)
    type_of = orders["lot_type"][rows["order"]]
    found = {}
    for name, row in floor.index.lot_types.items():
        own = {products[place] for place in orders["product"][orders["lot_type"] == row]}
        found[name] = _with_x_factor(_lot_measures(rows[type_of == row]), raw.get(own.pop()) if len(own) == 1 else None)
    return found


def _crews(floor: FloorPlan, state: State, days: float) -> Measures:
    """Measures of the crews: people on duty on the average (None: no limit), and what they were called for."""
    found = {}
    for name, row in floor.index.crews.items():
        crew = state.crews[row]
        shifts = state.shifts["value"][int(crew["first_shift"]) : int(crew["first_shift"] + crew["shifts"])]
        people = float(np.mean(shifts)) if len(shifts) else float(crew["people"])
        on_duty = people * days * DAY if people > 0 else 0.0
        found[name] = {
            "people": people if people >= 0 else None,
            "occupied": float(crew["busy"]) / on_duty if on_duty else None,
            "jobs_per_day": float(crew["jobs"]) / days if days else None,
            "mean_wait_hours": float(crew["waited"]) / float(crew["jobs"]) / 60 if crew["jobs"] else None,
        }
    return found


def measures(floor: FloorPlan, state: State, raw: Mapping[str, float] | None = None, moves_before: int = 0) -> Measures:
    """Return the measures of a floor at its present minute over the window since `begin_window` (or minute 0).

    `raw` is the static raw process time by product in minutes, computed when left out; `moves_before` the steps that
    had ended when the window began, which the floor's counter does not forget.
    """
    clock = state.clock[0]
    now, since = float(clock["now"]), float(clock["since"])
    days = (now - since) / DAY
    raw = rpt(floor.fab) if raw is None else raw
    rows = finished_rows(state)
    product_of = floor.plan.orders["product"][rows["order"]]
    found = _lot_measures(rows)
    completed = found.pop("completed_lots")
    area = float(clock["wip_area"] + clock["wip"] * (now - clock["wip_time"]))
    groups = _groups(floor, state, since)
    return {
        "completed_lots": completed,
        "throughput_lots_per_day": completed / days if days else None,
        "moves_per_day": (int(clock["moves"]) - moves_before) / days if days else None,
        "mean_wip_lots": area / DAY / days if days else None,
        **found,
        "products": {
            name: _with_x_factor(_lot_measures(rows[product_of == row]), raw.get(name))
            for name, row in floor.index.products.items()
        },
        "lot_types": _lot_types(floor, rows, raw),
        "tool_groups": groups,
        "crews": _crews(floor, state, days),
        "waiting_lots_by_cause": _waiting_by_cause(state, groups),
        "bottlenecks": bottlenecks(groups),
        "lot_steps": int(clock["moves"]),
        "events": int(clock["events"]),
    }
