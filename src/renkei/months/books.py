"""Closing the books of a month: gifts, wear, balance sheet, result and runway."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

from renkei.alliance.funding import Cost
from renkei.months import assets, inkind, tax
from renkei.months.calendar import Month
from renkei.months.ledger import Posting
from renkei.months.money import Money
from renkei.months.monthrow import MonthRow
from renkei.months.obligations import CAPITAL
from renkei.months.runway import runways
from renkei.months.scene import Scene
from renkei.months.statement import BELOW, statement
from renkei.months.world import World

BURN_MONTHS = 3
"""Months over which the burn is averaged."""
OUTSIDE = (*CAPITAL, *BELOW)
"""Payments that are no running cost."""


def close_books(world: World, scene: Scene, month: Month, row: MonthRow) -> None:
    """Post gifts and wear, and put cash, result, balance sheet and runway into the month's row; changes `world`."""
    _cash(world.money, row)
    world.money = _posted(world, scene, month)
    world.money = replace(world.money, flows=(*world.money.flows, row.operating_cash_flow_jpy)[-BURN_MONTHS:])
    _result(world, row)
    world.money = replace(world.money, levy=tax.assessed(world.money, scene.alliance, month))
    row.project_tools = world.projects.installed(month.last)
    row.runway_cash_months, row.runway_months = runways(
        world.money, world.site, world.fleet, world.projects, scene.alliance, month, world.reached
    )
    world.money = replace(world.money, closed=statement(world.money.ledger))


def _cash(books: Money, row: MonthRow) -> None:
    row.cash_jpy, row.unpaid_jpy = books.ledger.cash, sum(item.yen for item in books.open)
    row.debt_jpy = sum(draw.owed for draw in books.draws)
    row.received_by_kind, row.spent_by_cost = dict(books.received), dict(books.spent)
    row.received_jpy, row.spent_jpy = sum(books.received.values()), sum(books.spent.values())
    running = sum(yen for cost, yen in books.spent.items() if cost not in OUTSIDE)
    row.operating_cash_flow_jpy = books.received.get("customers", 0) - running


def _posted(world: World, scene: Scene, month: Month) -> Money:
    alliance, books = scene.alliance, world.money
    register, wear = assets.worn(books.assets, alliance.accounts.depreciation, month, _in_use(world))
    postings = inkind.given(alliance, world.fleet, month, world.reached)
    postings += [_wear(kind, yen, month.last, alliance.workforce.employer) for kind, yen in wear.items()]
    return replace(books, ledger=books.ledger.posted(postings), assets=register)


def _wear(kind: Cost, yen: int, date: dt.date, employer: str) -> Posting:
    purpose = f"accounts.depreciation.{kind}"
    return Posting(date, f"depreciation.{kind}", f"worn.{kind}", yen, Decimal(yen), "JPY", employer, purpose)


def _in_use(world: World) -> dict[str, dt.date]:
    used = {b.asset: b.installed for b in world.projects.batches if b.installed is not None}
    used |= {tool.id: tool.qualified for tool in world.fleet.tools if tool.qualified is not None}
    return used | {f"site.phases.{b.phase}": b.ready for b in world.site if b.ready is not None}


def _result(world: World, row: MonthRow) -> None:
    now, before = statement(world.money.ledger), world.money.closed
    row.receivables_jpy, row.fixed_assets_jpy = now.receivables, now.fixed_assets
    row.assets_jpy, row.liabilities_jpy, row.equity_jpy = now.assets, now.liabilities, now.equity
    row.prepayments_jpy, row.working_capital_jpy = now.prepayments, now.working_capital
    row.paid_in_jpy, row.result_cumulative_jpy = now.capital, now.result
    row.operating_cost_jpy = now.operating_cost - before.operating_cost
    row.depreciation_jpy = now.depreciation - before.depreciation
    row.operating_result_jpy = now.operating_result - before.operating_result
    row.result_jpy = now.result - before.result
