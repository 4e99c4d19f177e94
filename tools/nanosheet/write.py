"""The tables of the fab, written as the fab format says."""

from __future__ import annotations

import csv
import textwrap
from collections.abc import Iterable, Mapping
from pathlib import Path

from nanosheet import groups, plan
from nanosheet.fab import LogicFab
from nanosheet.families import FAMILIES, Family
from nanosheet.flow import Flow, Op
from nanosheet.line import Line
from nanosheet.outages import outages

LOAD, UNLOAD = 3.0, 2.0
"""Minutes to dock, open and map a carrier, and to close it (guess)."""
PROCESS_SPREAD = 0.05
"""Half-width of a process time, as a share of it (guess)."""
TRANSPORT, TRANSPORT_SPREAD = 7.5, 2.5
"""Minutes of a move by overhead transport, mean and half-width: those of SMT2020."""
SCRAP_PERCENT = {"CMP": 0.04}
"""Wafers broken or scratched in a polish (guess)."""
HOLD_PERCENT, HOLD_FLOOR_PERCENT, HOLD_PASSES, HOLD_MINUTES = 30.0, 1.0, 10, 1440.0
"""A check holds 3 of 10 lots when new, 1 of 100 when mature, for a day (guess)."""
HANDS_ON = 0.65
"""Share of a repair or maintenance that is work, not waiting for people (guess)."""
GUESS = {"source": "guess", "confidence": "low"}
TESTBED = "SMT2020 (Kopp et al., IEEE TSM 33(4), 2020)"

Row = Mapping[str, object]


def number(value: float) -> str:
    """Return a number in the shortest form of six digits."""
    return f"{value:.6g}"


