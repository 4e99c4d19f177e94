"""How many lots the declared orders and the planned lots release."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from renkei.fab.fab import Fab
from renkei.fab.products import Order

DAY = 1440.0

Streams = dict[tuple[str, int], float]
"""Lots a day of each product and number of wafers a lot."""


def release_streams(fab: Fab) -> Streams:
    """Return the lots a day that orders and planned lots release, by product and wafers a lot."""
    streams: Streams = defaultdict(float)
    for order, rate in zip(fab.orders, release_rates(fab), strict=True):
        streams[order.product, order.wafers or fab.wafers_per_lot] += rate
    for (product, wafers), rate in _planned_streams(fab).items():
        streams[product, wafers or fab.wafers_per_lot] += rate
    return dict(streams)


def release_rates(fab: Fab) -> tuple[float, ...]:
    """Return the lots a day of each order while it releases.

    Orders of one release each count together, spread over the time from the first to the last of them. Orders that only
    keep a WIP level have no rate of their own: they count as 0.
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


def _planned_streams(fab: Fab) -> Streams:
    """Return the lots a day of the planned lots, spread over the time from the first start to the last.

    Products of one kind are spread together: lists of products and of development lots need not be equally long. With m
    different starts there are m − 1 intervals, so the last start adds no more lots to the time before it.
    """
    kinds = {name: product.kind for name, product in fab.products.items()}
    of_lot = np.array([kinds[name] for name in fab.lots.columns["product"]], np.str_)
    streams: Streams = {}
    for kind in np.unique(of_lot):
        lots = fab.lots.only(of_lot == kind)
        starts = np.unique(lots.columns["start"])
        if len(starts) > 1:
            a_day = DAY * (1 - 1 / len(starts)) / (starts[-1] - starts[0])
            streams |= {pair: count * a_day for pair, count in lots.kinds("product", "wafers").items()}
    return streams
