"""Values that no calendar or ledger can hold are refused where they are written."""

from __future__ import annotations

import pytest

from renkei.units import quantity


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        ("Months", "1201 months", "= 1201 months; must be at most 1,200 months"),
        ("Lag", "1e12 months", "= 1e12 months; must be at most 1,200 months"),
        ("Days", "1e9 days", "= 1e9 days; must be at most 37,200 days"),
        ("MoneyQ", "1e30 bn JPY", "= 1e30 bn JPY; must be at most 1,000,000,000,000,000 JPY"),
        ("MoneyPerYear", "1e16 USD/year", "= 1e16 USD/year; must be at most 1,000,000,000,000,000 USD"),
        ("ToolsPerWeek", "1e-9 tools/week", "= 1e-9 tools/week; must be at least 0.001 tools/week"),
    ],
)
def test_a_slip_of_the_hand_is_refused(kind: str, text: str, said: str) -> None:
    with pytest.raises(ValueError, match="must be at") as error:
        quantity(kind, text)
    assert str(error.value) == said


def test_a_spread_keeps_within_the_limit() -> None:
    stay = quantity("Months", {"lognormal": [12, 50], "unit": "months"})
    assert 0 < stay.sample(0.5) < 1000 < stay.sample(0.999) <= 1200
