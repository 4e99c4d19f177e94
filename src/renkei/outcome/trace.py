"""The trace: one row for each step that a lot has done, written to Parquet while the floor runs."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from renkei.build.floorplan import FloorPlan
from renkei.floor.state import State

NAMES = pa.dictionary(pa.int32(), pa.string())
SCHEMA = pa.schema(
    [
        ("replication", pa.int32()), ("order", NAMES), ("product", NAMES), ("number", pa.int32()), ("route", NAMES),
        ("step", pa.int32()), ("visit", pa.int32()), ("tool_group", NAMES), ("tool", pa.int32()),
        ("arrived_minute", pa.float64()), ("started_minute", pa.float64()), ("ended_minute", pa.float64()),
    ]
)  # fmt: skip
"""`order` (lot type), `product` and `number` name a lot; `step` counts from 1, `visit` from 0 and goes up with rework;
`tool` counts from 1 in its group, null in a delay; minutes since the floor's first."""


class TraceFile:
    """The trace of one replication, sorted by the end of the steps; its rows are written by a thread of their own.

    Steps that ended before minute `since` are left out.
    """

    def __init__(self, path: Path, floor: FloorPlan, replication: int, since: float) -> None:
        self._replication, self._since = replication, since
        plan, index = floor.plan, floor.index
        lengths = [len(floor.fab.routes[route]) for route in index.routes]
        self._of_order = [_column(plan.orders[name]) for name in ("lot_type", "product")]
        self._of_step = [_column(plan.steps[name]) for name in ("number", "group")]
        self._route_of_step = _column(np.repeat(np.arange(len(lengths)), lengths))
        self._number_of_tool = _column(np.concatenate([[0], *(np.arange(n) + 1 for n in plan.groups["tools"])]))
        names = (index.lot_types, index.products, index.routes, index.groups)
        self._names = [pa.array(list(own), pa.string()) for own in names]
        categorical = [field.name for field in SCHEMA if field.type == NAMES]
        packed = {field.name: "none" if field.type == pa.float64() else "snappy" for field in SCHEMA}
        self._file = pq.ParquetWriter(path, SCHEMA, compression=packed, use_dictionary=categorical)
        self._pool = ThreadPoolExecutor(1)
        self._writing: Future[None] | None = None

    def take(self, state: State) -> None:
        """Take the rows out of a floor that has just come to a stop; waits until those of the last stop are written."""
        clock = state.clock[0]
        rows = np.array(state.trace[: clock["traced"]])
        clock["traced"] = 0
        self._wait()
        self._writing = self._pool.submit(self._write, rows)

    def close(self) -> None:
        """Write what is left and close the file."""
        try:
            self._wait()
        finally:
            self._pool.shutdown()
            self._file.close()

    def _wait(self) -> None:
        if self._writing is not None:
            self._writing.result()
            self._writing = None

    def _write(self, rows: Any) -> None:
        ends = np.ascontiguousarray(rows["end"])
        places = np.argsort(ends, kind="stable")
        places = places[np.searchsorted(ends, self._since, side="right", sorter=places) :]
        if len(places):
            self._file.write_table(pa.Table.from_arrays(self._columns(rows, places), schema=SCHEMA))

    def _columns(self, rows: Any, places: Any) -> list[Any]:
        order, number, step, visit, tool, *times = (
            np.ascontiguousarray(rows[name])[places]
            for name in ("order", "number", "step", "visit", "tool", "arrived", "start", "end")
        )
        types, products, routes, groups = self._names
        return [
            np.full(len(places), self._replication, np.int32),
            pa.DictionaryArray.from_arrays(self._of_order[0][order], types),
            pa.DictionaryArray.from_arrays(self._of_order[1][order], products),
            number.astype(np.int32),
            pa.DictionaryArray.from_arrays(self._route_of_step[step], routes),
            self._of_step[0][step],
            visit.astype(np.int32),
            pa.DictionaryArray.from_arrays(self._of_step[1][step], groups),
            pa.array(self._number_of_tool[tool + 1], mask=tool < 0),
            *times,
        ]


def _column(values: Any) -> Any:
    return np.ascontiguousarray(values, np.int32)
