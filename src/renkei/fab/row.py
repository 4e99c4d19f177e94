"""What all rows of a fab's tables have in common."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Distribution = Literal["constant", "uniform", "exponential", "erlang", "hyperexponential", "lognormal"]
Percent = Annotated[float, Field(ge=0, le=100)]
Minutes = Annotated[float, Field(ge=0, le=1e12)]
Moment = Annotated[float, Field(ge=-1e12, le=1e12)]
"""Minutes after the fab's start; before it when negative."""
Count = Annotated[int, Field(ge=0, le=10**9)]
Positive = Annotated[int, Field(ge=1, le=10**9)]
Wafers = Annotated[int, Field(ge=1, le=10_000)]
"""Of one lot; the floor keeps them in two bytes."""


class Row(BaseModel):
    """One row of a fab table: frozen, no unknown columns, with its place in the file and its source."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False, str_strip_whitespace=True
    )

    source: str = ""
    confidence: Literal["", "high", "medium", "low"] = ""
    note: str = ""
    file: str = Field(default="", repr=False)
    """File the row was read from (empty when made in Python)."""
    line: int = Field(default=0, repr=False)
    """Line in that file, 1-based."""

    def _content(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name not in ("file", "line")}

    def __eq__(self, other: object) -> bool:
        """Rows are equal when they say the same, wherever they were read from."""
        return type(self) is type(other) and isinstance(other, Row) and self._content() == other._content()

    def __hash__(self) -> int:
        return hash((type(self), *self._content().values()))
