"""The registry of cases: a fab, how long it runs, and the lot-steps that must come out.

The last keeps speed from being bought with less work.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from renkei.fab import Fab, import_smt2020, load_fab
from renkei.fab.products import Order, Product
from renkei.fab.routes import Step
from renkei.fab.tools import ToolGroup


@dataclass(frozen=True)
class Case:
    """One benchmark. `least_steps`: lot-steps that any correct run of these days exceeds."""

    name: str
    fab: Callable[[], Fab | None]
    days: float
    least_steps: int


def mm1() -> Fab:
    """One tool, exponential arrivals and service, load 0.8."""
    return Fab(
        name="mm1",
        tool_groups={"m": ToolGroup(tool_group="m", tools=1)},
        routes={"r": (Step(route="r", step=1, tool_group="m", process=1.0, distribution="exponential"),)},
        products={"p": Product(product="p", route="r")},
        orders=(Order(order="o", product="p", interval_distribution="exponential", interval=1.25, wafers=1),),
    )


def hvlm() -> Fab | None:
    """The public SMT2020 HVLM model, where its files are."""
    folder = Path(os.environ.get("RENKEI_SMT2020", "../shared/smt2020")) / "hvlm"
    return import_smt2020(folder) if folder.is_dir() else None


CASES = (
    Case("M/M/1", mm1, 1_000, 1_100_000),
    Case("Mini-Fab, 10 years", lambda: load_fab("minifab"), 3_650, 240_000),
    Case("nanosheet-2nm at 25,000 wspm, 200 days", lambda: load_fab("nanosheet-2nm", "25k"), 200, 5_000_000),
    Case("SMT2020 HVLM, 365 days", hvlm, 365, 8_000_000),
)
