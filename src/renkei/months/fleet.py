"""The fleet: each tool on its way from the order to the floor, and why it is late."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from renkei.alliance import Alliance
from renkei.months.calendar import Month
from renkei.months.orders import Purchase
from renkei.units import to_yen

NEVER = dt.date.max


@dataclass(frozen=True)
class Away:
    """A time in which a tool is out of use."""

    since: dt.date
    until: dt.date
    """First day on which it runs again."""

    def on(self, day: dt.date) -> bool:
        """Whether a day lies in it."""
        return self.since <= day < self.until


@dataclass(frozen=True)
class Tool:
    """One tool; dates are None until they have come, `delivery` is known from the order on."""

    id: str
    purchase: int
    """Index of its purchase."""
    position: int
    """In its purchase, from 0."""
    number: int
    """Of its group, from 1, in the order of declaration; the first one's qualification takes more work."""
    wanted: dt.date | None = None
    """Day on which it should have been ordered."""
    held: str = ""
    """Root cause, other than money, for which it could not be ordered in the latest month."""
    price: Decimal | None = None
    """Fixed by the order, in the purchase's currency."""
    billed: str = ""
    """Latest instalment billed: order, delivery, acceptance."""
    ordered: dt.date | None = None
    delivery: dt.date | None = None
    paid: dt.date | None = None
    """Delivery instalment."""
    bay: str = ""
    docked: dt.date | None = None
    installed: dt.date | None = None
    started_up: dt.date | None = None
    """SL1 passed: engineers begin."""
    work_done: float = 0.0
    """Days of SL2 and recipe qualification done."""
    qualified: dt.date | None = None
    away: tuple[Away, ...] = ()
    """Times in which a risk has put it out of use, in order."""
    waited: Mapping[str, int] = field(default_factory=dict)
    """Days lost so far, by root cause."""

    def late(self, cause: str, days: int) -> Tool:
        """Return the tool with more days lost."""
        if days <= 0:
            return self
        return replace(self, waited={**self.waited, cause: self.waited.get(cause, 0) + days})

    def runs(self, on: dt.date) -> bool:
        """Whether it is qualified and in use on a day."""
        return self.qualified is not None and self.qualified <= on and not any(time.on(on) for time in self.away)

    @property
    def root(self) -> str:
        """Root cause of most of its lateness, empty if it is on time."""
        return max(self.waited, key=lambda cause: self.waited[cause]) if self.waited else ""


@dataclass(frozen=True)
class Fleet:
    """All tools that are declared."""

    purchases: tuple[Purchase, ...]
    tools: tuple[Tool, ...]
    dock_free: Mapping[str, dt.datetime] = field(default_factory=dict)
    """By phase: when its dock can take the next tool."""
    makers_free: Mapping[str, dt.date] = field(default_factory=dict)
    """By supplier with an allotment: when the next tool can leave its gate."""
    installers_free: Mapping[str, tuple[dt.date, ...]] = field(default_factory=dict)
    """By supplier with counted installation crews: when each crew is free."""

    def of(self, tool: Tool) -> Purchase:
        """Return what was bought."""
        return self.purchases[tool.purchase]

    def price(self, tool: Tool) -> Decimal:
        """Return a tool's price in the currency of its purchase: the ordered one's, else the list price."""
        return self.of(tool).price if tool.price is None else tool.price

    def qualified(self, on: dt.date) -> dict[str, int]:
        """Return qualified tools in use by group on a day."""
        counts: dict[str, int] = {}
        for tool in self.tools:
            if tool.runs(on):
                group = self.of(tool).group
                counts[group] = counts.get(group, 0) + 1
        return counts

    def first_qualified(self, on: dt.date) -> dict[str, dt.date]:
        """Return the day of the first qualified tool of each group that has one on a day."""
        first: dict[str, dt.date] = {}
        for tool in self.tools:
            if tool.qualified is not None and tool.qualified <= on:
                group = self.of(tool).group
                first[group] = min(first.get(group, NEVER), tool.qualified)
        return first

    def first_running(self, month: Month) -> dict[str, dt.date]:
        """Return the same for a month as the planner believes: without tools known at its start to be out of use.

        A group whose tools are all out of use has its first one on the day that one runs again.
        """
        first: dict[str, dt.date] = {}
        for tool in self.tools:
            if tool.qualified is not None and tool.qualified <= month.last:
                out = [time.until for time in tool.away if time.since < month.first < time.until]
                day = max((tool.qualified, *out))
                if day <= month.last:
                    group = self.of(tool).group
                    first[group] = min(first.get(group, NEVER), day)
        return first


def fresh_fleet(bought: tuple[Purchase, ...]) -> Fleet:
    """Return all tools before their order."""
    tools: list[Tool] = []
    numbers: dict[str, int] = {}
    for index, purchase in enumerate(bought):
        for position in range(purchase.tools):
            number = numbers.get(purchase.group, 0) + 1
            numbers[purchase.group] = number
            tools.append(Tool(f"{purchase.group}-{number}", index, position, number))
    return Fleet(bought, tuple(tools))


def in_month(fleet: Fleet, month: Month) -> list[tuple[dt.date, str]]:
    """Return the tools that join the floor in the month: day and group, in order of day."""
    joins = [
        (t.qualified, fleet.of(t).group) for t in fleet.tools if t.qualified is not None and month.has(t.qualified)
    ]
    return sorted(joins)


def ordered_by_country(fleet: Fleet, alliance: Alliance) -> dict[str, int]:
    """Return the yen of the manufacturer's tool orders so far by the makers' country, at the rate of each order's
    day."""
    yen: dict[str, int] = {}
    for tool in fleet.tools:
        purchase = fleet.of(tool)
        if tool.ordered is not None and purchase.own:
            worth = to_yen(fleet.price(tool), alliance.rate(purchase.currency, tool.ordered))
            yen[purchase.country] = yen.get(purchase.country, 0) + worth
    return yen
