"""Outages: what they concern, and that they leave time to work."""

from __future__ import annotations

from collections.abc import Iterable

from renkei.errors import Problem
from renkei.fab.fab import Fab
from renkei.fab.rules.saying import plain, wrong


def outages_concern_one_thing(fab: Fab) -> Iterable[Problem]:
    """An outage names a tool group or an area, not both."""
    for outage in fab.outages:
        if bool(outage.tool_group) == bool(outage.area):
            message = (
                "stands beside area; name one of them" if outage.area else "is missing; name a tool group or an area"
            )
            yield wrong(outage, "tool_group", message)


def outages_leave_time_to_work(fab: Fab) -> Iterable[Problem]:
    """Outages come some time apart, and a PM is over before the next is due."""
    for outage in fab.outages:
        if outage.interval == 0:
            yield wrong(outage, "interval", "= 0 must be more than 0")
        elif outage.kind == "pm" and outage.clock == "calendar" and outage.duration >= outage.interval:
            message = (
                f"= {plain(outage.duration)} must be less than interval = {plain(outage.interval)}, or tools never work"
            )
            yield wrong(outage, "duration", message)
