"""What is on a floor at its present minute: lots and tools, as tables."""

from __future__ import annotations

import numpy as np
import pandas as pd

from renkei.build.floorplan import FloorPlan
from renkei.floor.records import AT_TOOL, COUNTED, HELD, IN_LINE, MOVING, NONE, RIDING
from renkei.floor.state import State

DAY = 1440.0
TOOL_STATES = ("standby", "busy", "unscheduled down", "scheduled down", "out")


def wip_table(floor: FloorPlan, state: State) -> pd.DataFrame:
    """Return one row a lot in the fab, in the order of the lots' names; see `LiveFloor.wip`."""
    lots = state.lots[state.lots["alive"] == 1]
    plan, index = floor.plan, floor.index
    orders = plan.orders[lots["order"]]
    riding = np.isin(lots["waiting"], (RIDING, COUNTED))
    under_way = riding & (lots["started"] <= state.clock["now"][0])
    step = np.where(under_way, lots["next"], lots["step"])
    waits, moves = np.isin(lots["waiting"], (IN_LINE, AT_TOOL)), (lots["waiting"] == MOVING) | under_way
    where = np.select([waits, moves, lots["waiting"] == HELD], ["waiting", "moving", "on hold"], "at work")
    known = step != NONE
    steps = plan.steps[np.where(known, step, 0)]
    names = [list(own) for own in (index.lot_types, index.products, index.groups, index.classes)]
    table = pd.DataFrame(
        {
            "order": [names[0][row] for row in orders["lot_type"]],
            "product": [names[1][row] for row in orders["product"]],
            "number": np.array(lots["number"], np.int64),
            "wafers": np.array(lots["wafers"], np.int64),
            "priority": np.array([names[3][row] for row in lots["class_"]], np.int64),
            "released_day": pd.Series(lots["released"] / DAY).where(lots["known"] == 1),
            "due_day": np.array(lots["due"]) / DAY,
            "step": np.where(known, steps["number"], 0).astype(np.int64),
            "tool_group": [names[2][row] for row in steps["group"]],
            "where": where,
            "since_day": np.where(where == "waiting", lots["arrived"] / DAY, np.nan),
        }
    )
    return table.sort_values(["order", "product", "number"], ignore_index=True)


def tools_table(floor: FloorPlan, state: State) -> pd.DataFrame:
    """Return one row a tool; see `LiveFloor.tools`."""
    tools = state.tools
    groups, setups = list(floor.index.groups), [setup for _, setup in floor.index.setups]
    return pd.DataFrame(
        {
            "tool_group": [groups[row] for row in tools["group"]],
            "tool": np.array(tools["number"], np.int64),
            "state": [TOOL_STATES[code] for code in tools["state"]],
            "setup": [setups[row] if row != NONE else "" for row in tools["setup"]],
        }
    )
