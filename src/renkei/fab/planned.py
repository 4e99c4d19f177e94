"""Planned lots: single lots with starts and due dates of their own, held as columns since there may be very many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from renkei.fab.products import PlannedLot

Array = NDArray[Any]

FIELDS = tuple(name for name in PlannedLot.model_fields if name not in ("file", "line"))
"""Fields that say something of a lot, not where it was read."""
_KINDS = {
    "priority": np.int64, "wafers": np.int64, "start": np.float64, "due": np.float64, "reserve": np.bool_,
    "line": np.int64,
}  # fmt: skip


@dataclass(frozen=True)
class PlannedLine:
    """The planned lots of one lot type, product and priority, super hot or not: a release line."""

    order: str
    product: str
    priority: int
    reserve: bool
    rows: NDArray[np.int64]
    """Rows of the planned lots by start, those of one start in the order of the file."""


class PlannedLots(Sequence[PlannedLot]):
    """Planned lots as read-only columns; each item is a `PlannedLot`.

    `columns` holds an array [lots] a field: texts as objects, `order` never empty, `wafers` 0 for the fab's lot size,
    `due` inf for none, `file` and `line` where the lot was read. Texts and `reserve` may be left out.
    """

    def __init__(self, columns: Mapping[str, Array]):
        count = len(columns["product"])
        usual = {"reserve": np.zeros(count, np.bool_)}
        empty = np.full(count, "", object)
        self.columns: dict[str, Array] = {
            name: columns.get(name, usual.get(name, empty)) for name in PlannedLot.model_fields
        }
        for column in self.columns.values():
            column.flags.writeable = False

    @classmethod
    def of(cls, lots: Iterable[PlannedLot]) -> PlannedLots:
        """Return planned lots made in Python, or read from one file."""
        rows = list(lots)
        return cls(arrays({name: [getattr(row, name) for row in rows] for name in PlannedLot.model_fields}))

    def __len__(self) -> int:
        return len(self.columns["product"])

    @overload
    def __getitem__(self, place: int) -> PlannedLot: ...

    @overload
    def __getitem__(self, place: slice) -> PlannedLots: ...

    def __getitem__(self, place: int | slice) -> PlannedLot | PlannedLots:
        if isinstance(place, slice):
            return self.only(np.arange(len(self))[place])
        values = {name: column[place] for name, column in self.columns.items()}
        values["wafers"] = int(values["wafers"]) or None
        values["due"] = None if np.isinf(values["due"]) else float(values["due"])
        return PlannedLot(**values)

    def only(self, places: Array) -> PlannedLots:
        """Return the lots of some rows, given as numbers or as a mask."""
        return PlannedLots({name: column[places] for name, column in self.columns.items()})

    def joined(self, other: PlannedLots) -> PlannedLots:
        """Return these lots and then others."""
        return PlannedLots(
            {name: np.concatenate((column, other.columns[name])) for name, column in self.columns.items()}
        )

    def __eq__(self, other: object) -> bool:
        """Lots are equal when they say the same, wherever they were read from."""
        return isinstance(other, PlannedLots) and all(
            np.array_equal(self.columns[name], other.columns[name]) for name in FIELDS
        )

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<{len(self)} planned lots>"

    def kinds(self, *fields: str) -> dict[tuple[Any, ...], int]:
        """Return how many lots there are of each combination of some fields, in order of first occurrence."""
        return dict(Counter(zip(*(self.columns[name].tolist() for name in fields), strict=True)))

    @cached_property
    def release_lines(self) -> tuple[PlannedLine, ...]:
        """The release lines, in the order in which they first occur."""
        found: dict[tuple[str, str, int, bool], list[int]] = {}
        names = ("order", "product", "priority", "reserve")
        keys = zip(*(self.columns[name].tolist() for name in names), strict=True)
        for place, key in enumerate(keys):
            found.setdefault(key, []).append(place)
        start = self.columns["start"]
        return tuple(
            PlannedLine(*key, rows=np.array(places)[np.argsort(start[places], kind="stable")])
            for key, places in found.items()
        )


def arrays(columns: Mapping[str, Sequence[Any]]) -> dict[str, Array]:
    """Return lists of values as the columns of `PlannedLots`, defaults in place of None and of an empty lot type."""
    full = dict(columns)
    full["order"] = [order or product for order, product in zip(full["order"], full["product"], strict=True)]
    full["wafers"] = [wafers or 0 for wafers in full["wafers"]]
    full["due"] = [np.inf if due is None else due for due in full["due"]]
    return {name: _array(values, _KINDS.get(name, object)) for name, values in full.items()}


def _array(values: Sequence[Any], kind: Any) -> Array:
    if kind is not object:
        return np.array(values, kind)
    column = np.empty(len(values), object)
    column[:] = values
    return column
