"""Tool groups and the crews that look after them."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from renkei.fab.dispatch import parse_dispatch
from renkei.fab.row import Count, Distribution, Minutes, Row


class ToolGroup(Row):
    """A group of like tools (SMT2020: tool family)."""

    tool_group: str
    area: str = ""
    tools: Annotated[int, Field(ge=0, le=100_000)] = 0
    """Number of tools; meaningless for a delay."""
    kind: Literal["tool", "delay"] = "tool"
    location: str = "fab"
    load: Minutes = 0.0
    unload: Minutes = 0.0
    cascade: bool = False
    dispatch: Annotated[tuple[str, ...], BeforeValidator(parse_dispatch)] = ()
    """Ranked criteria, read left to right; empty: the fab's."""
    wake: Literal["longest_idle", "least_setup"] = "longest_idle"
    batch_by: Literal["step", "family"] = "step"
    """Which lots make a batch: those of one route and step, or of one product family and step name."""
    min_run: Count = 0
    repair_crew: str = ""
    pm_crew: str = ""
    hold_crew: str = ""
    setup_crew: str = ""
    hands_on: Annotated[float, Field(gt=0, le=1)] = 1.0
    supplier: str = ""
    country: str = ""
    price_musd: Annotated[float, Field(ge=0, le=1e6)] | None = None


class Qualification(Row):
    """The tools of a group that may run a recipe."""

    tool_group: str
    recipe: str
    tools: str
    """Tool numbers like `1-3 7`, or a share like `50%`."""


def _numbers(value: Any) -> Any:
    """Return the parts of a text like `6 4 3`; anything else as it is."""
    return tuple(part for part in re.split(r"[\s,;]+", value.strip()) if part) if isinstance(value, str) else value


class Crew(Row):
    """People who repair, maintain, release holds or set tools up; `people` None and no shifts means without limit."""

    crew: str
    people: Count | None = None
    """On duty at any hour."""
    shifts: Annotated[tuple[Annotated[int, Field(ge=0, le=10**6)], ...], BeforeValidator(_numbers)] = ()
    """On duty in one shift after another from minute 0 on, over and over, instead of `people`."""
    shift_hours: Annotated[float, Field(gt=0, le=10_000)] = 8.0

    @property
    def average(self) -> float | None:
        """People on duty on the average; None without limit."""
        return sum(self.shifts) / len(self.shifts) if self.shifts else self.people


class SetupChange(Row):
    """Time to change a tool's setup."""

    from_setup: str = ""
    """Empty: from any setup."""
    to_setup: str
    time: Minutes
    distribution: Distribution = "constant"
    spread: Minutes = 0.0
    tool_group: str = ""
    """Empty: on every group."""
