"""Products, the orders that release their lots, lots planned one by one, and the lots already there at minute 0."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from renkei.fab.row import Count, Distribution, Minutes, Moment, Positive, Row, Wafers

Priority = Annotated[int, Field(ge=-(10**6), le=10**6)]


class Product(Row):
    """A product and the route it follows."""

    product: str
    route: str
    family: str = ""
    kind: Literal["product", "engineering", "monitor"] = "product"


class Order(Row):
    """A release line: which lots enter the fab, when, how urgent. Rows of one name form a lot type."""

    order: str
    product: str
    size: str = ""
    priority: Priority = 10
    wafers: Wafers | None = None
    start: Minutes = 0.0
    interval_distribution: Distribution = "constant"
    interval: Minutes | None = None
    lots_per_release: Annotated[int, Field(ge=1, le=10_000)] = 1
    releases: Count | None = None
    """None: without end (one only when there is no interval)."""
    due: Minutes | None = None
    """Minutes from release to the due date."""
    wip_limit: Positive | None = None
    reserve: bool = False
    """Super hot: a tool is kept free for the next step of each lot."""


class SingleLot(Row):
    """A lot by itself."""

    lot: str = ""
    product: str
    order: str = ""
    """Lot type; the product's name when not given."""
    priority: Priority = 10
    wafers: Wafers | None = None
    """None: the fab's lot size."""
    reserve: bool = False
    """Super hot: a tool is kept free for its next step."""

    @model_validator(mode="before")
    @classmethod
    def _name_order(cls, given: Any) -> Any:
        return {"order": given["product"]} | given if isinstance(given, dict) and "product" in given else given


class PlannedLot(SingleLot):
    """A lot that enters the fab at a minute of its own; its name is for readers and need not be unique."""

    start: Minutes
    due: Moment | None = None
    """Minutes after 0."""


class InitialLot(SingleLot):
    """A lot already in the fab at minute 0, queueing at `step`."""

    lot: str
    step: Positive
    start: Moment | None = None
    """Release in minutes, not after 0; None: unknown."""
    due: Moment | None = None
    """Minutes after 0."""
