"""Analysis: finished development lots queue for engineers; what they show is known when the work is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from renkei.alliance import Alliance
from renkei.months.calendar import MINUTES_PER_DAY, Month


@dataclass(frozen=True)
class DevelopmentLot:
    """A development lot that left the floor; minutes since the alliance's first day."""

    development: str
    """Identifier in technology.development."""
    kind: str
    """pilot, full_loop or short_loop."""
    product: str
    number: int
    started: float
    finished: float
    wafers: int


@dataclass(frozen=True)
class Analysed:
    """A lot whose lesson is known."""

    lot: DevelopmentLot
    known: float
    """Minute."""


@dataclass(frozen=True)
class Analysis:
    """Lots waiting for engineers, in order of finish, and lots whose analysis is done but takes its time."""

    queue: tuple[DevelopmentLot, ...] = ()
    begun: float = 0.0
    """Engineer-months already spent on the first of the queue."""
    ripening: tuple[Analysed, ...] = ()


def effort(alliance: Alliance, kind: str) -> float:
    """Return the engineer-months that the analysis of a lot of this kind takes."""
    budget = alliance.workforce.engineers
    return float(budget.analysis_short_loop if kind == "short_loop" else budget.analysis_full_loop)


def backlog(analysis: Analysis, alliance: Alliance) -> float:
    """Return the engineer-months of work that is waiting."""
    return max(sum(effort(alliance, lot.kind) for lot in analysis.queue) - analysis.begun, 0.0)


def step(
    analysis: Analysis, alliance: Alliance, month: Month, lots: Sequence[DevelopmentLot], engineers: float
) -> tuple[Analysis, list[Analysed], float]:
    """Return the state at the month's end, the lots whose lesson became known, and the engineer-months used.

    Lots are worked on one after the other by all engineers of the analysis (`engineers`, engineer-months a month). A
    lot is known when its work is done and `analysis_time` has passed since it left the floor.
    """
    rate, now, used = engineers / month.minutes, month.start, 0.0
    least = float(alliance.technology.learning.analysis_time) * MINUTES_PER_DAY
    queue, begun, ripe = (
        list(analysis.queue) + sorted(lots, key=lambda lot: lot.finished),
        analysis.begun,
        list(analysis.ripening),
    )
    while queue and rate > 0:
        lot, since = queue[0], max(now, queue[0].finished)
        left = effort(alliance, lot.kind) - begun
        done = since + left / rate
        if done > month.end:
            part = max(month.end - since, 0.0) * rate
            begun, used = begun + part, used + part
            break
        used += left
        ripe.append(Analysed(lot, max(done, lot.finished + least)))
        queue, begun, now = queue[1:], 0.0, done
    known = sorted((item for item in ripe if item.known <= month.end), key=lambda item: item.known)
    after = Analysis(tuple(queue), begun, tuple(item for item in ripe if item.known > month.end))
    return after, known, used
