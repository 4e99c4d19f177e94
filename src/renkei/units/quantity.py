"""A number with its unit, its uncertainty and its source, and how one is read from what a user wrote."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal, cast, get_args

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import core_schema

from renkei.errors import did_you_mean
from renkei.units.grammar import SCALES, Unit, conversion, parse_amount, parse_unit
from renkei.units.spread import SHAPES, Shape, Spread

Confidence = Literal["", "high", "medium", "low"]
_NOTES = ("unit", "prices_of", "source", "confidence", "note", "correlated_with", "correlation", "weights")
_KEYS = ("value", *SHAPES, *_NOTES)


@dataclass(frozen=True)
class Quantity:
    """A value in `unit`, certain or uncertain, with where it comes from.

    `float(quantity)` is the nominal value; `sample(u)` draws by inverse distribution function from a uniform number.
    """

    spread: Spread
    unit: str
    """Unit as written, `months`, `wafers/month`, `/cm2`, empty for a pure number; money: `JPY`, `USD/year`."""
    source: str = ""
    confidence: Confidence = ""
    note: str = ""
    correlated_with: str = ""
    """Name of the common factor (another field's path, or any name) this value moves with."""
    correlation: float = 0.0
    """Correlation of the underlying normal scores with that factor, −1 … 1."""
    moves_with: tuple[tuple[str, float], ...] = ()
    """Further common factors and the correlation with each, as `renkei.alliance.correlation` puts them."""
    lower: float | None = None
    upper: float | None = None
    prices_of: int | None = None
    """Money only: the calendar year in whose prices the amount is; None: it is what will be paid."""

    @property
    def nominal(self) -> float:
        """Mode or median, the value of reports and of everything that is not drawn."""
        return float(self.spread.nominal)

    @property
    def exact(self) -> Decimal:
        """The nominal value as a decimal, for money."""
        return self.spread.nominal

    @property
    def uncertain(self) -> bool:
        """Whether drawing can change it."""
        return self.spread.shape != "constant"

    @property
    def currency(self) -> str:
        """Currency of money (`USD` of `USD/wafer`); meaningless otherwise."""
        return self.unit.split("/")[0]

    def __float__(self) -> float:
        return self.nominal

    def sample(self, u: float) -> float:
        """Return the value at the uniform number `u` in (0, 1); normal and lognormal keep within the field's limits."""
        return self.spread.quantile(u, self.lower, self.upper)

    def at(self, u: float) -> Quantity:
        """Return this quantity as the constant that `u` draws, source and confidence kept."""
        if not self.uncertain:
            return self
        return replace(self, spread=Spread("constant", (Decimal(repr(self.sample(u))),)))

    def times(self, factor: float) -> Quantity:
        """Return this quantity multiplied by a factor, kept within the field's limits; an uncertain one as a whole."""
        scale = Decimal(repr(factor))
        numbers = self.spread.parameters
        moved = numbers[:1] if self.spread.shape == "lognormal" else numbers  # sigma has no unit
        scaled = (*(self._within(number * scale) for number in moved), *numbers[len(moved) :])
        return replace(self, spread=replace(self.spread, parameters=scaled))

    def _within(self, number: Decimal) -> Decimal:
        low = number if self.lower is None else max(number, Decimal(repr(self.lower)))
        return low if self.upper is None else min(low, Decimal(repr(self.upper)))

    def plain(self) -> str | dict[str, Any]:
        """Return what a user would have written, text or a mapping; it reads back as an equal quantity."""
        text = f"{self.exact:f} {self.unit}".strip()
        notes = {"source": self.source, "confidence": self.confidence, "note": self.note}
        notes["correlated_with"] = self.correlated_with
        kept: dict[str, Any] = {key: value for key, value in notes.items() if value}
        if self.correlation:
            kept["correlation"] = self.correlation
        if self.prices_of is not None:
            kept["prices_of"] = self.prices_of
        if not self.uncertain:
            return {"value": text, **kept} if kept else text
        shape: dict[str, Any] = {self.spread.shape: [_plain_number(p) for p in self.spread.parameters]}
        if self.spread.weights:
            shape["weights"] = list(self.spread.weights)
        if self.unit:
            shape["unit"] = self.unit
        return {**shape, **kept}

    def __str__(self) -> str:
        text = f"{_short(self.spread.nominal)} {self.unit}".strip()
        if not self.uncertain:
            return text
        return f"{text} ({self.spread.shape} {', '.join(_short(p) for p in self.spread.parameters)})"


@dataclass(frozen=True)
class Kind:
    """What a field measures; as an annotation it reads text, numbers and mappings into a `Quantity` of its unit.

    Raises ValueError with a text that follows the field's name: `= -6 months; must be positive`.
    """

    noun: str
    """With article: `a duration`."""
    unit: str
    """Unit of the result; `money` stands for any currency: `money`, `money/year`."""
    example: str
    minimum: float | None = None
    maximum: float | None = None
    above: bool = False
    """The minimum itself is not allowed."""
    most: float | None = None
    """A larger value is a slip of the hand, which calendars and ledgers could not hold."""

    def read(self, value: Any) -> Quantity:
        """Return the quantity meant by text, number, mapping or another quantity."""
        if isinstance(value, Quantity):
            return self._bounded(self.read(value.plain()), value)
        if isinstance(value, Mapping):
            return self._mapping(value)
        number, unit = self._amount(value, None)
        return self._bounded(Quantity(Spread("constant", (number,)), unit), value)

    def _mapping(self, value: Mapping[Any, Any]) -> Quantity:
        shape = self._shape(value)
        default = self._default_unit(value)
        raw = value[shape]
        if shape != "value" and not isinstance(raw, (list, tuple)):
            raise ValueError(f"= {echo(value)}; {shape} needs a list {SHAPES[shape]}")
        if shape == "value":
            amounts = [self._amount(raw, default)]
        else:
            amounts = [self._amount(x, default) for x in raw[: 1 if shape == "lognormal" else None]]
            amounts += [(_number(x), amounts[0][1]) for x in raw[1:] if shape == "lognormal"]
        if len({unit for _, unit in amounts}) > 1:
            raise ValueError(f"= {echo(value)} mixes units; write all in one unit")
        spread = Spread(
            cast(Shape, "constant" if shape == "value" else shape),
            tuple(number for number, _ in amounts),
            tuple(float(_number(w)) for w in value.get("weights", ())),
        )
        if problem := spread.problem():
            raise ValueError(f"= {echo(value)}; {shape} {problem}")
        prices = self._prices(value)
        return self._bounded(Quantity(spread, amounts[0][1], prices_of=prices, **_notes(value)), value)

    def _prices(self, value: Mapping[Any, Any]) -> int | None:
        """Return the year of `prices_of`; raise ValueError where it is no year, or nothing that has a price."""
        year = value.get("prices_of")
        if year is None:
            return None
        if not self.unit.startswith("money"):
            raise ValueError(f"= {echo(value)}; prices_of belongs to money, and this is {self.noun}")
        if isinstance(year, bool) or not isinstance(year, int) or not 1950 <= year <= 2200:
            raise ValueError(f"= {echo(value)}; prices_of is a year between 1950 and 2200")
        return year

    def _shape(self, value: Mapping[Any, Any]) -> str:
        """Return the one key that says the value; raise ValueError on unknown, missing or double ones."""
        for key in value:
            if key not in _KEYS:
                raise ValueError(f'= {echo(value)} has an unknown key "{key}"{did_you_mean(str(key), _KEYS)}')
        found = [key for key in ("value", *SHAPES) if key in value]
        if len(found) != 1:
            raise ValueError(f"= {echo(value)} needs exactly one of value, {', '.join(SHAPES)}")
        if "weights" in value and (found[0] != "choice" or not isinstance(value["weights"], (list, tuple))):
            raise ValueError(f"= {echo(value)}; weights is a list of numbers that belongs to choice")
        return found[0]

    def _default_unit(self, value: Mapping[Any, Any]) -> tuple[Decimal, Unit] | None:
        if "unit" not in value:
            return None
        try:
            return parse_unit(str(value["unit"]))
        except ValueError:
            raise ValueError(
                f'= {echo(value)}; unit "{value["unit"]}" is not known; write e.g. "{self.example}"'
            ) from None

    def _amount(self, value: Any, default: tuple[Decimal, Unit] | None) -> tuple[Decimal, str]:
        """Return number and unit in this kind's unit."""
        try:
            number, unit = parse_amount(value) if isinstance(value, str) else (_number(value), None)
            if unit is None and default is not None:
                number, unit = number * default[0], default[1]
            if unit is None:
                return number, self.unit.replace("money", "JPY")
            number, unit_text = self._converted(number, unit)
        except ValueError:
            raise ValueError(f'= {echo(value)} is not {self.noun}; write e.g. "{self.example}"') from None
        return number, unit_text

    def _converted(self, number: Decimal, unit: Unit) -> tuple[Decimal, str]:
        if self.unit.startswith("money"):
            if not unit.currency:
                raise ValueError
            text = self.unit.replace("money", unit.currency)
        else:
            text = self.unit
        wanted = parse_unit(text)[1] if text else Unit(("", ""))
        return number * conversion(unit, wanted), text

    def _bounded(self, quantity: Quantity, value: Any) -> Quantity:
        """Return the quantity with this kind's limits; raise ValueError when it can leave them."""
        spread, written = quantity.spread, echo(value, quoted=False)
        points = [spread.nominal, *(x for x in (spread.lowest, spread.highest) if x is not None)]
        for point in points:
            low = self.minimum is not None and (point < self.minimum or (self.above and point == self.minimum))
            zero_allowed = spread.shape == "lognormal" and point == 0
            if (low and not zero_allowed) or (self.maximum is not None and point > self.maximum):
                raise ValueError(f"= {written}; {self._limits()}")
            if self.most is not None and point > self.most:
                unit = quantity.unit.partition("/")[0] if self.unit.startswith("money") else self.unit
                raise ValueError(f"= {written}; must be at most {self.most:,.0f} {unit}".rstrip())
        return replace(quantity, lower=self.minimum, upper=self.most if self.maximum is None else self.maximum)

    def _limits(self) -> str:
        unit = f" {self.unit}" if self.unit and not self.unit.startswith("money") else ""
        if self.maximum is not None and self.minimum is not None:
            return f'must be between {self.minimum:g} and {self.maximum:g}{unit}; write e.g. "{self.example}"'
        if self.minimum == 0:
            return "must be positive" if self.above else "must not be negative"
        return f"must be at {'least' if self.minimum is not None else 'most'} {self.minimum or self.maximum:g}{unit}"

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(
            self.read, serialization=core_schema.plain_serializer_function_ser_schema(Quantity.plain)
        )

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        notes: dict[str, Any] = {key: {"type": "string"} for key in ("unit", "source", "note", "correlated_with")}
        notes["confidence"] = {"enum": list(get_args(Confidence))}
        notes["correlation"] = {"type": "number", "minimum": -1, "maximum": 1}
        notes["value"] = {"type": ["number", "string"]}
        if self.unit.startswith("money"):
            notes["prices_of"] = {"type": "integer", "minimum": 1950, "maximum": 2200}
        lists = {shape: {"type": "array", "items": {"type": ["number", "string"]}} for shape in (*SHAPES, "weights")}
        mapping = {"type": "object", "properties": {**notes, **lists}, "additionalProperties": False}
        return {"anyOf": [{"type": "string"}, {"type": "number"}, mapping], "examples": [self.example]}


def echo(value: Any, quoted: bool = True) -> str:
    """Return a value as the user wrote it, shortened; text in quotes unless told otherwise."""
    if isinstance(value, Quantity):
        text = str(value)
    elif isinstance(value, Mapping):
        text = "{" + ", ".join(f"{key}: {echo(part, quoted=False)}" for key, part in list(value.items())[:8]) + "}"
    elif isinstance(value, (list, tuple)):
        text = "[" + ", ".join(echo(part, quoted=False) for part in value[:8]) + "]"
    else:
        text = str(value)
    text = text if len(text) <= 90 else text[:89] + "…"
    return f'"{text}"' if quoted and isinstance(value, str) else text


def _notes(value: Mapping[Any, Any]) -> dict[str, Any]:
    confidence = value.get("confidence") or ""
    if confidence not in get_args(Confidence):
        raise ValueError(f'= {echo(value)}; confidence "{confidence}" is not one of high, medium, low')
    partner, correlation = str(value.get("correlated_with") or ""), float(_number(value.get("correlation", 0)))
    if not -1 <= correlation <= 1:
        raise ValueError(f"= {echo(value)}; correlation must be between -1 and 1")
    if bool(partner) != bool(correlation):
        raise ValueError(f"= {echo(value)}; correlated_with and correlation belong together")
    return {
        "source": str(value.get("source") or ""),
        "confidence": confidence,
        "note": str(value.get("note") or ""),
        "correlated_with": partner,
        "correlation": correlation,
    }


def _number(value: Any) -> Decimal:
    """Return a plain number as a decimal; raise ValueError for anything else, and beyond what any quantity can mean."""
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        raise ValueError(f"= {echo(value)} is not a number")
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not number.is_finite() or abs(number) > SCALES["tn"] ** 3:
        raise ValueError(f"= {echo(value)} is not a finite number")
    return number


def _plain_number(number: Decimal) -> int | float:
    return int(number) if number == number.to_integral_value() else float(number)


def _short(number: Decimal) -> str:
    return f"{float(number):,.6g}" if abs(number) < 1_000_000 else f"{number:,.0f}"
