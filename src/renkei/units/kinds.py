"""The kinds of quantities that alliances declare, as annotated types: `stay: Months`."""

from __future__ import annotations

from typing import Annotated

from renkei.units.quantity import Confidence, Kind, Quantity

LONGEST = 1200.0
"""Months: as long as an alliance may last."""
DEAREST = 1e15
"""Of any currency: ledgers count yen in 64 bits, which hold some thousands of it."""

MOST_RATE = 1e6
"""Yen for one unit of a currency: more, or less than its inverse, is a slip of the hand."""

_MONTHS = Kind("a duration", "months", "18 months", minimum=0, above=True, most=LONGEST)
_LAG = Kind("a duration", "months", "3 months", minimum=0, most=LONGEST)
_DAYS = Kind("a duration", "days", "14 days", minimum=0, most=31 * LONGEST)
_MONEY = Kind("an amount of money", "money", "70 bn JPY", minimum=0, most=DEAREST)
_MONEY_PER_YEAR = Kind("money per year", "money/year", "9.5 M JPY/year", minimum=0, most=DEAREST)
_MONEY_PER_MONTH = Kind("money per month", "money/month", "30 M JPY/month", minimum=0, most=DEAREST)
_MONEY_PER_WAFER = Kind("money per wafer", "money/wafer", "20 k USD/wafer", minimum=0, most=DEAREST)
_MONEY_PER_TOOL_YEAR = Kind("money per tool and year", "money/tool-year", "40 M JPY/tool-year", minimum=0, most=DEAREST)
_MONEY_PER_PERSON_MONTH = Kind(
    "money per person and month", "money/person-month", "2 M JPY/person-month", minimum=0, most=DEAREST
)
_PRICE_PER_KWH = Kind("a price of energy", "money/kWh", "25 JPY/kWh", minimum=0, most=DEAREST)
_FRACTION = Kind("a share", "", "12 %", minimum=0, maximum=1)
_NUMBER = Kind("a number", "", "2.5", minimum=0)
_SIGNED = Kind("a number", "", "-5 %")
_FACTOR = Kind("a factor", "", "0.8", minimum=0, above=True)
_EXCHANGE_RATE = Kind("an exchange rate", "", "150", minimum=1e-6, most=MOST_RATE)
_INFLATION = Kind("a yearly change of prices", "/year", "2 %/year", minimum=-0.5, most=1)
_VOLATILITY = Kind("a rate per month", "/month", "2.9 %/month", minimum=0, most=1)
_PER_YEAR = Kind("a rate per year", "/year", "8 %/year")
_PER_MONTH = Kind("a rate per month", "/month", "2 %/month", minimum=0)
_DENSITY = Kind("a defect density", "/cm2", "0.33 /cm2", minimum=0)
_LENGTH = Kind("a length", "mm", "10 mm", minimum=0, above=True)
_PEOPLE = Kind("a number of people", "people", "100 people", minimum=0)
_PEOPLE_PER_MONTH = Kind("a number of people per month", "people/month", "25 people/month", minimum=0)
_COUNT = Kind("a number", "", "3", minimum=0)
_EFFORT = Kind("an effort", "engineer-months", "1.5 engineer-months", minimum=0)
_WAFERS_PER_MONTH = Kind("a wafer rate", "wafers/month", "25 k wafers/month", minimum=0)
_LOTS_PER_MONTH = Kind("a lot rate", "lots/month", "10 lots/month", minimum=0)
_TOOLS_PER_WEEK = Kind("a tool rate", "tools/week", "10 tools/week", minimum=0.001)
_KILOWATTS = Kind("a power", "kW", "12 MW", minimum=0)
_KWH_PER_WAFER = Kind("energy per wafer", "kWh/wafer", "1,500 kWh/wafer", minimum=0)

