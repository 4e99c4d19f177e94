"""Tool groups and the crews that look after them."""

from __future__ import annotations

from typing import Annotated, Literal

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


class Crew(Row):
    """People who repair, maintain or release holds; `people` None means without limit."""

    crew: str
    people: Count | None = None


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
