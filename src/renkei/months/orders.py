"""Orders of tools as declared, resolved into what is bought of which maker at which price."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from renkei.alliance import Alliance
from renkei.alliance.equipment import Installation, Order, Payment, Supplier
from renkei.errors import RunError
from renkei.fab.fab import Fab
from renkei.fab.tools import ToolGroup
from renkei.units import Quantity, quantity


@dataclass(frozen=True)
class Purchase:
    """Like tools of one order."""

    order: Order
    group: str
    area: str
    tools: int
    supplier: str
    """Identifier of the supplier, empty if none is declared."""
    partner: str
    """Who is paid: the supplier's partner, or the maker's name in the fab."""
    country: str
    price: Decimal
    """Of one tool, in `currency`."""
    currency: str
    payment: Payment
    lead_time: float
    """Months."""
    installation: Installation
    own: bool
    """Paid by the manufacturer."""


def sizes_of(alliance: Alliance) -> tuple[str, ...]:
    """Return the sizes of the fab that orders name."""
    return tuple(dict.fromkeys(order.to_size for order in alliance.equipment.orders.values() if order.to_size))


def purchases(alliance: Alliance, fab: Fab, sizes: Mapping[str, Fab]) -> tuple[Purchase, ...]:
    """Return what is bought, in the order of declaration; `sizes` are the fab's sizes by name."""
    bought: dict[str, int] = {}
    found: list[Purchase] = []
    for order in alliance.equipment.orders.values():
        for name, tools in _counts(order, sizes, bought).items():
            bought[name] = bought.get(name, 0) + tools
            found.append(_purchase(alliance, order, fab.tool_groups[name], tools))
    return tuple(found)


def most_tools(bought: tuple[Purchase, ...]) -> dict[str, int]:
    """Return the largest number of tools that each group will ever have."""
    most: dict[str, int] = {}
    for purchase in bought:
        most[purchase.group] = most.get(purchase.group, 0) + purchase.tools
    return most


def _counts(order: Order, sizes: Mapping[str, Fab], bought: Mapping[str, int]) -> dict[str, int]:
    if order.tools:
        return dict(order.tools)
    counts = {}
    for name, group in sizes[order.to_size].tool_groups.items():
        names = {name, group.area}
        wanted = group.kind == "tool" and not names & set(order.but) and (not order.only or names & set(order.only))
        missing = math.ceil((group.tools - bought.get(name, 0)) * float(order.share) - 1e-9) if wanted else 0
        if missing > 0:
            counts[name] = missing
    return counts


def _purchase(alliance: Alliance, order: Order, group: ToolGroup, tools: int) -> Purchase:
    equipment = alliance.equipment
    supplier = supplier_of(alliance, group)
    price = _price(alliance, group)
    factor = order.price_factor.exact * (supplier.price_factor.exact if supplier else 1)
    lead = order.lead_time or (supplier.lead_time if supplier else equipment.lead_time)
    partner = supplier.partner if supplier else group.supplier or "makers without declaration"
    installations = equipment.installations
    return Purchase(
        order=order,
        group=group.tool_group,
        area=group.area,
        tools=tools,
        supplier=supplier.id if supplier else "",
        partner=partner,
        country=alliance.partners[supplier.partner].country if supplier else group.country,
        price=price.exact * factor,
        currency=price.currency,
        payment=(supplier.payment if supplier else None) or equipment.payment,
        lead_time=float(lead),
        installation=installations.get(group.tool_group, installations.get(group.area, equipment.installation)),
        own=order.buyer is None or order.buyer == alliance.workforce.employer,
    )


def supplier_of(alliance: Alliance, group: ToolGroup) -> Supplier | None:
    """Return who supplies a tool group: named for the group, its area, or by the fab's spelling, in this order."""
    suppliers = alliance.equipment.suppliers.values()
    by_group = [s for s in suppliers if group.tool_group in s.supplies]
    by_area = [s for s in suppliers if group.area in s.supplies]
    by_spelling = [s for s in suppliers if group.supplier in s.fab_suppliers]
    return next(iter(by_group + by_area + by_spelling), None)


def _price(alliance: Alliance, group: ToolGroup) -> Quantity:
    declared = alliance.equipment.prices.get(group.tool_group)
    if declared is not None:
        return declared
    if group.price_musd is not None:
        return quantity("MoneyQ", f"{group.price_musd!r} M USD")
    if alliance.equipment.default_price is None:
        raise RunError(
            f"tool group {group.tool_group} has no price; declare it in equipment.prices or set equipment.default_price"
        )
    return alliance.equipment.default_price
