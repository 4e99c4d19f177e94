"""The register of assets: what was built and bought, and how it wears in the books."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from renkei.alliance.accounts import Depreciation
from renkei.alliance.funding import Cost
from renkei.months.calendar import Month
from renkei.months.obligations import CAPITAL, Obligation
from renkei.units import months_between


@dataclass(frozen=True)
class Asset:
    """One tool or building; yen."""

    kind: Cost
    cost: int
    """Booked so far: instalments of a tool that already works add to it."""
    worn: int = 0
    """Depreciated so far, at most the cost."""
    used: dt.date | None = None
    """In use since; None: still being built or installed."""


Register = Mapping[str, Asset]
"""Assets by what they are: a tool's or a building phase's identifier, else the purpose of the payment."""


def registered(register: Register, items: Iterable[Obligation]) -> Register:
    """Return the register with what newly booked obligations are for."""
    found = dict(register)
    for item in items:
        due = item.due
        if due.cost in CAPITAL and not due.debit:
            name = due.asset or due.purpose
            old = found.get(name, Asset(due.cost, 0, used=None if due.asset else due.date))
            found[name] = replace(old, cost=old.cost + item.yen)
    return found


def worn(
    register: Register, terms: Depreciation, month: Month, used: Mapping[str, dt.date]
) -> tuple[Register, dict[Cost, int]]:
    """Return the register after a month's wear, and the yen of it by kind of asset.

    Straight line: (cost − worn) ÷ months of life left, from the month after the asset was first `used`; the last month
    takes the rest, so that an asset wears by its cost to the yen. What is added later wears over the life that is left.
    """
    after, sums = dict(register), dict[Cost, int]()
    for name, asset in register.items():
        if asset.used is None and name in used:
            after[name] = asset = replace(asset, used=used[name])
        left = asset.cost - asset.worn
        if asset.used is None or left == 0:
            continue
        age = months_between(asset.used, month.first)
        if age < 1:
            continue
        part = round(left / max(_life(terms, asset.kind) - age + 1, 1))
        after[name] = replace(asset, worn=asset.worn + part)
        sums[asset.kind] = sums.get(asset.kind, 0) + part
    return after, sums


def _life(terms: Depreciation, kind: Cost) -> int:
    return max(round(float(terms.tools if kind == "tools" else terms.building)), 1)
