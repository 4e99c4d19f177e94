"""How many lots the declared orders release."""

from __future__ import annotations

from renkei.fab.fab import Fab

DAY = 1440.0


def release_rates(fab: Fab) -> tuple[float, ...]:
    """Return the lots a day of each order while it releases.

    Orders of one release each (lots listed one by one) count together, spread over the time from the first to the last
    of them.
    """
    starts = [order.start for order in fab.orders if order.interval is None]
    span = max(starts) - min(starts) if starts else 0.0
    single = (1 - 1 / len(starts)) * DAY / span if span > 0 else 0.0
    return tuple(
        order.lots_per_release * (single if order.interval is None else DAY / order.interval) for order in fab.orders
    )
