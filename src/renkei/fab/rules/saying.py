"""How a rule says what is wrong with a row."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from renkei.errors import Problem, did_you_mean
from renkei.fab.fab import Fab
from renkei.fab.row import Row

Rule = Callable[[Fab], Iterable[Problem]]


def wrong(row: Row, column: str, message: str) -> Problem:
    """Return the problem of a row read from a file, or made in Python (then its kind stands for the file)."""
    return Problem(row.file or type(row).__name__, row.line or None, column, message)


def unknown(row: Row, column: str, name: str, what: str, known: Iterable[str]) -> Problem:
    """Return the problem of a name that is not declared, with the nearest that is."""
    return wrong(row, column, f'= "{name}" is not {what}{did_you_mean(name, known)}')


def place(row: Row) -> str:
    """Return where a row stands, for a message about another row."""
    return f"{row.file}:{row.line}" if row.file else repr(row)


def plain(number: float) -> str:
    """Return a number without needless digits."""
    return f"{number:g}"
