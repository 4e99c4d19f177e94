"""Yields: what experience makes of the wafers that leave the floor."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from renkei.alliance import Alliance
from renkei.alliance.learning import Die
from renkei.alliance.technology import Technology
from renkei.alliance.uncertainty import drawn_for
from renkei.months.calendar import MINUTES_PER_DAY, Month
from renkei.months.dies import area, die_yield, gross_dies
from renkei.months.learning import Knowledge
from renkei.units import uniform

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Excursion:
    """An event that damages the wafers leaving the line until it is found and cleaned up; minutes."""

    since: float
    until: float
    """Found; once it is cleaned up: the end of that."""
    loss: float
    """Share of the good dies lost."""
    work: float = 0.0
    """Engineer-months of cleaning up still to be done."""

    def hits(self, finished: Floats) -> NDArray[np.bool_]:
        """Return which of the lots that left at these minutes it has damaged."""
        return (finished > self.since) & ((finished <= self.until) | (self.work > 0))


@dataclass(frozen=True)
class Loss:
    """Wafers of all lots in the line at a minute, scrapped by an event that struck the whole fab."""

    minute: float
    share: float


@dataclass(frozen=True)
class Quality:
    """What the wafers of some lots are like, arrays of shape (lots,)."""

    density: Floats
    """Random defects per cm²: the mean over the lot's way through the line."""
    systematic: Floats
    """Systematic yield."""
    kept: Floats
    """Share of the wafers out of the floor that are not scrapped by what the floor does not model."""
    sound: Floats
    """Share of the good dies that excursions leave."""


@dataclass(frozen=True)
class Measured:
    """Yields measured on a month's wafers; None without such wafers."""

    density: float
    systematic: float
    line: float


@dataclass(frozen=True)
class Yields:
    """Measured yields by month, and the excursions so far."""

    measured: Mapping[int, Measured] = field(default_factory=dict)
    """By month index; of product wafers, else of full loops."""
    excursions: tuple[Excursion, ...] = ()
    losses: tuple[Loss, ...] = ()

    def believed(self, index: int, lag: int) -> Measured | None:
        """Return the last measurement that is at least `lag` months old, None before there is any."""
        known = [month for month in self.measured if month <= index - lag]
        return self.measured[max(known)] if known else None

    @property
    def latest(self) -> Measured | None:
        """The last measurement."""
        return self.measured[max(self.measured)] if self.measured else None


def density(technology: Technology, experience: Floats) -> Floats:
    """Return D0 = D∞ + (Dinit − D∞)·e^(−E), per cm² (exponential approach, Gruber 1994)."""
    floor, first = float(technology.defects.floor), float(technology.defects.initial)
    return floor + (first - floor) * np.exp(-experience)


def systematic_loss(technology: Technology, experience: Floats) -> Floats:
    """Return −ln Ysys = s0·e^(−rate·G) with G = E/λmax (model.md, Technology and yield)."""
    terms = technology.systematic
    return float(terms.s0) * np.exp(-float(terms.rate) * experience / float(technology.learning.rate))


def line_yield(technology: Technology, experience: Floats) -> Floats:
    """Return the share of wafers that are not scrapped: mature − (mature − pilot)·e^(−rate·G)."""
    terms = technology.line_yield
    gap = float(terms.mature) - float(terms.pilot)
    return float(terms.mature) - gap * np.exp(-float(terms.rate) * experience / float(technology.learning.rate))


def quality(
    alliance: Alliance, knowledge: Knowledge, yields: Yields, started: Floats, finished: Floats, floor_yield: float
) -> Quality:
    """Return the quality of lots by start and finish (minutes); `floor_yield` is the line yield of the floor itself."""
    technology = alliance.technology
    times, experience = knowledge.course()
    way = [
        mean_over(times, values(technology, experience), started, finished)
        for values in (density, systematic_loss, line_yield)
    ]
    sound = np.ones(len(started))
    for event in yields.excursions:
        sound[event.hits(finished)] *= 1 - event.loss
    kept = np.minimum(way[2] / floor_yield, 1.0)
    for loss in yields.losses:
        kept[(started <= loss.minute) & (loss.minute < finished)] *= 1 - loss.share
    return Quality(way[0], np.exp(-way[1]), kept, sound)


