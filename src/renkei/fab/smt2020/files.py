"""Which files of a folder make up the model: those active in `options.def`, or those with the usual names."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from renkei.errors import Problem
from renkei.fab.messages import shown
from renkei.fab.smt2020.autosched import Folder
from renkei.fab.smt2020.textrow import NO_DATE, read_date

OPTIONS = "options.def"
_USUAL = {
    "STATION_FILES": "tool.txt.1l", "PRODUCT_FILES": "part.txt", "SETUPGROUP_FILES": "setupgrp.txt",
    "SETUP_FILES": "setup.txt", "DOWNCAL_FILES": "downcal.txt", "PMCAL_FILES": "pmcal.txt",
    "ATTACH_FILES": "attach.txt", "FROMTO_FILES": "fromto.txt",
}  # fmt: skip
_NEEDED = ("STATION_FILES", "PRODUCT_FILES")
_ORDERS = (re.compile(r"order.*\.txt", re.IGNORECASE), re.compile(r"E_order.*\.txt", re.IGNORECASE))
"""Names of lists of production orders, and of engineering orders."""


@dataclass(frozen=True)
class ModelFiles:
    """Names of the active files, empty for none, and what else `options.def` decides."""

    stations: str
    products: str
    setup_groups: str
    setups: str
    downcal: str
    pmcal: str
    attach: str
    fromto: str
    orders: tuple[str, ...]
    start: dt.datetime | None
    """Minute 0; None: the earliest start of an order."""


def find_files(folder: Folder, orders: Sequence[str] | None = None) -> ModelFiles:
    """Return the files of a model; `orders` are used in place of the active order files."""
    settings = Settings(folder)
    calendars = settings.value("USE_CALENDARS(Y/N)", "Y") != "N"
    if not calendars:
        folder.leave_out(f"{OPTIONS}: USE_CALENDARS(Y/N) = N; tools neither break down nor are they maintained.")
    if (sequence := settings.value("SEQ_ADDS_SETUP_DELAYS", "N")) != "N":
        reason = "setups delay a cascading tool's next lot, not the lots inside"
        folder.leave_out(f"{OPTIONS}: SEQ_ADDS_SETUP_DELAYS = {sequence}; {reason}.")
    return ModelFiles(
        stations=settings.file("STATION_FILES"),
        products=settings.file("PRODUCT_FILES"),
        setup_groups=settings.file("SETUPGROUP_FILES"),
        setups=settings.file("SETUP_FILES"),
        downcal=settings.file("DOWNCAL_FILES") if calendars else "",
        pmcal=settings.file("PMCAL_FILES") if calendars else "",
        attach=settings.file("ATTACH_FILES") if calendars else "",
        fromto=settings.file("FROMTO_FILES"),
        orders=settings.orders() if orders is None else tuple(orders),
        start=settings.start(),
    )


class Settings:
    """The rows of `options.def`, if there is one; a row without a key goes on with the key above."""

    def __init__(self, folder: Folder):
        self.folder = folder
        self.rows: dict[str, list[tuple[int, list[str]]]] = {}
        present = (folder.path / OPTIONS).exists()
        key = ""
        for line, cells in folder.text_rows(OPTIONS) if present else ():
            key = cells[0] or key
            if key:
                self.rows.setdefault(key, []).append((line, [cell for cell in cells[1:] if cell]))
            else:
                self._fail(line, "", "goes on with a key, but none stands above")

    def _fail(self, line: int | None, key: str, message: str) -> None:
        self.folder.problems.append(Problem(OPTIONS, line, key, message))

    def value(self, key: str, usual: str) -> str:
        """Return the value of a setting."""
        values = [" ".join(values) for _, values in self.rows.get(key, ())]
        return values[-1] if values else usual

    def start(self) -> dt.datetime | None:
        """Return the minute 0 of the model, None if it is not said."""
        text = self.value("SIM_START", "")
        if text and read_date(text) is None:
            self._fail(self.rows["SIM_START"][-1][0], "SIM_START", f"= {shown(text)} {NO_DATE}")
        return read_date(text) if text else None

    def file(self, key: str) -> str:
        """Return the one active file of a kind, empty if there is none and none is needed."""
        if key not in self.rows:
            return self._usual(key)
        active = self._active(key)
        if len(active) > 1:
            self._fail(active[1][0], key, f"= {active[1][1]} is a second active file; only one can be read")
        if not active and key in _NEEDED:
            self._fail(self.rows[key][0][0], key, "has no active file; the model needs one")
        return active[0][1] if active else ""

    def orders(self) -> tuple[str, ...]:
        """Return the active order files: several, and the lots at the start among them."""
        if "ORDER_FILES" not in self.rows:
            return self._usual_orders()
        active = self._active("ORDER_FILES")
        if not active:
            self._fail(self.rows["ORDER_FILES"][0][0], "ORDER_FILES", "has no active file; name some with --orders")
        return tuple(name for _, name in active)

    def _active(self, key: str) -> list[tuple[int, str]]:
        """Return line and name of the files of a kind; what is commented out is not active."""
        active = []
        for line, values in self.rows[key]:
            if len(values) == 2 and values[0] == "file":
                active.append((line, values[1]))
            elif values not in ([], ["file"], ["none"]):
                cure = "write `file` and a name in two cells, or `none`"
                self._fail(line, key, f"= {shown(' '.join(values))} is not understood; {cure}")
        return active

    def _usual(self, key: str) -> str:
        name = _USUAL[key]
        there = {path.name for path in self.folder.path.iterdir() if path.is_file()}
        if key == "STATION_FILES" and name not in there:
            tables = sorted(other for other in there if other.startswith("tool.txt"))
            if len(tables) > 1:
                message = f"is one of several station tables ({', '.join(tables)}); leave one"
                self.folder.problems.append(Problem(tables[0], None, "", message))
            name = tables[0] if tables else name
        return name if name in there or key in _NEEDED else ""

    def _usual_orders(self) -> tuple[str, ...]:
        there = sorted(path.name for path in self.folder.path.iterdir() if path.is_file())
        found: list[str] = []
        for pattern in _ORDERS:
            lists = [name for name in there if pattern.fullmatch(name)]
            if len(lists) > 1:
                cure = f"no {OPTIONS} says which are active; name the order files with --orders"
                message = f"is one of several lists of orders ({', '.join(lists)}), and {cure}"
                self.folder.problems.append(Problem(lists[0], None, "", message))
            found += lists[:1]
        return (*(found or ["order.txt"]), *(name for name in there if name == "WIP.txt"))
