"""AutoSched text tables: tab separated, upper-case heads, each time column with its unit column, `~` for comments."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from renkei.errors import Problem, did_you_mean
from renkei.fab.messages import shown
from renkei.fab.smt2020.textrow import TextRow
from renkei.fab.textfile import read_text, split_rows

NO_MEANING = ("IGNORE", "DESC", "TRACE")
"""Columns that carry no meaning for the floor, in any table."""
_COMMENT = re.compile(r"(^|[\t ])~.*$", re.MULTILINE)

T = TypeVar("T")


@dataclass
class Folder:
    """A folder of tables, with what has been found wrong and what had to be left out."""

    path: Path
    problems: list[Problem] = field(default_factory=list)
    left_out: dict[str, None] = field(default_factory=dict)
    """An ordered set of sentences."""
    read: set[str] = field(default_factory=set)
    """Files that were read."""

    def leave_out(self, sentence: str) -> None:
        self.left_out[sentence] = None

    def text_rows(self, file: str) -> list[tuple[int, list[str]]]:
        """Return line and cells of the rows of a file that have content; comments are taken off."""
        self.read.add(file)
        text = read_text(self.path / file, file, self.problems, utf16=True)
        if text is None:
            return []
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        plain = _COMMENT.sub(r"\1", text) if "~" in text else text
        return split_rows(plain, file, self.problems, delimiter="\t")[0]

    def table(self, file: str, columns: Iterable[str], no_meaning: Iterable[str] = ()) -> TextTable:
        """Return a table, one without rows if `file` is empty.

        Content in a column that is not among `columns` or `no_meaning` is a problem.
        """
        if not file:
            return TextTable(self.problems, file, [], [])
        before = len(self.problems)
        lines = self.text_rows(file)
        (line, header), *rows = lines or [(1, [])]
        known = (*columns, *no_meaning, *NO_MEANING)
        spelled = {column.lower(): column for column in known}
        table = TextTable(self.problems, file, [spelled.get(name.lower(), name) for name in header], rows)
        if header:
            table.check_header(line, known)
        elif len(self.problems) == before:
            self.problems.append(Problem(file, None, "", "is empty; its first row must name columns"))
        return table

    def rows(self, file: str, columns: Iterable[str], no_meaning: Iterable[str] = ()) -> list[TextRow]:
        """Return the rows of a table (see `table`)."""
        table = self.table(file, columns, no_meaning)
        return [table.row(place) for place in range(len(table.rows))]


@dataclass(frozen=True)
class TextTable:
    """The rows of one file: line and cells; rows may be shorter than the header."""

    problems: list[Problem]
    file: str
    header: list[str]
    rows: list[tuple[int, list[str]]]

    def row(self, place: int) -> TextRow:
        """Return one row by its place."""
        line, cells = self.rows[place]
        blanks = dict.fromkeys(self.header, "")
        return TextRow(self.problems, self.file, line, blanks | dict(zip(self.header, cells, strict=False)))

    def column(self, name: str) -> list[str]:
        """Return the cells of a column, empty where there are none."""
        if name not in self.header:
            return [""] * len(self.rows)
        place = self.header.index(name)
        return [cells[place] if place < len(cells) else "" for _, cells in self.rows]

    def mapped(self, name: str, places: Iterable[int], read: Callable[[TextRow], T]) -> list[T]:
        """Return what the cells of a column mean in some rows; `read` is asked once for each different text."""
        texts = self.column(name)
        known: dict[str, T] = {}
        values = []
        for place in places:
            text = texts[place]
            if text not in known:
                known[text] = read(self.row(place))
            values.append(known[text])
        return values

    def check_header(self, line: int, known: tuple[str, ...]) -> None:
        """Report columns named twice, unknown ones with content, and cells beyond the last column."""
        report = self.problems.append
        for position, column in enumerate(self.header):
            if column and column in self.header[:position]:
                report(Problem(self.file, line, column, "is a column named twice; remove one"))
            elif column not in known and (filled := self._filled(position)):
                hint = did_you_mean(column, known)
                message = f"= {shown(filled[1])} is in a column the importer does not know{hint}"
                report(Problem(self.file, filled[0], column, message))
        width = len(self.header)
        for row_line, cells in self.rows:
            if beyond := next((cell for cell in cells[width:] if cell), None):
                message = f"{shown(beyond)} stands beyond the {width} columns of the header"
                report(Problem(self.file, row_line, "", message))
                return

    def _filled(self, position: int) -> tuple[int, str] | None:
        filled = ((line, cells[position]) for line, cells in self.rows if position < len(cells) and cells[position])
        return next(filled, None)
