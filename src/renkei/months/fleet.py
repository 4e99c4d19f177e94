"""The fleet: each tool on its way from the order to the floor, and why it is late."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from renkei.alliance import Alliance
from renkei.months.calendar import CLOSED, Month, opened
from renkei.months.construction import Site, late_for, usable
from renkei.months.obligations import Due, due
from renkei.months.orders import Purchase
from renkei.units import add_months

NEVER = dt.date.max


@dataclass(frozen=True)
class Tool:
    """One tool; dates are None until they have come, `delivery` is known from the order on."""

    id: str
    purchase: int
    """Index of its purchase."""
    position: int
    """In its purchase, from 0."""
    first: bool
    """The first tool of its group to be ordered: its qualification takes more work."""
    wanted: dt.date | None = None
    """Day on which it should have been ordered."""
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
    waited: Mapping[str, int] = field(default_factory=dict)
    """Days lost so far, by root cause."""

    def late(self, cause: str, days: int) -> Tool:
        """Return the tool with more days lost."""
        if days <= 0:
            return self
        return replace(self, waited={**self.waited, cause: self.waited.get(cause, 0) + days})

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

    def of(self, tool: Tool) -> Purchase:
        """Return what was bought."""
        return self.purchases[tool.purchase]

    def qualified(self, on: dt.date) -> dict[str, int]:
        """Return qualified tools by group on a day."""
        counts: dict[str, int] = {}
        for tool in self.tools:
            if tool.qualified is not None and tool.qualified <= on:
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


def fresh_fleet(bought: tuple[Purchase, ...]) -> Fleet:
    """Return all tools before their order."""
    tools: list[Tool] = []
    numbers: dict[str, int] = {}
    for index, purchase in enumerate(bought):
        for position in range(purchase.tools):
            number = numbers.get(purchase.group, 0) + 1
            numbers[purchase.group] = number
            tools.append(Tool(f"{purchase.group}-{number}", index, position, number == 1))
    return Fleet(bought, tuple(tools))


def bill(
    fleet: Fleet, alliance: Alliance, month: Month, reached: Mapping[str, dt.date], may_commit: bool
) -> tuple[Fleet, list[Due]]:
    """Return the fleet with what is billed this month: orders whose day has come, deliveries, acceptances.

    No order is placed while `may_commit` is False; the days until it is are lost to money.
    """
    dues: list[Due] = []
    tools: list[Tool] = []
    for tool in fleet.tools:
        if tool.qualified is not None and tool.billed == "acceptance":
            tools.append(tool)
            continue
        purchase = fleet.of(tool)
        tool = _wanted(tool, purchase, month, reached)
        stage, day = _next_bill(tool)
        barred = stage == "order" and (not may_commit or CLOSED in purchase.order.after)
        if not stage or day > month.last or barred:
            tools.append(tool)
            continue
        tools.append(replace(tool, billed=stage))
        if purchase.own:
            dues.append(_instalment(tool, purchase, stage, month.within(day)))
        if stage == "acceptance":
            dues.append(_test_wafers(tool, purchase, alliance, month))
    return replace(fleet, tools=tuple(tools)), dues


def arrive(fleet: Fleet, alliance: Alliance, site: Site, month: Month, unpaid: frozenset[str]) -> Fleet:
    """Return the fleet after the month's orders, deliveries, move-ins and installations."""
    tools = [_bought(tool, fleet.of(tool), month, unpaid) for tool in fleet.tools]
    tools, dock_free = _docked(tools, fleet, alliance, site, month)
    return replace(fleet, tools=tuple(tools), dock_free=dock_free)


def qualify(fleet: Fleet, month: Month, cover: float) -> Fleet:
    """Return the fleet after the month's SL2 and recipe qualifications; `cover`: share of engineers' work done."""
    return replace(fleet, tools=tuple(_qualifying(tool, fleet.of(tool), month, cover) for tool in fleet.tools))


def engineers_needed(fleet: Fleet, month: Month) -> float:
    """Return the engineer-months that tools in SL2 and recipe qualification ask for in the month."""
    total = 0.0
    for tool in fleet.tools:
        if tool.qualified is None and tool.installed is not None:
            purchase = fleet.of(tool)
            days, length = _work_ahead(tool, purchase, month), _work(purchase)
            total += days / length * _effort(tool, purchase) if length else 0.0
    return total


