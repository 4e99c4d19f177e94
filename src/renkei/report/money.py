"""The money of a course: who paid it in, what it was spent on, what was promised, and what it is worth to whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from renkei.alliance import Alliance
from renkei.outcome.accounts import PAID_FOR
from renkei.report import figures as fig
from renkei.report.cash import cash_sentences
from renkei.report.figures import Figure
from renkei.report.parts import Section
from renkei.report.promised import funding_schedule
from renkei.report.result import Result
from renkei.report.tables import Column, Table
from renkei.report.words import NONE, billions, count, day, known, roles, two_digits
from renkei.units import fiscal_year_span

MOST = 10
"""Payers with a colour of their own; the others are added up."""
OTHERS = "others"
BN = 1e-9


def money_section(result: Result) -> Section:
    """Return cash, what came in and went out, promised against received, unit cost and the worth of the project."""
    months = result.tables["months"]
    stocks = {"cash_jpy": "cash", "unpaid_jpy": "due but unpaid", "debt_jpy": "debt"}
    title = "Cash, unpaid bills and debt at the month’s end"
    cash = fig.over_months("cash", title, months, stocks, "bn JPY", scale=BN)
    came, went = inflows(result), outflows(months)
    into = fig.by_quarter("received", "What came in, by payer", came, _own(came), "bn JPY by calendar quarter", BN)
    out = fig.by_quarter("spent", "What went out, by cost", went, _own(went), "bn JPY by calendar quarter", BN)
    figures = (replace(cash, wide=True), replace(into, wide=True), replace(out, wide=True), _promised(result))
    drawn = (*figures, *_unit_costs(months))
    shown = (by_fiscal_year(result, "Received", came), by_fiscal_year(result, "Spent", went), worth(result))
    return Section("money", "Money", tuple(cash_sentences(result)), drawn, shown)


def inflows(result: Result) -> pd.DataFrame:
    """Return month and yen received from each payer and for what, the largest first; over a row, `received_jpy`.

    From the ledger, without the opening balance. Customers are one payer; payers after the first `MOST` are one.
    """
    ledger = result.tables["ledger"]
    cash = ledger[ledger["debit"].str.startswith("cash.")]
    kinds = cash["credit"].str.split(".").str[0].map(PAID_FOR)
    partners = result.alliance.partners
    names = {name: _payer(partners[name].name if name in partners else name) for name in cash["partner"].unique()}
    series = cash["partner"].map(names) + ": " + kinds.astype(str)
    frame = pd.DataFrame(
        {
            "month": cash["date"].dt.to_period("M").dt.start_time,
            "series": series.where(kinds != "sales", "customers: sales"),
            "yen": cash["yen"],
        }
    )[kinds != "opening"]
    grid = frame.pivot_table(index="month", columns="series", values="yen", aggfunc="sum", fill_value=0)
    return _columns(grid, result.tables["months"]["month"])


def _payer(name: str) -> str:
    """Return a name without what stands in brackets at its end: it is the head of a column."""
    return name.split(" (")[0]


def outflows(months: pd.DataFrame) -> pd.DataFrame:
    """Return month and yen spent on each cost, the largest first; over a row, `spent_jpy`."""
    names = [str(name) for name in months.columns if _is_cost(str(name))]
    costs = {name: name[len("spent_") : -len("_jpy")].replace("_", " ") for name in names}
    return _columns(months.set_index("month")[list(costs)].rename(columns=costs), months["month"])


def _is_cost(name: str) -> bool:
    return name.startswith("spent_") and name != "spent_jpy"


def _columns(grid: pd.DataFrame, months: pd.Series[Any]) -> pd.DataFrame:
    """Return the columns that hold something, the largest first, over all months; the smallest ones together."""
    grid = grid.reindex(months, fill_value=0).fillna(0)
    ranked = [name for name in grid.sum().sort_values(ascending=False, kind="stable").index if grid[name].ne(0).any()]
    few = ranked if len(ranked) <= MOST + 1 else ranked[:MOST]
    table = grid[few].copy()
    if len(few) < len(ranked):
        table[OTHERS] = grid[ranked[MOST:]].sum(axis=1)
    table.columns.name = None
    return table.astype("int64").rename_axis("month").reset_index()


def _own(table: pd.DataFrame) -> dict[str, str]:
    return {str(name): str(name) for name in table.columns if name != "month"}


def _promised(result: Result) -> Figure:
    """Return the partners' promises, summed up, beside what they have paid."""
    months = result.tables["months"]
    table = funding_schedule(result.alliance)
    kinds = [name for name in months if str(name).startswith("received_") and name not in _NOT_FUNDING]
    table["received_jpy"] = months[kinds].sum(axis=1).cumsum().to_numpy()
    series = {"promised_jpy": "promised", "agreed_jpy": "of that approved or paid", "received_jpy": "received"}
    note = "bn JPY so far, without the opening balance; reimbursed money up to its ceiling"
    title, empty = "Funding: promised and received", "No partner promised money."
    return fig.over_months("funding", title, table, series, note, scale=BN, steps=True, empty=empty, wide=True)


_NOT_FUNDING = ("received_jpy", "received_customers_jpy")


