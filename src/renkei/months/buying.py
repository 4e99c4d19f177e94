"""Buying: orders when their day has come, from the first or the second source, and what is paid for them when."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from renkei.alliance import Alliance
from renkei.months.calendar import CLOSED, Month, opened
from renkei.months.fleet import NEVER, Fleet, Tool
from renkei.months.obligations import Due, due
from renkei.months.orders import Purchase
from renkei.months.supply import DAYS_PER_YEAR, licence_of, refused, reserved, way
from renkei.units import add_months


def bill(
    fleet: Fleet, alliance: Alliance, month: Month, reached: Mapping[str, dt.date], may_commit: bool, seed: int = 0
) -> tuple[Fleet, list[Due]]:
    """Return the fleet with what is billed this month: orders whose day has come, deliveries, acceptances.

    No order is placed while `may_commit` is False; the days until it is are lost to money. What a maker that has
    withdrawn was to deliver goes to the second source, if there is one.
    """
    dues: list[Due] = []
    tools: list[Tool] = []
    queues = dict(fleet.makers_free)
    for tool in fleet.tools:
        if tool.qualified is not None and tool.billed == "acceptance":
            tools.append(tool)
            continue
        if not tool.billed and CLOSED in fleet.of(tool).order.after and fleet.of(tool).second is not None:
            tool = replace(tool, purchase=fleet.of(tool).second or 0)
        tool = _wanted(tool, fleet.of(tool), month, reached)
        if not tool.billed and tool.wanted is not None:
            tool = _sourced(tool, fleet, alliance, month, queues, seed)
        purchase = fleet.of(tool)
        stage, day = _next_bill(tool)
        barred = stage == "order" and (not may_commit or CLOSED in purchase.order.after)
        if not stage or day > month.last or barred:
            tools.append(tool)
            continue
        if stage == "order":
            price = price_on(tool, purchase, alliance, month.within(day))
            tool = replace(tool, price=None if price == purchase.price else price)
            queues = reserved(purchase, alliance, way(purchase, alliance, month.within(day), queues).ready, queues)
        tools.append(replace(tool, billed=stage))
        if purchase.own:
            dues.append(_instalment(tool, fleet.price(tool), purchase, stage, month.within(day)))
            dues += _freight(tool, fleet.price(tool), purchase, alliance, month.within(day)) * (stage == "delivery")
        if stage == "acceptance" and not purchase.installation.wafers_on_floor:
            dues.append(_test_wafers(tool, purchase, alliance, month))
    return replace(fleet, tools=tuple(tools)), dues


def _wanted(tool: Tool, purchase: Purchase, month: Month, reached: Mapping[str, dt.date]) -> Tool:
    if tool.wanted is not None:
        return tool
    gate = opened(purchase.order.after, reached)
    if gate is None:
        return tool
    day = max(gate, purchase.order.date or dt.date.min)
    return replace(tool, wanted=month.within(day)) if day <= month.last else tool


def _sourced(
    tool: Tool, fleet: Fleet, alliance: Alliance, month: Month, queues: Mapping[str, dt.date], seed: int
) -> Tool:
    """Return the tool with the maker that it is ordered from, or held while there is none.

    It goes to the second source when the first one's licence is refused, on the day of the answer, and at once when
    queue and licence of the first add more than the buyer's patience to its lead time.
    """
    purchase, day = fleet.of(tool), month.within(tool.wanted or month.first)
    licence = licence_of(alliance, purchase, day) if day <= month.last else None
    if licence is not None and refused(licence, purchase, seed):
        answer = add_months(tool.wanted or day, float(licence.time))
        if purchase.second is not None and answer <= month.last:
            lost = (answer - day).days
            return replace(tool, purchase=purchase.second, wanted=answer, held="").late("tools", lost)
        return replace(tool, held="tools")
    if purchase.second is not None and purchase.order.deliver_from is None and day <= month.last:
        patience = purchase.patience * DAYS_PER_YEAR / 12
        if way(purchase, alliance, day, queues).lost > patience:
            return replace(tool, purchase=purchase.second, held="")
    return replace(tool, held="") if tool.held else tool


def price_on(tool: Tool, purchase: Purchase, alliance: Alliance, on: dt.date) -> Decimal:
    """Return a tool's price when it is ordered on a day: P · (1 + change)^years · n^log2(1 − learning).

    n: number of the tool in its group, so that each doubling takes `price_learning` off (Wright, J. Aeronaut. Sci. 3,
    1936); only this buyer's tools count. Years run from the alliance's first day.
    """
    supplier = alliance.equipment.suppliers.get(purchase.supplier)
    if supplier is None:
        return purchase.price
    change, learning = float(supplier.price_change), float(supplier.price_learning)
    if not change and not learning:
        return purchase.price
    years = (on - alliance.first_day).days / DAYS_PER_YEAR
    factor = (1 + change) ** years
    if learning:
        factor *= tool.number ** math.log2(max(1 - learning, 1e-9))
    return purchase.price * Decimal(repr(factor))


def _next_bill(tool: Tool) -> tuple[str, dt.date]:
    """Return the instalment that comes next and its due date; nothing is billed before its event."""
    if tool.billed == "" and tool.wanted is not None and not tool.held:
        return "order", tool.wanted
    if tool.billed == "order" and tool.delivery is not None:
        return "delivery", tool.delivery
    if tool.billed == "delivery" and tool.qualified is not None:
        return "acceptance", tool.qualified
    return "", NEVER


def _instalment(tool: Tool, price: Decimal, purchase: Purchase, stage: str, day: dt.date) -> Due:
    share: Decimal = getattr(purchase.payment, stage).exact
    purpose = f"equipment.orders.{purchase.order.id}"
    return Due(
        key_of(tool, stage),
        "tools",
        day,
        price * share,
        purchase.currency,
        purchase.partner,
        purpose,
        purchase.order.use,
        asset=tool.id,
    )


def _freight(tool: Tool, price: Decimal, purchase: Purchase, alliance: Alliance, day: dt.date) -> list[Due]:
    """Freight, insurance and duties, due with the delivery; the tool does not wait for their payment."""
    shipping = alliance.equipment.shipping.get(purchase.country)
    if shipping is None or float(shipping.cost) <= 0:
        return []
    amount, purpose = price * shipping.cost.exact, f"equipment.shipping.{purchase.country}"
    key = key_of(tool, "freight")
    return [
        Due(key, "tools", day, amount, purchase.currency, purchase.partner, purpose, purchase.order.use, asset=tool.id)
    ]


def _test_wafers(tool: Tool, purchase: Purchase, alliance: Alliance, month: Month) -> Due:
    price, wafers = alliance.planning.materials.monitor, float(purchase.installation.test_wafers)
    purpose = f"equipment.orders.{purchase.order.id}"
    return due(f"test-wafers.{tool.id}", "materials", month.last, price, alliance.workforce.employer, purpose, wafers)


def key_of(tool: Tool, stage: str) -> str:
    """Return the key of the obligation that a tool's instalment is."""
    return f"tool.{tool.id}.{stage}"
