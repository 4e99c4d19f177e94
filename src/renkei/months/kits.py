"""Process design kits: when they are worked on, when the process freezes, when they are released."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

from renkei.alliance import Alliance
from renkei.months.calendar import CLOSED, Month, opened
from renkei.units import DAYS_PER_MONTH


@dataclass(frozen=True)
class Kit:
    """One release of the design kit."""

    pdk: str
    begun: dt.date | None = None
    worked: float = 0.0
    """Months of work done."""
    released: dt.date | None = None


Kits = tuple[Kit, ...]


def fresh_kits(alliance: Alliance) -> Kits:
    """Return all kits before their work begins."""
    return tuple(Kit(name) for name in alliance.technology.pdks)


def begin(kits: Kits, alliance: Alliance, month: Month, reached: Mapping[str, dt.date], generations: int) -> Kits:
    """Return the kits, the work begun on those whose milestones are reached and generations completed."""
    after = []
    for kit in kits:
        terms = alliance.technology.pdks[kit.pdk]
        gate = opened(terms.after, reached)
        ready = gate is not None and generations >= round(float(terms.generations))
        after.append(replace(kit, begun=month.first) if kit.begun is None and ready else kit)
    return tuple(after)


def engineers_needed(kits: Kits, alliance: Alliance) -> float:
    """Return the engineer-months a month that kits under work ask for."""
    return sum(
        float(alliance.technology.pdks[kit.pdk].engineers)
        for kit in kits
        if kit.begun is not None and kit.released is None and CLOSED not in alliance.technology.pdks[kit.pdk].after
    )


def step(kits: Kits, alliance: Alliance, month: Month, cover: float) -> Kits:
    """Return the kits at the month's end; work advances as far as engineers cover it, and rests while suspended."""
    after = []
    for kit in kits:
        terms = alliance.technology.pdks[kit.pdk]
        after.append(_worked(kit, float(terms.build), month, 0.0 if CLOSED in terms.after else cover))
    return tuple(after)


def frozen(kits: Kits, alliance: Alliance) -> bool:
    """Whether the process is frozen: the work on a kit that freezes it has begun."""
    return any(kit.begun is not None and alliance.technology.pdks[kit.pdk].freezes for kit in kits)


def released(kits: Kits) -> dict[str, dt.date]:
    """Return the release dates by kit."""
    return {kit.pdk: kit.released for kit in kits if kit.released is not None}


def _worked(kit: Kit, length: float, month: Month, cover: float) -> Kit:
    if kit.begun is None or kit.released is not None:
        return kit
    left, possible = length - kit.worked, month.days / DAYS_PER_MONTH * cover
    if possible < left:
        return replace(kit, worked=kit.worked + possible)
    days = int(left / possible * month.days) if possible > 0 else 0
    return replace(kit, worked=length, released=month.first + dt.timedelta(days=min(days, month.days - 1)))
