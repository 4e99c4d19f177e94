"""A folder of AutoSched tables → a fab."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from renkei.errors import InputError, Problem
from renkei.fab.fab import Fab
from renkei.fab.outages import Transport
from renkei.fab.products import InitialLot
from renkei.fab.routes import Step
from renkei.fab.rules import check
from renkei.fab.smt2020.autosched import Folder
from renkei.fab.smt2020.calendars import read_outages
from renkei.fab.smt2020.columns import in_columns
from renkei.fab.smt2020.files import OPTIONS, find_files
from renkei.fab.smt2020.orders import OrderBook
from renkei.fab.smt2020.products import read_products
from renkei.fab.smt2020.routes import Labels, read_routes
from renkei.fab.smt2020.stations import read_min_runs, read_setups, read_tool_groups
from renkei.fab.smt2020.textrow import TextRow


def import_smt2020(path: str | Path, orders: Sequence[str] | None = None) -> Fab:
    """Return the fab described by a folder of AutoSched text tables in the format of SMT2020.

    Reads the files that `options.def` says are active; without it `part.txt`, the route files it names, `tool.txt*`,
    one `order*.txt`, and where there are any one `E_order*.txt`, `WIP.txt`, `setup.txt`, `setupgrp.txt`, `downcal.txt`,
    `pmcal.txt`, `attach.txt`, `fromto.txt`. `orders` names the order files to use instead. Raises InputError with all
    problems, by file and line.
    """
    folder = Folder(Path(path))
    if not folder.path.is_dir():
        raise InputError(str(path), [Problem(str(path), None, "", "is not a folder of AutoSched tables")])
    fab = _fab(folder, orders)
    problems = folder.problems or in_columns(fab, check(fab))
    if problems:
        raise InputError(str(path), problems)
    return fab


def _fab(folder: Folder, order_files: Sequence[str] | None) -> Fab:
    files = find_files(folder, order_files)
    groups = read_tool_groups(folder, files.stations, read_min_runs(folder, files.setup_groups))
    products, listed = read_products(folder, files.products)
    routes, labels = _routes(folder, listed)
    book = OrderBook(folder, files.orders, files.start, products)
    orders, lots = book.releases(), book.planned_lots()
    wip = book.initial_lots(labels)
    needed = {step.setup for route in routes.values() for step in route if step.setup}
    setups, outages = read_setups(folder, files.setups, needed), read_outages(folder, files, groups)
    transports = _transports(folder, files.fromto, {group.location for group in groups.values()})
    name = folder.path.resolve().name.removesuffix(".asd")
    return Fab(
        name=re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "smt2020",
        title=f"{name}, imported from AutoSched tables",
        start=book.start.date(),
        wafers_per_lot=book.usual_wafers(),
        tool_groups=groups,
        routes=routes,
        products=products,
        orders=orders,
        lots=lots,
        setups=setups,
        outages=outages,
        transports=transports,
        initial_wip=wip,
        left_out=(*folder.left_out, *_left_out(folder, wip)),
        sources=(f"AutoSched text tables in the format of SMT2020, folder {name}.",),
    )


def _left_out(folder: Folder, wip: tuple[InitialLot, ...]) -> list[str]:
    sentences = ["Names of single stations (STN), action lists (STNFAMSTEP_ACTLIST) and PRERULERWL."]
    if wip:
        sentences.append("How long a lot of WIP.txt has been in the fab, where its START is the start of the run.")
    if OPTIONS in folder.read:
        sentences.append(f"What {OPTIONS} says of reports, statistics and details of the run.")
    unread = {path.name for path in folder.path.iterdir() if path.is_file()} - folder.read
    if unread:
        sentences.append(f"Files that were not read: {', '.join(sorted(unread))}.")
    return sentences


def _routes(
    folder: Folder, listed: list[tuple[TextRow, str, str]]
) -> tuple[dict[str, tuple[Step, ...]], dict[str, Labels]]:
    """Read each route file once; keep the routes that parts follow."""
    files = {file: read_routes(folder, file) for file in dict.fromkeys(file for _, file, _ in listed)}
    routes: dict[str, tuple[Step, ...]] = {}
    labels: dict[str, Labels] = {}
    origin: dict[str, str] = {}
    for row, file, route in listed:
        found, names = files[file]
        if found and route and route not in found:
            has = ", ".join(name for name in found if name) or "none with a name"
            row.fail("ROUTE", f'= "{route}" is not a route of {file}, which has {has}')
        elif origin.setdefault(route, file) != file:
            row.fail("ROUTE", f'= "{route}" comes from {origin[route]} already; give each route its own name')
        elif route in found:
            routes[route], labels[route] = found[route], names[route]
    return routes, labels


def _transports(folder: Folder, file: str, locations: set[str]) -> tuple[Transport, ...]:
    columns = ("FROMLOC", "TOLOC", "DDIST", "DTIME", "DTIME2", "DUNITS")
    moves = []
    for row in folder.rows(file, columns):
        spread = row.minutes("DTIME2", "DUNITS")
        origin, target = row.text("FROMLOC", required=True), row.text("TOLOC", required=True)
        if {origin, target} <= locations:
            values = {
                "from_location": origin,
                "to_location": target,
                "distribution": row.distribution("DDIST", "DTIME2", spread is not None),
                "time": row.minutes("DTIME", "DUNITS", required=True) or 0.0,
                "spread": spread or 0.0,
            }
            moves.append(row.build(Transport, values, {"time": "DTIME", "spread": "DTIME2"}))
        elif origin and target:
            folder.leave_out(f"{row.file}:{row.line}: moves from {origin} to {target}, where no station family is.")
    return tuple(moves)
