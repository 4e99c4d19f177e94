"""`tool.txt.1l`, `setupgrp.txt`, `setup.txt`: station families become tool groups with minimum runs and setup times."""

from __future__ import annotations

from renkei.errors import Problem
from renkei.fab.dispatch import parse_dispatch
from renkei.fab.smt2020.autosched import Folder, TextRow
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


def station_file(folder: Folder) -> str:
    """Return the name of the station table: `tool.txt.1l`, else the only `tool.txt*` there is."""
    names = sorted(path.name for path in folder.path.glob("tool.txt*"))
    if "tool.txt.1l" in names or not names:
        return "tool.txt.1l"
    if len(names) > 1:
        message = f"is one of several station tables ({', '.join(names)}); leave one"
        folder.problems.append(Problem(names[0], None, "", message))
    return names[0]


def read_tool_groups(folder: Folder, min_runs: dict[str, int]) -> dict[str, ToolGroup]:
    """Return the tool groups by name; `min_runs` gives the lots to be run of one setup for each setup group."""
    groups: dict[str, ToolGroup] = {}
    for row in folder.rows(station_file(folder), _COLUMNS, _NO_MEANING):
        name = row.text("STNFAM", required=True)
        if name in groups:
            row.fail("STNFAM", f'= "{name}" stands in line {groups[name].line} already; list each family once')
        elif name:
            groups[name] = _tool_group(row, name, min_runs)
    return groups


def _tool_group(row: TextRow, name: str, min_runs: dict[str, int]) -> ToolGroup:
    delay = row.text("STNFAMLOC").lower() == "delay"
    quantity = row.whole("STNQTY", required=True)
    row.word("BATCHCRITF", {"": None, "crit_sameroutestep": None})
    row.word("BATCHPER", {"": None, "piece": None})
    values = {
        "tool_group": name,
        "area": row.text("STNGRP"),
        "tools": 0 if delay else (quantity or 0),
        "kind": "delay" if delay else "tool",
        "location": row.text("STNFAMLOC") or "fab",
        "load": row.minutes("LTIME", "LTUNITS") or 0.0,
        "unload": row.minutes("ULTIME", "ULTUNITS") or 0.0,
        "cascade": row.word("STNCAP", {"": False, "1": False, "1.0": False, "2": True, "2.0": True}),
        "dispatch": _dispatch(row),
        "wake": row.word("WAKERESRANK", _WAKES),
        "min_run": _min_run(row, min_runs),
    }
    return row.build(ToolGroup, values, _FIELDS)


def _dispatch(row: TextRow) -> tuple[str, ...]:
    try:
        return parse_dispatch(row.text("FWLRANK"))
    except ValueError as error:
        row.fail("FWLRANK", f'= "{row.text("FWLRANK")}" {error}')
        return ()


def _min_run(row: TextRow, min_runs: dict[str, int]) -> int:
    keeps = row.word("RULE", _RULES)
    group = row.text("SETUPGRP")
    if group and group not in min_runs:
        row.fail("SETUPGRP", f'= "{group}" is not a setup group of setupgrp.txt')
        return 0
    if group and not keeps:
        family = row.text("STNFAM")
        row.folder.leave_out(f"{row.file}: minimum runs of {group} at {family}, whose rule does not keep them.")
    return min_runs[group] if group and keeps else 0


def read_min_runs(folder: Folder) -> dict[str, int]:
    """Return the minimum run in lots of each setup group of `setupgrp.txt`; a blank SETUPGRP means the one above."""
    runs: dict[str, int] = {}
    group = ""
    for row in folder.rows("setupgrp.txt", ("SETUPGRP", "SETUP", "MINRUN"), required=False):
        group = row.text("SETUPGRP") or group
        run = row.whole("MINRUN") or 0
        if not group:
            row.fail("SETUPGRP", "is missing")
        elif runs.setdefault(group, run) != run:
            row.fail(
                "MINRUN", f'= {run} differs from the {runs[group]} of the rows above; "{group}" has one minimum run'
            )
    return runs


def read_setups(folder: Folder, needed: set[str]) -> tuple[SetupChange, ...]:
    """Return the changes of `setup.txt` between the setups that steps need; a blank CURSETUP means from any."""
    changes: dict[tuple[str, str], SetupChange] = {}
    for row in folder.rows("setup.txt", ("CURSETUP", "NEWSETUP", "STIME", "STUNITS"), required=False):
        key = row.text("CURSETUP"), row.text("NEWSETUP", required=True)
        time = row.minutes("STIME", "STUNITS", required=True) or 0.0
        if key in changes:
            row.fail("NEWSETUP", f'= "{key[1]}" from "{key[0]}" stands in line {changes[key].line} already')
        if key[1] in needed and key[0] in {"", *needed}:
            values = {"from_setup": key[0], "to_setup": key[1], "time": time}
            changes[key] = row.build(SetupChange, values, {"time": "STIME"})
        elif key[1]:
            folder.leave_out(f"{row.file}:{row.line}: the change to {key[1]}; no step needs one of its setups.")
    return tuple(changes.values())
