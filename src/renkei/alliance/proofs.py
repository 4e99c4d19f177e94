"""Proofs of a process: a ladder from the first working transistor to a yielding product."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from renkei.alliance.base import Item, Names
from renkei.alliance.learning import Die
from renkei.units import Density, Fraction, Number


class Proof(Item):
    """A rung: what an analysed development lot must show; lots before the rungs below it are shown do not count."""

    name: str = ""
    shown_by: Literal["pilot", "full_loop", "short_loop"] = "full_loop"
    """Kind of development lot that can show it."""
    after: Names = ()
    """Rungs (technology.proofs) that must be shown before the lot is analysed."""
    modules: Number | None = None
    """Generations of learning in the modules pool that the lot's start must carry."""
    integration: Number | None = None
    """Likewise of integration."""
    structure: Die | None = None
    """Outline of the structure that is measured: a memory macro, a test chip."""
    structure_yield: Fraction | None = None
    """Share of the lot's structures that must work."""
    density: Density | None = None
    """Random defects that the lot may have at most."""
    lots: Annotated[int, Field(ge=1)] = 1
    """Lots that must show it before the rung counts as reached by the rungs above."""

    @model_validator(mode="after")
    def _asks_something(self) -> Proof:
        if (self.structure is None) != (self.structure_yield is None):
            raise ValueError("structure and structure_yield belong together")
        if all(value is None for value in (self.modules, self.integration, self.structure, self.density)):
            raise ValueError("asks nothing; give modules, integration, structure with structure_yield, or density")
        return self
