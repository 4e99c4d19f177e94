"""The type of a table's row inside kernels: an address whose fields are narrow in memory and wide in registers.

Numba's own record would do, but reads a four-byte id as another type than an eight-byte one, and tells the compiler
nothing about what cannot overlap. A `Row` reads every whole number as int64 (uint64 for keys), and marks each load and
store with its table and field, so that a store to a queue does not make the compiler read a lot's fields again.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba.core import types
from numba.core.imputils import lower_getattr_generic, lower_setattr_generic
from numba.core.typing.templates import AttributeTemplate, infer_getattr
from numba.extending import models, register_model

WORD = ir.IntType(64)
_STORED = {
    "i1": ir.IntType(8), "i2": ir.IntType(16), "i4": ir.IntType(32), "i8": WORD, "u8": WORD,
    "f4": ir.FloatType(), "f8": ir.DoubleType(),
}  # fmt: skip
_SEEN = {"i": types.int64, "u": types.uint64, "f": types.float64}


class Row(types.Type):
    """The row of one table; two tables of the same record type have different rows."""

    def __init__(self, table: str, dtype: np.dtype):
        self.table = table
        self.places = {name: (place[0].str[1:], int(place[1])) for name, place in (dtype.fields or {}).items()}
        self.itemsize = dtype.itemsize
        super().__init__(name=f"Row({table})")


@register_model(Row)
class _RowModel(models.PrimitiveModel):
    def __init__(self, manager: Any, row: Row):
        super().__init__(manager, row, WORD)


@infer_getattr
class _RowFields(AttributeTemplate):
    key = Row

    def generic_resolve(self, row: Row, field: str) -> Any:
        place = row.places.get(field)
        return None if place is None else _SEEN[place[0][0]]


def _alias_tag(builder: Any, row: Row, field: str) -> Any:
    """Return LLVM's type-based alias tag of one field of one table."""
    module = builder.module
    root = module.add_metadata([ir.MetaDataString(module, "renkei")])
    zero = ir.Constant(WORD, 0)
    kind = module.add_metadata([ir.MetaDataString(module, f"{row.table}.{field}"), root, zero])
    return module.add_metadata([kind, kind, zero])


def _place(builder: Any, row: Row, address: Any, field: str) -> tuple[Any, str]:
    stored, offset = row.places[field]
    place = builder.add(address, ir.Constant(WORD, offset))
    return builder.inttoptr(place, _STORED[stored].as_pointer()), stored


@lower_getattr_generic(Row)
def _load(context: Any, builder: Any, row: Row, address: Any, field: str) -> Any:
    pointer, stored = _place(builder, row, address, field)
    value = builder.load(pointer)
    value.set_metadata("tbaa", _alias_tag(builder, row, field))
    if stored == "f4":
        return builder.fpext(value, ir.DoubleType())
    return builder.sext(value, WORD) if stored in ("i1", "i2", "i4") else value


@lower_setattr_generic(Row)
def _store(context: Any, builder: Any, signature: Any, args: Any, field: str) -> None:
    row, address = signature.args[0], args[0]
    pointer, stored = _place(builder, row, address, field)
    value = args[1]
    if stored == "f4":
        value = builder.fptrunc(value, ir.FloatType())
    elif stored in ("i1", "i2", "i4"):
        value = builder.trunc(value, _STORED[stored])
    stored_at = builder.store(value, pointer)
    stored_at.set_metadata("tbaa", _alias_tag(builder, row, field))
