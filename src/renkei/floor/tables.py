"""How kernels reach the rows of Plan and State: through one address each.

Numba passes a tuple of arrays by value, some 200 machine words for ours, in every call. So kernels get the address of a
list of table addresses instead, and these accessors turn (address, row number) into the row. With `NUMBA_DISABLE_JIT=1`
kernels get the tuples themselves. Tables do not move while a kernel runs, so their addresses are loaded as invariant.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
import numpy as np
from llvmlite import ir
from numba.core import cgutils
from numba.extending import intrinsic

from renkei.floor import records as r
from renkei.floor.rowtype import WORD as _WORD
from renkei.floor.rowtype import Row
from renkei.floor.state import Plan, State

INTERPRETED = bool(numba.config.DISABLE_JIT)


def handle(tables: Plan | State) -> Any:
    """Return what kernels take for a Plan or State: an array of table addresses (keep the tables alive), or the tuple
    itself."""
    if INTERPRETED:
        return tables
    return np.array([array.ctypes.data for array in tables], np.int64)


def address(handled: Any) -> Any:
    """Return the argument to pass into a kernel for a handle."""
    return handled if INTERPRETED else int(handled.ctypes.data)


def _load_base(builder: Any, tables: Any, position: int) -> Any:
    place = builder.inttoptr(builder.add(tables, ir.Constant(_WORD, 8 * position)), _WORD.as_pointer())
    base = builder.load(place)
    base.set_metadata("invariant.load", builder.module.add_metadata([]))
    return base


def _row_at(builder: Any, base: Any, index: Any, size: int) -> Any:
    return builder.add(base, builder.mul(index, ir.Constant(_WORD, size)))


def _rows(kind: type[Plan] | type[State], field: str, dtype: np.dtype) -> Callable[[Any, Any], Any]:
    """Return the accessor `(plan or state, row number) → row` of one table."""
    if INTERPRETED:
        return lambda tables, index: getattr(tables, field)[index]
    record = Row(f"{kind.__name__}.{field}", dtype)
    position = kind._fields.index(field)

    @intrinsic
    def row(typing: Any, tables: Any, index: Any) -> Any:
        def code(context: Any, builder: Any, _signature: Any, args: Any) -> Any:
            return _row_at(builder, _load_base(builder, args[0], position), args[1], dtype.itemsize)

        return record(numba.types.int64, numba.types.int64), code

    return row


def _prefetch_either(one: tuple[str, np.dtype], other: tuple[str, np.dtype]) -> Callable[[Any, Any, Any], Any]:
    """Return a hint `(state, which, row number)` that the first two cache lines of a row of `one` table, or if not
    `which` of the `other`, will soon be used; which one cannot be foreseen, so there is no branch."""
    if INTERPRETED:
        return lambda _state, _which, _index: None
    places = [State._fields.index(field) for field, _ in (one, other)]

    @intrinsic
    def hint(typing: Any, state: Any, which: Any, index: Any) -> Any:
        def code(context: Any, builder: Any, _signature: Any, args: Any) -> Any:
            byte = ir.IntType(8).as_pointer()
            flag = ir.IntType(32)
            signature = ir.FunctionType(ir.VoidType(), [byte, flag, flag, flag])
            fetch = cgutils.get_or_insert_function(builder.module, signature, "llvm.prefetch.p0")
            rows = [
                _row_at(builder, _load_base(builder, args[0], place), args[2], dtype.itemsize)
                for place, (_, dtype) in zip(places, (one, other), strict=True)
            ]
            row = builder.select(args[1], *rows)
            for line in range(2):
                place = builder.inttoptr(builder.add(row, ir.Constant(_WORD, r.LINE_BYTES * line)), byte)
                builder.call(fetch, [place, ir.Constant(flag, 0), ir.Constant(flag, 3), ir.Constant(flag, 1)])
            return context.get_dummy_value()

        return numba.types.void(numba.types.int64, numba.types.boolean, numba.types.int64), code

    return hint


def _base(kind: type[Plan] | type[State], field: str) -> Callable[[Any], Any]:
    """Return the accessor `(state) → address of one table`, for kernels that work on any calendar."""
    if INTERPRETED:
        return lambda tables: getattr(tables, field)
    position = kind._fields.index(field)

    @intrinsic
    def base(typing: Any, tables: Any) -> Any:
        def code(context: Any, builder: Any, _signature: Any, args: Any) -> Any:
            return _load_base(builder, args[0], position)

        return numba.types.int64(numba.types.int64), code

    return base


def _row_of(dtype: np.dtype) -> Callable[[Any, Any], Any]:
    """Return the accessor `(table address, row number) → row`."""
    if INTERPRETED:
        return lambda table, index: table[index]
    record = Row("event", dtype)

    @intrinsic
    def row(typing: Any, table: Any, index: Any) -> Any:
        def code(context: Any, builder: Any, _signature: Any, args: Any) -> Any:
            return _row_at(builder, args[0], args[1], dtype.itemsize)

        return record(numba.types.int64, numba.types.int64), code

    return row


sizes = _rows(Plan, "sizes", r.SIZES)
steps = _rows(Plan, "steps", r.STEP)
closings = _rows(Plan, "closings", r.CLOSING)
kinds = _rows(Plan, "kinds", r.KIND)
groups = _rows(Plan, "groups", r.GROUP)
criteria = _rows(Plan, "criteria", r.CRITERION)
terms = _rows(Plan, "terms", r.TERM)
orders = _rows(Plan, "orders", r.ORDER)
planned = _rows(Plan, "planned", r.PLANNED)
outages = _rows(Plan, "outages", r.OUTAGE)
setup_times = _rows(Plan, "setup_times", r.SETUP_CHANGE)
moves = _rows(Plan, "moves", r.MOVE)
recipes = _rows(Plan, "recipes", r.PLACE)

clocks = _rows(State, "clock", r.CLOCK)
lots = _rows(State, "lots", r.LOT)
tools = _rows(State, "tools", r.TOOL)
rides = _rows(State, "rides", r.RIDE)
times = _rows(State, "times", r.VALUE)
queues = _rows(State, "groups", r.GROUP_STATE)
causes = _rows(State, "causes", r.VALUE)
timers = _rows(State, "timers", r.TIMER)
lines = _rows(State, "lines", r.LINE)
releases = _rows(State, "orders", r.ORDER_STATE)
passed = _rows(State, "steps", r.STEP_STATE)
marks = _rows(State, "marks", r.VALUE)
qualified = _rows(State, "qualified", r.PLACE)
setups = _rows(State, "setups", r.SETUP_STATE)
crews = _rows(State, "crews", r.CREW)
shifts = _rows(State, "shifts", r.PLACE)
finished = _rows(State, "finished", r.FINISHED)
traces = _rows(State, "trace", r.TRACE)
days = _rows(State, "days", r.DAY_ROW)
buckets = _rows(State, "buckets", r.PLACE)
slots = _rows(State, "slots", r.EVENT)
beyond = _rows(State, "beyond", r.EVENT)
coming = _rows(State, "coming", r.EVENT)
rare = _base(State, "rare")
event = _row_of(r.EVENT)
fetch_tool_or_lot = _prefetch_either(("tools", r.TOOL), ("lots", r.LOT))
