"""What each feature of SMT2020 HVLM costs: the same fab with one of them taken out, and with all."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from benchmarks.cases import CASES
from benchmarks.measuring import interleaved
from renkei.build.floorplan import floor_plan
from renkei.fab import Fab
from renkei.fab.routes import Step
from renkei.floor import drive
from renkei.floor.state import State

DAY = 1440.0


def _steps(fab: Fab, change: Callable[[Step], dict[str, Any]]) -> Fab:
    routes = {name: tuple(s.model_copy(update=change(s)) for s in steps) for name, steps in fab.routes.items()}
    return replace(fab, routes=routes)


def without_outages(fab: Fab) -> Fab:
    """No breakdowns, no maintenance."""
    return replace(fab, outages=())


def without_transport(fab: Fab) -> Fab:
    """Lots are at the next step at once."""
    return replace(fab, transports=())


def without_luck(fab: Fab) -> Fab:
    """Process and transport times are their means."""
    fixed = {"distribution": "constant", "spread": 0.0}
    fab = replace(fab, transports=tuple(move.model_copy(update=fixed) for move in fab.transports))
    return _steps(fab, lambda _: fixed)


def without_setups(fab: Fab) -> Fab:
    """No setups, no minimum runs."""
    groups = {name: group.model_copy(update={"min_run": 0}) for name, group in fab.tool_groups.items()}
    return _steps(replace(fab, setups=(), tool_groups=groups), lambda _: {"setup": "", "setup_time": None})


def without_lenses(fab: Fab) -> Fab:
    """No lot is bound to a tool."""
    return _steps(fab, lambda _: {"dedicate_step": None})


def without_ends(fab: Fab) -> Fab:
    """Nothing happens at the end of a step: no sampling, rework or queue-time windows."""
    plain = {"sampling_percent": 100.0, "rework_step": None, "rework_percent": 0.0}
    return _steps(fab, lambda _: plain | {"queue_limit_step": None, "queue_limit": None})


FEATURES: dict[str, Callable[[Fab], Fab]] = {
    "breakdowns and maintenance": without_outages,
    "transport": without_transport,
    "times that vary": without_luck,
    "setups and minimum runs": without_setups,
    "lot-to-lens": without_lenses,
    "sampling, rework, windows": without_ends,
}


def _all_out(fab: Fab) -> Fab:
    for change in FEATURES.values():
        fab = change(fab)
    return fab


def variants(fab: Fab) -> dict[str, Fab]:
    """Return the fab, the fab without each feature, and without all of them."""
    return {
        "HVLM": fab,
        **{f"HVLM without {name}": change(fab) for name, change in FEATURES.items()},
        "HVLM without all of these": _all_out(fab),
    }


def costs(repeat: int, smoke: bool) -> dict[str, tuple[list[float], float]]:
    """Return nanoseconds a lot-step of each variant, one number a repetition, and its events a lot-step.

    Empty where the files of SMT2020 are not.
    """
    case = next(case for case in CASES if case.dataset)
    if case.absent() is not None:
        return {}
    warmup, days = (1.0, 1.0) if smoke else (60.0, 60.0)
    events: dict[str, float] = {}

    def timed(name: str, fab: Fab) -> Callable[[int], float]:
        floor = floor_plan(fab)

        def run(seed: int) -> float:
            state = drive.advance(floor.plan, floor.fresh(seed), warmup * DAY)
            before = _counts(state)
            begun = time.thread_time()
            state = drive.advance(floor.plan, state, (warmup + days) * DAY)
            seconds = time.thread_time() - begun
            moves, happened = (after - old for after, old in zip(_counts(state), before, strict=True))
            events[name] = happened / moves
            return seconds / moves * 1e9

        return run

    made = variants(case.fab())
    if smoke:
        made = {name: made[name] for name in (next(iter(made)), next(reversed(made)))}
    found = interleaved([timed(name, fab) for name, fab in made.items()], repeat)
    return {name: (values, events[name]) for name, values in zip(made, found, strict=True)}


def _counts(state: State) -> tuple[int, int]:
    clock = state.clock[0]
    return int(clock["moves"]), int(clock["events"])
