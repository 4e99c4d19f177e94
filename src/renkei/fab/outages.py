"""Breakdowns, preventive maintenance, and transport between steps."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import model_validator

from renkei.fab.row import Distribution, Minutes, Row


class Outage(Row):
    """A reason for which tools stand still; each tool concerned has its own clock.

    What is not given follows the kind: breakdowns are exponential, PM is constant and staggered over the tools of a
    group, and the first one comes after `interval`.
    """

    outage: str
    tool_group: str = ""
    area: str = ""
    kind: Literal["breakdown", "pm"] = "breakdown"
    clock: Literal["calendar", "busy", "wafers"] = "calendar"
    interval_distribution: Distribution = "exponential"
    interval: Minutes
    """Minutes, or wafers on the clock `wafers`."""
    interval_spread: Minutes = 0.0
    first_rule: Literal["exponential", "staggered", "constant"] = "exponential"
    first: Minutes
    duration_distribution: Distribution = "exponential"
    duration: Minutes
    duration_spread: Minutes = 0.0

    @model_validator(mode="before")
    @classmethod
    def _fill_by_kind(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        law = "constant" if given.get("kind") == "pm" else "exponential"
        first_rule = "staggered" if given.get("kind") == "pm" else "exponential"
        usual = {"interval_distribution": law, "duration_distribution": law, "first_rule": first_rule}
        return usual | {"first": given.get("interval", 0)} | given


class Transport(Row):
    """Time of a move between two locations."""

    from_location: str
    to_location: str
    distribution: Distribution = "constant"
    time: Minutes
    spread: Minutes = 0.0