Months = Annotated[Quantity, _MONTHS]
"""A duration above 0, in months."""
Lag = Annotated[Quantity, _LAG]
"""A delay, in months; may be 0."""
Days = Annotated[Quantity, _DAYS]
"""A duration in days; may be 0."""
MoneyQ = Annotated[Quantity, _MONEY]
"""An amount in its currency; a plain number is yen."""
MoneyPerYear = Annotated[Quantity, _MONEY_PER_YEAR]
MoneyPerMonth = Annotated[Quantity, _MONEY_PER_MONTH]
MoneyPerWafer = Annotated[Quantity, _MONEY_PER_WAFER]
MoneyPerToolYear = Annotated[Quantity, _MONEY_PER_TOOL_YEAR]
MoneyPerPersonMonth = Annotated[Quantity, _MONEY_PER_PERSON_MONTH]
PricePerKilowattHour = Annotated[Quantity, _PRICE_PER_KWH]
Fraction = Annotated[Quantity, _FRACTION]
"""A share between 0 and 1, `12 %` or 0.12."""
Number = Annotated[Quantity, _NUMBER]
"""A number without unit, not negative."""
Signed = Annotated[Quantity, _SIGNED]
"""A number without unit and without limits."""
Factor = Annotated[Quantity, _FACTOR]
"""A number without unit above 0."""
PerYear = Annotated[Quantity, _PER_YEAR]
"""A rate of change or a frequency per year, `−5 %/year`; a plain 0.05 means 5 % a year."""
PerMonth = Annotated[Quantity, _PER_MONTH]
ExchangeRate = Annotated[Quantity, _EXCHANGE_RATE]
"""Yen for one unit of a currency."""
Inflation = Annotated[Quantity, _INFLATION]
"""A change of prices from one year to the next, `2 %/year`."""
Volatility = Annotated[Quantity, _VOLATILITY]
"""Standard deviation of a month's change of a logarithm."""
Density = Annotated[Quantity, _DENSITY]
"""Defects per cm²."""
Length = Annotated[Quantity, _LENGTH]
"""Millimetres."""
People = Annotated[Quantity, _PEOPLE]
PeoplePerMonth = Annotated[Quantity, _PEOPLE_PER_MONTH]
Count = Annotated[Quantity, _COUNT]
"""How many of something, may be drawn; the model rounds where only whole ones exist."""
Effort = Annotated[Quantity, _EFFORT]
"""Work in engineer-months."""
WafersPerMonth = Annotated[Quantity, _WAFERS_PER_MONTH]
"""Wafers a month (wspm)."""
LotsPerMonth = Annotated[Quantity, _LOTS_PER_MONTH]
ToolsPerWeek = Annotated[Quantity, _TOOLS_PER_WEEK]
Kilowatts = Annotated[Quantity, _KILOWATTS]
KilowattHoursPerWafer = Annotated[Quantity, _KWH_PER_WAFER]

KINDS: dict[str, Kind] = {
    "Months": _MONTHS,
    "Lag": _LAG,
    "Days": _DAYS,
    "MoneyQ": _MONEY,
    "MoneyPerYear": _MONEY_PER_YEAR,
    "MoneyPerMonth": _MONEY_PER_MONTH,
    "MoneyPerWafer": _MONEY_PER_WAFER,
    "MoneyPerToolYear": _MONEY_PER_TOOL_YEAR,
    "MoneyPerPersonMonth": _MONEY_PER_PERSON_MONTH,
    "PricePerKilowattHour": _PRICE_PER_KWH,
    "Fraction": _FRACTION,
    "Number": _NUMBER,
    "Signed": _SIGNED,
    "Factor": _FACTOR,
    "ExchangeRate": _EXCHANGE_RATE,
    "Inflation": _INFLATION,
    "Volatility": _VOLATILITY,
    "PerYear": _PER_YEAR,
    "PerMonth": _PER_MONTH,
    "Density": _DENSITY,
    "Length": _LENGTH,
    "People": _PEOPLE,
    "PeoplePerMonth": _PEOPLE_PER_MONTH,
    "Count": _COUNT,
    "Effort": _EFFORT,
    "WafersPerMonth": _WAFERS_PER_MONTH,
    "LotsPerMonth": _LOTS_PER_MONTH,
    "ToolsPerWeek": _TOOLS_PER_WEEK,
    "Kilowatts": _KILOWATTS,
    "KilowattHoursPerWafer": _KWH_PER_WAFER,
}


def quantity(kind: str, value: object, source: str = "", confidence: Confidence = "") -> Quantity:
    """Return a quantity of a named kind, `quantity("Months", "18 months")`; raise ValueError as reading does."""
    read = KINDS[kind].read(value)
    if not (source or confidence):
        return read
    return Quantity(read.spread, read.unit, source, confidence, lower=read.lower, upper=read.upper)
