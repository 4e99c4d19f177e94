"""Setups of tools: what a change costs, and minimum runs of lots between two changes."""

from __future__ import annotations

from renkei.floor.jit import kernel, small_kernel
from renkei.floor.records import NONE
from renkei.floor.tables import crews, groups, setup_times, setups, sizes, steps, tools


@small_kernel
def table_time(plan, state, tool, setup):
    """Return the minutes of a setup change by the table alone (the dispatch criterion `setup`)."""
    current = tools(state, tool).setup
    if setup == NONE or current == setup:
        return 0.0
    return setup_times(plan, (current + 1) * sizes(plan, 0).setups + setup).value


@small_kernel
def setup_time(plan, state, tool, step):
    """Return the minutes of setup that a step needs on a tool as it stands."""
    row = steps(plan, step)
    if row.setup == NONE:
        return 0.0
    current = tools(state, tool).setup
    if current == row.setup and row.setup_always == 0:
        return 0.0
    if row.setup_time >= 0.0:
        return row.setup_time
    return setup_times(plan, (current + 1) * sizes(plan, 0).setups + row.setup).value


@small_kernel
def run_allows(plan, state, tool, setup):
    """Return True if the tool's minimum run permits lots of this setup now.

    An unfinished run is given up only when no lot in the fab has a step left on this group with the tool's setup.
    """
    row = tools(state, tool)
    least = groups(plan, row.group).min_run
    if least == 0 or setup == NONE or row.setup == setup or row.setup == NONE:
        return True
    return row.run >= least or setups(state, row.setup).lots_ahead <= 0


@kernel
def setter_free(plan, state, group):
    """Return True if someone of the group's setup crew is free, or nobody is needed."""
    crew = groups(plan, group).setup_crew
    if crew == NONE:
        return True
    people = crews(state, crew)
    return people.people < 0 or people.working < people.people


@kernel
def may_set_up(plan, state, tool, step):
    """Return True if a tool could begin a step now: someone is free to set it up, or it needs no setup."""
    return setter_free(plan, state, tools(state, tool).group) or setup_time(plan, state, tool, step) <= 0.0
