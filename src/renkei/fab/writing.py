"""Writing a fab as a folder in the format of docs/fab-format.md."""

from __future__ import annotations

import csv
import io
import os
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from renkei.errors import InputError, Problem
from renkei.fab import tables
from renkei.fab.fab import Fab
from renkei.fab.front_page import FILE, FrontPage, front_page_of
from renkei.fab.planned_sheet import planned_text
from renkei.fab.row import Row
from renkei.fab.sheet import number_cell
from renkei.fab.tables import R, Table
from renkei.fab.tools import ToolGroup


def write_fab(fab: Fab, out: str | Path) -> Path:
    """Write a fab to a new folder and return it; `read_fab` of that folder gives an equal fab.

    Of a fab of several sizes the one that was read is written. Raises InputError if `out` exists or cannot be written;
    nothing half written is left behind.
    """
    target = Path(out)
    if target.exists() or target.is_symlink():
        message = "exists already; nothing is overwritten, name a new folder"
        raise InputError(str(out), [Problem(str(out), None, "", message)])
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        unfinished = target.with_name(f".{target.name}.{os.getpid()}")
        unfinished.mkdir()
        try:
            _write_files(fab, unfinished)
            unfinished.rename(target)
        except BaseException:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError(str(out), [Problem(str(out), None, "", f"cannot be written: {reason}")]) from error
    return target


def _write_files(fab: Fab, folder: Path) -> None:
    (folder / FILE).write_text(_front_page(fab), encoding="utf-8")
    contents: list[tuple[Table[Any], Iterable[Row]]] = [
        (tables.TOOL_GROUPS, fab.tool_groups.values()),
        (tables.STEPS, chain.from_iterable(fab.routes.values())),
        (tables.PRODUCTS, fab.products.values()),
        (tables.ORDERS, fab.orders),
        (tables.SETUPS, fab.setups),
        (tables.OUTAGES, fab.outages),
        (tables.QUALIFICATIONS, fab.qualifications),
        (tables.CREWS, fab.crews.values()),
        (tables.TRANSPORTS, fab.transports),
        (tables.INITIAL_WIP, fab.initial_wip),
    ]
    for table, rows in contents:
        listed = list(rows)
        if listed:
            text = _sheet(table, listed, size=fab.size)
            (folder / table.file).write_text(text, encoding="utf-8", newline="")
    if fab.lots:
        (folder / tables.LOTS.file).write_text(planned_text(fab.lots), encoding="utf-8", newline="")


def _front_page(fab: Fab) -> str:
    """Return the text of `fab.yaml`: what differs from the defaults, and the one size that is written."""
    given = front_page_of(replace(fab, sizes=(fab.size,) if fab.size else ()))
    page = {
        name: _yaml_value(name, getattr(given, name))
        for name, info in FrontPage.model_fields.items()
        if info.is_required() or getattr(given, name) != info.default
    }
    stream = io.StringIO()
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.allow_unicode = True
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    yaml.width = 4096
    yaml.dump(page, stream)
    return stream.getvalue()


def _yaml_value(name: str, value: Any) -> Any:
    if name == "dispatch":
        return ", ".join(value)
    return list(value) if isinstance(value, tuple) else value


def _sheet(table: Table[R], rows: Sequence[R], size: str) -> str:
    """Return the CSV text of rows; columns that only hold defaults are left out."""
    fields = table.model.model_fields
    columns = {
        column: name
        for column, name in table.columns.items()
        if name in table.written or any(getattr(row, name) != fields[name].default for row in rows)
    }
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    sized = {"tools": f"tools@{size}"} if size and table.model is ToolGroup else {}
    writer.writerow(sized.get(column, column) for column in columns)
    writer.writerows(
        [_cell(row, name, fields[name].default, name in table.written) for name in columns.values()] for row in rows
    )
    return stream.getvalue()


def _cell(row: Row, name: str, default: Any, always: bool) -> str:
    value = getattr(row, name)
    if name == "tools" and getattr(row, "kind", "") == "delay" and value == 0:
        return "inf"
    if value is None or (value == default and not always):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return number_cell(value)
    if isinstance(value, tuple):
        return "; ".join(map(str, value))
    return str(value)
