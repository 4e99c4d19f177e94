"""Assistance and the strings attached to it: it matches what others pay, is reviewed, is given back."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from renkei.alliance.base import Item, Names, Terms
from renkei.units import Date, Factor, Fraction, Lag, Months, PerYear, quantity


class Matching(Terms):
    """The payer adds to what others have paid in, up to the tranche's amount."""

    share: Factor
    """Of what the others have paid: 1 doubles it."""
    tranches: Names = ()
    """Tranches that are matched; empty: all of other payers, except those that match themselves."""
    until: Date | None = None
    """Last day of matching."""


class ClawBack(Terms):
    """What is given back when milestones are not reached by a day."""

    milestones: Annotated[Names, Field(min_length=1)]
    """All of them must be reached."""
    by: Date
    share: Fraction = quantity("Fraction", 1)
    """Of what was received until then."""
    delay: Lag = quantity("Lag", 0)
    """From the day to the payment, which keeps its place in `priorities`."""
    interest: PerYear = quantity("PerYear", 0)
    """Simple interest from receipt to the day on which it falls due."""
    ends: bool = True
    """Whether the tranche pays nothing more after the day."""


class Outcome(Terms):
    """What a review decides when its conditions hold; without conditions it always does."""

    reached: Names = ()
    """Milestones that must all be reached."""
    at_least: Fraction | None = None
    """Share of the expected milestones that must be reached."""
    release: Fraction
    """Share of the ceilings that is released."""
    delay: Lag = quantity("Lag", 0)
    """From the review to the payment of what falls due before; what falls due in between follows then."""


_PASSED = (Outcome(at_least=quantity("Fraction", 1), release=quantity("Fraction", 1)),)


class Review(Item):
    """A stage gate: on a day, or every so often, the payer looks at milestones and releases, cuts or delays money.

    What falls due before the first review is not reviewed. Of a budget over fiscal years a review decides the years
    that begin after it, until a later review decides; of any other tranche what is due from its day on, and a later
    review can release what an earlier one kept back.
    """

    tranches: Annotated[Names, Field(min_length=1)]
    """What it decides on."""
    date: Date
    every: Months | None = None
    """Held again and again."""
    until: Date | None = None
    """Last day on which it can be held again."""
    expects: Names = ()
    """Milestones looked at: each from the last day of its promise on (and `grace`), at once if nothing was promised."""
    grace: Lag = quantity("Lag", 0)
    """How much later than promised is still in time."""
    outcomes: Annotated[tuple[Outcome, ...], Field(min_length=1)] = _PASSED
    """The first whose conditions hold decides; if none holds, nothing is released."""

    @model_validator(mode="after")
    def _again(self) -> Review:
        if self.until is not None and (self.every is None or self.until < self.date):
            raise ValueError(f"until = {self.until}; belongs to `every`, and must not be before date = {self.date}")
        return self

    @model_validator(mode="after")
    def _looked_at(self) -> Review:
        if any(outcome.at_least is not None for outcome in self.outcomes) and not self.expects:
            raise ValueError("needs `expects`: `at_least` is a share of these milestones")
        return self
