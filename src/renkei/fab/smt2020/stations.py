"""Station families become tool groups; setup groups and setups their minimum runs and setup times."""

from __future__ import annotations

import re

from renkei.fab.dispatch import parse_dispatch
from renkei.fab.smt2020.autosched import Folder
from renkei.fab.smt2020.textrow import TextRow
from renkei.fab.tools import SetupChange, ToolGroup

_COLUMNS = (
    "STNFAM", "RULE", "FWLRANK", "WAKERESRANK", "BATCHCRITF", "BATCHPER", "LTIME", "LTUNITS", "ULTIME", "ULTUNITS",
    "STNCAP", "STNQTY", "STNGRP", "STNFAMLOC", "SETUPGRP",
)  # fmt: skip
_FIELDS = {"tools": "STNQTY", "load": "LTIME", "unload": "ULTIME", "min_run": "SETUPGRP"}
_NO_MEANING = ("STN", "STNFAMSTEP_ACTLIST", "PRERULERWL")
_RULES = {"": False, "rule_HotLotFIRST": False, "rule_LSSU": True}
"""Whether the rule keeps minimum runs."""
_WAKES = {"": "longest_idle", "wake_LeastSetupTime": "least_setup"}
_BATCHES = {
    frozenset[str](): "step",
    frozenset({"crit_sameroutestep"}): "step",
    frozenset({"crit_samepartfam", "crit_samestepname"}): "family",
}
"""What lots of one batch share."""


def read_tool_groups(folder: Folder, file: str, min_runs: dict[str, int]) -> dict[str, ToolGroup]:
    """Return the tool groups by name; `min_runs` gives the lots to be run of one setup for each setup group.

    A row without STNFAM goes on with the ranks of the row above.
    """
    families: dict[str, list[TextRow]] = {}
    name = ""
    for row in folder.rows(file, _COLUMNS, _NO_MEANING):
        if not row.text("STNFAM") and name:
            row.only(("FWLRANK",), f"a row without STNFAM only goes on with the FWLRANK of {name}")
            families[name].append(row)
            continue
        name = row.text("STNFAM", required=True) or name
        if name in families:
            line = families[name][0].line
            row.fail("STNFAM", f'= "{name}" stands in line {line} already; list each family once')
        elif name:
            families[name] = [row]
    return {name: _tool_group(folder, rows, name, min_runs) for name, rows in families.items()}


def _tool_group(folder: Folder, rows: list[TextRow], name: str, min_runs: dict[str, int]) -> ToolGroup:
    row = rows[0]
    delay = row.text("STNFAMLOC").lower() == "delay"
    quantity = row.whole("STNQTY")
    row.word("BATCHPER", {"": None, "piece": None})
    values = {
        "tool_group": name,
        "area": row.text("STNGRP"),
        "tools": 0 if delay else 1 if quantity is None else quantity,
        "kind": "delay" if delay else "tool",
        "location": row.text("STNFAMLOC") or "fab",
        "load": row.minutes("LTIME", "LTUNITS") or 0.0,
        "unload": row.minutes("ULTIME", "ULTUNITS") or 0.0,
        "cascade": _cascades(row),
        "dispatch": _dispatch(rows),
        "wake": row.word("WAKERESRANK", _WAKES),
        "batch_by": _batch_by(row),
        "min_run": _min_run(folder, row, min_runs),
    }
    return row.build(ToolGroup, values, _FIELDS)


def _cascades(row: TextRow) -> bool:
    lots = row.whole("STNCAP")
    if lots not in (None, 1, 2):
        row.fail("STNCAP", f'= "{lots}" is not known here; tools hold 1 lot, or 2 one behind the other')
    return lots == 2


def _dispatch(rows: list[TextRow]) -> tuple[str, ...]:
    """Return the criteria of a family's rows, one after another."""
    ranks: list[str] = []
    for row in rows:
        try:
            own = parse_dispatch(row.text("FWLRANK"))
            parse_dispatch([*ranks, *own])
        except ValueError as error:
            row.fail("FWLRANK", f'= "{row.text("FWLRANK")}" {error}')
        else:
            ranks += own
    return tuple(ranks)


def _batch_by(row: TextRow) -> str:
    text = row.text("BATCHCRITF")
    criteria = frozenset(re.split(r"[|;,\s]+", text.lower())) - {""}
    if criteria not in _BATCHES:
        known = ", ".join("|".join(sorted(words)) for words in _BATCHES if words)
        row.fail("BATCHCRITF", f'= "{text}" is not known here; known: {known}')
    return _BATCHES.get(criteria, "step")


def _min_run(folder: Folder, row: TextRow, min_runs: dict[str, int]) -> int:
    keeps = row.word("RULE", _RULES)
    group = row.text("SETUPGRP")
    if group and group not in min_runs:
        row.fail("SETUPGRP", f'= "{group}" is not a setup group of setupgrp.txt')
        return 0
    if group and not keeps:
        family = row.text("STNFAM")
        folder.leave_out(f"{row.file}: minimum runs of {group} at {family}, whose rule does not keep them.")
    return min_runs[group] if group and keeps else 0


def read_min_runs(folder: Folder, file: str) -> dict[str, int]:
    """Return the minimum run in lots of each setup group; a blank SETUPGRP means the one above."""
    runs: dict[str, int] = {}
    group = ""
    for row in folder.rows(file, ("SETUPGRP", "SETUP", "MINRUN")):
        group = row.text("SETUPGRP") or group
        run = row.whole("MINRUN") or 0
        if not group:
            row.fail("SETUPGRP", "is missing")
        elif runs.setdefault(group, run) != run:
            row.fail(
                "MINRUN", f'= {run} differs from the {runs[group]} of the rows above; "{group}" has one minimum run'
            )
    return runs


def read_setups(folder: Folder, file: str, needed: set[str]) -> tuple[SetupChange, ...]:
    """Return the changes between the setups that steps need; a blank CURSETUP means from any."""
    changes: dict[tuple[str, str], SetupChange] = {}
    for row in folder.rows(file, ("CURSETUP", "NEWSETUP", "SDIST", "STIME", "STIME2", "STUNITS")):
        key = row.text("CURSETUP"), row.text("NEWSETUP", required=True)
        half_width = row.minutes("STIME2", "STUNITS")
        values = {
            "from_setup": key[0],
            "to_setup": key[1],
            "time": row.minutes("STIME", "STUNITS", required=True) or 0.0,
            "distribution": row.distribution("SDIST", "STIME2", half_width is not None),
            "spread": half_width or 0.0,
        }
        if key in changes:
            row.fail("NEWSETUP", f'= "{key[1]}" from "{key[0]}" stands in line {changes[key].line} already')
        if key[1] in needed and key[0] in {"", *needed}:
            changes[key] = row.build(SetupChange, values, {"time": "STIME", "spread": "STIME2"})
        elif key[1]:
            folder.leave_out(f"{row.file}:{row.line}: the change to {key[1]}; no step needs one of its setups.")
    return tuple(changes.values())
