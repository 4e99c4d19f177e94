"""Accounts: how what was bought wears in the books, and at what rate money of different years is compared."""

from __future__ import annotations

from renkei.alliance.base import Terms
from renkei.units import Months, Number, PerYear, quantity

_LIVES = "TSMC, Annual Report 2020, p. 183: machinery 5 years, buildings 10 to 20 years"


class Depreciation(Terms):
    """Straight-line lives by class of asset; an asset wears from the month after it is in use."""

    tools: Months = quantity("Months", 60, _LIVES, "high")
    """Tools, with their freight and hook-up, from qualification on."""
    building: Months = quantity("Months", 180, _LIVES, "medium")
    """Buildings with clean rooms and facilities, from move-in on."""


class Accounts(Terms):
    """Terms of the books: they change no payment, only what cost and result are said to be."""

    depreciation: Depreciation = Depreciation()
    discount_rate: PerYear = quantity(
        "PerYear", "4 %/year", "social discount rate of public works in Japan (MLIT technical guidelines)", "medium"
    )
    """At which later money is worth less, in net present values."""
    terminal_multiple: Number = quantity("Number", 0)
    """Value of the enterprise after the last month, as a multiple of the last twelve months' operating cash flow, in
    net present values and rates of return; 0: nothing counts after the last month."""
