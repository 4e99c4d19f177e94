"""Order files: lots released again and again, lots planned one by one, and the lots already in the fab."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from renkei.errors import Problem, did_you_mean
from renkei.fab.messages import shown
from renkei.fab.planned import PlannedLots, arrays
from renkei.fab.products import InitialLot, Order, PlannedLot, Product
from renkei.fab.smt2020.autosched import Folder, TextTable
from renkei.fab.smt2020.routes import Labels
from renkei.fab.smt2020.textrow import NO_DATE, TextRow, read_date

_COLUMNS = (
    "LOT", "PART", "PRIOR", "PIECES", "START", "RDIST", "REPEAT", "RUNITS", "RPT#", "LOTSPERRPT", "DUE", "ORDER",
    "HOTLOT", "CURSTEP",
)  # fmt: skip
_FIELDS = {
    "priority": "PRIOR", "wafers": "PIECES", "start": "START", "interval": "REPEAT", "releases": "RPT#",
    "lots_per_release": "LOTSPERRPT", "due": "DUE", "step": "CURSTEP",
}  # fmt: skip
_RELEASE_LAWS = {"": "constant", "constant": "constant", "exponential": "exponential"}

Date = dt.datetime | None


@dataclass(frozen=True)
class OrderFile:
    """One order file, with START and DUE of each row, and the places of its three kinds of rows."""

    table: TextTable
    starts: list[Date]
    dues: list[Date]
    repeating: list[int]
    """Rows with REPEAT, which release lots again and again."""
    initial: list[int]
    """Rows with CURSTEP: lots that are there at minute 0."""
    planned: list[int]
    """The others: single lots."""


def read_orders(folder: Folder, file: str) -> OrderFile:
    """Return an order file."""
    table = folder.table(file, _COLUMNS)
    if file.lower() == "wip.txt" and table.rows and "CURSTEP" not in table.header:
        message = "is a missing column; it says where each lot of the start is"
        folder.problems.append(Problem(file, None, "CURSTEP", message))
    every = range(len(table.rows))
    repeat, step = table.column("REPEAT"), table.column("CURSTEP")
    return OrderFile(
        table,
        starts=_dates(table, "START"),
        dues=_dates(table, "DUE"),
        repeating=[place for place in every if repeat[place]],
        initial=[place for place in every if step[place] and not repeat[place]],
        planned=[place for place in every if not repeat[place] and not step[place]],
    )


def _dates(table: TextTable, column: str) -> list[Date]:
    """Return the dates of a column, the first that is none reported; there may be as many different ones as rows."""
    texts = table.column(column)
    dates = [read_date(text) if text else None for text in texts]
    wrong = [place for place, text in enumerate(texts) if text and dates[place] is None]
    if wrong:
        more = f"; nor are {len(wrong) - 1} more" if len(wrong) > 1 else ""
        table.row(wrong[0]).fail(column, f"= {shown(texts[wrong[0]])} {NO_DATE}{more}")
    return dates


class OrderBook:
    """The rows of all order files on one clock: its minute 0 is `start`, or the earliest START of a release."""

    def __init__(self, folder: Folder, files: Sequence[str], start: Date, products: Mapping[str, Product]):
        self.products = products
        self.files = [read_orders(folder, file) for file in dict.fromkeys(files)]
        releases = [file.starts[place] for file in self.files for place in (*file.repeating, *file.planned)]
        known = [date for date in releases if date] or [date for file in self.files for date in file.starts if date]
        self.start = start or min(known, default=dt.datetime(2018, 1, 1))
        orders: Counter[str] = Counter()
        for file in self.files:
            names = file.table.column("ORDER")
            orders.update(names[place] for place in file.planned)
        self.shared_orders = {order for order, count in orders.items() if order and count > 1}
        """Orders of several planned lots."""

    def usual_wafers(self) -> int:
        """Return the most common number of wafers of a lot; a row that repeats counts as often as it does."""
        counts: Counter[str] = Counter()
        for file in self.files:
            pieces, repeats = file.table.column("PIECES"), file.table.column("RPT#")
            counts.update(pieces[place] for place in (*file.planned, *file.initial))
            for place in file.repeating:
                counts[pieces[place]] += int(repeats[place]) if repeats[place].isdecimal() else 1_000_000
        sizes = (cell.removesuffix(".0") for cell, _ in counts.most_common())
        return next((int(cell) for cell in sizes if cell.isdecimal() and 0 < int(cell) < 10**9), 25)

    def _minutes(self, date: Date) -> float | None:
        """Return a date in minutes after the fab's start."""
        return None if date is None else (date - self.start).total_seconds() / 60

    def _check_entry(self, file: OrderFile, places: list[int]) -> None:
        """Report the first row without START, with one before minute 0, and with DUE before START."""
        text = file.table.column("START")
        starts, dues = ([date[place] for place in places] for date in (file.starts, file.dues))
        missing = [place for place in places if not text[place]]
        before = [place for place, start in zip(places, starts, strict=True) if start and start < self.start]
        both = zip(places, starts, dues, strict=True)
        early = [place for place, start, due in both if start and due and due < start]
        if missing:
            file.table.row(missing[0]).text("START", required=True)
        if before:
            row = file.table.row(before[0])
            row.fail("START", f"= {row.text('START')} must not lie before the start of the simulation, {self.start}")
        if early:
            row = file.table.row(early[0])
            more = f"; so do {len(early) - 1} more" if len(early) > 1 else ""
            row.fail("DUE", f"= {row.text('DUE')} must not lie before START = {row.text('START')}{more}")

    # Releases

    def releases(self) -> tuple[Order, ...]:
        """Return the release lines of rows that repeat."""
        for file in self.files:
            for place in file.repeating:
                self._check_entry(file, [place])
        return tuple(self._release(file, place) for file in self.files for place in file.repeating)

    def _release(self, file: OrderFile, place: int) -> Order:
        row = file.table.row(place)
        if row.text("CURSTEP"):
            row.fail("CURSTEP", "stands beside REPEAT; a lot that is there already is not released again")
        product = self._product(row)
        start, due = max(self._minutes(file.starts[place]) or 0.0, 0.0), self._minutes(file.dues[place])
        values = {
            "order": row.text("LOT", required=True) or row.text("ORDER") or product,
            "product": product,
            "priority": _priority(row),
            "wafers": _pieces(row),
            "start": start,
            "interval_distribution": row.word("RDIST", _RELEASE_LAWS),
            "interval": row.minutes("REPEAT", "RUNITS"),
            "lots_per_release": row.whole("LOTSPERRPT") or 1,
            "releases": row.whole("RPT#"),
            "due": None if due is None else max(due - start, 0.0),
            "reserve": row.flag("HOTLOT"),
        }
        return row.build(Order, values, _FIELDS)

    # Planned lots

    def planned_lots(self) -> PlannedLots:
        """Return the lots planned one by one; those of one order form a lot type, others one with their product."""
        lots = PlannedLots.of(())
        for file in self.files:
            if file.planned:
                lots = lots.joined(self._planned(file, file.planned))
        return lots

    def _planned(self, file: OrderFile, places: list[int]) -> PlannedLots:
        table = file.table
        self._check_entry(file, places)
        table.mapped("RPT#", places, lambda row: _once(row, "RPT#"))
        table.mapped("LOTSPERRPT", places, lambda row: _once(row, "LOTSPERRPT"))
        names, orders = table.column("LOT"), table.column("ORDER")
        products = table.mapped("PART", places, self._product)
        columns: dict[str, Sequence[object]] = {
            "lot": [names[place] for place in places],
            "product": products,
            "order": [
                orders[place] if orders[place] in self.shared_orders else product
                for place, product in zip(places, products, strict=True)
            ],
            "priority": table.mapped("PRIOR", places, lambda row: _bounded(row, priority=_priority(row)).priority),
            "wafers": table.mapped("PIECES", places, lambda row: _bounded(row, wafers=_pieces(row)).wafers),
            "start": [max(self._minutes(file.starts[place]) or 0.0, 0.0) for place in places],
            "due": [self._minutes(file.dues[place]) for place in places],
            "reserve": table.mapped("HOTLOT", places, lambda row: row.flag("HOTLOT")),
            "file": [table.file] * len(places),
            "line": [table.rows[place][0] for place in places],
        }
        return PlannedLots(arrays(columns))

    # Lots at the start

    def initial_lots(self, labels: dict[str, Labels]) -> tuple[InitialLot, ...]:
        """Return the lots that queue at minute 0."""
        return tuple(self._initial_lot(file, place, labels) for file in self.files for place in file.initial)

    def _initial_lot(self, file: OrderFile, place: int, labels: dict[str, Labels]) -> InitialLot:
        row = file.table.row(place)
        product = self._product(row)
        start = self._minutes(file.starts[place])
        if start is not None and start > 0:
            row.fail("START", f"= {row.text('START')} must not lie after the start of the simulation, {self.start}")
        values = {
            "lot": row.text("LOT", required=True),
            "product": product,
            "order": row.text("ORDER") or product,
            "priority": _priority(row),
            "wafers": _pieces(row),
            "step": self._step(row, labels),
            "start": start if start is not None and start < 0 else None,
            "due": self._minutes(file.dues[place]),
            "reserve": row.flag("HOTLOT"),
        }
        return row.build(InitialLot, values, _FIELDS)

    def _step(self, row: TextRow, labels: dict[str, Labels]) -> int:
        product = self.products.get(row.text("PART"))
        route = product.route if product else ""
        known = labels.get(route)
        label = row.text("CURSTEP")
        if known is None:
            return 1
        if label not in known:
            row.fail("CURSTEP", f'= "{label}" is not a step of {route}, which has {len(known)}')
        return known.get(label, 1)

    def _product(self, row: TextRow) -> str:
        name = row.text("PART", required=True)
        if name and name not in self.products:
            row.fail("PART", f'= "{name}" is not a part of the product table{did_you_mean(name, self.products)}')
        return name


def _priority(row: TextRow) -> int:
    priority = row.whole("PRIOR")
    return 10 if priority is None else priority


def _pieces(row: TextRow) -> int | None:
    pieces = row.whole("PIECES", required=True)
    if pieces == 0:
        row.fail("PIECES", "= 0 must be at least 1 wafer")
    return pieces or None


def _bounded(row: TextRow, **values: int | None) -> PlannedLot:
    """Return a planned lot with one value of a row, which is checked by that."""
    return row.build(PlannedLot, {"product": "-", "start": 0.0, **values}, _FIELDS)


def _once(row: TextRow, column: str) -> None:
    if row.number(column) not in (None, 1.0):
        row.fail(column, f"= {row.text(column)} needs REPEAT, which says how long from one release to the next")
