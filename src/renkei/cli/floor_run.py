"""A floor run in the terminal: one screen, however large the fab."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import typer

from renkei.cli.aligned import aligned, number, percent

if TYPE_CHECKING:
    from renkei.fab.fab import Fab
    from renkei.outcome.warmup import Mser5
    from renkei.replicate import FloorRun

SHOWN = 10
"""Lot types and tool groups at most."""
SCALARS = (
    ("completed_lots", "completed lots"),
    ("throughput_lots_per_day", "lots a day"),
    ("moves_per_day", "moves a day"),
    ("mean_wip_lots", "mean WIP, lots"),
    ("mean_cycle_time_days", "mean cycle time, days"),
    ("cycle_time_std_days", "its standard deviation"),
    ("p95", "its 95 % quantile"),
    ("mean_tardiness_days", "mean tardiness, days"),
)
LOT_TYPES: tuple[str, ...] = (
    "lot type", "lots", "cycle time d", "p5", "p50", "p95", "X-factor", "on time %", "tardy d",
)  # fmt: skip
TOOL_GROUPS: tuple[str, ...] = (
    "busiest groups", "tools", "taken %", "process %", "setup %", "PM %", "down %", "queue lots", "queue h",
    "of waiting %",
)  # fmt: skip
CAUSES = {
    "busy": "busy tools",
    "setup": "setups",
    "breakdown": "repair",
    "maintenance": "maintenance",
    "no_crew": "people to repair, maintain or set up",
    "no_tool": "a qualified tool",
    "batch": "lots to share a batch",
    "min_run": "minimum runs",
    "transport": "transport",
    "hold": "holds",
}
CREWS: tuple[str, ...] = ("crews", "on duty", "occupied %", "jobs/day", "wait for one h")
SHARES = ("occupied_of_uptime", "utilisation_of_uptime", "setup", "scheduled_down", "unscheduled_down")


def print_run(run: FloorRun) -> None:
    """Print what was run, the fab's measures, the lot types and the busiest tool groups."""
    data = run.to_json()
    typer.echo(f"{title(run.fab)}  {run.days:g} days, {run.warmup:g} of warm-up, "
               f"{len(run.replications)} replication(s) from seed {run.seed}")  # fmt: skip
    for line in _scalars(data):
        typer.echo(line)
    parts = _lot_types(data["lot_types"]), _tool_groups(data), _crews(data["crews"])
    for lines in (*map(list, parts), list(_causes(data["waiting_lots_by_cause"]))):
        if lines:
            typer.echo()
        for line in lines:
            typer.echo(line)
    speed = data["lot_steps"] / data["engine_seconds"] / 1e6 if data["engine_seconds"] else 0.0
    typer.echo(
        f"\n  {data['lot_steps']:,.0f} lot-steps in {data['engine_seconds']:.2f} s of engine time, "
        f"{speed:.2f} M a second"
    )
    for line in warmup_lines(run.mser5, run.warmup):
        typer.echo(line)


def title(fab: Fab) -> str:
    """Return a fab's title and size as people read them."""
    return f"{fab.title or fab.name}{f'@{fab.size}' if fab.size else ''}"


def warmup_lines(advice: Mser5 | None, warmup: float, of: str = "") -> Iterator[str]:
    """Return a line if the warm-up looks too short, none if it does not; `of` names the run where there are several."""
    if advice is None:
        return
    if advice.run_too_short:
        yield (
            f"  warm-up{of}: MSER-5 finds no steady state before the last half of the run; run longer, or see "
            "`renkei fab capacity` if more is released than the fab can make"
        )
    elif advice.days > warmup:
        yield f"  warm-up{of}: MSER-5 would cut {advice.days:g} days, not {warmup:g}; see --warmup auto"


def _scalars(data: dict[str, Any]) -> Iterator[str]:
    intervals = data.get("ci95", {})
    for key, text in SCALARS:
        if data[key] is not None:
            half = intervals.get(key)
            yield f"  {text:24} {number(data[key]):>12}" + ("" if half is None else f"  ± {number(half)}")


def _lot_types(types: dict[str, Any]) -> Iterator[str]:
    largest = sorted(types.items(), key=lambda item: -item[1]["completed_lots"])[:SHOWN]
    lines = [LOT_TYPES]
    for name, row in largest:
        days = [number(row[key]) for key in ("mean_cycle_time_days", "p5", "p50", "p95", "x_factor")]
        on_time, late = percent(row["on_time_fraction"]), number(row["mean_tardiness_days"])
        lines.append((name, number(row["completed_lots"], 0), *days, on_time, late))
    yield from aligned(lines)
    yield from _hidden(len(types) - len(largest), "lot types with fewer lots")


def _tool_groups(data: dict[str, Any]) -> Iterator[str]:
    groups = data["tool_groups"]
    lines = [TOOL_GROUPS]
    for place in data["bottlenecks"][:SHOWN]:
        row = groups[place["tool_group"]]
        shares = [percent(row[key]) for key in SHARES]
        queue = number(row["mean_queue_lots"]), number(row["mean_queue_time_hours"]), percent(row["queue_share"])
        lines.append((place["tool_group"], number(row["tools"], 0), *shares, *queue))
    yield from aligned(lines)
    yield "  taken: process and setup, process: process alone, both of up-time; setup, PM, down: of all time"
    yield from _hidden(len(groups) - min(SHOWN, len(groups)), "less busy groups")


def _crews(crews: dict[str, Any]) -> Iterator[str]:
    """Tell the counted crews, the busiest first."""
    counted = {name: row for name, row in crews.items() if row["people"] is not None}
    busiest = sorted(counted.items(), key=lambda item: -(item[1]["occupied"] or 0.0))[:SHOWN]
    lines = [CREWS]
    for name, row in busiest:
        lines.append(
            (
                name,
                number(row["people"]),
                percent(row["occupied"]),
                number(row["jobs_per_day"]),
                number(row["mean_wait_hours"]),
            )
        )
    if busiest:
        yield from aligned(lines)
        yield from _hidden(len(counted) - len(busiest), "less busy crews")


def _causes(waiting: dict[str, float | None]) -> Iterator[str]:
    """Return what keeps lots from moving on, the most first; causes under a twentieth of a lot are left out."""
    found = sorted(((lots or 0.0, CAUSES[cause]) for cause, lots in waiting.items()), key=lambda pair: -pair[0])
    told = ", ".join(f"{text} {number(lots, 1)}" for lots, text in found if lots >= 0.05)
    yield f"  lots wait, on the average, for: {told or 'nothing'}"


def _hidden(count: int, what: str) -> Iterator[str]:
    if count > 0:
        yield f"  {count} {what} are in --json and --out"
