"""What all rows of a fab's tables have in common."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Distribution = Literal["constant", "uniform", "exponential", "erlang", "hyperexponential", "lognormal"]
Percent = Annotated[float, Field(ge=0, le=100)]
Minutes = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=0)]
Positive = Annotated[int, Field(ge=1)]


class Row(BaseModel):
    """One row of a fab table: frozen, no unknown columns, with its place in the file and its source."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)

    source: str = ""
    confidence: Literal["", "high", "medium", "low"] = ""
    note: str = ""
    file: str = Field(default="", repr=False)
    """File the row was read from (empty when made in Python)."""
    line: int = Field(default=0, repr=False)
    """Line in that file, 1-based."""
