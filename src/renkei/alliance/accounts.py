"""Accounts: how what was bought wears in the books, and at what rate money of different years is compared."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from renkei.alliance.base import Name, Terms, guess
from renkei.units import Fraction, Lag, Months, Number, PerYear, quantity

_LIVES = "TSMC, Annual Report 2020, p. 183: machinery 5 years, buildings 10 to 20 years"


class Depreciation(Terms):
    """Straight-line lives by class of asset; an asset wears from the month after it is in use."""

    tools: Months = quantity("Months", 60, _LIVES, "high")
    """Tools, with their freight and hook-up, from qualification on."""
    building: Months = quantity("Months", 180, _LIVES, "medium")
    """Buildings with clean rooms and facilities, from move-in on."""


class Tax(Terms):
    """Tax on the manufacturer's income of a year, paid in cash: rate · max(income − losses of earlier years, 0).

    Income: revenue less operating cost, depreciation and interest, and grants in parts over `grants_over`.
    """

    rate: Fraction
    """National and local together."""
    to: Name | None = None
    """Partner that it is paid to, a government; None: nobody's account."""
    year_ends: Annotated[int, Field(ge=1, le=12)] = 3
    """Calendar month with which the tax year ends."""
    due_after: Lag = guess("Lag", "2 months")
    """From the year's end to the payment."""
    carry_forward: Months = quantity(
        "Months", 120, "ten years in Japan for losses from 2018-04 on (ACCJ Journal, Taxing Issue)", "medium"
    )
    """How long a loss can be set off against later income, the oldest first."""
    offset: Fraction = guess("Fraction", 0.5)
    """Share of a year's income that earlier losses can take away at most."""
    grants_over: Months = guess("Months", "60 months")
    """Grants are income in equal parts over this time, as if they lowered the cost of tools whose wear then deducts
    less; 1 month: at once."""


class Accounts(Terms):
    """Terms of the books: but for tax they change no payment, only what cost and result are said to be."""

    depreciation: Depreciation = Depreciation()
    discount_rate: PerYear = quantity(
        "PerYear",
        "4 %/year",
        "social discount rate of Japan's public works (MLIT, manual for airports, Ver. 5)",
        "medium",
    )
    """At which later money is worth less, in net present values."""
    tax: Tax | None = None
    """None: all results are before tax."""
    terminal_multiple: Number = quantity("Number", 0)
    """Value of the enterprise after the last month, as a multiple of the last twelve months' operating cash flow, in
    net present values and rates of return; 0: nothing counts after the last month."""
