"""Supply: when an ordered tool reaches the dock, past the maker's queue, slips, export licences and the way."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass

from renkei.alliance import Alliance
from renkei.alliance.supply import Licence
from renkei.months.orders import Purchase
from renkei.units import add_months, uniform

DAYS_PER_YEAR = 365.25


@dataclass(frozen=True)
class Way:
    """An ordered tool's way to the dock."""

    ready: dt.date
    """Leaves the maker's queue."""
    gone: dt.date
    """Leaves the gate, slips and the licence passed."""
    delivery: dt.date
    lost: int
    """Days later than lead time and shipping alone."""


def way(
    purchase: Purchase, alliance: Alliance, ordered: dt.date, free: Mapping[str, dt.date], slip: float = 0.0
) -> Way:
    """Return the way of a tool ordered on a day; `free`: when each maker's next place is, `slip`: months.

    The maker's allotment is a queue with one server at a constant pace: a tool leaves when it is built and the place
    before it is over, so n tools ordered at once leave over n places.
    """
    built = add_months(ordered, purchase.lead_time)
    ready = max(built, free.get(purchase.supplier, built))
    gone = add_months(ready, slip) if slip else ready
    licence = licence_of(alliance, purchase, ordered)
    if licence is not None:
        gone = max(gone, add_months(ordered, float(licence.time)))
    at_sea = dt.timedelta(days=shipping_days(alliance, purchase))
    return Way(ready, gone, gone + at_sea, (gone - built).days)


def reserved(purchase: Purchase, alliance: Alliance, ready: dt.date, free: Mapping[str, dt.date]) -> dict[str, dt.date]:
    """Return the makers' next places after a tool that leaves on a day."""
    supplier = alliance.equipment.suppliers.get(purchase.supplier)
    if supplier is None or supplier.yearly_tools is None:
        return dict(free)
    pace = DAYS_PER_YEAR / max(float(supplier.yearly_tools), 1e-6)
    days = min(math.ceil(pace), (dt.date.max - ready).days)
    return {**free, purchase.supplier: ready + dt.timedelta(days=days)}


def slip_of(purchase: Purchase, alliance: Alliance, tool: str, seed: int) -> float:
    """Return a tool's own slip in months: none, or exponentially distributed, by two draws of its address."""
    supplier = alliance.equipment.suppliers.get(purchase.supplier)
    if supplier is None or float(supplier.slip_chance) <= 0:
        return 0.0
    path = f"equipment.suppliers.{supplier.id}.slip.{tool}"
    if uniform(seed, path) >= float(supplier.slip_chance):
        return 0.0
    return -float(supplier.slip) * math.log(uniform(seed, path, 1))


def licence_of(alliance: Alliance, purchase: Purchase, on: dt.date) -> Licence | None:
    """Return the export licence that a tool ordered on a day needs, the slowest if several do; None: none."""
    needed = [
        licence
        for licence in alliance.equipment.licences.values()
        if purchase.country in licence.countries
        and (not licence.tools or purchase.group in licence.tools or purchase.area in licence.tools)
        and (licence.start is None or licence.start <= on)
        and (licence.until is None or on <= licence.until)
    ]
    return max(needed, key=lambda licence: float(licence.time), default=None)


def refused(licence: Licence, purchase: Purchase, seed: int) -> bool:
    """Return whether a licence is refused for a maker's tools of a group."""
    path = f"equipment.licences.{licence.id}.refused.{purchase.supplier or purchase.partner}.{purchase.group}"
    return uniform(seed, path) < float(licence.refused)


def shipping_days(alliance: Alliance, purchase: Purchase) -> int:
    """Return the days from the maker's gate to the dock; 0 where no way is declared for the country."""
    shipping = alliance.equipment.shipping.get(purchase.country)
    return round(float(shipping.time)) if shipping is not None else 0


def window_day(purchase: Purchase, position: int) -> dt.date | None:
    """Return a tool's day in an agreed delivery window, over which tools come evenly; None without a window."""
    order = purchase.order
    if order.deliver_from is None:
        return None
    last = order.deliver_until or order.deliver_from
    return order.deliver_from + dt.timedelta(
        days=int((last - order.deliver_from).days * (position + 0.5) / purchase.tools)
    )
