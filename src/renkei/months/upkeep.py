"""Upkeep: maintenance that is paid, and how young tools and missing parts change breakdowns."""

from __future__ import annotations

import math
from decimal import Decimal

from renkei.alliance import Alliance
from renkei.alliance.supply import Maturity, Spares
from renkei.months.calendar import MINUTES_PER_DAY, Month
from renkei.months.factory import Factory
from renkei.months.fleet import Fleet
from renkei.months.month import Wear
from renkei.months.obligations import Due, due
from renkei.units import DAYS_PER_MONTH, add_months


def maintenance(fleet: Fleet, alliance: Alliance, month: Month, services: frozenset[str]) -> list[Due]:
    """Return the month's maintenance: contract and parts after the warranty, and vendor engineers of `services`."""
    equipment, dues = alliance.equipment, []
    warranty, rate = float(equipment.warranty), equipment.maintenance.exact / 12
    by_partner: dict[tuple[str, str], Decimal] = {}
    covered: dict[str, int] = dict.fromkeys(services, 0)
    for tool in fleet.tools:
        if tool.installed is None or tool.installed > month.first:
            continue
        purchase = fleet.of(tool)
        for name in services:
            suppliers = equipment.services[name].suppliers
            covered[name] += not suppliers or purchase.supplier in suppliers
        if tool.qualified is not None and add_months(tool.qualified, warranty) < month.first:
            key = purchase.partner, purchase.currency
            by_partner[key] = by_partner.get(key, Decimal(0)) + fleet.price(tool) * rate
    for (partner, currency), amount in by_partner.items():
        dues.append(
            Due(f"maintenance.{partner}", "maintenance", month.last, amount, currency, partner, "equipment.maintenance")
        )
    if equipment.spares is not None:
        path, there = "equipment.spares", sum(t.qualified is not None for t in fleet.tools)
        employer = alliance.workforce.employer
        dues.append(due(path, "maintenance", month.first, equipment.spares.fee, employer, path, there / 12))
    for name, tools in covered.items():
        path = f"equipment.services.{name}"
        dues.append(due(path, "maintenance", month.first, equipment.services[name].cost, name, path, tools / 12))
    return dues


def wear(fleet: Fleet, alliance: Alliance, factory: Factory, month: Month) -> dict[str, Wear]:
    """Return how breakdowns of each group with tools differ from the fab's in the month; empty without such clauses."""
    maturity, spares = alliance.equipment.maturity, alliance.equipment.spares
    if maturity is None and spares is None:
        return {}
    ages: dict[str, list[float]] = {}
    for tool in fleet.tools:
        if tool.qualified is not None and tool.qualified <= month.last:
            months = max((month.last - tool.qualified).days / DAYS_PER_MONTH - 0.5, 0.5)
            ages.setdefault(fleet.of(tool).group, []).append(months)
    found = {}
    for group, months_of_tools in ages.items():
        intervals = [interval_factor(maturity, age) for age in months_of_tools]
        interval = len(intervals) / sum(1 / factor for factor in intervals)
        duration = repair_factor(spares, factory, group, len(intervals), interval)
        found[group] = Wear(interval, duration)
    return found


def interval_factor(maturity: Maturity | None, age: float) -> float:
    """Return a tool's mean interval between breakdowns as a share of a mature one's, age in months, half a month least.

    (age / mature_after)^α, 1 at most: the instantaneous MTBF of a power-law process, t^(1−β)/(λβ), grows with t^α,
    α = 1 − β (Duane, IEEE Trans. Aerospace 2, 1964; Crow, SIAM Reliability and Biometry, 1974, "AMSAA model").
    """
    if maturity is None:
        return 1.0
    return float(min((max(age, 0.5) / float(maturity.mature_after)) ** float(maturity.growth), 1.0))


def repair_factor(spares: Spares | None, factory: Factory, group: str, tools: int, interval: float = 1.0) -> float:
    """Return the mean repair with its wait for parts, as a multiple of the fab's; `interval`: on the fab's intervals.

    A breakdown that needs a part waits `emergency` when none of S is there. Parts under way to a stock that reorders
    one for one are Poisson with mean rate · replenish (Palm 1938; Feeney and Sherbrooke, Manag. Sci. 12, 1966), so
    that happens with P(N ≥ S).
    """
    if spares is None:
        return 1.0
    rate = length = 0.0
    for outage in factory.breakdowns(group):
        each = 1 / (outage.interval * interval + outage.duration)
        rate, length = rate + each, length + each * outage.duration
    if length <= 0:
        return 1.0
    under_way = tools * rate * MINUTES_PER_DAY * float(spares.needed) * float(spares.replenish)
    empty = 1 - poisson_below(round(float(spares.stock)), under_way)
    wait = float(spares.needed) * empty * float(spares.emergency) * MINUTES_PER_DAY
    return (length / rate + wait) / (length / rate)


def poisson_below(count: int, mean: float) -> float:
    """Return the probability that a Poisson number with a mean is less than `count`."""
    if mean <= 0:
        return 1.0 if count > 0 else 0.0
    terms = (math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) for k in range(count))
    return min(sum(terms), 1.0)
