"""Learning and yield: the parameters of the technology's physics (model.md, Technology and yield)."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from renkei.alliance.base import NOTHING, Gate, Item, Named, Terms, guess
from renkei.units import Days, Density, Effort, Factor, Fraction, Lag, Length, Number, PerYear, quantity

Pool = Literal["modules", "integration"]
"""Modules are learnt on short loops, integration on full loops."""


class Die(Terms):
    """A chip's outline."""

    width: Length
    height: Length


class Wafer(Terms):
    """What of a wafer can carry chips."""

    diameter: Length = quantity("Length", 300, "SEMI M1", "high")
    edge_exclusion: Length = guess("Length", 3)
    scribe: Length = guess("Length", 0.1)
    """Width of the saw street between chips."""


class ProcessChange(Item):
    """A change of the process that takes part of the experience away."""

    after: Annotated[Gate, Field(min_length=1)]
    """Comes when these milestones are reached."""
    delay: Lag = quantity("Lag", 0)
    loss: Fraction
    """Share of the experience E that is lost (ρ)."""
    pools: tuple[Pool, ...] = ("modules", "integration")


class Excursions(Terms):
    """Events that damage wafers in the line."""

    drawn_each: ClassVar[frozenset[str]] = frozenset({"loss", "length"})

    rate: PerYear = guess("PerYear", "2 /year")
    """Mean number a year (Poisson)."""
    loss: Fraction = guess("Fraction", {"triangular": [0.1, 0.3, 0.8]})
    """Share of the good dies lost on the wafers concerned; drawn for each."""
    length: Days = guess("Days", {"triangular": [3, 7, 21]})
    """Time until it is found, drawn for each; the wafers that leave until it is cleaned up are concerned."""
    clean_up: Effort = quantity("Effort", 0)
    """Engineers' work on each from its discovery on, before lots are analysed."""


class Learning(Terms):
    """Learning by experiment (Terwiesch and Bohn 2001) in generations of development lots.

    Per generation of length τ experience grows by rate · m / (m + half_lots), m distinct lots analysed in it, each pool
    by its share.
    """

    rate: Number = guess("Number", {"lognormal": [0.30, 0.35]})
    """λmax, experience per generation with unlimited lots."""
    half_lots: Factor = guess("Factor", {"triangular": [10, 25, 40]})
    """m50, lots per generation that give half of it."""
    modules: Fraction = guess("Fraction", 0.6)
    """Share of the modules pool; the rest is integration."""
    analysis_time: Days = guess("Days", 14)
    """From a lot's end to its knowledge, without queueing for engineers."""
    short_loop_time: Days = guess("Days", {"uniform": [20, 25]})
    """Cycle time of short loops when the fab declares no route for them."""
    lots_from_volume: Fraction = guess("Fraction", 0.02)
    """Share of finished product lots that count as analysed full loops, without extra engineers."""
    after_freeze: Fraction = guess("Fraction", 0.7)
    """Rate once the process is frozen, as a share of the one before."""
    changes: Named[ProcessChange] = NOTHING


class Defects(Terms):
    """Random defects, D0 = D∞ + (Dinit − D∞)·e^(−E) (exponential approach as in Gruber 1994)."""

    initial: Density = guess("Density", {"lognormal": [5, 0.5]})
    """At E = 0, functional transistors."""
    floor: Density = guess("Density", {"triangular": [0.05, 0.06, 0.085]})


class Systematic(Terms):
    """Systematic loss, ln Y = −s0·e^(−rate·G), G = E/λmax generations with unlimited lots."""

    s0: Number = guess("Number", 4.6)
    rate: Number = guess("Number", 0.35)


class LineYield(Terms):
    """Wafers that are not scrapped, mature − (mature − pilot)·e^(−rate·G); the fab's own scrap is a part of it."""

    pilot: Fraction = guess("Fraction", {"uniform": [0.65, 0.80]})
    mature: Fraction = guess("Fraction", 0.95)
    rate: Number = guess("Number", 0.2)

    @model_validator(mode="after")
    def _rises(self) -> LineYield:
        if float(self.pilot) > float(self.mature):
            raise ValueError(f"pilot = {self.pilot}; must not be above mature = {self.mature}")
        return self


class DieYield(Terms):
    """Share of chips without a killing defect, as a function of area times D0."""

    model: Literal["negative_binomial", "poisson", "murphy", "seeds", "bose_einstein"] = "negative_binomial"
    alpha: Factor = guess("Factor", 3)
    """Clustering of the negative binomial model; large is Poisson."""
    layers: Annotated[int, Field(ge=1)] = 22
    """Critical layers of the Bose–Einstein model, whose D0 is per layer: D0 / layers."""


class Thresholds(Terms):
    """What an analysed development lot must show to count."""

    working_transistors: Number = guess("Number", {"triangular": [0.2, 0.5, 1.0]})
    """Generations of learning in the modules pool at which a pilot lot's transistors work."""
