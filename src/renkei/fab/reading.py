"""Reading a fab from its folder (docs/fab-format.md): all problems of all files are found, then raised together."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from renkei.errors import InputError, Problem, did_you_mean
from renkei.fab import tables
from renkei.fab.fab import Fab
from renkei.fab.front_page import FILE, FrontPage, read_front_page
from renkei.fab.planned import PlannedLots
from renkei.fab.planned_sheet import build_planned
from renkei.fab.products import Order
from renkei.fab.routes import Step
from renkei.fab.rules import check_read
from renkei.fab.sheet import Cells, RawSheet, build_rows, read_sheet
from renkei.fab.tables import R, Table
from renkei.fab.tools import ToolGroup


def read_fab(path: str | Path, size: str | None = None) -> Fab:
    """Return the fab of a folder, at one of its sizes (None: the first one of `fab.yaml`).

    Raises InputError with every problem of every file, each naming file, line, column, value and cure.
    """
    folder = Path(path)
    problems: list[Problem] = []
    if not _is_folder(folder):
        message = "is not a folder; a fab is a folder with a fab.yaml"
        raise InputError(str(path), [Problem(str(path), None, "", message)])
    page = read_front_page(folder, problems)
    chosen = _choose_size(str(path), page, size)
    reader = _FabReader(folder, page, chosen, problems)
    fab = reader.read()
    if reader.complete:
        problems.extend(check_read(fab, reader.doubtful))
    if problems:
        raise InputError(str(path), problems)
    return fab


def _is_folder(folder: Path) -> bool:
    try:
        return folder.is_dir()
    except (OSError, ValueError):
        return False


def _choose_size(shown: str, page: FrontPage, size: str | None) -> str:
    if size is None:
        return page.sizes[0] if page.sizes else ""
    if size not in page.sizes:
        hint = did_you_mean(size, page.sizes) if page.sizes else "; it has only one size, leave it out"
        raise InputError(shown, [Problem(FILE, None, "sizes", f'= "{size}" is not a size of this fab{hint}')])
    return size


class _FabReader:
    """Reads the tables of one folder.

    `complete` turns false when a file could not be used as a whole: then names in other files cannot be checked against
    it. `doubtful` are the places of rows with problems.
    """

    def __init__(self, folder: Path, page: FrontPage, size: str, problems: list[Problem]):
        self.folder = folder
        self.page = page
        self.size = size
        self.problems = problems
        self.complete = True
        self.doubtful: set[tuple[str, int | None]] = set()

    def read(self) -> Fab:
        groups = self._tool_groups()
        routes = self._routes()
        products = self._rows(tables.PRODUCTS, required=True)
        page = self.page
        return Fab(
            name=page.name,
            title=page.title,
            description=page.description,
            start=page.start,
            wafers_per_lot=page.wafers_per_lot,
            dispatch=page.dispatch,
            sizes=page.sizes,
            size=self.size,
            left_out=page.left_out,
            sources=page.sources,
            tool_groups={group.tool_group: group for group in groups},
            routes=routes,
            products={product.product: product for product in products},
            orders=self._orders(),
            lots=self._lots(),
            setups=self._rows(tables.SETUPS),
            outages=self._rows(tables.OUTAGES),
            qualifications=self._rows(tables.QUALIFICATIONS),
            crews={crew.crew: crew for crew in self._rows(tables.CREWS)},
            transports=self._rows(tables.TRANSPORTS),
            initial_wip=self._rows(tables.INITIAL_WIP),
        )

    def _rows(self, table: Table[R], required: bool = False) -> tuple[R, ...]:
        sheet = self._sheet(table.file, table, required)
        return self._built(table, sheet) if sheet else ()

    def _sheet(self, file: str, table: Table[R], required: bool, more: tuple[str, ...] = ()) -> RawSheet | None:
        path = self.folder / file
        if not required and not path.exists():
            return None
        sheet = read_sheet(path, file, table, self.problems, more)
        self.complete &= sheet is not None and sheet.sound
        return sheet

    def _built(self, table: Table[R], sheet: RawSheet) -> tuple[R, ...]:
        built = build_rows(table, sheet, self.problems)
        self.doubtful |= built.doubtful
        return built.rows

    def _tool_groups(self) -> tuple[ToolGroup, ...]:
        sized = tuple(f"tools@{size}" for size in self.page.sizes)
        sheet = self._sheet(tables.TOOL_GROUPS.file, tables.TOOL_GROUPS, True, more=sized)
        if sheet is None:
            return ()
        column = f"tools@{self.size}" if self.size and "tools" not in sheet.header else "tools"
        if column not in sheet.header:
            sizes = ", ".join(self.page.sizes)
            cure = f"give `tools`, or a column tools@SIZE for each of {sizes}" if sizes else "every row needs it"
            self.problems.append(Problem(sheet.file, 1, column, f"is a missing column; {cure}"))
            self.complete = False
        if "tools" in sheet.header and any(name in sheet.header for name in sized):
            message = "stands beside columns of sizes; use either one column `tools` or one column for each size"
            self.problems.append(Problem(sheet.file, 1, "tools", message))
        rows = tuple((line, self._count_tools(line, cells, column)) for line, cells in sheet.rows)
        return self._built(tables.TOOL_GROUPS, replace(sheet, rows=rows))

    def _count_tools(self, line: int, cells: Cells, column: str) -> Cells:
        """Move the chosen size's number of tools to `tools`; a delay has as many as are needed."""
        counted: dict[str, Any] = {name: cell for name, cell in cells.items() if not name.startswith("tools")}
        given = cells.get(column, "")
        if given.lower() == "inf" and cells.get("kind") == "delay":
            return counted | {"tools": 0}
        if given.lower() == "inf":
            message = '= "inf" is only for kind = delay; give a whole number of tools'
            self.problems.append(Problem(tables.TOOL_GROUPS.file, line, column, message))
            return counted | {"tools": 1}
        if not given:
            if self.complete:
                message = "is missing; give a number of tools"
                self.problems.append(Problem(tables.TOOL_GROUPS.file, line, column, message))
            return counted | {"tools": 1}
        return counted | {"tools": given}

    def _routes(self) -> dict[str, tuple[Step, ...]]:
        names = [tables.STEPS.file] if (self.folder / tables.STEPS.file).exists() else []
        parts = self.folder / "routes"
        if parts.is_dir():
            names += [f"routes/{part.name}" for part in sorted(parts.glob("*.csv"))]
        steps: list[Step] = []
        for name in names or [tables.STEPS.file]:
            sheet = self._sheet(name, tables.STEPS, True)
            steps += self._built(tables.STEPS, sheet) if sheet else ()
        routes: dict[str, list[Step]] = {}
        for step in steps:
            routes.setdefault(step.route, []).append(step)
        return {name: tuple(sorted(route, key=lambda step: step.step)) for name, route in routes.items()}

    def _orders(self) -> tuple[Order, ...]:
        rows = self._rows(tables.ORDERS)
        for row in rows:
            if row.size and row.size not in self.page.sizes:
                hint = did_you_mean(row.size, self.page.sizes)
                message = f'= "{row.size}" is not a size of this fab{hint}'
                self.problems.append(Problem(row.file, row.line, "size", message))
        return tuple(row for row in rows if row.size in ("", self.size))

    def _lots(self) -> PlannedLots:
        sheet = self._sheet(tables.LOTS.file, tables.LOTS, required=False)
        if sheet is None:
            return PlannedLots.of(())
        lots, built = build_planned(sheet, self.problems)
        self.doubtful |= built.doubtful
        return lots
