"""`route_*.txt`: the steps of routes."""

from __future__ import annotations

from renkei.errors import did_you_mean
from renkei.fab.routes import Step
from renkei.fab.smt2020.autosched import Folder
from renkei.fab.smt2020.textrow import TextRow

_COLUMNS = (
    "ROUTE", "STEP", "STNFAM", "PDIST", "PTIME", "PTIME2", "PTUNITS", "PTPER", "BATCHMN", "BATCHMX", "SETUP", "WHEN",
    "SDIST", "STIME", "STIME2", "STUNITS", "SVESTN", "FORSTEP", "BatchInterval", "BatchIntUnits", "PartInterval",
    "PartIntUnits", "RWKSTEP", "REWORK", "RWKTYPE", "StepPercent", "STEP_CQT", "CQT", "CQTUNITS",
)  # fmt: skip
_FIELDS = {
    "process": "PTIME", "spread": "PTIME2", "interval": "PartInterval", "batch_min": "BATCHMN", "batch_max": "BATCHMX",
    "setup_time": "STIME", "setup_spread": "STIME2", "queue_limit": "CQT",
}  # fmt: skip
_PER = {"per_lot": "lot", "per_piece": "wafer", "per_batch": "batch"}

Labels = dict[str, int]
"""STEP of the file → number of the step, 1, 2, 3 …"""


def read_routes(folder: Folder, file: str) -> tuple[dict[str, tuple[Step, ...]], dict[str, Labels]]:
    """Return the routes of one file and, for each, what its STEP names are counted as."""
    rows: dict[str, list[TextRow]] = {}
    route = ""
    for row in folder.rows(file, _COLUMNS):
        route = row.text("ROUTE") or route
        if not route:
            row.fail("ROUTE", "is missing")
        rows.setdefault(route, []).append(row)
    labels = {name: _labels(steps) for name, steps in rows.items()}
    routes = {
        name: tuple(_step(row, name, number, labels[name]) for number, row in enumerate(steps, start=1))
        for name, steps in rows.items()
    }
    return routes, labels


def _labels(rows: list[TextRow]) -> Labels:
    labels: Labels = {}
    for number, row in enumerate(rows, start=1):
        label = row.text("STEP", required=True)
        if label and label in labels:
            row.fail("STEP", f'= "{label}" is a step of this route already')
        labels.setdefault(label, number)
    return labels


def _step(row: TextRow, route: str, number: int, labels: Labels) -> Step:
    half_width = row.minutes("PTIME2", "PTUNITS")
    values = {
        "route": route,
        "step": number,
        "name": row.text("DESC") or row.text("STEP"),
        "tool_group": row.text("STNFAM", required=True),
        "distribution": row.distribution("PDIST", "PTIME2", half_width is not None),
        "process": row.minutes("PTIME", "PTUNITS", required=True) or 0.0,
        "spread": half_width or 0.0,
        "per": row.word("PTPER", _PER),
        **_interval(row),
        "batch_min": row.whole("BATCHMN") or None,
        "batch_max": row.whole("BATCHMX") or None,
        "setup": row.text("SETUP"),
        "setup_when": row.word("WHEN", {"": "need", "need": "need", "always": "always"}),
        **_setup_time(row),
        "dedicate_step": _dedicated(row, labels),
        "sampling_percent": row.percent("StepPercent", 100.0),
        **_rework(row, labels),
        "queue_limit_step": _referred(row, "STEP_CQT", labels),
        "queue_limit": row.minutes("CQT", "CQTUNITS"),
    }
    return row.build(Step, values, _FIELDS)


def _setup_time(row: TextRow) -> dict[str, object]:
    mean, half_width = row.minutes("STIME", "STUNITS"), row.minutes("STIME2", "STUNITS")
    law = row.distribution("SDIST", "STIME2", half_width is not None)
    if mean is None:
        if half_width is not None:
            row.fail("STIME", "is missing; STIME2 is its half-width")
        return {}
    return {"setup_time": mean, "setup_distribution": law, "setup_spread": half_width or 0.0}


def _interval(row: TextRow) -> dict[str, object]:
    part = row.minutes("PartInterval", "PartIntUnits")
    batch = row.minutes("BatchInterval", "BatchIntUnits")
    if part is not None and batch is not None:
        row.fail("BatchInterval", "stands beside PartInterval; a step cascades by one of them")
    per = row.as_known("PTPER", _PER)
    if part is not None and per != "per_piece":
        row.fail("PartInterval", f"goes with PTPER = per_piece, not {per}")
    if batch is not None and per != "per_lot":
        row.fail("BatchInterval", f"goes with PTPER = per_lot, not {per}")
    if batch is not None:
        return {"interval": batch, "interval_per": "lot"}
    return {"interval": part, "interval_per": "wafer"}


def _dedicated(row: TextRow, labels: Labels) -> int | None:
    saves = row.flag("SVESTN")
    step = _referred(row, "FORSTEP", labels)
    if saves and step is None and not row.text("FORSTEP"):
        row.fail("FORSTEP", "is missing; SVESTN = yes saves the tool for a later step")
    return step if saves else None


def _rework(row: TextRow, labels: Labels) -> dict[str, object]:
    row.word("RWKTYPE", {"": None, "lot": None})
    return {"rework_step": _referred(row, "RWKSTEP", labels), "rework_percent": row.percent("REWORK", 0.0)}


def _referred(row: TextRow, column: str, labels: Labels) -> int | None:
    label = row.text(column)
    if label and label not in labels:
        row.fail(column, f'= "{label}" is not a step of this route{did_you_mean(label, labels)}')
    return labels.get(label)
