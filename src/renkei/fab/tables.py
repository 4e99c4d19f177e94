"""The CSV files of a fab folder: which rows each holds and under which columns (docs/fab-format.md)."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Generic, TypeVar

from renkei.fab.outages import Outage, Transport
from renkei.fab.products import InitialLot, Order, PlannedLot, Product
from renkei.fab.routes import Step
from renkei.fab.row import Row
from renkei.fab.tools import Crew, Qualification, SetupChange, ToolGroup

R = TypeVar("R", bound=Row)


@dataclass(frozen=True)
class Table(Generic[R]):
    """One CSV file: its name, the rows it holds, and what makes a row unique."""

    file: str
    model: type[R]
    key: tuple[str, ...] = ()
    """Fields no two rows may share; empty: rows may repeat."""
    renamed: dict[str, str] = field(default_factory=dict)
    """Fields whose column has another name (`from` is no name in Python)."""
    written: tuple[str, ...] = ()
    """Fields always written, because their default depends on other fields."""

    @cached_property
    def columns(self) -> dict[str, str]:
        """Columns in the order they are written → fields."""
        marks = ("source", "confidence", "note")
        names = [name for name in self.model.model_fields if name not in (*marks, "file", "line")]
        return {self.column(name): name for name in (*names, *marks)}

    @cached_property
    def required(self) -> tuple[str, ...]:
        """Columns that every row must fill."""
        fields = self.model.model_fields.items()
        return tuple(self.column(name) for name, info in fields if info.is_required() and name not in self.written)

    def column(self, field_name: str) -> str:
        """Name of the column that holds a field."""
        return self.renamed.get(field_name, field_name)


TOOL_GROUPS = Table("tool_groups.csv", ToolGroup, key=("tool_group",), written=("tools",))
STEPS = Table("routes.csv", Step)
PRODUCTS = Table("products.csv", Product, key=("product",))
ORDERS = Table("orders.csv", Order)
LOTS = Table("lots.csv", PlannedLot)
SETUPS = Table(
    "setups.csv",
    SetupChange,
    key=("from_setup", "to_setup", "tool_group"),
    renamed={"from_setup": "from", "to_setup": "to"},
)
OUTAGES = Table(
    "outages.csv",
    Outage,
    written=("kind", "clock", "interval_distribution", "first_rule", "first", "duration_distribution"),
)
QUALIFICATIONS = Table("qualification.csv", Qualification, key=("tool_group", "recipe"))
CREWS = Table("crews.csv", Crew, key=("crew",))
TRANSPORTS = Table(
    "transport.csv",
    Transport,
    key=("from_location", "to_location"),
    renamed={"from_location": "from", "to_location": "to"},
)
INITIAL_WIP = Table("initial_wip.csv", InitialLot, key=("lot",))

_ALL = (
    TOOL_GROUPS, STEPS, PRODUCTS, ORDERS, LOTS, SETUPS, OUTAGES, QUALIFICATIONS, CREWS, TRANSPORTS, INITIAL_WIP,
)  # fmt: skip
FILES = tuple(table.file for table in _ALL)
