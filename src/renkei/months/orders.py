"""Orders of tools as declared, resolved into what is bought of which maker at which price."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
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
    second: int | None = None
    """Index of the purchase that takes its place at the second source; None: there is none."""
    patience: float = 0.0
    """Months that the first source's queue and licence may add before the second one is taken."""
    effort: float = 1.0
    """On the days and engineers of SL2 and recipe qualification."""


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
            group = fab.tool_groups[name]
            found.append(_purchase(alliance, order, group, tools, supplier_of(alliance, group)))
    return _with_seconds(alliance, fab, found)


def most_tools(bought: tuple[Purchase, ...]) -> dict[str, int]:
    """Return the largest number of tools that each group will ever have."""
    most: dict[str, int] = {}
    for purchase in bought:
        most[purchase.group] = most.get(purchase.group, 0) + purchase.tools
    return most


def domestic_share(alliance: Alliance, bought: tuple[Purchase, ...]) -> float | None:
    """Return what makers of the agreed country (the employer's, unless `domestic` says otherwise) get of all declared
    orders of the manufacturer, at list prices and the first day's rates; None if nothing is to be bought."""
    country, total, home = domestic_country(alliance), Decimal(0), Decimal(0)
    for purchase in bought:
        if purchase.own:
            worth = purchase.price * purchase.tools * alliance.rate(purchase.currency, alliance.first_day)
            total += worth
            home += worth if purchase.country == country else 0
    return float(home / total) if total else None


def domestic_country(alliance: Alliance) -> str:
    """Return the country whose makers count as domestic."""
    terms = alliance.equipment.domestic
    own = alliance.partners[alliance.workforce.employer].country
    return (terms.country or own) if terms is not None else own


def _with_seconds(alliance: Alliance, fab: Fab, found: list[Purchase]) -> tuple[Purchase, ...]:
    """Add a purchase of no tools for each that has a second source: what its tools become if they go there."""
    seconds: list[Purchase] = []
    for index, first in enumerate(found):
        source = next(
            (s for s in alliance.equipment.second_sources.values() if {first.group, first.area} & set(s.tools)), None
        )
        if source is None or source.supplier == first.supplier:
            continue
        supplier = alliance.equipment.suppliers[source.supplier]
        order = first.order.model_copy(update={"deliver_from": None, "deliver_until": None, "lead_time": None})
        other = _purchase(alliance, order, fab.tool_groups[first.group], 0, supplier)
        price = other.price * source.price_factor.exact
        seconds.append(replace(other, price=price, effort=float(source.effort)))
        found[index] = replace(first, second=len(found) + len(seconds) - 1, patience=float(source.patience))
    return (*found, *seconds)


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


def _purchase(alliance: Alliance, order: Order, group: ToolGroup, tools: int, supplier: Supplier | None) -> Purchase:
    equipment = alliance.equipment
    price = _price(alliance, group)
    amount, currency = price.exact, price.currency
    if supplier is not None and supplier.currency not in (None, currency):
        currency = str(supplier.currency)
        amount = amount * alliance.rate(price.currency, alliance.first_day)
        amount = amount / alliance.rate(currency, alliance.first_day)
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
        price=amount * factor,
        currency=currency,
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
