"""What one run of an engine leaves, and what an engine is to the benchmarks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from benchmarks.cases import Case, Length


@dataclass(frozen=True)
class Outcome:
    """One timed run."""

    seconds: float
    """Processor time of the thread that ran the model; the model was built before."""
    lot_steps: int | None
    """Steps that ended in the timed part; None where the engine does not tell."""
    time_in_fab: Mapping[str, float] = field(default_factory=dict)
    """Mean minutes from release to the end of the route, by stream or lot type, of the lots that ended."""
    lots: int | None = None
    """Lots that ended in the timed part, where told."""


class EngineError(Exception):
    """A peer was started and did not do its work; says why."""


class Engine(Protocol):
    """A simulator that may be here, and may know how to express a case."""

    name: str

    def absent(self) -> str | None:
        """Return why the engine cannot be used here, None if it can."""
        ...

    def unfit(self, case: Case) -> str | None:
        """Return why the engine cannot express the case, None if it can."""
        ...

    def run(self, case: Case, length: Length, seed: int) -> Outcome:
        """Build the model, run it for so long, and time the run alone."""
        ...
