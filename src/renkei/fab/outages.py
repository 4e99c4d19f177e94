"""Breakdowns, preventive maintenance, and transport between steps."""

from __future__ import annotations

from typing import Literal

from renkei.fab.row import Distribution, Minutes, Row


class Outage(Row):
    """A reason for which tools stand still; each tool concerned has its own clock. Defaults by kind are filled when read."""

    outage: str
    tool_group: str = ""
    area: str = ""
    kind: Literal["breakdown", "pm"] = "breakdown"
    clock: Literal["calendar", "busy", "wafers"] = "calendar"
    interval_distribution: Distribution = "exponential"
    interval: Minutes
    first_rule: Literal["exponential", "staggered", "constant"] = "exponential"
    first: Minutes
    duration_distribution: Distribution = "exponential"
    duration: Minutes
    duration_spread: Minutes = 0.0


class Transport(Row):
    """Time of a move between two locations."""

    from_location: str
    to_location: str
    distribution: Distribution = "constant"
    time: Minutes
    spread: Minutes = 0.0
