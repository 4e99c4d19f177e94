"""Dispatch rules become rows: a code for each criterion, and the terms of weighted sums."""

from __future__ import annotations

from typing import Any

from renkei.fab.dispatch import terms
from renkei.fab.fab import Fab
from renkei.floor import records as r
from renkei.floor.state import rows

WITHIN_SUM = {r.FIFO: (1.0, r.ARRIVED), r.LIFO: (-1.0, r.ARRIVED)}
"""Order of arrival has no unit; within a sum the minute of arrival stands for it."""


class Rules:
    """The rules of a fab's tool groups as codes; `first` tells the row in CRITERION where a group's begins."""

    def __init__(self, fab: Fab):
        self._terms: list[tuple[float, int]] = []
        self._sums: dict[str, int] = {}
        self._codes: dict[str, list[int]] = {}
        self.first: dict[str, int] = {}
        place = 0
        for name, group in fab.tool_groups.items():
            self.first[name] = place
            self._codes[name] = [self._code(criterion) for criterion in group.dispatch or fab.dispatch]
            place += len(self._codes[name]) + 1

    def _code(self, criterion: str) -> int:
        if criterion in r.CRITERIA:
            return r.CRITERIA[criterion]
        if criterion not in self._sums:
            self._sums[criterion] = r.SUMS + len(self._terms)
            for weight, name in terms(criterion):
                sign, code = WITHIN_SUM.get(r.CRITERIA[name], (1.0, r.CRITERIA[name]))
                self._terms.append((sign * weight, code))
            self._terms.append((0.0, 0))
        return self._sums[criterion]

    def heads(self, group: str) -> bool:
        """Return True if the rule's first lot is the head of some line.

        Lots of one line have one priority and one setup, and no two have one place in the order of arrival: what stands
        behind `fifo` decides nothing.
        """
        codes = self._codes[group]
        deciding = codes[: codes.index(r.FIFO)] if r.FIFO in codes else codes
        return set(deciding) <= {r.PRIORITY, r.SETUP}

    def by_class(self, group: str) -> bool:
        """Return True if the rule begins with the priority."""
        return self._codes[group][:1] == [r.PRIORITY]

    def criteria(self) -> Any:
        """Return the rules one after another, each closed by code 0, [criteria] of CRITERION."""
        codes = [code for own in self._codes.values() for code in (*own, 0)]
        return rows(len(codes), r.CRITERION, code=codes)

    def terms(self) -> Any:
        """Return the sums one after another, each closed by code 0, [terms] of TERM."""
        weights, codes = [weight for weight, _ in self._terms], [code for _, code in self._terms]
        return rows(len(codes), r.TERM, weight=weights, code=codes)
