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
        self._floor, self._replication, self._since = floor, replication, since
        lengths = [len(floor.fab.routes[route]) for route in floor.index.routes]
        self._route_of_step = np.repeat(np.arange(len(lengths)), lengths)
        categorical = [field.name for field in SCHEMA if field.type == NAMES]
        self._file = pq.ParquetWriter(path, SCHEMA, compression="snappy", use_dictionary=categorical)
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
        rows = rows[rows["end"] > self._since]
        rows = rows[np.argsort(rows["end"], kind="stable")]
        if len(rows):
            self._file.write_table(pa.Table.from_arrays(self._columns(rows), schema=SCHEMA))

    def _columns(self, rows: Any) -> list[Any]:
        plan, index = self._floor.plan, self._floor.index
        orders, tools, steps = plan.orders[rows["order"]], rows["tool"], rows["step"]
        in_group = tools - plan.groups["first_tool"][plan.steps["group"][steps]] + 1
        return [
            np.full(len(rows), self._replication, np.int32),
            _named(orders["lot_type"], index.lot_types),
            _named(orders["product"], index.products),
            rows["number"].astype(np.int32),
            _named(self._route_of_step[steps], index.routes),
            plan.steps["number"][steps].astype(np.int32),
            rows["visit"].astype(np.int32),
            _named(plan.steps["group"][steps], index.groups),
            pa.array(in_group.astype(np.int32), mask=tools < 0),
            *(np.ascontiguousarray(rows[column]) for column in ("arrived", "start", "end")),
        ]


def _named(rows: Any, names: Any) -> Any:
    return pa.DictionaryArray.from_arrays(rows.astype(np.int32), pa.array(list(names), pa.string()))
