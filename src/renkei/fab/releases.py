"""How many lots the declared orders release."""

from __future__ import annotations

from renkei.fab.fab import Fab
from renkei.fab.products import Order

DAY = 1440.0


def release_rates(fab: Fab) -> tuple[float, ...]:
    """Return the lots a day of each order while it releases.

    Orders of one release each (lots listed one by one) count together, spread over the time from the first to the last
    of them. Orders that only keep a WIP level have no rate of their own: they count as 0.
    """
    starts = [order.start for order in fab.orders if _is_single(order)]
    span = max(starts) - min(starts) if starts else 0.0
    single = (1 - 1 / len(starts)) * DAY / span if span > 0 else 0.0
    return tuple(
        order.lots_per_release * (DAY / order.interval if order.interval else single if _is_single(order) else 0.0)
        for order in fab.orders
    )


def _is_single(order: Order) -> bool:
    return order.interval is None and order.wip_limit is None
