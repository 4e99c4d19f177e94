"""`downcal.txt`, `pmcal.txt`, `attach.txt`: breakdowns and preventive maintenance, attached to tools."""

from __future__ import annotations

from dataclasses import dataclass

from renkei.errors import did_you_mean
from renkei.fab.outages import Outage
from renkei.fab.smt2020.autosched import Folder
from renkei.fab.smt2020.files import ModelFiles
from renkei.fab.smt2020.textrow import DISTRIBUTIONS, TextRow
from renkei.fab.tools import ToolGroup

_DOWN = ("DOWNCALNAME", "DOWNCALTYPE", "MTTFDIST", "MTTF", "MTTFUNITS", "MTTRDIST", "MTTR", "MTTR2", "MTTRUNITS")
_PM = ("PMCALNAME", "PMCALTYPE", "MTBPMDIST", "MTBPM", "MTBPMUNITS", "MTTRDIST", "MTTR", "MTTR2", "MTTRUNITS")
_ATTACH = ("CALNAME", "CALTYPE", "RESTYPE", "RESNAME", "FOADIST", "FOA", "FOAUNITS")
_CLOCKS = {
    "mttf_by_cal": "calendar", "mttf_by_pieces": "wafers", "mtbpm_by_cal": "calendar", "mtbpm_by_pieces": "wafers",
}  # fmt: skip


@dataclass(frozen=True)
class Calendar:
    """A rule of outages, not yet attached to tools."""

    row: TextRow
    kind: str
    clock: str
    fields: dict[str, object]


def read_outages(folder: Folder, files: ModelFiles, groups: dict[str, ToolGroup]) -> tuple[Outage, ...]:
    """Return one outage for each row of `attach.txt`."""
    calendars = {
        "down": _calendars(folder, files.downcal, _DOWN, "breakdown"),
        "pm": _calendars(folder, files.pmcal, _PM, "pm"),
    }
    areas = {group.area for group in groups.values() if group.area}
    attached = set()
    outages = []
    for row in folder.rows(files.attach, _ATTACH):
        known = calendars[row.word("CALTYPE", {"pm": "pm", "down": "down"})]
        name = row.text("CALNAME", required=True)
        if name not in known:
            row.fail("CALNAME", f'= "{name}" is not a calendar of its type{did_you_mean(name, known)}')
            continue
        attached.add(name)
        outages.append(_outage(row, known[name], groups, areas))
    for name, calendar in (item for known in calendars.values() for item in known.items()):
        if name not in attached:
            folder.leave_out(f"{calendar.row.file}:{calendar.row.line}: {name}, which is attached to nothing.")
    return tuple(outages)


def _calendars(folder: Folder, file: str, columns: tuple[str, ...], kind: str) -> dict[str, Calendar]:
    calendars: dict[str, Calendar] = {}
    for row in folder.rows(file, columns):
        name = row.text(columns[0], required=True)
        if name and name in calendars:
            row.fail(columns[0], f'= "{name}" stands in line {calendars[name].row.line} already')
        calendars[name] = _calendar(row, kind, columns[1:5])
    return calendars


def _calendar(row: TextRow, kind: str, columns: tuple[str, ...]) -> Calendar:
    type_column, law_column, time_column, unit_column = columns
    meanings = {word: clock for word, clock in _CLOCKS.items() if word.startswith("mttf") == (kind == "breakdown")}
    clock = row.word(type_column, meanings)
    repair_spread = row.minutes("MTTR2", "MTTRUNITS")
    laws = {word: law for word, law in DISTRIBUTIONS.items() if law != "uniform"}
    fields: dict[str, object] = {
        "interval_distribution": row.word(law_column, laws),
        "interval": _amount(row, clock, time_column, unit_column) or 0.0,
        "duration_distribution": row.distribution("MTTRDIST", "MTTR2", repair_spread is not None),
        "duration": row.minutes("MTTR", "MTTRUNITS", required=True) or 0.0,
        "duration_spread": repair_spread or 0.0,
    }
    return Calendar(row, kind, clock, fields)


def _amount(row: TextRow, clock: str, column: str, unit_column: str, required: bool = True) -> float | None:
    """Return minutes on the calendar; wafers on the clock of pieces, where the unit is `pieces` or blank."""
    if clock == "calendar":
        return row.minutes(column, unit_column, required)
    row.word(unit_column, {"": None, "pieces": None})
    return row.number(column, required)


def _outage(row: TextRow, calendar: Calendar, groups: dict[str, ToolGroup], areas: set[str]) -> Outage:
    kind = row.word("RESTYPE", {"stnfam": "tool_group", "stngrp": "area"})
    resource = row.text("RESNAME", required=True)
    known = groups if kind == "tool_group" else areas
    if resource and resource not in known:
        what = "a family" if kind == "tool_group" else "a group (STNGRP)"
        row.fail("RESNAME", f'= "{resource}" is not {what} of the station table{did_you_mean(resource, known)}')
    first = _amount(row, calendar.clock, "FOA", "FOAUNITS", required=False)
    given = {} if first is None else {"first": first, "first_rule": _first_rule(row, calendar)}
    values = {
        "outage": row.text("CALNAME"),
        kind: resource,
        "kind": calendar.kind,
        "clock": calendar.clock,
        **calendar.fields,
        **given,
    }
    return row.build(Outage, values, {"first": "FOA"})


def _first_rule(row: TextRow, calendar: Calendar) -> str:
    """A constant FOA of PM is divided over the tools: tool k of N comes at FOA·k/N."""
    constant = "staggered" if calendar.kind == "pm" else "constant"
    return row.word("FOADIST", {"": constant, "constant": constant, "exponential": "exponential"})
