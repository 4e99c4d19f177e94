"""One CSV file of a fab, read into rows; everything wrong with it is collected."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic

from pydantic import ValidationError

from renkei.errors import Problem, did_you_mean
from renkei.fab.messages import explain, repair, shown
from renkei.fab.tables import R, Table
from renkei.fab.textfile import read_text, split_rows

MOST_PROBLEMS = 200
"""Problems listed per file; more say nothing new."""

Cells = dict[str, Any]


@dataclass(frozen=True)
class RawSheet:
    """Header and rows of a file before their meaning is known: line and cells by column, empty ones left out."""

    file: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, Cells], ...]
    sound: bool
    """Whether all rows and columns could be read; if not, names in other files cannot be checked against this one."""


def read_sheet(
    path: Path, file: str, table: Table[R], problems: list[Problem], more: tuple[str, ...] = ()
) -> RawSheet | None:
    """Return the cells of a CSV file, or None if there is no text to read (then `problems` says why).

    `more` are columns beside those of the table.
    """
    text = read_text(path, file, problems)
    if text is None:
        return None
    known = (*table.columns, *more)
    rows, whole = split_rows(text, file, problems)
    if not rows:
        problems.append(Problem(file, None, "", f"is empty; its first row must name columns, among {', '.join(known)}"))
        return None
    line, header = rows[0]
    found = [*_check_columns(file, line, header, known), *_missing_columns(file, line, header, table)]
    problems.extend(found)
    wanted = frozenset(known)
    cells = tuple(_named_cells(file, header, rows[1:], wanted, problems))
    return RawSheet(file, tuple(header), cells, sound=whole and not found)


def _check_columns(file: str, line: int, header: list[str], known: tuple[str, ...]) -> Iterable[Problem]:
    for position, column in enumerate(header):
        if not column:
            yield Problem(file, line, f"column {position + 1}", "has no name; name it or remove it")
        elif column in header[:position]:
            yield Problem(file, line, column, "is a column named twice; remove one")
        elif column not in known:
            hint = did_you_mean(column, known) or f"; known: {', '.join(known)}"
            yield Problem(file, line, column, f"is not a column of this table{hint}")


def _missing_columns(file: str, line: int, header: list[str], table: Table[R]) -> Iterable[Problem]:
    for column in table.required:
        if column not in header:
            yield Problem(file, line, column, "is a missing column; every row needs it")


def _named_cells(
    file: str, header: list[str], rows: Iterable[tuple[int, list[str]]], wanted: frozenset[str], problems: list[Problem]
) -> Iterable[tuple[int, Cells]]:
    width = len(header)
    for line, cells in rows:
        if len(cells) != width:
            cure = "check commas and quotes"
            problems.append(Problem(file, line, "", f"has {len(cells)} cells where the header has {width}; {cure}"))
        named = zip(header, cells, strict=False)
        yield line, {column: cell for column, cell in named if cell and column in wanted}


@dataclass(frozen=True)
class Built(Generic[R]):
    """The rows of a sheet, and which of them are not as they stand in the file."""

    rows: tuple[R, ...] = ()
    doubtful: frozenset[tuple[str, int | None]] = frozenset()
    """(file, line) of rows with problems."""


def build_rows(table: Table[R], sheet: RawSheet, problems: list[Problem]) -> Built[R]:
    """Return the rows of a sheet as models.

    Rows with problems come with their bad cells repaired, so that others can refer to them, but only for finding
    further problems: as soon as `problems` is not empty, nobody runs this fab. Of rows with the same key the first
    counts.
    """
    fields = table.columns
    rows: list[R] = []
    found: list[Problem] = []
    seen: dict[tuple[Any, ...], int] = {}
    for line, cells in sheet.rows:
        values = {fields[column]: value for column, value in cells.items()}
        values["file"], values["line"] = sheet.file, line
        row: R | None
        try:
            row = table.model.model_validate(values)
        except ValidationError as error:
            found.extend(_row_problems(table, sheet.file, line, error, sheet.header))
            row = repair(table.model, values, error, step=getattr(rows[-1], "step", 0) + 1 if rows else 1)
        if row is not None and (repeated := _repeated(table, row, seen)):
            found.append(repeated)
        elif row is not None:
            rows.append(row)
    problems.extend(found[:MOST_PROBLEMS])
    if len(found) > MOST_PROBLEMS:
        problems.append(Problem(sheet.file, None, "", f"has {len(found) - MOST_PROBLEMS} more problems"))
    return Built(tuple(rows), frozenset((problem.file, problem.line) for problem in found))


def _row_problems(
    table: Table[R], file: str, line: int, error: ValidationError, header: tuple[str, ...]
) -> Iterable[Problem]:
    for detail in error.errors(include_url=False):
        name = str(detail["loc"][0]) if detail["loc"] else ""
        column = table.column(name)
        if detail["type"] != "missing" or column in header:
            yield Problem(file, line, column, explain(detail, table.model, name))


def _repeated(table: Table[R], row: R, seen: dict[tuple[Any, ...], int]) -> Problem | None:
    if not table.key:
        return None
    key = tuple(getattr(row, name) for name in table.key)
    if key not in seen:
        seen[key] = row.line
        return None
    names = ", ".join(str(part) for part in key if part)
    message = f"= {shown(names)} stands in line {seen[key]} already; names are unique"
    return Problem(row.file, row.line, table.column(table.key[0]), message)


def number_cell(value: float) -> str:
    """Return a number as it is written: without needless digits, but none is lost."""
    return repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