def _unit_costs(months: pd.DataFrame) -> tuple[Figure, Figure]:
    empty = "Nothing was made for twelve months, so nothing had a cost."
    note = "over the last twelve months, logarithmic; {}"
    wafer = {"cost_per_wafer_jpy": "paid to run", "full_cost_per_wafer_jpy": "with wear of tools and buildings"}
    die = {"cost_per_good_die_jpy": "paid to run", "full_cost_per_good_die_jpy": "with wear of tools and buildings"}
    return (
        fig.over_months(
            "wafer-cost", "What a wafer cost", months, wafer, note.format("M JPY"), scale=1e-6, log=True, empty=empty
        ),
        fig.over_months(
            "die-cost", "What a good die cost", months, die, note.format("k JPY"), scale=1e-3, log=True, empty=empty
        ),
    )


def fiscal_year(on: dt.date, country: str) -> int:
    """Return the fiscal year of a country to which a day belongs."""
    return next(year for year in (on.year - 1, on.year, on.year + 1) if on <= fiscal_year_span(year, country)[1])


def home(alliance: Alliance) -> str:
    """Return the country whose fiscal years the accounts follow: the employer's."""
    employer = alliance.partners.get(alliance.workforce.employer or "")
    return employer.country if employer else ""


def by_fiscal_year(result: Result, title: str, table: pd.DataFrame) -> Table:
    """Return a table of months in yen as one of fiscal years, a column a series, with sums below and at the right."""
    country = home(result.alliance)
    names = [str(name) for name in table.columns if name != "month"]
    years = table["month"].map(lambda month: fiscal_year(day(month) or result.alliance.start, country))
    sums = table[names].groupby(years).sum()
    rows = [_money_row(f"FY{year}", row) for year, row in sums.iterrows()]
    rows.append(_money_row("in all", sums.sum()))
    heads = (Column("fiscal year"), *(Column(name, "", True) for name in names), Column("in all", "", True))
    return Table(f"{title} by fiscal year", heads, tuple(rows), f"bn JPY, fiscal years of {country or 'the calendar'}")


def _money_row(head: str, values: pd.Series[Any]) -> tuple[str, ...]:
    return (head, *(billions(value) if value else NONE for value in values), billions(int(values.sum())))


def worth(result: Result) -> Table:
    """Return net present value and rate of return of the project in each way of counting."""
    rows = tuple(
        (
            row["view"], billions(row["net_jpy"]), billions(row["npv_jpy"]), rate(row["irr"]),
            rate(row["discount_rate"]), billions(row["terminal_value_jpy"]),
        )
        for row in result.tables["project"].to_dict("records")
    )  # fmt: skip
    heads = (
        Column("counted"), Column("net flow", "bn JPY", True), Column("net present value", "bn JPY", True),
        Column("rate of return", "a year", True), Column("discount rate", "a year", True),
        Column("of it terminal value", "bn JPY", True),
    )  # fmt: skip
    note = "sales less running cost and investment; no rate where money does not go out first and come back once"
    return Table("Worth of the project", heads, rows, note)


def rate(value: Any) -> str:
    """Return a yearly rate as `7.5 %`."""
    return f"{two_digits(100 * value)} %" if known(value) else NONE


_ACCOUNT: tuple[tuple[str, str, str, Callable[[Any], str]], ...] = (
    *((f"paid_{what}_jpy", what, "bn JPY", billions) for what in PAID_FOR.values()),
    ("paid_jpy", "paid", "bn JPY", billions),
    ("received_jpy", "was paid", "bn JPY", billions),
    ("net_jpy", "net", "bn JPY", billions),
    ("in_kind_jpy", "in kind", "bn JPY", billions),
    ("people_trained", "trained", "people", count),
    ("wafers_bought", "bought", "wafers", count),
    ("npv_jpy", "NPV", "bn JPY", billions),
    ("irr", "IRR", "a year", rate),
)
"""Columns of the partners' accounts: name in the data, heading, unit, how a cell is written."""
_ALWAYS = ("paid_jpy", "received_jpy", "net_jpy", "npv_jpy")


def accounts(result: Result) -> Table:
    """Return what each partner paid and was paid; columns of nothing are left out."""
    table = result.tables["partners"]
    shown = [each for each in _ACCOUNT if each[0] in _ALWAYS or table[each[0]].fillna(0).ne(0).any()]
    rows = [_account(row, shown) for row in table.to_dict("records")]
    who = (Column("partner", names=True), Column("country"), Column("role"))
    heads = (*who, *(Column(name, unit, True) for _, name, unit, _ in shown))
    note = (
        "between the partner and the manufacturer, whose own row is what it paid outside the alliance; "
        "opening: balance at the start; NPV, IRR: net present value and rate of return of the partner’s own flows; "
        "paid less was paid, over all rows, is the cash at the end"
    )
    return Table("Accounts of the partners", heads, tuple(rows), note)


def _account(row: Mapping[Any, Any], shown: list[tuple[str, str, str, Callable[[Any], str]]]) -> tuple[str, ...]:
    parts = tuple(part for part in str(row["roles"]).split(", ") if part)
    told = (write(row[name]) if known(row[name]) and row[name] != 0 else NONE for name, _, _, write in shown)
    return (str(row["name"]), row["country"] or NONE, roles(parts) or NONE, *told)
