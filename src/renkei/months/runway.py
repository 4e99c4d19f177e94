"""Runway: how many months cash lasts at the present burn and with what is committed already."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from renkei.alliance import Alliance
from renkei.months import projects
from renkei.months.calendar import Month
from renkei.months.construction import Building, Site, spent_share
from renkei.months.fleet import Fleet
from renkei.months.loans import ahead_of
from renkei.months.money import Money
from renkei.months.projects import Projects
from renkei.months.qualifying import work_left
from renkei.months.tranches import expected
from renkei.units import add_months, months_between, to_yen

HORIZON = 60
"""Months looked ahead: a longer runway is told as none ending."""


def runway(cash: int, coming: Sequence[int], leaving: Sequence[int]) -> int | None:
    """Return the whole months that cash lasts: the first month of which the end would be below zero is not counted.

    `coming` is cumulative, `leaving` month by month, both in yen from the next month on; None: longer than looked at.
    """
    gone = 0
    for ahead, (believed, out) in enumerate(zip(coming, leaving, strict=True)):
        gone += out
        if cash + believed < gone:
            return ahead
    return None


def runways(
    money: Money,
    site: Site,
    fleet: Fleet,
    beside: Projects,
    alliance: Alliance,
    month: Month,
    reached: Mapping[str, dt.date],
) -> tuple[int | None, int | None]:
    """Return the runway on cash alone, and with the agreed money that waits for nothing.

    Burn: the mean of the last three months' operating cash flow, when it is negative. Commitments: what is owed, tools
    that are ordered, buildings that are begun, loans that are drawn.
    """
    burn = max(-sum(money.flows) // max(len(money.flows), 1), 0)
    leaving = [burn + due for due in committed(money, site, fleet, beside, alliance, month)]
    alone = runway(money.ledger.cash, [0] * HORIZON, leaving)
    if alone is None:
        return None, None
    coming = [expected(alliance, money.purse, month, later(month, n + 1), reached) for n in range(HORIZON)]
    return alone, runway(money.ledger.cash, coming, leaving)


def committed(money: Money, site: Site, fleet: Fleet, beside: Projects, alliance: Alliance, month: Month) -> list[int]:
    """Return the yen that is already committed for each of the next `HORIZON` months."""
    out = ahead_of(money.draws, month, HORIZON)
    out[0] += sum(item.yen for item in money.open)
    for day, yen in money.levy.assessed:
        if day > month.last:
            _put(out, month, day, yen)
    for ahead, yen in enumerate(projects.committed(beside, alliance, month, HORIZON)):
        out[ahead] += yen
    for building in site:
        _building(out, building, alliance, month)
    for tool in fleet.tools:
        purchase = fleet.of(tool)
        if tool.ordered is None or tool.delivery is None or not purchase.own or tool.billed == "acceptance":
            continue
        work = purchase.installation
        days = round(float(work.install) + float(work.hook_up) + float(work.sl1) + work_left(tool, purchase))
        stages = {"delivery": tool.delivery, "acceptance": tool.delivery + dt.timedelta(days=days)}
        if tool.billed == "delivery":
            del stages["delivery"]
        for stage, day in stages.items():
            amount = fleet.price(tool) * getattr(purchase.payment, stage).exact
            _put(out, month, day, to_yen(amount, alliance.rate(purchase.currency, month.last)))
    return out


def later(month: Month, ahead: int) -> Month:
    """Return the month that comes `ahead` months later, beyond the alliance's end too."""
    first = add_months(month.first, ahead)
    return Month(month.index + ahead, first, add_months(first, 1) - dt.timedelta(days=1), month.epoch)


def _building(out: list[int], building: Building, alliance: Alliance, month: Month) -> None:
    """The rest of a phase under construction, as if nothing slipped from here."""
    if building.started is None or building.billed >= building.length:
        return
    phase, billed, first = alliance.site.phases[building.phase], building.billed, month.last + dt.timedelta(days=1)
    for ahead in range(HORIZON):
        days = min(later(month, ahead + 1).days, building.length - billed)
        share = spent_share(phase, billed + days, building.length) - spent_share(phase, billed, building.length)
        out[ahead] += round(share * alliance.yen(phase.cost, first))
        billed += days
        if billed >= building.length:
            return


def _put(out: list[int], month: Month, day: dt.date, yen: int) -> None:
    ahead = max(months_between(month.first, day) - 1, 0)
    if ahead < len(out):
        out[ahead] += yen