def mean_over(times: Floats, values: Floats, first: Floats, last: Floats) -> Floats:
    """Return the mean from `first` to `last` of what is `values[i]` from `times[i]` on; shapes (n,), (lots,).

    Before `times[0]` it is `values[0]`. Where first = last, the value at that moment.
    """
    area_to = np.concatenate(([0.0], np.cumsum(values[:-1] * np.diff(times))))

    def integral(at: Floats) -> Floats:
        index = np.maximum(np.searchsorted(times, at, side="right") - 1, 0)
        return np.asarray(area_to[index] + values[index] * (at - times[index]))

    now = values[np.maximum(np.searchsorted(times, last, side="right") - 1, 0)]
    span = last - first
    return np.where(span > 0, (integral(last) - integral(first)) / np.where(span > 0, span, 1.0), now)


def excursions(yields: Yields, alliance: Alliance, month: Month, seed: int) -> Yields:
    """Return the yields with this month's excursions: a Poisson number on days drawn, each of its own size."""
    terms, path = alliance.technology.excursions, "technology.excursions"
    number = poisson_number(float(terms.rate) / 12, uniform(seed, path, month.index))
    new = []
    for n in range(number):
        start = month.start + month.minutes * uniform(seed, f"{path}.day.{n}", month.index)
        own = drawn_for(terms, seed, path, month.index * 100 + n)
        new.append(Excursion(start, start + float(own.length) * MINUTES_PER_DAY, float(own.loss), float(own.clean_up)))
    return replace(yields, excursions=yields.excursions + tuple(new))


def to_clean_up(yields: Yields, until: float) -> float:
    """Return the engineer-months that excursions found by a minute still ask for."""
    return sum(event.work for event in yields.excursions if event.until <= until)


def cleaned_up(yields: Yields, month: Month, engineers: float) -> tuple[Yields, float]:
    """Return the yields after a month's cleaning up of excursions that are found, and the engineer-months spent.

    The first found is cleaned up first, by all `engineers` (engineer-months a month); it damages until then.
    """
    rate, now, events = engineers / month.minutes, month.start, list(yields.excursions)
    spent = 0.0
    for index in sorted(range(len(events)), key=lambda i: events[i].until):
        event = events[index]
        if event.work <= 0 or event.until > month.end or rate <= 0:
            continue
        begin = max(now, event.until)
        done = min(event.work, max(month.end - begin, 0.0) * rate)
        now, spent = begin + done / rate, spent + done
        left = event.work - done
        events[index] = replace(event, work=0.0, until=now) if left <= 1e-12 else replace(event, work=left)
    return replace(yields, excursions=tuple(events)), spent


def poisson_number(mean: float, u: float) -> int:
    """Return the Poisson-distributed number of `mean` at the uniform number `u`."""
    number, probability = 0, math.exp(-mean)
    total = probability
    while u > total and number < 10_000:
        number += 1
        probability *= mean / number
        total += probability
    return number


def rounded(values: Floats, seed: int, path: str, numbers: Sequence[int]) -> NDArray[np.int64]:
    """Return whole numbers with these means, each rounded by the draw that belongs to its lot's number."""
    luck = np.array([uniform(seed, path, number) for number in numbers])
    return np.floor(values + luck).astype(np.int64) if len(numbers) else np.zeros(0, dtype=np.int64)


def good_share(alliance: Alliance, die: Die, quality: Quality) -> Floats:
    """Return the share of a die's gross number that is good on each lot's wafers."""
    technology = alliance.technology
    return quality.systematic * die_yield(technology.die_yield, area(die), quality.density) * quality.sound


def expected_share(alliance: Alliance, die: Die, measured: Measured) -> float:
    """Return the share of good dies that a measurement of D0 and systematic yield lets expect."""
    random = die_yield(alliance.technology.die_yield, area(die), np.array([measured.density]))
    return float(measured.systematic * random[0])


def gross(alliance: Alliance, die: Die) -> int:
    """Return the gross dies of a wafer of this alliance."""
    return gross_dies(die, alliance.technology.wafer)