def write_csv(path: Path, rows: Iterable[Row]) -> None:
    """Write rows with the columns of all of them that are not empty everywhere."""
    rows = list(rows)
    columns = [column for column in rows[0] if any(row[column] != "" for row in rows)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([row[column] for column in columns] for row in rows)


def write_fab(fab: LogicFab, folder: Path) -> None:
    """Write all files of the fab into a folder."""
    (folder / "routes").mkdir(parents=True, exist_ok=True)
    (folder / "fab.yaml").write_text(front_page(fab), encoding="utf-8", newline="\n")
    write_csv(folder / "tool_groups.csv", (tool_group(fab, FAMILIES[name]) for name in fab.shares))
    for name, flow in fab.flows.items():
        if not name.startswith("mon-"):
            write_csv(folder / "routes" / f"{name}.csv", (step(fab, flow, op) for op in flow.ops))
    monitors = [flow for name, flow in fab.flows.items() if name.startswith("mon-")]
    write_csv(folder / "routes" / "monitors.csv", (step(fab, flow, op) for flow in monitors for op in flow.ops))
    write_csv(folder / "products.csv", products(fab))
    write_csv(folder / "orders.csv", orders(fab))
    write_csv(folder / "setups.csv", setups(fab))
    write_csv(folder / "outages.csv", outage_rows(fab))
    write_csv(folder / "qualification.csv", qualifications(fab))
    write_csv(folder / "crews.csv", ({"crew": crew, "people": "", **GUESS, "note": note} for crew, note in CREWS))
    write_csv(
        folder / "transport.csv",
        [
            {
                "from": "fab",
                "to": "fab",
                "distribution": "uniform",
                "time": number(TRANSPORT),
                "spread": number(TRANSPORT_SPREAD),
                "source": TESTBED,
                "confidence": "medium",
                "note": "overhead transport between any two tools",
            }
        ],
    )


CREWS = (
    ("technicians", "repair and maintenance; without limit when the fab runs alone"),
    ("engineers", "release held lots; without limit when the fab runs alone"),
)


def front_page(fab: LogicFab) -> str:
    """Return the text of `fab.yaml`."""
    line, flow = fab.line, fab.flows[fab.line.full].ops
    prints = sum(op.family.name.endswith("_cell") for op in flow)
    sizes = [f"{sum(fab.tools[size].values())} tools for {wspm:,}" for size, wspm in line.sizes.items()]
    return f"""# Written by {SCRIPTS.get(line.name, "tools/make_logic.py")}; change the modules there, not this folder.
name: {line.name}
title: {line.title}
description: >-
{described(line, len(flow), prints, len(fab.shares), sizes)}
start: 2024-01-01
wafers_per_lot: 25
dispatch: "priority, setup, fifo"
sizes: [{", ".join(line.sizes)}]
left_out:
  - Reticles are not modelled; a scanner has every mask.
  - A linked cell or cluster holds two lots; latency beyond that is charged to the lot, not to the tool.
  - Cluster tools are one server; a failed chamber is a failed tool.
  - Rework redoes coat, exposure and checks; the strip before it is not a step.
  - Monitor wafers are not consumed; they enter and leave with their route.
  - Packaging, dicing and final test follow outside.
{"".join(f"  - {text}" + chr(10) for text in line.left_out)}sources:
  - "Speed, availability, price and passes of 34 equipment groups: {groups.SOURCE}, confidence low."
  - "Intervals of breakdowns and calendar maintenance, transport: {TESTBED}."
  - "Flow, splits into families, recipes, outages, holds, release rates: guesses of the authors, marked low."
"""


SCRIPTS = {"nanosheet-2nm": "tools/make_nanosheet.py"}


def described(line: Line, steps: int, prints: int, families: int, sizes: list[str]) -> str:
    """Return the description, wrapped and indented."""
    if len(sizes) == 2:
        first = "pilot line" if "pilot" in line.sizes else "first line"
        text = f"Two sizes with the same routes: a {first} of {sizes[0]} wafer starts a month and a fab of {sizes[1]}."
    else:
        text = f"One size: {sizes[0]} wafer starts a month."
    text = (
        f"{line.what}: {steps:,} steps and {prints} exposures from bare wafer to tested product, {families} tool "
        f"families, single-wafer tools throughout. {text} Every number is an expert estimate."
    )
    return textwrap.fill(text, 120, initial_indent="  ", subsequent_indent="  ")


def tool_group(fab: LogicFab, family: Family) -> Row:
    """Return one row of `tool_groups.csv`."""
    group = family.group
    implant = group.area == "Implant"
    planned = ", ".join(f"{fab.utilisation(family.name, size):.2f} {size}" for size in fab.line.sizes)
    return {
        "tool_group": family.name,
        "area": group.area,
        **{f"tools@{size}": fab.tools[size][family.name] for size in fab.line.sizes},
        "load": number(LOAD),
        "unload": number(UNLOAD + family.overlap),
        "cascade": "yes",
        "wake": "least_setup" if implant else "",
        "repair_crew": "technicians",
        "pm_crew": "technicians",
        "hold_crew": "engineers",
        "hands_on": number(HANDS_ON),
        "supplier": family.supplier,
        "country": family.country,
        "price_musd": number(group.price_musd),
        "source": groups.SOURCE,
        "confidence": "low",
        "note": f"{family.does}; of group {family.group_name}: {number(group.wph)} wafers/h, "
        f"availability {number(group.availability)}; {fab.passes[family.name]} steps of the full route; "
        f"planned utilisation of available time {planned}",
    }


def step(fab: LogicFab, flow: Flow, op: Op) -> Row:
    """Return one row of a route."""
    held = op.held and not flow.route.startswith("mon-")
    return {
        "route": flow.route,
        "step": op.number,
        "name": op.name,
        "module": op.module,
        "layer": op.layer,
        "tool_group": op.family.name,
        "recipe": fab.recipes[flow.route, op.number],
        "distribution": "uniform",
        "process": number(op.process),
        "spread": number(PROCESS_SPREAD * op.process),
        "per": "wafer",
        "process_wafers": op.wafers_touched or "",
        "interval": number(op.interval),
        "setup": op.setup,
        "dedicate_step": op.dedicate_to or "",
        "sampling_percent": "" if op.sampling == 100 else number(op.sampling),
        "rework_step": op.rework_to or "",
        "rework_percent": number(op.rework_percent) if op.rework_to else "",
        "scrap_percent": number(SCRAP_PERCENT[op.family.group.area]) if op.family.group.area in SCRAP_PERCENT else "",
        "queue_limit_step": op.limit_to or "",
        "queue_limit": number(op.limit) if op.limit_to else "",
        "hold_percent": number(HOLD_PERCENT) if held else "",
        "hold_floor_percent": number(HOLD_FLOOR_PERCENT) if held else "",
        "hold_passes": HOLD_PASSES if held else "",
        "hold_time": number(HOLD_MINUTES) if held else "",
        "source": groups.SOURCE,
        "confidence": "low",
    }


def products(fab: LogicFab) -> list[Row]:
    """Return the rows of `products.csv`."""
    pairs = dict.fromkeys((release.product, release.route) for release in fab.releases)
    return [
        {
            "product": product,
            "route": route,
            "family": "monitor" if product.startswith("mon-") else fab.line.family,
            "kind": plan.kind_of(product),
            **GUESS,
        }
        for product, route in pairs
    ]


def orders(fab: LogicFab) -> list[Row]:
    """Return the rows of `orders.csv`; first releases are spread over the first interval."""
    rows: list[Row] = []
    for place, release in enumerate(fab.releases):
        wspm = release.lots_per_month * release.wafers
        rows.append(
            {
                "order": release.order,
                "product": release.product,
                "size": release.size,
                "priority": release.priority,
                "wafers": release.wafers,
                "start": number(release.interval * (place * 0.618 % 1.0)),
                "interval_distribution": "constant",
                "interval": number(release.interval),
                "due": "" if release.due_days is None else number(release.due_days * 1440),
                **GUESS,
                "note": f"{wspm:.0f} wafers a month",
            }
        )
    return rows


def setups(fab: LogicFab) -> list[Row]:
    """Return the rows of `setups.csv`: a change of species takes the same time from any other."""
    pairs = dict.fromkeys((op.family.name, op.setup) for flow in fab.flows.values() for op in flow.ops if op.setup)
    return [
        {"from": "", "to": to, "time": number(plan.SETUP_TIME[family]), "tool_group": family, **GUESS}
        for family, to in pairs
    ]


def outage_rows(fab: LogicFab) -> list[Row]:
    """Return the rows of `outages.csv`."""
    rows: list[Row] = []
    for name in fab.shares:
        family, largest = FAMILIES[name], fab.line.largest
        work, tools = sum(fab.work[largest][name].values()), fab.tools[largest][name]
        per_tool = work / tools * 60 / family.interval
        for outage in outages(family, per_tool):
            rows.append(
                {
                    "outage": f"{family.name} {outage.name}",
                    "tool_group": family.name,
                    "kind": outage.kind,
                    "clock": outage.clock,
                    "interval_distribution": "exponential" if outage.kind == "breakdown" else "constant",
                    "interval": number(outage.interval),
                    "duration_distribution": "lognormal",
                    "duration": number(outage.duration),
                    "duration_spread": number(outage.cv),
                    "source": f"availability: {groups.SOURCE}; intervals: {TESTBED}",
                    "confidence": "low",
                    "note": f"availability {number(family.group.availability)} in all; split and variance are guesses",
                }
            )
    return rows


def qualifications(fab: LogicFab) -> list[Row]:
    """Return the rows of `qualification.csv`."""
    pairs = dict.fromkeys(
        (op.family.name, fab.recipes[name, op.number]) for name, flow in fab.flows.items() for op in flow.ops
    )
    return [
        {"tool_group": family, "recipe": recipe, "tools": f"{fab.shares[family]:.0%}", **GUESS}
        for family, recipe in sorted(pairs)
        if fab.shares[family] is not None
    ]
