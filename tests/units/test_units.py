"""The quantities, money and dates that users write."""

from __future__ import annotations

import datetime as dt
import math
import subprocess
import sys
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter, ValidationError

from renkei.units import (
    DAYS_PER_MONTH,
    KINDS,
    Months,
    add_months,
    fiscal_year_span,
    months_between,
    quantity,
    read_date,
    to_yen,
)


@pytest.mark.parametrize(
    ("kind", "text", "value", "unit"),
    [
        ("MoneyQ", "70 bn JPY", 70e9, "JPY"),
        ("MoneyQ", "526 M USD", 526e6, "USD"),
        ("MoneyQ", "1.5tn JPY", 1.5e12, "JPY"),
        ("MoneyQ", 5, 5, "JPY"),
        ("MoneyPerWafer", "20 k USD/wafer", 20e3, "USD/wafer"),
        ("MoneyPerMonth", "12 M USD/year", 1e6, "USD/month"),
        ("WafersPerMonth", "25 k wspm", 25_000, "wafers/month"),
        ("WafersPerMonth", "25,000 wafers/month", 25_000, "wafers/month"),
        ("Density", "0.33 /cm2", 0.33, "/cm2"),
        ("Density", "0.01/mm2", 1.0, "/cm2"),
        ("Months", "18 months", 18, "months"),
        ("Months", "1.5 years", 18, "months"),
        ("Months", 12, 12, "months"),
        ("Days", "2 weeks", 14, "days"),
        ("Days", "1 month", DAYS_PER_MONTH, "days"),
        ("Fraction", "12 %", 0.12, ""),
        ("Fraction", 0.12, 0.12, ""),
        ("PerYear", "-5 %/year", -0.05, "/year"),
        ("PerMonth", "12 %/year", 0.01, "/month"),
        ("Effort", "1.5 engineer-months", 1.5, "engineer-months"),
        ("Kilowatts", "12 MW", 12_000, "kW"),
        ("ToolsPerWeek", "10 tools/week", 10, "tools/week"),
        ("Number", "2e3", 2000, ""),
    ],
)
def test_quantities_read(kind: str, text: str | float, value: float, unit: str) -> None:
    read = KINDS[kind].read(text)
    assert float(read) == pytest.approx(value, rel=1e-12)
    assert read.unit == unit
    assert not read.uncertain


def test_year_is_exactly_twelve_months() -> None:
    assert KINDS["Months"].read("7 years").exact == 84


