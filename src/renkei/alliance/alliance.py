"""The whole declared alliance."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from renkei.alliance.accounts import Accounts
from renkei.alliance.actuals import Actuals
from renkei.alliance.base import NOTHING, Item, Name, Named, Names, Terms
from renkei.alliance.correlation import Correlation
from renkei.alliance.equipment import Equipment
from renkei.alliance.exchange import Currency, PriceChanges, PricedCurrency, Rates, price_level
from renkei.alliance.funding import Funding
from renkei.alliance.market import Market
from renkei.alliance.milestones import Milestone
from renkei.alliance.partners import Partner
from renkei.alliance.planning import Planning
from renkei.alliance.projects import Project
from renkei.alliance.risks import Risk
from renkei.alliance.site import Site
from renkei.alliance.technology import Technology
from renkei.alliance.workforce import Workforce
from renkei.units import Date, Quantity, first_of_month, months_between, to_yen


class Clause(Item):
    """One sentence of the agreement and where it has its place in this alliance."""

    text: Annotated[str, Field(min_length=1)]
    parties: Names = ()
    said: Date | None = None
    implemented_by: Annotated[
        tuple[str, ...],
        Field(min_length=1),
        BeforeValidator(lambda v: (v,) if isinstance(v, str) else v, json_schema_input_type=str | tuple[str, ...]),
    ]
    """Paths of the parts or fields that carry it: `workforce.cohorts.albany-1`, `funding`."""


class Scenario(Terms):
    """A named variant: what it changes in the file, before anything is checked."""

    title: str = ""
    description: str = ""
    overrides: Mapping[str, Any] = NOTHING
    """Merged into the alliance key by key; a value of null removes the key."""


class Alliance(Terms):
    """Everything that the parties agreed, declared once; frozen."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=60)]
    title: str = ""
    description: str = ""
    start: Date
    """First month simulated."""
    end: Date
    """Last month simulated, included."""
    fab: Annotated[str, Field(min_length=1)]
    """A built-in fab or the path of a fab's folder, relative to this file."""
    fx: Mapping[Currency, Rates] = NOTHING
    """Yen for one unit of each foreign currency: one rate, or a list of {start, rate}, any of them with a `walk`."""
    inflation: Mapping[PricedCurrency, PriceChanges] = NOTHING
    """Yearly change of prices by currency, for amounts with `prices_of`: one rate, or a list of {year, rate}."""
    clauses: Named[Clause] = NOTHING
    """The agreement's sentences; every one has its place."""
    partners: Annotated[Named[Partner], Field(min_length=1)]
    funding: Funding = Funding()
    site: Site
    workforce: Workforce
    equipment: Equipment = Equipment()
    technology: Technology
    market: Market
    planning: Planning = Planning()
    projects: Named[Project] = NOTHING
    """Other factories of the manufacturer that compete for its cash and engineers."""
    accounts: Accounts = Accounts()
    milestones: Annotated[Named[Milestone], Field(min_length=1)]
    risks: Named[Risk] = NOTHING
    """Events that nobody agreed on and everybody should expect."""
    correlations: Named[Correlation] = NOTHING
    """Pairs of uncertain values that move together."""
    actuals: Actuals = Actuals()
    scenarios: Mapping[Name, Scenario] = NOTHING
    scenario: tuple[Name, ...] = ()
    """Scenarios applied to what is read here; filled by the reader."""
    sources: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _in_order(self) -> Alliance:
        if self.end < self.start:
            raise ValueError(f"end = {self.end}; must not be before start = {self.start}")
        if self.months > 1200:
            raise ValueError(f"end = {self.end}; {self.months} months are more than 100 years")
        return self

    @model_validator(mode="after")
    def _rates_rise(self) -> Alliance:
        for currency, rates in self.fx.items():
            days = [rate.start or dt.date.min for rate in rates]
            if days != sorted(set(days)):
                raise ValueError(f"fx.{currency} must rise in date, each date once")
        return self

    @model_validator(mode="after")
    def _price_years_rise(self) -> Alliance:
        for currency, changes in self.inflation.items():
            years = [change.year or 0 for change in changes]
            if years != sorted(set(years)):
                raise ValueError(f"inflation.{currency} must rise in year, each year once")
        return self

    @property
    def months(self) -> int:
        """Number of months simulated."""
        return months_between(self.start, self.end) + 1

    @property
    def first_day(self) -> dt.date:
        """First day of the first month: minute 0 of the floor."""
        return first_of_month(self.start)

    def rate(self, currency: str, on: dt.date) -> Decimal:
        """Return yen for one unit on a day, by the latest rate that has begun (else the first); KeyError if none."""
        if currency == "JPY":
            return Decimal(1)
        rates = self.fx[currency]  # type: ignore[index]
        begun = [rate for rate in rates if rate.start is None or rate.start <= on]
        return (begun[-1] if begun else rates[0]).rate.exact

    def yen(self, money: Quantity, on: dt.date) -> int:
        """Return an amount of money as whole yen at prices and rate of a day."""
        return to_yen(self.priced(money, on), self.rate(money.currency, on))

    def priced(self, money: Quantity, on: dt.date) -> Decimal:
        """Return what an amount in prices of some year is in those of a day, in its currency."""
        return money.exact * self.price_level(money.currency, money.prices_of, on)

    def price_level(self, currency: str, base: int | None, on: dt.date) -> Decimal:
        """Return the prices of a day's calendar year, those of `base` being 1; KeyError if there is no index."""
        if base is None:
            return Decimal(1)
        return price_level(self.inflation[currency], base, on.year)  # type: ignore[index]

    def __repr__(self) -> str:
        return (
            f"<Alliance {self.name}: {len(self.partners)} partners, {self.start:%Y-%m} to {self.end:%Y-%m}, "
            f"fab {self.fab}, {len(self.milestones)} milestones>"
        )
