"""Steps: numbers, references to other steps, cascades, holds."""

from __future__ import annotations

from collections.abc import Iterable

from renkei.errors import Problem
from renkei.fab.fab import Fab
from renkei.fab.rules.names import all_steps
from renkei.fab.rules.saying import place, plain, wrong


def numbers_without_gaps(fab: Fab) -> Iterable[Problem]:
    """The steps of a route are numbered 1, 2, 3 …"""
    for name, route in fab.routes.items():
        for before, step in zip((None, *route), route, strict=False):
            expected = before.step + 1 if before else 1
            if before and step.step == before.step:
                yield wrong(
                    step, "step", f"= {step.step} of route {name} stands at {place(before)} already; number it anew"
                )
            elif step.step != expected:
                yield wrong(step, "step", f"= {step.step} leaves a gap in route {name}; the next number is {expected}")


def references_point_the_right_way(fab: Fab) -> Iterable[Problem]:
    """Rework goes back, limits and dedications forwards, all within the route."""
    for name, route in fab.routes.items():
        last = route[-1].step
        for step in route:
            if step.rework_step and step.rework_step > step.step:
                message = (
                    f"= {step.rework_step} lies after step {step.step} itself; rework goes back, or to the same step"
                )
                yield wrong(step, "rework_step", message)
            for column in ("queue_limit_step", "dedicate_step"):
                target = getattr(step, column)
                if target is not None and not step.step < target <= last:
                    message = f"= {target} must be a later step of route {name}, from {step.step + 1} to {last}"
                    yield wrong(step, column, message)


def rework_is_complete_and_ends(fab: Fab) -> Iterable[Problem]:
    """Rework has a step to go back to, and does not go on for ever."""
    for step in all_steps(fab):
        if step.rework_percent and not step.rework_step:
            yield wrong(
                step,
                "rework_step",
                f"is missing; rework_percent = {plain(step.rework_percent)} needs a step to go back to",
            )
        if step.rework_step and step.rework_percent * step.sampling_percent >= 10_000:
            yield wrong(step, "rework_percent", "= 100 repeats the loop for ever; give less than 100 %")


def limits_are_complete(fab: Fab) -> Iterable[Problem]:
    """A queue-time limit has both its step and its minutes."""
    for step in all_steps(fab):
        if step.queue_limit_step is not None and step.queue_limit is None:
            yield wrong(step, "queue_limit", f"is missing; queue_limit_step = {step.queue_limit_step} needs minutes")
        if step.queue_limit is not None and step.queue_limit_step is None:
            yield wrong(
                step,
                "queue_limit_step",
                f"is missing; queue_limit = {plain(step.queue_limit)} needs the step it ends at",
            )


def dedication_stays_in_the_group(fab: Fab) -> Iterable[Problem]:
    """A lot can only be dedicated to a tool that can do the later step."""
    for route in fab.routes.values():
        by_number = {step.step: step for step in route}
        for step in route:
            target = by_number.get(step.dedicate_step or 0)
            if target and target.tool_group != step.tool_group:
                message = (
                    f"= {target.step} is done at {target.tool_group} ({place(target)}), not at {step.tool_group}; "
                    "a lot is dedicated to a tool of the same group"
                )
                yield wrong(step, "dedicate_step", message)


def steps_are_reached(fab: Fab) -> Iterable[Problem]:
    """Every step is done at least sometimes."""
    for route in fab.routes.values():
        for step in route:
            if step.sampling_percent == 0:
                yield wrong(step, "sampling_percent", "= 0 never does the step; give more, or remove the step")
            if step.scrap_percent == 100 and step is not route[-1]:
                yield wrong(step, "scrap_percent", "= 100 leaves no wafer for the steps after it; give less than 100 %")


def cascades_overlap(fab: Fab) -> Iterable[Problem]:
    """An interval belongs to a cascading tool, counts what the process counts, and is no longer than it."""
    for step in all_steps(fab):
        if step.interval is None:
            continue
        if not fab.tool_groups[step.tool_group].cascade:
            message = (
                f"= {plain(step.interval)} has no meaning at {step.tool_group}; set cascade = yes there or remove it"
            )
            yield wrong(step, "interval", message)
        elif step.interval_per != step.per:
            message = f"= {step.interval_per} must be as per = {step.per}; the interval counts what the process counts"
            yield wrong(step, "interval_per", message)
        elif step.interval > step.process:
            yield wrong(step, "interval", f"= {plain(step.interval)} must be at most process = {plain(step.process)}")


def holds_settle(fab: Fab) -> Iterable[Problem]:
    """The chance of a hold falls with experience, in a positive number of passes."""
    for step in all_steps(fab):
        if step.hold_floor_percent > step.hold_percent:
            message = f"= {plain(step.hold_floor_percent)} must be at most hold_percent = {plain(step.hold_percent)}"
            yield wrong(step, "hold_floor_percent", message)
        if step.hold_percent and step.hold_passes == 0:
            yield wrong(step, "hold_passes", "= 0 must be more than 0")
