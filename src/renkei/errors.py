"""Everything Renkei raises on purpose.

RenkeiError
├── InputError        the user's files or arguments are wrong: all problems at once, exit code 2
└── RunError          a run could not be finished, exit code 1
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong with an input: where, which field, which value, and what would be right."""

    file: str
    line: int | None
    field: str
    message: str

    def __str__(self) -> str:
        where = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{where}  {f'{self.field} {self.message}'.strip()}".rstrip()


class RenkeiError(Exception):
    """Base of all errors of Renkei."""


class InputError(RenkeiError):
    """One or more problems of an input, reported together."""

    def __init__(self, source: str, problems: Iterable[Problem]):
        self.source = source
        self.problems = tuple(problems)
        super().__init__(str(self))

    def __str__(self) -> str:
        count = len(self.problems)
        head = f"{self.source}: {count} problem{'s' if count != 1 else ''}"
        return "\n".join([head, *(f"  {problem}" for problem in self.problems)])


class RunError(RenkeiError):
    """A run that could not be finished."""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return `; did you mean "x"?` for the nearest known name, `; known: …` for a short list, else nothing."""
    names = sorted(known)
    near = difflib.get_close_matches(str(name), names, n=1, cutoff=0.6)
    if near:
        return f'; did you mean "{near[0]}"?'
    if 0 < len(names) <= 8:
        return f"; known: {', '.join(names)}"
    return ""
