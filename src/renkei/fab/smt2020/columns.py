"""Problems of an imported fab, told in the names of the AutoSched columns that its fields were read from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from renkei.errors import Problem
from renkei.fab.fab import Fab

_STEPS = {
    "tool_group": "STNFAM", "process": "PTIME", "spread": "PTIME2", "per": "PTPER", "batch_min": "BATCHMN",
    "batch_max": "BATCHMX", "setup": "SETUP", "setup_time": "STIME", "setup_spread": "STIME2",
    "dedicate_step": "FORSTEP", "sampling_percent": "StepPercent", "rework_step": "RWKSTEP",
    "rework_percent": "REWORK", "queue_limit_step": "STEP_CQT", "queue_limit": "CQT", "name": "DESC",
}  # fmt: skip
_PRODUCTS = {"product": "PART", "family": "PARTFAM", "route": "ROUTE"}
_GROUPS = {"tools": "STNQTY", "min_run": "SETUPGRP", "batch_by": "BATCHCRITF", "dispatch": "FWLRANK"}
_ORDERS = {"interval": "REPEAT", "releases": "RPT#", "lots_per_release": "LOTSPERRPT", "wafers": "PIECES"}


def in_columns(fab: Fab, problems: Iterable[Problem]) -> list[Problem]:
    """Return problems with AutoSched's column names in place of ours; what has no column of its own stays."""
    tables = (
        (_ORDERS, fab.orders),
        (_GROUPS, fab.tool_groups.values()),
        (_PRODUCTS, fab.products.values()),
        (_STEPS, (step for route in fab.routes.values() for step in route)),
    )
    columns: dict[str, dict[str, str]] = {row.file: names for names, rows in tables for row in rows}
    intervals: dict[tuple[str, int | None], str] = {
        (step.file, step.line): "PartInterval" if step.interval_per == "wafer" else "BatchInterval"
        for route in fab.routes.values()
        for step in route
    }
    found = []
    for problem in problems:
        names = {**columns.get(problem.file, {})}
        if interval := intervals.get((problem.file, problem.line)):
            names["interval"] = interval
        message = _renamed(problem.message, names)
        found.append(Problem(problem.file, problem.line, names.get(problem.field, problem.field), message))
    return found


def _renamed(message: str, names: Mapping[str, str]) -> str:
    """Rename the fields of a message, which are told by the value that follows."""
    return re.sub(r"\b[a-z_]+\b(?= =)", lambda match: names.get(match[0], match[0]), message)
