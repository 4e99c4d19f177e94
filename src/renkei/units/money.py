"""Money: decimal amounts in any currency, whole yen in the books."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

CURRENCIES = ("JPY", "USD", "EUR", "TWD", "KRW", "GBP", "CNY", "SGD", "CHF")


def to_yen(amount: Decimal | float, rate: Decimal | float) -> int:
    """Return an amount as whole yen at `rate` yen per unit of its currency, rounded half to even."""
    exact = Decimal(str(amount)) * Decimal(str(rate))
    return int(exact.to_integral_value(rounding=ROUND_HALF_EVEN))
