"""Learning by experiment: experience grows in generations of development lots (Terwiesch and Bohn 2001).

Two pools: modules learn on short loops, pilot lots and full loops, integration on full loops only. Experience E is
their sum. A generation lasts τ, the mean time from a lot's start to its lesson; it adds share · λmax · m / (m + m50)
for its m distinct lots.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from renkei.alliance.learning import Learning, Pool

POOLS: tuple[Pool, ...] = ("modules", "integration")


@dataclass(frozen=True)
class Lesson:
    """What one lot, or a part of one, teaches; minutes."""

    started: float
    known: float
    pools: tuple[Pool, ...]
    weight: float = 1.0
    """Lots it counts for."""
    own: bool = True
    """False: from a partner's line; it never repeats what a lot here showed, and sets no pace beside lots from here."""


@dataclass(frozen=True)
class PoolState:
    """Experience of one pool."""

    experience: float = 0.0
    generations: int = 0
    opened: float | None = None
    """Minute at which the present generation began; None before the first lesson."""
    before: float = 0.0
    """Minute at which the generation before it began."""
    lots: float = 0.0
    """Distinct lots of the present generation so far."""
    pace: float = 0.0
    """Sum of start-to-lesson times of its own lots, minutes · weight."""
    paced: float = 0.0
    """Weight of its own lots."""
    foreign: float = 0.0
    """Sum of start-to-lesson times of partners' lots, minutes · weight."""
    latest: float = 0.0
    """Minute of the latest lesson counted."""
    length: float = 0.0
    """Length of the latest complete generation, minutes."""
    last_lots: float = 0.0
    """Distinct lots of the latest complete generation."""


@dataclass(frozen=True)
class Knowledge:
    """Experience by pool, and its history."""

    pools: Mapping[Pool, PoolState] = field(default_factory=lambda: dict.fromkeys(POOLS, PoolState()))
    history: tuple[tuple[float, float, float], ...] = ((0.0, 0.0, 0.0),)
    """(minute, experience of modules, of integration) after each change, in order of time."""
    ahead: tuple[Lesson, ...] = ()
    """Lessons under way at partners."""
    changed: frozenset[str] = frozenset()
    """Process changes that have taken their toll."""

    @property
    def experience(self) -> float:
        """E, the sum of the pools."""
        return sum(pool.experience for pool in self.pools.values())

    @property
    def generations(self) -> int:
        """Generations of full-loop learning completed."""
        return self.pools["integration"].generations

    def at(self, minute: float) -> tuple[float, float]:
        """Return the experience of modules and integration at a moment: what a lot started then carries."""
        times = [entry[0] for entry in self.history]
        index = max(int(np.searchsorted(times, minute, side="right")) - 1, 0)
        return self.history[index][1], self.history[index][2]

    def course(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the minutes at which E changed and E from then on, shapes (changes,)."""
        table = np.array(self.history)
        return table[:, 0], table[:, 1] + table[:, 2]


def shares(learning: Learning) -> dict[Pool, float]:
    """Return each pool's share of a generation's gain."""
    modules = float(learning.modules)
    return {"modules": modules, "integration": 1 - modules}


def step(knowledge: Knowledge, learning: Learning, lessons: Sequence[Lesson], until: float, frozen: bool) -> Knowledge:
    """Return the knowledge at minute `until` after lessons that became known by then."""
    known = [item for item in (*knowledge.ahead, *lessons) if item.known <= until]
    ahead = tuple(item for item in (*knowledge.ahead, *lessons) if item.known > until)
    rate = float(learning.rate) * (float(learning.after_freeze) if frozen else 1.0)
    events: list[tuple[float, Pool, float]] = []
    pools = dict(knowledge.pools)
    for name, share in shares(learning).items():
        mine = sorted((item for item in known if name in item.pools), key=lambda item: item.known)
        pools[name], gains = _through(pools[name], mine, share * rate, float(learning.half_lots), until)
        events += [(minute, name, gain) for minute, gain in gains]
    return replace(_recorded(knowledge, events), pools=pools, ahead=ahead)


def raised(knowledge: Knowledge, levels: Mapping[Pool, float], minute: float) -> Knowledge:
    """Return the knowledge with each pool at least at a level: what came over from a partner is not learnt again."""
    gains = [(minute, name, level - knowledge.pools[name].experience) for name, level in levels.items()]
    gains = [item for item in gains if item[2] > 0]
    pools = dict(knowledge.pools)
    for _, name, gain in gains:
        pools[name] = replace(pools[name], experience=pools[name].experience + gain)
    return replace(_recorded(knowledge, gains), pools=pools)


def reduced(knowledge: Knowledge, change: str, loss: float, names: Sequence[Pool], minute: float) -> Knowledge:
    """Return the knowledge after a process change that takes the share `loss` (ρ) of the experience."""
    events = [(minute, name, -loss * knowledge.pools[name].experience) for name in names]
    pools = dict(knowledge.pools)
    for name in names:
        pools[name] = replace(pools[name], experience=pools[name].experience * (1 - loss))
    return replace(_recorded(knowledge, events), pools=pools, changed=knowledge.changed | {change})


def _through(
    pool: PoolState, lessons: Sequence[Lesson], rate: float, half: float, until: float
) -> tuple[PoolState, list[tuple[float, float]]]:
    """Count lessons in order and close generations when they are due; return the gains with their minutes."""
    gains: list[tuple[float, float]] = []
    for lesson in lessons:
        pool = _closed(pool, lesson.known, rate, half, gains)
        pool = _counted(pool, lesson)
    return _closed(pool, until, rate, half, gains), gains


def _counted(pool: PoolState, lesson: Lesson) -> PoolState:
    """A lot counts unless it was started before the generation before this one began: it only repeats that one.

    In a steady stream the lots known in one generation were started in the one before, with the fix that opened it.
    """
    if pool.opened is None:
        pool = replace(pool, opened=lesson.started, before=lesson.started)
    if lesson.own and lesson.started < pool.before:
        return pool
    own = lesson.weight if lesson.own else 0.0
    return replace(
        pool,
        lots=pool.lots + lesson.weight,
        pace=pool.pace + own * (lesson.known - lesson.started),
        paced=pool.paced + own,
        foreign=pool.foreign + (lesson.weight - own) * (lesson.known - lesson.started),
        latest=lesson.known,
    )


def _closed(pool: PoolState, now: float, rate: float, half: float, gains: list[tuple[float, float]]) -> PoolState:
    """Close the generation if it has lasted τ and one whole lot was distinct."""
    if pool.opened is None or pool.lots < 1:
        return pool
    length = pool.pace / pool.paced if pool.paced > 0 else pool.foreign / pool.lots
    end = max(pool.opened + length, pool.latest)
    if now < end:
        return pool
    gain = rate * pool.lots / (pool.lots + half)
    gains.append((end, gain))
    return PoolState(
        experience=pool.experience + gain,
        generations=pool.generations + 1,
        opened=end,
        before=pool.opened,
        latest=end,
        length=length,
        last_lots=pool.lots,
    )


def _recorded(knowledge: Knowledge, events: Sequence[tuple[float, Pool, float]]) -> Knowledge:
    history = list(knowledge.history)
    for minute, name, gain in sorted(events, key=lambda event: event[0]):
        time, modules, integration = history[-1]
        minute = max(minute, time)
        modules, integration = modules + gain * (name == "modules"), integration + gain * (name == "integration")
        history.append((minute, modules, integration))
    return replace(knowledge, history=tuple(history))
