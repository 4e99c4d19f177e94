"""`part.txt`, `order.txt`, `WIP.txt`: products, releases, and the lots already in the fab."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from renkei.errors import did_you_mean
from renkei.fab.products import InitialLot, Order, Product
from renkei.fab.smt2020.autosched import Folder, TextRow
from renkei.fab.smt2020.routes import Labels

_ORDER_COLUMNS = (
    "LOT", "PART", "PRIOR", "PIECES", "START", "RDIST", "REPEAT", "RUNITS", "RPT#", "LOTSPERRPT", "DUE", "ORDER",
    "HOTLOT",
)  # fmt: skip
_FIELDS = {
    "priority": "PRIOR", "wafers": "PIECES", "start": "START", "interval": "REPEAT", "releases": "RPT#",
    "lots_per_release": "LOTSPERRPT", "due": "DUE", "step": "CURSTEP",
}  # fmt: skip
_WIP_COLUMNS = ("LOT", "PART", "PRIOR", "PIECES", "START", "CURSTEP", "DUE", "ORDER", "HOTLOT")
_RELEASE_LAWS = {"": "constant", "constant": "constant", "exponential": "exponential"}


def read_products(folder: Folder) -> tuple[dict[str, Product], list[tuple[TextRow, str, str]]]:
    """Return the products, and for each row of `part.txt` its route file and route."""
    products: dict[str, Product] = {}
    routes = []
    for row in folder.rows("part.txt", ("PARTGRP", "PARTFAM", "PART", "ROUTEFILE", "ROUTE")):
        name, route = row.text("PART", required=True), row.text("ROUTE", required=True)
        file = row.text("ROUTEFILE", required=True)
        if name in products:
            row.fail("PART", f'= "{name}" stands in line {products[name].line} already')
        kind = _kind(row.text("PARTGRP"))
        values = {"product": name, "route": route, "family": row.text("PARTFAM"), "kind": kind}
        products[name] = row.build(Product, values, {})
        if file:
            routes.append((row, file, route))
    return products, routes


def _kind(group: str) -> str:
    """Development lots and monitors are told by the free name of their part group."""
    words = group.lower()
    if words.startswith("eng") or "development" in words:
        return "engineering"
    return "monitor" if any(word in words for word in ("monitor", "dummy", "non-product")) else "product"


class OrderBook:
    """The rows of `order.txt` and `WIP.txt`, on a clock whose minute 0 is the earliest START of an order."""

    def __init__(self, folder: Folder):
        self.folder = folder
        self.orders = folder.rows("order.txt", _ORDER_COLUMNS)
        self.wip = folder.rows("WIP.txt", _WIP_COLUMNS, required=False)
        starts = [start for row in self.orders or self.wip if (start := row.date("START", required=True))]
        self.start = min(starts, default=dt.datetime(2018, 1, 1))
        shared = Counter(row.text("ORDER") for row in self.orders)
        self.shared_orders = {order for order, count in shared.items() if count > 1}

    def minutes(self, date: dt.datetime | None) -> float | None:
        """Return a date in minutes after the fab's start."""
        return None if date is None else (date - self.start).total_seconds() / 60

    def releases(self, products: dict[str, Product]) -> tuple[Order, ...]:
        """Return the release lines; rows without REPEAT are single releases."""
        return tuple(self._release(row, products) for row in self.orders)

    def _release(self, row: TextRow, products: dict[str, Product]) -> Order:
        self._note_reservation(row)
        product = self._product(row, products)
        interval = row.minutes("REPEAT", "RUNITS")
        start = self.minutes(row.date("START")) or 0.0
        due = self.minutes(row.date("DUE"))
        if due is not None and due < start:
            row.fail("DUE", f"= {row.text('DUE')} must not lie before START = {row.text('START')}")
        values = {
            "order": self._lot_type(row, product, single=interval is None),
            "product": product,
            "priority": _priority(row),
            "wafers": row.whole("PIECES", required=True) or None,
            "start": start,
            "interval_distribution": row.word("RDIST", _RELEASE_LAWS),
            "interval": interval,
            "lots_per_release": row.whole("LOTSPERRPT") or 1,
            "releases": 1 if interval is None else row.whole("RPT#"),
            "due": None if due is None else due - start,
            "note": row.text("LOT") if interval is None else "",
        }
        return row.build(Order, values, _FIELDS)

    def _lot_type(self, row: TextRow, product: str, single: bool) -> str:
        """A repeating row is a lot type of its own; lots listed one by one share that of their order or product."""
        order = row.text("ORDER")
        if single:
            return order if order in self.shared_orders else product
        return row.text("LOT", required=True) or order or product

    def initial_lots(self, products: dict[str, Product], labels: dict[str, Labels]) -> tuple[InitialLot, ...]:
        """Return the lots that queue at minute 0."""
        return tuple(self._initial_lot(row, products, labels) for row in self.wip)

    def _initial_lot(self, row: TextRow, products: dict[str, Product], labels: dict[str, Labels]) -> InitialLot:
        self._note_reservation(row)
        product = self._product(row, products)
        start = self.minutes(row.date("START"))
        if start is not None and start > 0:
            row.fail("START", f"= {row.text('START')} must not lie after the first order, {self.start}")
        values = {
            "lot": row.text("LOT", required=True),
            "product": product,
            "order": row.text("ORDER") or product,
            "priority": _priority(row),
            "wafers": row.whole("PIECES", required=True) or None,
            "step": self._step(row, products, labels),
            "start": start if start is not None and start < 0 else None,
            "due": self.minutes(row.date("DUE")),
        }
        return row.build(InitialLot, values, _FIELDS)

    def _step(self, row: TextRow, products: dict[str, Product], labels: dict[str, Labels]) -> int:
        product = products.get(row.text("PART"))
        route = product.route if product else ""
        known = labels.get(route)
        label = row.text("CURSTEP", required=True)
        if known is None or not label:
            return 1
        if label not in known:
            row.fail("CURSTEP", f'= "{label}" is not a step of {route}, which has {len(known)}')
        return known.get(label, 1)

    def _product(self, row: TextRow, products: dict[str, Product]) -> str:
        name = row.text("PART", required=True)
        if name and name not in products:
            row.fail("PART", f'= "{name}" is not a part of part.txt{did_you_mean(name, products)}')
        return name

    def _note_reservation(self, row: TextRow) -> None:
        if row.word("HOTLOT", {"": False, "no": False, "yes": True}):
            reason = "such lots go first by their priority, but no tool is reserved for them"
            self.folder.leave_out(f"{row.file}: HOTLOT = yes; {reason}.")


def _priority(row: TextRow) -> int:
    priority = row.whole("PRIOR")
    return 10 if priority is None else priority