def maintenance(fleet: Fleet, alliance: Alliance, month: Month, services: frozenset[str]) -> list[Due]:
    """Return the month's maintenance: contract and parts after the warranty, and vendor engineers of `services`."""
    equipment, dues = alliance.equipment, []
    warranty, rate = float(equipment.warranty), equipment.maintenance.exact / 12
    by_partner: dict[tuple[str, str], Decimal] = {}
    covered: dict[str, int] = dict.fromkeys(services, 0)
    for tool in fleet.tools:
        if tool.installed is None or tool.installed > month.first:
            continue
        purchase = fleet.of(tool)
        for name in services:
            suppliers = equipment.services[name].suppliers
            covered[name] += not suppliers or purchase.supplier in suppliers
        if tool.qualified is not None and add_months(tool.qualified, warranty) < month.first:
            key = purchase.partner, purchase.currency
            by_partner[key] = by_partner.get(key, Decimal(0)) + purchase.price * rate
    for (partner, currency), amount in by_partner.items():
        dues.append(
            Due(f"maintenance.{partner}", "maintenance", month.last, amount, currency, partner, "equipment.maintenance")
        )
    for name, tools in covered.items():
        path = f"equipment.services.{name}"
        dues.append(due(path, "maintenance", month.first, equipment.services[name].cost, name, path, tools / 12))
    return dues


def _wanted(tool: Tool, purchase: Purchase, month: Month, reached: Mapping[str, dt.date]) -> Tool:
    if tool.wanted is not None:
        return tool
    gate = opened(purchase.order.after, reached)
    if gate is None:
        return tool
    day = max(gate, purchase.order.date or dt.date.min)
    return replace(tool, wanted=month.within(day)) if day <= month.last else tool


def _next_bill(tool: Tool) -> tuple[str, dt.date]:
    """Return the instalment that comes next and its due date; nothing is billed before its event."""
    if tool.billed == "" and tool.wanted is not None:
        return "order", tool.wanted
    if tool.billed == "order" and tool.delivery is not None:
        return "delivery", tool.delivery
    if tool.billed == "delivery" and tool.qualified is not None:
        return "acceptance", tool.qualified
    return "", NEVER


def _instalment(tool: Tool, purchase: Purchase, stage: str, day: dt.date) -> Due:
    share: Decimal = getattr(purchase.payment, stage).exact
    purpose = f"equipment.orders.{purchase.order.id}"
    return Due(
        _key(tool, stage),
        "tools",
        day,
        purchase.price * share,
        purchase.currency,
        purchase.partner,
        purpose,
        purchase.order.use,
        asset=tool.id,
    )


def _test_wafers(tool: Tool, purchase: Purchase, alliance: Alliance, month: Month) -> Due:
    price, wafers = alliance.planning.materials.monitor, float(purchase.installation.test_wafers)
    purpose = f"equipment.orders.{purchase.order.id}"
    return due(f"test-wafers.{tool.id}", "materials", month.last, price, alliance.workforce.employer, purpose, wafers)


def _key(tool: Tool, stage: str) -> str:
    return f"tool.{tool.id}.{stage}"


def _bought(tool: Tool, purchase: Purchase, month: Month, unpaid: frozenset[str]) -> Tool:
    """Place the order once it is paid, then note the day on which the delivery is paid."""
    if tool.ordered is None and tool.wanted is not None:
        if tool.billed != "order" or _key(tool, "order") in unpaid:
            cause = "tools" if CLOSED in purchase.order.after else "money"
            return tool.late(cause, (month.last - month.within(tool.wanted)).days + 1)
        ordered = month.within(tool.wanted)
        return replace(tool, ordered=ordered, delivery=_delivery(tool, purchase, ordered))
    if tool.billed == "delivery" and tool.paid is None and tool.delivery is not None:
        if _key(tool, "delivery") in unpaid:
            return tool.late("money", (month.last - month.within(tool.delivery)).days + 1)
        return replace(tool, paid=month.within(tool.delivery))
    return tool


def _delivery(tool: Tool, purchase: Purchase, ordered: dt.date) -> dt.date:
    """Lead time from the order, or the tool's place in the agreed window, as much later as the order was."""
    order = purchase.order
    if order.deliver_from is None:
        return add_months(ordered, purchase.lead_time)
    last = order.deliver_until or order.deliver_from
    day = order.deliver_from + dt.timedelta(
        days=int((last - order.deliver_from).days * (tool.position + 0.5) / purchase.tools)
    )
    slip = (ordered - (tool.wanted or ordered)).days
    return max(day + dt.timedelta(days=slip), ordered)


def _docked(
    tools: list[Tool], fleet: Fleet, alliance: Alliance, site: Site, month: Month
) -> tuple[list[Tool], dict[str, dt.datetime]]:
    """Move in what is delivered and paid, first come first served: a place in a ready bay, then a slot of the dock."""
    free, dock_free = _free_places(tools, alliance), dict(fleet.dock_free)
    waiting = [
        i for i, t in enumerate(tools) if t.docked is None and t.delivery is not None and t.delivery <= month.last
    ]
    for index in sorted(waiting, key=lambda i: (max(tools[i].delivery or NEVER, tools[i].paid or NEVER), i)):
        tool, purchase = tools[index], fleet.of(tools[index])
        if tool.paid is None or tool.delivery is None:
            continue
        tools[index] = _moved_in(tool, purchase, alliance, site, month, free, dock_free)
    return tools, dock_free


