"""Milestones: dated conditions on a closed list of metrics."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from renkei.alliance.base import Dated, Item, Name, exactly_one
from renkei.errors import did_you_mean
from renkei.units import Months

Of = Literal[
    "",
    "phase",
    "tool_group",
    "route",
    "product",
    "role",
    "cohort",
    "partner",
    "tranche",
    "pdk",
    "milestone",
    "stage",
    "proof",
]
"""What `of` names: nothing, a site phase, a tool group or area of the fab, a route, a product, …"""


class Metric(StrEnum):
    """What a condition can look at."""

    PHASE_BAYS_READY = "phase_bays_ready"
    TOOLS_DELIVERED = "tools_delivered"
    TOOLS_INSTALLED = "tools_installed"
    TOOLS_QUALIFIED = "tools_qualified"
    ROUTE_QUALIFIED = "route_qualified"
    DOMESTIC_SHARE = "domestic_share"
    STEPS_DONE = "steps_done"
    LOTS_STARTED = "lots_started"
    LOTS_FINISHED = "lots_finished"
    LOTS_ANALYSED = "lots_analysed"
    FUNCTIONAL_LOTS = "functional_lots"
    GOOD_TEST_CHIPS = "good_test_chips"
    PROOF_LOTS = "proof_lots"
    GENERATIONS = "generations"
    PROCESS_FROZEN = "process_frozen"
    PDK_RELEASED = "pdk_released"
    D0 = "d0"
    SYSTEMATIC_YIELD = "systematic_yield"
    LINE_YIELD = "line_yield"
    DIE_YIELD = "die_yield"
    CYCLE_TIME = "cycle_time"
    WAFERS_OUT = "wafers_out"
    GOOD_DIES = "good_dies"
    CUSTOMER_LOTS_STARTED = "customer_lots_started"
    REVENUE_WAFERS = "revenue_wafers"
    REVENUE = "revenue"
    CUSTOMERS_AT_STAGE = "customers_at_stage"
    HEADCOUNT = "headcount"
    TRAINED_ABROAD = "trained_abroad"
    CASH = "cash"
    OPERATING_CASH_FLOW = "operating_cash_flow"
    FUNDING_RECEIVED = "funding_received"
    MILESTONE = "milestone"


@dataclass(frozen=True)
class MetricInfo:
    """What a metric means, and how it is dated."""

    unit: str
    of: Of
    """What `of` names."""
    optional: bool
    """`of` may be left out: all of them together."""
    exact: bool
    """Reached on the day of the tool or lot event; else on the last day of the month."""
    meaning: str


METRICS: dict[Metric, MetricInfo] = {
    Metric.PHASE_BAYS_READY: MetricInfo(
        "share", "phase", False, True, "tool places of the phase's bays that are ready"
    ),
    Metric.TOOLS_DELIVERED: MetricInfo("tools", "tool_group", True, True, "tools brought in at the dock, cumulative"),
    Metric.TOOLS_INSTALLED: MetricInfo("tools", "tool_group", True, True, "tools installed (hook-up done), cumulative"),
    Metric.TOOLS_QUALIFIED: MetricInfo("tools", "tool_group", True, True, "tools qualified and on the floor"),
    Metric.ROUTE_QUALIFIED: MetricInfo("share", "route", False, True, "tool groups of the route with a qualified tool"),
    Metric.DOMESTIC_SHARE: MetricInfo(
        "share", "", True, False, "domestic makers' share of the value of tools ordered so far"
    ),
    Metric.STEPS_DONE: MetricInfo("steps", "tool_group", False, True, "steps done on the group or area, cumulative"),
    Metric.LOTS_STARTED: MetricInfo("lots", "product", False, True, "lots started, cumulative"),
    Metric.LOTS_FINISHED: MetricInfo("lots", "product", False, True, "lots finished, cumulative"),
    Metric.LOTS_ANALYSED: MetricInfo("lots", "product", True, True, "development lots analysed, cumulative"),
    Metric.FUNCTIONAL_LOTS: MetricInfo("lots", "", True, True, "analysed lots with working transistors, cumulative"),
    Metric.GOOD_TEST_CHIPS: MetricInfo("dies", "", True, True, "good test chips of analysed full loops, cumulative"),
    Metric.PROOF_LOTS: MetricInfo("lots", "proof", False, True, "analysed lots that showed the proof, cumulative"),
    Metric.GENERATIONS: MetricInfo("generations", "", True, False, "generations of full-loop learning completed"),
    Metric.PROCESS_FROZEN: MetricInfo("share", "", True, False, "1 once the process is frozen"),
    Metric.PDK_RELEASED: MetricInfo("share", "pdk", False, False, "1 once the kit is released"),
    Metric.D0: MetricInfo("/cm2", "", True, False, "defect density of the latest wafers out of a full route"),
    Metric.SYSTEMATIC_YIELD: MetricInfo(
        "share", "", True, False, "systematic yield of the latest wafers out of a full route"
    ),
    Metric.LINE_YIELD: MetricInfo("share", "", True, False, "line yield of the latest month with wafers out"),
    Metric.DIE_YIELD: MetricInfo(
        "share", "product", True, False, "good dies / gross dies of the month's product wafers"
    ),
    Metric.CYCLE_TIME: MetricInfo("days", "product", True, False, "mean cycle time of the lots finished in the month"),
    Metric.WAFERS_OUT: MetricInfo("wafers/month", "product", True, False, "product wafers out in the month"),
    Metric.GOOD_DIES: MetricInfo("dies", "product", True, False, "good product dies, cumulative"),
    Metric.CUSTOMER_LOTS_STARTED: MetricInfo("lots", "", True, True, "customers' lots started, cumulative"),
    Metric.REVENUE_WAFERS: MetricInfo("wafers", "", True, True, "wafers shipped for volume revenue, cumulative"),
    Metric.REVENUE: MetricInfo("JPY", "", True, False, "revenue of the month"),
    Metric.CUSTOMERS_AT_STAGE: MetricInfo(
        "customers", "stage", False, False, "customers that reached the stage, cumulative"
    ),
    Metric.HEADCOUNT: MetricInfo("people", "role", True, False, "people employed at the month's end"),
    Metric.TRAINED_ABROAD: MetricInfo("people", "cohort", True, False, "people back from training abroad, cumulative"),
    Metric.CASH: MetricInfo("JPY", "", True, False, "cash at the month's end"),
    Metric.OPERATING_CASH_FLOW: MetricInfo(
        "JPY", "", True, False, "revenue less costs without tools and building, month"
    ),
    Metric.FUNDING_RECEIVED: MetricInfo("JPY", "tranche", True, False, "money received from partners, cumulative"),
    Metric.MILESTONE: MetricInfo("share", "milestone", False, True, "1 once the other milestone is reached"),
}

_LEVEL = re.compile(r"\s*([+-]?[0-9][0-9,]*(?:\.[0-9]+)?)\s*(?:(k|M|bn|tn)(?=\s|$))?\s*(\S*)\s*")
_SCALE = {None: 1.0, "k": 1e3, "M": 1e6, "bn": 1e9, "tn": 1e12}


def _known_metric(value: Any) -> Any:
    names = [metric.value for metric in Metric]
    if isinstance(value, str) and value not in names:
        raise ValueError(f'= "{value}" is not a metric{did_you_mean(value, names)}')
    return value


def _level(value: Any, unit: str) -> Any:
    """Return a level as a number in the metric's unit, from `0.5 /cm2`, `6000 wafers/month`, `80 %` or a number."""
    if not isinstance(value, str):
        return value
    match = _LEVEL.fullmatch(value)
    written = match.group(3) if match else ""
    singular = {unit, unit.removesuffix("s"), *(("wspm",) if unit == "wafers/month" else ())}
    if match is None or (written and written not in singular and not (written == "%" and unit == "share")):
        raise ValueError(f'= "{value}" does not fit the metric; write a number in {unit}')
    return float(match.group(1).replace(",", "")) * _SCALE[match.group(2)] / (100 if written == "%" else 1)


