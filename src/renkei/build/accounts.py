"""Reading a floor's accounts without touching them, so that looking changes nothing."""

from __future__ import annotations

from typing import Any

import numpy as np

from renkei.floor.records import (
    BUSY,
    E10_STATES,
    OUT,
    SCHEDULED,
    STANDBY,
    T_ENGINEERING,
    T_OUT,
    T_PRODUCTIVE,
    T_SCHEDULED,
    T_SETUP,
    T_STANDBY,
    T_UNSCHEDULED,
    UNSCHEDULED,
)
from renkei.floor.state import State


def tool_time(state: State) -> Any:
    """Return minutes by tool and E10 state [tools, 7] up to now, the state a tool is in included; reads only."""
    tools = state.tools
    time = np.array(state.times["value"]).reshape(len(tools), E10_STATES)
    now = float(state.clock["now"][0])
    passed = now - tools["since"]
    setup = np.clip(tools["setup_until"] - tools["since"], 0.0, passed)
    busy = tools["state"] == BUSY
    work = np.where(tools["engineering"] == 1, T_ENGINEERING, T_PRODUCTIVE)
    every = np.arange(len(tools))
    time[every[busy], T_SETUP] += setup[busy]
    time[every[busy], work[busy]] += (passed - setup)[busy]
    for code, column in ((STANDBY, T_STANDBY), (UNSCHEDULED, T_UNSCHEDULED), (SCHEDULED, T_SCHEDULED), (OUT, T_OUT)):
        time[tools["state"] == code, column] += passed[tools["state"] == code]
    return time


def finished_rows(state: State) -> Any:
    """Return the lots finished in the window, rows of FINISHED in the order in which they left."""
    return np.asarray(state.finished[: int(state.clock["finished"][0])])
