"""Funding: what is in the till at the start, tranches, loans, and who is paid first."""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, Field, model_validator

from renkei.alliance.assistance import ClawBack, Matching, Review
from renkei.alliance.base import NOTHING, End, Gate, Item, Name, Named, Terms, guess
from renkei.units import Date, Fraction, Lag, MoneyQ, Months, PerYear, quantity

Kind = Literal["grant", "equity", "guaranteed_loan", "prepayment"]
Cost = Literal[
    "payroll",
    "debt_service",
    "claw_back",
    "tax",
    "utilities",
    "maintenance",
    "materials",
    "tools",
    "building",
    "training",
    "research",
    "packaging",
    "promotion",
]
"""Every payment of an alliance is one of these."""
COSTS: tuple[Cost, ...] = get_args(Cost)


class OpeningItem(Item):
    """Money received before the alliance's first month and still there."""

    payer: Name
    kind: Kind = "equity"
    amount: MoneyQ
    received: Date | None = None
    """When it was paid, for the record."""
    eligible: End | Literal["any"] = "any"


class Loan(Terms):
    """Terms of a loan."""

    interest: PerYear
    """Paid monthly on what is drawn."""
    grace: Lag = quantity("Lag", 0)
    """Months after drawing before repayment begins."""
    repayment: Months
    """Months over which it is repaid in equal parts after the grace."""
    guarantor: Name | None = None
    """Partner that guarantees it."""
    called_after: Lag = guess("Lag", "3 months")
    """Arrears after which the lender calls the guarantee: the guarantor pays what is in arrears, the manufacturer owes
    it to the guarantor from then on, and nothing more of the tranche is drawn. Without a guarantor: never."""


class Tranche(Item):
    """One payment, or a budget that is paid out over fiscal years, when its conditions hold.

    Exactly one of `date`, `fiscal_year` or, without both, `after`; a date or fiscal year together with `after` means
    "not before either".
    """

    payer: Name
    kind: Kind
    amount: MoneyQ
    """In the payer's currency; changed to yen at the day of payment."""
    date: Date | None = None
    """Paid in full on this day."""
    fiscal_year: Annotated[int, Field(ge=1950, le=2200)] | None = None
    """Paid in the payer's fiscal year (Japan: from April), in equal monthly parts unless `reimbursed`."""
    until_fiscal_year: Annotated[int, Field(ge=1950, le=2200)] | None = None
    """Last fiscal year when the budget spans several; equal ceilings."""
    after: Gate = ()
    """Milestones that must be reached."""
    delay: Lag = quantity("Lag", 0)
    """From the day the conditions hold to the payment."""
    reimbursed: bool = False
    """Cash follows cost: the month's payment is the eligible cost `reimbursed_after` earlier, within what is
    left of the fiscal year's ceiling."""
    reimbursed_share: Fraction = quantity("Fraction", 1)
    """Share of the eligible cost that is reimbursed; the rest may be claimed from other tranches."""
    reimbursed_after: Lag = quantity("Lag", 2, "model default: two months for inspection and payment", "low")
    eligible: End | Literal["any"] = "any"
    """Costs that this money may pay."""
    status: Literal["done", "approved", "planned"] = "approved"
    probability: Fraction = quantity("Fraction", 1)
    """Chance that it comes at all; below 1 only for planned money. Drawn once a future."""
    known_from: Date | None = None
    """Publication date: nothing is known of it before."""
    loan: Loan | None = None
    """Only and always for a guaranteed loan."""
    credited: Fraction | None = None
    """Prepayment only: share of each invoice to this payer that is set off until the prepayment is used up."""
    refunded: bool = True
    """Prepayment only: what is not yet set off is paid back, as debt service, when the customer is lost."""
    matching: Matching | None = None
    """Paid as others pay; `amount` is the most that it can become, `date` the day from which on."""
    claw_back: ClawBack | None = None
    """Grants and equity only."""

    @model_validator(mode="after")
    def _timed(self) -> Tranche:
        if self.date is not None and self.fiscal_year is not None:
            raise ValueError("has both date and fiscal_year; keep one")
        if self.date is None and self.fiscal_year is None and not self.after and self.matching is None:
            raise ValueError("needs a date, a fiscal_year or a milestone in `after`")
        if self.matching is not None and self.fiscal_year is not None:
            raise ValueError("has both matching and fiscal_year; a match comes as others pay, leave the year out")
        if self.until_fiscal_year is not None and (
            self.fiscal_year is None or self.until_fiscal_year < self.fiscal_year
        ):
            raise ValueError(f"until_fiscal_year = {self.until_fiscal_year} must not be before fiscal_year")
        if self.reimbursed and self.fiscal_year is None:
            raise ValueError("reimbursed = true needs a fiscal_year, whose ceiling it shares out")
        return self

    @model_validator(mode="after")
    def _kind_fits(self) -> Tranche:
        if (self.kind == "guaranteed_loan") != (self.loan is not None):
            raise ValueError(f'kind = "{self.kind}"; `loan` terms belong to guaranteed_loan, and to it only')
        if self.credited is not None and self.kind != "prepayment":
            raise ValueError(f'kind = "{self.kind}"; `credited` belongs to prepayment only')
        if not self.refunded and self.kind != "prepayment":
            raise ValueError(f'kind = "{self.kind}"; `refunded` belongs to prepayment only')
        if self.claw_back is not None and self.kind not in ("grant", "equity"):
            raise ValueError(f'kind = "{self.kind}"; `claw_back` belongs to grant and equity only')
        return self


def _with_public_dues(value: Any) -> Any:
    """Put claw-backs after the service of debt, and tax after them, where a list does not name them."""
    if not isinstance(value, (list, tuple)):
        return value
    found = list(value)
    for cost, before in (("claw_back", "debt_service"), ("tax", "claw_back")):
        if cost not in found and before in found:
            found.insert(found.index(before) + 1, cost)
    return tuple(found)


class Funding(Terms):
    """All money that the partners bring, and the rule by which it is spent."""

    opening_balance: Named[OpeningItem] = NOTHING
    tranches: Named[Tranche] = NOTHING
    reviews: Named[Review] = NOTHING
    """Stage gates of continued assistance."""
    priorities: Annotated[tuple[Cost, ...], BeforeValidator(_with_public_dues)] = COSTS
    """Every cost once, paid in this order when cash is short; payroll first, because it never slips. `claw_back` and
    `tax` may be left out and then follow debt_service."""
    minimum_cash: MoneyQ = quantity("MoneyQ", 0)
    """Kept for payroll: nothing else is paid below it."""
    planning_horizon: Lag = guess("Lag", "3 months")
    """New commitments (tool orders, hiring) are made only while believed cash covers payroll this far ahead."""

    @model_validator(mode="after")
    def _complete(self) -> Funding:
        missing = [cost for cost in COSTS if cost not in self.priorities]
        if missing or len(self.priorities) != len(COSTS):
            raise ValueError(f"priorities must name every cost once; missing: {', '.join(missing) or 'none'}")
        if self.priorities[0] != "payroll":
            raise ValueError(f'priorities[0] = "{self.priorities[0]}"; must be payroll')
        return self
