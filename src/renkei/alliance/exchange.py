"""Money of other countries and other years: exchange rates, given or walking, and price indices."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal
from statistics import NormalDist
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from renkei.alliance.base import Terms
from renkei.units import (
    MOST_RATE,
    Date,
    ExchangeRate,
    Inflation,
    PerYear,
    Volatility,
    add_months,
    first_of_month,
    months_between,
    quantity,
    uniform,
)

if TYPE_CHECKING:
    from renkei.alliance.alliance import Alliance

Currency = Literal["USD", "EUR", "TWD", "KRW", "GBP", "CNY", "SGD", "CHF"]
PricedCurrency = Literal["JPY", "USD", "EUR", "TWD", "KRW", "GBP", "CNY", "SGD", "CHF"]
_NORMAL = NormalDist()
_FARTHEST = math.log(MOST_RATE)
"""Where a walk is held: at the limits of a rate."""


class Walk(Terms):
    """A geometric random walk, month by month from the rate's start on."""

    volatility: Volatility
    """Standard deviation of a month's change of the logarithm; 10 % a year is 2.9 %/month."""
    drift: PerYear = quantity("PerYear", 0)
    """Expected change."""
    correlated_with: str = ""
    """Name of a common factor: currencies of the same name move together."""
    correlation: Annotated[float, Field(ge=-1, le=1)] = 0.0
    """Of a month's change with the common factor."""

    @model_validator(mode="after")
    def _together(self) -> Walk:
        if bool(self.correlated_with) != bool(self.correlation):
            raise ValueError("needs both correlated_with and correlation, or neither")
        return self


class DatedRate(Terms):
    """An exchange rate from a day on."""

    start: Date | None = None
    """None: from ever."""
    rate: ExchangeRate
    """Yen for one unit."""
    walk: Walk | None = None
    """None: the rate stays until the next one's start."""


def _rates(value: Any) -> Any:
    """Let `USD: 132` (or an uncertain value) stand for one constant rate."""
    if isinstance(value, Mapping) and "walk" in value:
        return (value,)
    return value if isinstance(value, (list, tuple)) else ({"rate": value},)


Rates = Annotated[
    tuple[DatedRate, ...],
    Field(min_length=1),
    BeforeValidator(_rates, json_schema_input_type=ExchangeRate | tuple[DatedRate, ...]),
]


class PriceChange(Terms):
    """Yearly change of prices from a calendar year on."""

    year: Annotated[int, Field(ge=1950, le=2200)] | None = None
    """None: from ever. The change from the year before to this one, and of later years until the next entry."""
    rate: Inflation


def _changes(value: Any) -> Any:
    """Let `JPY: 2 %/year` stand for one constant change."""
    return value if isinstance(value, (list, tuple)) else ({"rate": value},)


PriceChanges = Annotated[
    tuple[PriceChange, ...],
    Field(min_length=1),
    BeforeValidator(_changes, json_schema_input_type=Inflation | tuple[PriceChange, ...]),
]


def price_level(changes: tuple[PriceChange, ...], base: int, year: int) -> Decimal:
    """Return the price level of a year, that of `base` being 1: Π (1 + change of each year between)."""
    level = Decimal(1)
    for between in range(min(base, year) + 1, max(base, year) + 1):
        begun = [change for change in changes if change.year is None or change.year <= between]
        level *= 1 + (begun[-1] if begun else changes[0]).rate.exact
    return level if year >= base else 1 / level


def walked(alliance: Alliance, seed: int) -> Alliance:
    """Return the alliance with each walking rate replaced by the monthly rates that (seed, currency, month) draw.

    rate_m = rate_(m−1) · e^(drift/12 − σ²/2 + σ z), z standard normal: a geometric random walk whose mean follows the
    drift (Meese and Rogoff, Journal of International Economics 14, 1983: no model beats the walk over months to a
    year). Currencies with a common factor f have z = ρ f + √(1 − ρ²) ε.
    """
    if not any(rate.walk for rates in alliance.fx.values() for rate in rates):
        return alliance
    fx = {currency: _steps(alliance, currency, rates, seed) for currency, rates in alliance.fx.items()}
    return alliance.model_copy(update={"fx": fx})


def _steps(alliance: Alliance, currency: str, rates: tuple[DatedRate, ...], seed: int) -> tuple[DatedRate, ...]:
    found: list[DatedRate] = []
    for number, given in enumerate(rates):
        found.append(given.model_copy(update={"walk": None}))
        if given.walk is None:
            continue
        begin = max(first_of_month(given.start or alliance.first_day), alliance.first_day)
        end = add_months(alliance.first_day, alliance.months)
        if number + 1 < len(rates):
            end = min(end, rates[number + 1].start or end)
        sigma, log = float(given.walk.volatility), math.log(float(given.rate))
        for ahead in range(1, months_between(begin, end) + 1):
            day = add_months(begin, ahead)
            if day >= end:
                break
            shock = _shock(given.walk, currency, months_between(alliance.first_day, day), seed)
            log += float(given.walk.drift) / 12 - sigma**2 / 2 + sigma * shock
            log = min(max(log, -_FARTHEST), _FARTHEST)
            rate = quantity("ExchangeRate", round(math.exp(log), 6), given.rate.source, given.rate.confidence)
            found.append(DatedRate(start=day, rate=rate))
    return tuple(found)


def _shock(walk: Walk, currency: str, month: int, seed: int) -> float:
    own = _NORMAL.inv_cdf(uniform(seed, f"fx.{currency}.walk", month))
    if not walk.correlated_with:
        return own
    common = _NORMAL.inv_cdf(uniform(seed, f"{walk.correlated_with}.walk", month))
    return walk.correlation * common + math.sqrt(1 - walk.correlation**2) * own
