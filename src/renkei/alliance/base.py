"""What all declared terms of an alliance have in common."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from renkei.units import Confidence, Date, Quantity, add_months, echo, first_of_month, quantity

Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.+-]*$", max_length=80)]
"""Identifier of a declared thing: letters, digits, `-`, `_`, `.`."""
FabName = Annotated[str, Field(min_length=1, max_length=120)]
"""Name of something in the fab: a tool group, an area, a product, a crew."""
End = Literal["front_end", "back_end"]
"""Wafer processing, or packaging and test; public money is often bound to one of them."""


class Terms(BaseModel):
    """A block of terms: frozen, no unknown fields, with its source."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)
    drawn_each: ClassVar[frozenset[str]] = frozenset()
    """Fields that are drawn anew at each event of the block instead of once a future."""

    source: str = ""
    """Where these terms come from: document, date, page."""
    confidence: Confidence = ""
    """`high`, `medium` or `low`; `low` marks rumour or guess."""
    note: str = ""


class Item(Terms):
    """A thing with an identifier, declared as a key of a mapping: `cohorts: {albany-1: {…}}`."""

    id: Name = ""
    """Filled from the key."""

    def __repr_name__(self) -> str:
        return f"{type(self).__name__} {self.id}"


def _with_ids(value: Any) -> Any:
    """Give each item of a mapping its key as `id`; leave everything else to pydantic's own checks."""
    if not isinstance(value, Mapping):
        return value
    return {key: _with_id(key, item) for key, item in value.items()}


def _with_id(key: Any, item: Any) -> Any:
    if not isinstance(item, Mapping):
        return item
    if item.get("id", key) != key:
        raise ValueError(f'= {echo(item["id"])} under the key "{key}"; leave `id` out, the key is the identifier')
    return {**item, "id": key}


def _as_tuple(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


_T = TypeVar("_T")
Named = Annotated[Mapping[Name, _T], BeforeValidator(_with_ids)]
"""Declared things by identifier, in the order of the file."""
Names = Annotated[tuple[Name, ...], BeforeValidator(_as_tuple, json_schema_input_type=Name | tuple[Name, ...])]
"""One identifier or a list of them."""
NOTHING: Mapping[Any, Any] = {}
"""Default of mappings."""
FabNames = Annotated[
    tuple[FabName, ...], BeforeValidator(_as_tuple, json_schema_input_type=FabName | tuple[FabName, ...])
]
"""One name or a list of names of the fab."""
Gate = Names
"""Milestones that must all be reached first; empty: no condition."""


class Dated(Terms):
    """A date with its source; written as a bare date, or as a mapping when it has a span or a source."""

    date: Date
    """The day, or the first day of the span that is meant."""
    until: Date | None = None
    """Last day of the span: a promise for the second half of FY2027 runs from 2027-10-01 until 2028-03-31."""
    known_from: Date | None = None
    """Publication date: `--known-by` hides it before."""

    @model_validator(mode="before")
    @classmethod
    def _from_bare(cls, value: Any) -> Any:
        return value if isinstance(value, (Mapping, Dated)) else {"date": value}

    @model_validator(mode="after")
    def _in_order(self) -> Dated:
        if self.until is not None and self.until < self.date:
            raise ValueError(f"= {self.date} until {self.until}; must not end before it begins")
        return self

    @property
    def month_end(self) -> dt.date:
        """Last day of the last month that is meant: promises are held to months, since one course knows no days."""
        return add_months(first_of_month(self.until or self.date), 1) - dt.timedelta(days=1)


def guess(kind: str, value: object, source: str = "expert estimate, default of the model") -> Quantity:
    """Return a default that is an unsourced estimate and says so."""
    return quantity(kind, value, source, "low")


def exactly_one(**fields: object) -> None:
    """Raise ValueError unless exactly one of the named fields is given (neither None nor empty)."""
    given = [name for name, value in fields.items() if value not in (None, (), {}, "")]
    if len(given) != 1:
        found = " and ".join(given) or "none"
        raise ValueError(f"needs exactly one of {', '.join(fields)}; found {found}")
