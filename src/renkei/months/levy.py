"""What is known of the tax: income of the year so far, losses of earlier years, grants still to be taxed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class Levy:
    """Yen."""

    income: int = 0
    """Of the tax year so far, less than 0: a loss."""
    losses: tuple[tuple[dt.date, int], ...] = ()
    """(last day of the year, loss not yet set off), the oldest first."""
    grants: tuple[tuple[int, int], ...] = ()
    """(month of receipt, grant), as long as parts of it are still to come."""
    assessed: tuple[tuple[dt.date, int], ...] = ()
    """(day on which it falls due, tax) of past years, in order."""