class Condition(BaseModel):
    """One comparison of a metric with a level."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False, populate_by_name=True
    )

    metric: Annotated[Metric, BeforeValidator(_known_metric)]
    of: Annotated[str, Field(max_length=120)] = ""
    """What of the metric: a phase, tool group or area, route, product …, as the metric asks."""
    at_least: float | None = None
    """In the metric's unit; neither `at_least` nor `at_most` means at least 1."""
    at_most: float | None = None
    for_: Annotated[Months | None, Field(alias="for")] = None
    """How long it must have held without a break."""

    @model_validator(mode="before")
    @classmethod
    def _levels(cls, value: Any) -> Any:
        if not isinstance(value, dict) or value.get("metric") not in [metric.value for metric in Metric]:
            return value
        unit = METRICS[Metric(value["metric"])].unit
        return {key: _level(part, unit) if key in ("at_least", "at_most") else part for key, part in value.items()}

    @model_validator(mode="after")
    def _asked_right(self) -> Condition:
        info = METRICS[self.metric]
        if self.at_least is not None and self.at_most is not None:
            raise ValueError("has both at_least and at_most; write two conditions under all")
        if not self.of and not info.optional:
            raise ValueError(f"metric {self.metric.value} needs `of`: a {info.of.replace('_', ' ')}")
        if self.of and not info.of:
            raise ValueError(f'of = "{self.of}"; metric {self.metric.value} takes no `of`')
        return self

    @property
    def level(self) -> float:
        """The level compared with."""
        if self.at_least is not None:
            return self.at_least
        return 1.0 if self.at_most is None else self.at_most

    def holds(self, value: float | None) -> bool:
        """Whether a value (None: nothing measured yet) meets the level; `for` is the caller's business."""
        if value is None:
            return False
        return value <= self.level if self.at_most is not None else value >= self.level


class When(BaseModel):
    """Conditions that must all hold, or of which any must."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    all: tuple[Condition, ...] = ()
    any: tuple[Condition, ...] = ()

    @model_validator(mode="after")
    def _one_of(self) -> When:
        exactly_one(all=self.all, any=self.any)
        return self

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """The conditions, whichever way they are joined."""
        return self.all or self.any


class Milestone(Item):
    """A dated condition that the parties care about; it can release tranches and open gates."""

    name: Annotated[str, Field(min_length=1)]
    """As printed in tables."""
    when: When
    promised: Dated | None = None
    """What the parties said, and where."""
    actual: Dated | None = None
    """What happened, and where it is reported; for comparison only."""
    promised_by: Name | None = None
    """Partner that promised it."""
    scored: str = ""
    """How a simulated date is compared with the actual one, when that needs words."""
    headline: bool = True
    """Shown in the milestone table of a run; False: a gate only."""