@pytest.mark.parametrize(
    ("kind", "value", "message"),
    [
        ("Months", "-6 months", "= -6 months; must be positive"),
        ("Months", 0, "= 0; must be positive"),
        ("Lag", "-1 month", "= -1 month; must not be negative"),
        ("Months", "12 mnths", '= "12 mnths" is not a duration; write e.g. "18 months"'),
        ("Months", "12 %", '= "12 %" is not a duration; write e.g. "18 months"'),
        ("Months", "12 JPY", '= "12 JPY" is not a duration; write e.g. "18 months"'),
        ("Months", True, '= True is not a duration; write e.g. "18 months"'),
        ("Months", [1, 2], '= [1, 2] is not a duration; write e.g. "18 months"'),
        ("Months", float("nan"), '= nan is not a duration; write e.g. "18 months"'),
        ("Months", "1e999999 months", '= "1e999999 months" is not a duration; write e.g. "18 months"'),
        ("MoneyQ", "70 bn yen", '= "70 bn yen" is not an amount of money; write e.g. "70 bn JPY"'),
        ("MoneyQ", "70 months", '= "70 months" is not an amount of money; write e.g. "70 bn JPY"'),
        ("MoneyQ", "3 USD/wafer", '= "3 USD/wafer" is not an amount of money; write e.g. "70 bn JPY"'),
        ("MoneyPerWafer", "3 USD", '= "3 USD" is not money per wafer; write e.g. "20 k USD/wafer"'),
        ("Fraction", 12, '= 12; must be between 0 and 1; write e.g. "12 %"'),
        ("Fraction", {"uniform": [0.5, 1.5]}, '= {uniform: [0.5, 1.5]}; must be between 0 and 1; write e.g. "12 %"'),
        ("Months", {"triangular": [12, 24, 15]}, "must rise from lowest to highest"),
        ("Months", {"triangular": [12, 24]}, "triangular needs 3 numbers [lowest, most likely, highest]"),
        ("Months", {"uniform": 3}, "uniform needs a list [lowest, highest]"),
        ("Months", {"normal": [12, 0]}, "normal needs a spread above 0"),
        ("Months", {"choice": [1, 2], "weights": [1]}, "has 2 values but 1 weights"),
        ("Months", {"choice": []}, "needs at least one value"),
        ("Months", {"uniform": [1, 2], "weights": [1, 1]}, "weights is a list of numbers that belongs to choice"),
        ("Months", {"triangluar": [1, 2, 3]}, 'unknown key "triangluar"; did you mean "triangular"?'),
        ("Months", {"unit": "months"}, "needs exactly one of value"),
        ("Months", {"value": 3, "uniform": [1, 2]}, "needs exactly one of value"),
        ("Months", {"value": 3, "unit": "moths"}, 'unit "moths" is not known'),
        ("Months", {"value": 3, "confidence": "sure"}, 'confidence "sure" is not one of high, medium, low'),
        ("Months", {"value": 3, "correlation": 0.5}, "correlated_with and correlation belong together"),
        ("Months", {"value": 3, "correlated_with": "x", "correlation": 2}, "correlation must be between -1 and 1"),
        ("MoneyQ", {"uniform": ["1 JPY", "2 USD"]}, "mixes units"),
    ],
)
def test_bad_quantities_say_what_would_be_right(kind: str, value: object, message: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the text is compared below
        KINDS[kind].read(value)
    assert message in str(caught.value)


def test_uncertain_values() -> None:
    stay = KINDS["Months"].read({"triangular": [12, 15, 24], "unit": "months", "source": "guess", "confidence": "low"})
    assert (stay.nominal, stay.source, stay.confidence, stay.uncertain) == (15, "guess", "low", True)
    assert stay.sample(1e-12) == pytest.approx(12, abs=1e-4)
    assert stay.sample(0.25) == pytest.approx(15)
    assert stay.sample(1 - 1e-12) == pytest.approx(24, abs=1e-4)
    assert KINDS["Months"].read({"triangular": ["1 year", "15 months", 24], "unit": "months"}).spread == stay.spread
    median = KINDS["Number"].read({"lognormal": [0.3, 0.35]})
    assert median.sample(0.5) == pytest.approx(0.3)
    assert median.sample(0.8413447460685429) == pytest.approx(0.3 * math.exp(0.35))
    assert KINDS["MoneyQ"].read({"lognormal": [2, 0.5], "unit": "bn USD"}).exact == 2_000_000_000
    assert KINDS["Number"].read({"uniform": [2, 4]}).nominal == 3
    pick = KINDS["Number"].read({"choice": [1, 2, 5], "weights": [1, 2, 1]})
    assert (pick.nominal, pick.sample(0.2), pick.sample(0.5), pick.sample(0.9)) == (2, 1, 2, 5)


def test_normal_is_truncated_to_the_limits() -> None:
    share = KINDS["Fraction"].read({"normal": [0.5, 1.0]})
    draws = [share.sample((i + 0.5) / 1000) for i in range(1000)]
    assert min(draws) >= 0
    assert max(draws) <= 1
    assert sum(draws) / 1000 == pytest.approx(0.5, abs=1e-6)
    assert len(set(draws)) == 1000


SHAPED = [
    "18 months",
    0.33,
    {"value": 3, "source": "a page", "confidence": "high", "note": "n"},
    {"triangular": [12, 15.5, 24], "correlated_with": "build", "correlation": 0.4},
    {"lognormal": [4, 0.35], "source": "s"},
    {"choice": [1, 2], "weights": [0.25, 0.75]},
]


@pytest.mark.parametrize("value", SHAPED)
def test_plain_reads_back_equal(value: object) -> None:
    read = KINDS["Months"].read(value)
    assert KINDS["Months"].read(read.plain()) == read
    assert KINDS["Months"].read(read) == read


@given(st.floats(min_value=1e-9, max_value=1 - 1e-9), st.floats(min_value=1e-9, max_value=1 - 1e-9))
def test_sampling_is_monotone_in_u(first: float, second: float) -> None:
    low, high = sorted((first, second))
    for value in SHAPED:
        read = KINDS["Months"].read(value)
        assert read.sample(low) <= read.sample(high)
        assert float(read.at(low)) == read.sample(low)


@given(st.text(max_size=90))
def test_any_text_is_a_quantity_or_a_clear_error(text: str) -> None:
    try:
        read = KINDS["MoneyQ"].read(text)
    except ValueError as error:
        said = str(error)
    else:
        said = "must be finite" if read.exact.is_finite() else ""
    assert "is not an amount of money" in said or "must" in said


def test_as_pydantic_field() -> None:
    class Terms(BaseModel):
        stay: Months

    terms = Terms.model_validate({"stay": {"triangular": [12, 15, 24], "source": "guess"}})
    assert Terms.model_validate_json(terms.model_dump_json()) == terms
    with pytest.raises(ValidationError, match="-6 months; must be positive"):
        Terms.model_validate({"stay": "-6 months"})
    assert TypeAdapter(Months).json_schema()["examples"] == ["18 months"]


def test_equal_units_do_not_load_pint() -> None:
    code = (
        "import sys; from renkei.units import quantity as q; q('Months', '18 months'); q('MoneyQ', '70 bn JPY');"
        "q('PerYear', '-5 %/year'); import renkei.alliance;"
        "assert 'pint' not in sys.modules; q('Months', '10 weeks'); assert 'pint' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_yen_are_whole_and_half_even() -> None:
    assert to_yen(Decimal("2.5"), 1) == 2
    assert to_yen(Decimal("3.5"), 1) == 4
    assert to_yen(quantity("MoneyQ", "526 M USD").exact, Decimal("133.08")) == 70_000_080_000
    assert to_yen(Decimal("12345678901234567890.5"), 1) == 12345678901234567890


def test_dates() -> None:
    assert read_date("2023-04") == dt.date(2023, 4, 1)
    assert read_date("2023-04-25") == dt.date(2023, 4, 25)
    assert read_date(dt.date(2023, 4, 25)) == dt.date(2023, 4, 25)
    for wrong in ("2023", "25.4.2023", 2023, None):
        with pytest.raises(ValueError, match=r"is not a date; write e\.g\. "):
            read_date(wrong)
    with pytest.raises(ValueError, match="2023-02-30 is not a date: day"):
        read_date("2023-02-30")


def test_months_are_calendar_months() -> None:
    assert add_months(dt.date(2023, 1, 31), 1) == dt.date(2023, 2, 28)
    assert add_months(dt.date(2023, 9, 1), 15.5) == dt.date(2024, 12, 16)
    assert add_months(dt.date(2023, 3, 1), -3) == dt.date(2022, 12, 1)
    assert months_between(dt.date(2022, 11, 30), dt.date(2023, 1, 1)) == 2


def test_fiscal_years_differ_by_country() -> None:
    assert fiscal_year_span(2023, "JP") == (dt.date(2023, 4, 1), dt.date(2024, 3, 31))
    assert fiscal_year_span(2023, "US") == (dt.date(2022, 10, 1), dt.date(2023, 9, 30))
    assert fiscal_year_span(2023, "GB") == (dt.date(2023, 4, 1), dt.date(2024, 3, 31))
    assert fiscal_year_span(2023, "AU") == (dt.date(2022, 7, 1), dt.date(2023, 6, 30))
    for european in ("DE", "FR", "NL", "BE"):
        assert fiscal_year_span(2023, european) == (dt.date(2023, 1, 1), dt.date(2023, 12, 31))
    assert fiscal_year_span(2023, "NL") == (dt.date(2023, 1, 1), dt.date(2023, 12, 31))
