"""Guarantees of loans: called when the manufacturer is in arrears with what it owes the lender."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from renkei.alliance import Alliance
from renkei.alliance.funding import Loan
from renkei.months.calendar import Month
from renkei.months.ledger import Posting
from renkei.months.loans import Draw
from renkei.months.money import Money
from renkei.months.obligations import Obligation
from renkei.units import add_months


def call(money: Money, alliance: Alliance, month: Month) -> Money:
    """Return the books after guarantors have paid what lenders call in a month.

    Interest and repayments that are `called_after` in arrears at the month's end are paid by the guarantor to the
    lender, through the manufacturer's books. They become a claim of the guarantor, without interest, which is not due
    before everybody else is paid: in a plan's horizon, never. The lender does not ask for the whole loan at once.
    """
    found = [(item, terms) for item in money.open if (terms := _guaranteed(item, alliance, month)) is not None]
    if not found:
        return money
    postings, draws = [], list(money.draws)
    for item, (tranche, loan, guarantor) in found:
        purpose, yen = f"funding.tranches.{tranche}", item.yen
        postings.append(_moved(month, "cash.any", "loan", yen, guarantor, f"{purpose}.loan"))
        postings.append(_moved(month, "payable", "cash.any", yen, item.due.partner, purpose))
        draws.append(Draw(tranche, guarantor, month, yen, yen, loan, claim=True))
    total, gone = sum(item.yen for item, _ in found), {item.due.key for item, _ in found}
    return replace(
        money,
        ledger=money.ledger.posted(postings),
        open=tuple(item for item in money.open if item.due.key not in gone),
        draws=tuple(draws),
        received={**money.received, "guarantee": money.received.get("guarantee", 0) + total},
        spent={**money.spent, "debt_service": money.spent.get("debt_service", 0) + total},
        purse=replace(money.purse, called=money.purse.called | {terms[0] for _, terms in found}),
    )


def _guaranteed(item: Obligation, alliance: Alliance, month: Month) -> tuple[str, Loan, str] | None:
    """Return tranche, terms and guarantor of the loan whose service an obligation is, if it is long enough in arrears.

    None for every other obligation.
    """
    due, path = item.due, "funding.tranches."
    tranche = alliance.funding.tranches.get(due.purpose.removeprefix(path)) if due.purpose.startswith(path) else None
    if tranche is None or tranche.loan is None or tranche.loan.guarantor is None or due.cost != "debt_service":
        return None
    late = add_months(due.date, float(tranche.loan.called_after)) <= month.last
    return (tranche.id, tranche.loan, tranche.loan.guarantor) if late else None


def _moved(month: Month, debit: str, credit: str, yen: int, partner: str, purpose: str) -> Posting:
    return Posting(month.last, debit, credit, yen, Decimal(yen), "JPY", partner, purpose)
