"""Partners' accounts, what payers decided, the project's worth, cost of a wafer and a die: from ledger and months."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from renkei.alliance import Alliance
from renkei.months.world import World
from renkei.outcome.value import irr, npv

YEAR = 12
"""Months over which unit cost is taken."""
PAID_FOR = {
    "opening": "opening", "grant": "grants", "equity": "equity", "loan": "loans", "prepayment": "prepayments",
    "receivable": "sales",
}  # fmt: skip
"""Account that cash came from → column of what a partner paid."""


def unit_costs(months: pd.DataFrame) -> pd.DataFrame:
    """Return the table of months with what a wafer out and a good die cost over the last twelve months, in yen.

    Cash: all running cost that fell due (people, energy, materials, maintenance, research, packaging, promotion), with
    development. Full: with depreciation. Missing while fewer than twelve months are known or nothing came out.
    """
    cash, full = months["operating_cost_jpy"], months["operating_cost_jpy"] + months["depreciation_jpy"]
    for unit, made in (("wafer", months["wafers_out"]), ("good_die", months["good_dies"])):
        number = made.rolling(YEAR).sum()
        for name, cost in (("cost", cash), ("full_cost", full)):
            each = cost.rolling(YEAR).sum() / number.where(number > 0)
            months[f"{name}_per_{unit}_jpy"] = each.astype("float64")
    return months


def partners_table(alliance: Alliance, ledger: pd.DataFrame, months: pd.DataFrame, world: World) -> pd.DataFrame:
    """Return one row a partner: what it paid, was paid and gave in kind, and what its own flows are worth.

    Flows are between the partner and the manufacturer, in yen: `paid_<for>_jpy`, `paid_jpy` their sum, `received_jpy`
    what it was paid, `net_jpy` = received − paid. The manufacturer's own row holds what it paid outside the alliance:
    people, energy, materials, builders. Over all rows, paid − received is the cash at the end, to the yen. `npv_jpy`
    discounts the partner's net flows at the alliance's rate; owners also get their part of a terminal value. Parties
    that are paid but not declared as partners follow after the declared ones, with `declared` False.
    """
    cash = _cash_postings(ledger)
    cash["partner"] = cash["partner"].replace(_served_by(alliance))
    names = dict.fromkeys([*alliance.partners, *cash["partner"]])
    grid = cash.pivot_table(index="month", columns="partner", values="net", aggfunc="sum", fill_value=0)
    grid = grid.reindex(index=months["month"], columns=list(names), fill_value=0)
    kinds = cash.groupby(["partner", "what"])["paid"].sum().to_dict()
    received = cash.groupby("partner")["received"].sum()
    gifts = ledger[ledger["credit"] == "memo.in_kind"].groupby("partner")["yen"].sum()
    terminal, owners = terminal_value(alliance, months), _owned(cash)
    wafers, people = world.wafers_to, _trained(alliance, world)
    rows = []
    for name in names:
        partner = alliance.partners.get(name)
        paid = {f"paid_{what}_jpy": int(kinds.get((name, what), 0)) for what in PAID_FOR.values()}
        flows = grid[name].to_numpy(dtype=np.float64).copy()
        flows[-1] += terminal * owners.get(name, 0.0)
        given = sum(paid.values())
        got = int(received.get(name, 0))
        rows.append(
            {
                "partner": name, "name": partner.name if partner else name,
                "country": partner.country if partner else "",
                "roles": ", ".join(partner.roles) if partner else "", "declared": partner is not None,
                "paid_jpy": given, **paid, "received_jpy": got, "net_jpy": got - given,
                "in_kind_jpy": int(gifts.get(name, 0)), "people_trained": people.get(name, 0),
                "wafers_bought": wafers.get(name, 0), "npv_jpy": npv(flows, _rate(alliance)), "irr": irr(flows),
            }
        )  # fmt: skip
    return pd.DataFrame(rows).astype({"irr": "float64"})


def project_table(alliance: Alliance, months: pd.DataFrame) -> pd.DataFrame:
    """Return net present value and return of the project: a row for each way of counting.

    `before funding`: what customers pay less everything paid for operation and investment. `with grants`: the same
    with grants counted as income. `after tax`, if `accounts.tax` is declared: that less the tax paid. Terminal value:
    `accounts.terminal_multiple`; 0 counts nothing after the last month.
    """
    invested = sum((months[name] for name in ("spent_tools_jpy", "spent_building_jpy") if name in months), 0)
    free = (months["operating_cash_flow_jpy"] - invested).to_numpy(dtype=np.float64)
    grants = months["received_grant_jpy"].to_numpy(dtype=np.float64) if "received_grant_jpy" in months else 0 * free
    terminal = terminal_value(alliance, months)
    views, rows = {"before funding": free, "with grants": free + grants}, []
    if alliance.accounts.tax is not None:
        paid = months["spent_tax_jpy"].to_numpy(dtype=np.float64) if "spent_tax_jpy" in months else 0 * free
        views["after tax"] = free + grants - paid
    for name, flows in views.items():
        flows = np.append(flows[:-1], flows[-1] + terminal)
        rows.append(
            {
                "view": name, "net_jpy": float(flows.sum()), "npv_jpy": npv(flows, _rate(alliance)), "irr": irr(flows),
                "discount_rate": _rate(alliance), "terminal_value_jpy": terminal,
            }
        )  # fmt: skip
    return pd.DataFrame(rows).astype({"irr": "float64"})


def terminal_value(alliance: Alliance, months: pd.DataFrame) -> float:
    """Return the yen that the enterprise is worth after the last month; never below 0."""
    earned = float(months["operating_cash_flow_jpy"].tail(YEAR).sum())
    return max(earned, 0.0) * float(alliance.accounts.terminal_multiple)


def _rate(alliance: Alliance) -> float:
    return float(alliance.accounts.discount_rate)


def _cash_postings(ledger: pd.DataFrame) -> pd.DataFrame:
    """Return the postings that move cash, from the partner's side; opening balances belong to the first month."""
    into, out = ledger["debit"].str.startswith("cash."), ledger["credit"].str.startswith("cash.")
    cash = ledger[into | out].copy()
    cash["month"] = cash["date"].dt.to_period("M").dt.start_time.astype("datetime64[ms]")
    cash["paid"] = cash["yen"].where(into, 0)
    cash["received"] = cash["yen"].where(out, 0)
    cash["net"] = cash["received"] - cash["paid"]
    cash["what"] = cash["credit"].str.split(".").str[0].map(PAID_FOR).where(into, "")
    return cash