def _moved_in(
    tool: Tool, purchase: Purchase, alliance: Alliance, site: Site, month: Month,
    free: dict[str, int], dock_free: dict[str, dt.datetime],
) -> Tool:  # fmt: skip
    """One tool to the best bay: the one that can take it first; days lost go to what it waited for."""
    there = max(tool.delivery or NEVER, tool.paid or NEVER)
    best = _bay(purchase, alliance, site, free)
    since = month.within(there)
    if best is None or best[0] > month.last:
        cause = "site" if best is None else best[2]
        return tool.late(cause, (month.last - since).days + 1)
    ready, bay, cause, phase = best[0], best[1], best[2], best[1].split("/")[0]
    free_at = max(ready, there)
    slot = max(dt.datetime.combine(free_at, dt.time()), dock_free.get(phase, dt.datetime.min))
    tool = tool.late(cause, (min(ready, month.last) - since).days if ready > since else 0)
    if slot.date() > month.last:
        return tool.late("site", (month.last - max(month.first, free_at)).days + 1)
    rate = float(alliance.site.phases[phase].dock_tools_per_week)
    dock_free[phase] = slot + dt.timedelta(days=7 / rate)
    free[bay] -= 1
    tool = tool.late("site", (slot.date() - max(month.first, free_at)).days)
    return _installing(replace(tool, docked=slot.date(), bay=bay), purchase)


def _installing(tool: Tool, purchase: Purchase) -> Tool:
    """Installation and SL1 follow the move-in without waiting."""
    day = dt.timedelta(days=1)
    installed = (tool.docked or NEVER) + day * round(float(purchase.installation.install))
    return replace(tool, installed=installed, started_up=installed + day * round(float(purchase.installation.sl1)))


def _free_places(tools: list[Tool], alliance: Alliance) -> dict[str, int]:
    free = {
        f"{phase.id}/{bay.id}": bay.tool_places
        for phase in alliance.site.phases.values()
        for bay in phase.bays.values()
    }
    for tool in tools:
        if tool.bay:
            free[tool.bay] -= 1
    return free


def _bay(
    purchase: Purchase, alliance: Alliance, site: Site, free: Mapping[str, int]
) -> tuple[dt.date, str, str] | None:
    """Return the day, the bay (`phase/bay`) and the root cause of its lateness for the first bay with a place."""
    found: list[tuple[dt.date, str, str]] = []
    for building in site:
        phase = alliance.site.phases[building.phase]
        for bay in phase.bays.values():
            name = f"{phase.id}/{bay.id}"
            fits = not bay.areas or purchase.area in bay.areas or purchase.group in bay.areas
            if fits and free[name] > 0:
                found.append((usable(building, phase, bay) or NEVER, name, late_for(building)))
    return min(found, key=lambda item: item[0], default=None)


def _work(purchase: Purchase) -> float:
    return float(purchase.installation.sl2) + float(purchase.installation.recipes)


def _effort(tool: Tool, purchase: Purchase) -> float:
    terms = purchase.installation
    return float(terms.engineers if tool.first else terms.engineers_repeat)


def _work_ahead(tool: Tool, purchase: Purchase, month: Month) -> float:
    """Return the days of SL2 and recipe qualification that could be done in the month."""
    if tool.started_up is None or tool.started_up > month.last or tool.qualified is not None:
        return 0.0
    calendar = (month.last - month.within(tool.started_up)).days + 1
    return min(float(calendar), _work(purchase) - tool.work_done)


def _qualifying(tool: Tool, purchase: Purchase, month: Month, cover: float) -> Tool:
    """SL2 and recipe qualification, slowed by the engineers that are there."""
    if tool.started_up is None or tool.qualified is not None or tool.started_up > month.last:
        return tool
    since, left = month.within(tool.started_up), _work(purchase) - tool.work_done
    calendar = (month.last - since).days + 1
    speed = cover if _effort(tool, purchase) > 0 else 1.0
    done = min(calendar * speed, left)
    if done < left - 1e-9:
        return replace(tool, work_done=tool.work_done + done).late("people", round(calendar * (1 - speed)))
    days = left / speed if speed > 0 else 0.0
    tool = tool.late("people", round(days - left))
    qualified = since + dt.timedelta(days=min(int(days), calendar - 1))
    return replace(tool, work_done=tool.work_done + done, qualified=qualified)


def in_month(fleet: Fleet, month: Month) -> list[tuple[dt.date, str]]:
    """Return the tools that join the floor in the month: day and group, in order of day."""
    joins = [
        (t.qualified, fleet.of(t).group) for t in fleet.tools if t.qualified is not None and month.has(t.qualified)
    ]
    return sorted(joins)
