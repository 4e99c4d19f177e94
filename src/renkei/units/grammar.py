"""The grammar `NUMBER [k|M|bn|tn] UNIT[/UNIT]` and the conversion of units.

The units are a closed list. Equal units need no library; only a real conversion (weeks to months) loads pint, which is
slow to import.
"""

from __future__ import annotations

import re
from decimal import Decimal, localcontext
from functools import cache
from typing import Any

from renkei.units.money import CURRENCIES

SCALES = {"": Decimal(1), "k": Decimal(10) ** 3, "M": Decimal(10) ** 6, "bn": Decimal(10) ** 9, "tn": Decimal(10) ** 12}

_LONGEST = 80
_NUMBER = r"[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,2})?"
_SCALE = r"(?:(k|M|bn|tn)(?=\s|$))?"
_UNIT = r"([A-Za-z%][A-Za-z-]*[0-9]?)?\s*(?:/\s*([A-Za-z][A-Za-z-]*[0-9]?))?"
_AMOUNT = re.compile(rf"({_NUMBER})\s*{_SCALE}\s*{_UNIT}")

_ALIASES: dict[str, tuple[str, ...]] = {
    "minute": ("min", "minute", "minutes"),
    "hour": ("h", "hour", "hours"),
    "day": ("d", "day", "days"),
    "week": ("week", "weeks"),
    "month": ("month", "months"),
    "quarter": ("quarter", "quarters"),
    "year": ("year", "years", "a"),
    "nm": ("nm",),
    "um": ("um",),
    "mm": ("mm",),
    "cm": ("cm",),
    "m": ("m",),
    "mm2": ("mm2",),
    "cm2": ("cm2",),
    "m2": ("m2",),
    "wafer": ("wafer", "wafers"),
    "lot": ("lot", "lots"),
    "tool": ("tool", "tools"),
    "layer": ("layer", "layers"),
    "contact": ("contact", "contacts", "company", "companies"),
    "person": ("person", "people", "persons", "engineer", "engineers", "technician", "technicians", "seat", "seats"),
    "person_month": ("person-month", "person-months", "engineer-month", "engineer-months"),
    "person_year": ("person-year", "person-years", "engineer-year", "engineer-years"),
    "tool_year": ("tool-year", "tool-years"),
    "tool_month": ("tool-month", "tool-months"),
    "kW": ("kW",),
    "MW": ("MW",),
    "kWh": ("kWh",),
    "MWh": ("MWh",),
    **{currency: (currency,) for currency in CURRENCIES},
}
_CANONICAL = {alias: name for name, aliases in _ALIASES.items() for alias in aliases}
_PERCENT = ("%", "percent")
_SHORT = {"wspm": ("wafer", "month")}

_DEFINITIONS = """
minute = [time]
hour = 60 * minute
day = 24 * hour
week = 7 * day
month = 30.4375 * day
quarter = 3 * month
year = 12 * month
m = [length]
cm = 0.01 * m
mm = 0.001 * m
um = 1e-6 * m
nm = 1e-9 * m
m2 = m ** 2
cm2 = cm ** 2
mm2 = mm ** 2
wafer = [wafer]
lot = [lot]
tool = [tool]
layer = [layer]
contact = [contact]
person = [person]
person_month = person * month
person_year = person * year
tool_month = tool * month
tool_year = tool * year
kW = [power]
MW = 1000 * kW
kWh = kW * hour
MWh = 1000 * kWh
"""


class Unit(tuple[str, str]):
    """A canonical unit: numerator and denominator, either may be empty."""

    __slots__ = ()

    @property
    def currency(self) -> str:
        """The numerator when it is a currency, else empty."""
        return self[0] if self[0] in CURRENCIES else ""


def parse_amount(text: str) -> tuple[Decimal, Unit | None]:
    """Return number and unit of `70 bn JPY`, unit None for a bare number; ValueError (no text) if neither."""
    match = _AMOUNT.fullmatch(text.strip()) if len(text) <= _LONGEST else None
    if match is None:
        raise ValueError
    number, scale, above, below = match.groups()
    value = Decimal(number.replace(",", "")) * SCALES[scale or ""]
    if above in _PERCENT:
        return value / 100, Unit(_canonical(None, below))
    return value, (Unit(_canonical(above, below)) if above or below else None)


def parse_unit(text: str) -> tuple[Decimal, Unit]:
    """Return scale and unit of a unit alone, `months` or `bn JPY`; raise ValueError if it is none."""
    scale, unit = parse_amount(f"1 {text}")
    if unit is None:
        raise ValueError
    return scale, unit


def _canonical(above: str | None, below: str | None) -> tuple[str, str]:
    if above in _SHORT:
        if below:
            raise ValueError
        return _SHORT[above]
    try:
        return _CANONICAL[above] if above else "", _CANONICAL[below] if below else ""
    except KeyError:
        raise ValueError from None


def known_units() -> list[str]:
    """Return every spelling of every unit."""
    return sorted([*_CANONICAL, *_SHORT, *_PERCENT])


def conversion(given: Unit, wanted: Unit) -> Decimal:
    """Return the factor from one unit to another; raise ValueError if they measure different things.

    Currencies are never converted here: they need a date.
    """
    if given == wanted:
        return Decimal(1)
    if given.currency or wanted.currency:
        if given.currency != wanted.currency or not (given[1] and wanted[1]):
            raise ValueError
        return 1 / _factor((given[1], ""), (wanted[1], ""))
    return _factor(tuple(given), tuple(wanted))


@cache
def _factor(given: tuple[str, str], wanted: tuple[str, str]) -> Decimal:
    if given == wanted:
        return Decimal(1)
    import pint

    registry = _registry()
    try:
        factor = registry.Quantity(Decimal(1), _expression(given)).to(_expression(wanted)).magnitude
    except pint.DimensionalityError:
        raise ValueError from None
    with localcontext(prec=15):
        # 15 digits take away the last digit's error of a division: 1 year is 12 months, not 11.99…9
        return (+Decimal(factor)).normalize()


@cache
def _registry() -> Any:
    import pint

    registry: Any = pint.UnitRegistry(None, non_int_type=Decimal)
    for line in _DEFINITIONS.strip().splitlines():
        registry.define(line)
    return registry


def _expression(unit: tuple[str, str]) -> str:
    above, below = unit
    return f"{above or 1} / {below}" if below else above