def _owned(cash: pd.DataFrame) -> dict[str, float]:
    """Return each owner's share of the capital paid in."""
    capital = cash[cash["credit"].isin(("equity", "opening.equity"))].groupby("partner")["paid"].sum()
    return {str(name): float(yen / capital.sum()) for name, yen in capital.items()}


def _trained(alliance: Alliance, world: World) -> dict[str, int]:
    """Return the people back from each host."""
    found: dict[str, int] = {}
    for returned in world.crew.returned:
        host = alliance.workforce.cohorts[returned.cohort].host
        found[host] = found.get(host, 0) + returned.people
    return found


def assistance_table(alliance: Alliance, world: World) -> pd.DataFrame:
    """Return what payers decided: a row a review held and a row a claw-back, in order of date.

    `release` is the share of the ceilings that a review released, `paid_from` when what fell due before follows;
    `amount_jpy` and `interest_jpy` are what a claw-back took. `expected` and `missing` are milestones.
    """
    reviews, tranches = alliance.funding.reviews, alliance.funding.tranches
    rows: list[dict[str, Any]] = [
        {
            "date": item.date, "event": "review", "name": item.review,
            "tranches": ", ".join(reviews[item.review].tranches), "release": float(item.release),
            "paid_from": item.paid_from, "amount_jpy": 0, "interest_jpy": 0, "expected": ", ".join(item.expected),
            "missing": ", ".join(item.missing),
        }
        for item in world.money.purse.decisions
    ]  # fmt: skip
    for item in world.money.reclaims:
        terms = tranches[item.tranche].claw_back
        rows.append(
            {
                "date": item.date, "event": "claw-back", "name": item.tranche, "tranches": item.tranche,
                "release": None, "paid_from": None, "amount_jpy": item.yen, "interest_jpy": item.interest,
                "expected": ", ".join(terms.milestones if terms else ()), "missing": ", ".join(item.missing),
            }
        )  # fmt: skip
    columns = [
        "date", "event", "name", "tranches", "release", "paid_from", "amount_jpy", "interest_jpy", "expected",
        "missing",
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=columns).sort_values("date", kind="stable", ignore_index=True)
    for name in ("date", "paid_from"):
        table[name] = pd.to_datetime(table[name]).astype("datetime64[ms]")
    return table.astype({"release": "float64", "amount_jpy": "int64", "interest_jpy": "int64"})


def _served_by(alliance: Alliance) -> dict[str, str]:
    """Return the partner behind each service of field engineers whose suppliers are one partner's."""
    found, suppliers = {}, alliance.equipment.suppliers
    for service in alliance.equipment.services.values():
        partners = {suppliers[name].partner for name in service.suppliers}
        if len(partners) == 1:
            found[service.id] = partners.pop()
    return found


def balances_table(rows: Sequence[tuple[Any, dict[str, int]]]) -> pd.DataFrame:
    """Return the trial balance: a row a month and account with its balance in yen, debits less credits."""
    flat = [(month, account, yen) for month, balances in rows for account, yen in sorted(balances.items())]
    table = pd.DataFrame(flat, columns=["month", "account", "balance_jpy"])
    table["month"] = pd.to_datetime(table["month"]).astype("datetime64[ms]")
    return table
