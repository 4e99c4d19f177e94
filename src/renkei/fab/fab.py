"""The declared factory."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from renkei.fab.dispatch import parse_dispatch
from renkei.fab.outages import Outage, Transport
from renkei.fab.products import InitialLot, Order, Product
from renkei.fab.routes import Step
from renkei.fab.tools import Crew, Qualification, SetupChange, ToolGroup


@dataclass(frozen=True)
class Fab:
    """A factory as declared: frozen tables, already consistent. Read one with `renkei.load_fab`.

    `routes` maps a route's name to its steps in order (step n at index n − 1); the other tables keep the order of their
    files.
    """

    name: str
    tool_groups: Mapping[str, ToolGroup]
    routes: Mapping[str, tuple[Step, ...]]
    products: Mapping[str, Product]
    orders: tuple[Order, ...] = ()
    setups: tuple[SetupChange, ...] = ()
    outages: tuple[Outage, ...] = ()
    qualifications: tuple[Qualification, ...] = ()
    crews: Mapping[str, Crew] = field(default_factory=dict)
    transports: tuple[Transport, ...] = ()
    initial_wip: tuple[InitialLot, ...] = ()
    title: str = ""
    description: str = ""
    start: dt.date = dt.date(2024, 1, 1)
    wafers_per_lot: int = 25
    dispatch: tuple[str, ...] = ("priority", "setup", "fifo")
    size: str = ""
    """The size that was read (tool counts and orders), empty when the fab has only one."""
    sizes: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    @property
    def tools(self) -> int:
        """Number of tools, delays left out."""
        return sum(group.tools for group in self.tool_groups.values() if group.kind == "tool")

    def with_tools(self, counts: Mapping[str, int]) -> Fab:
        """Return this fab with other numbers of tools in the named groups."""
        groups = {
            name: group.model_copy(update={"tools": counts[name]}) if name in counts else group
            for name, group in self.tool_groups.items()
        }
        return replace(self, tool_groups=groups)

    def with_orders(self, orders: tuple[Order, ...]) -> Fab:
        """Return this fab with other release lines."""
        return replace(self, orders=orders)

    def with_dispatch(self, rule: str | Iterable[str]) -> Fab:
        """Return this fab with one ranked list such as `"priority, setup, fifo"` for the fab and all its groups.

        Raises ValueError for an empty rule and for unknown or repeated criteria.
        """
        criteria = parse_dispatch(rule)
        if not criteria:
            raise ValueError('is empty; must be a ranked list such as "priority, setup, fifo"')
        groups = {name: group.model_copy(update={"dispatch": ()}) for name, group in self.tool_groups.items()}
        return replace(self, dispatch=criteria, tool_groups=groups)

    def __repr__(self) -> str:
        steps = sum(len(steps) for steps in self.routes.values())
        size = f"@{self.size}" if self.size else ""
        return (
            f"<Fab {self.name}{size}: {len(self.tool_groups)} tool groups, {self.tools} tools, "
            f"{len(self.routes)} routes, {steps} steps, {len(self.products)} products>"
        )
