"""Balance sheet and profit account, read off the ledger."""

from __future__ import annotations

from dataclasses import dataclass

from renkei.errors import RunError
from renkei.months.ledger import Ledger

CAPITAL = ("equity", "opening.equity", "opening.prepayment", "opening.guaranteed_loan")
GRANTS = ("grant", "opening.grant")
_SIDES = {"cash": "cash", "receivable": "receivables", "asset": "fixed_assets", "worn": "fixed_assets", "memo": "memo"}
_OWED = {"payable": "payables", "loan": "loans", "prepayment": "prepayments"}
FINANCING = ("debt_service", "claw_back")
"""Costs of financing: they are no costs of operation."""
BELOW = (*FINANCING, "tax")
"""What stands below the operating result: nobody reimburses it."""


@dataclass(frozen=True)
class Statement:
    """The books at a moment, in yen; what belongs to the result is cumulative since the first day.

    Grants are income when they are received. Wafers on their way and in stock are not valued: what they cost is a cost
    of the month in which it falls due, so working capital has no inventory.
    """

    cash: int = 0
    receivables: int = 0
    fixed_assets: int = 0
    """Cost less wear."""
    payables: int = 0
    loans: int = 0
    prepayments: int = 0
    """Paid ahead by customers and not yet set off."""
    capital: int = 0
    """Paid in by owners."""
    grants: int = 0
    revenue: int = 0
    operating_cost: int = 0
    depreciation: int = 0
    financing_cost: int = 0
    """Interest, and what claw-backs cost beyond the money given back."""
    tax: int = 0
    memo: int = 0
    """Gifts in kind, on both sides."""

    @property
    def assets(self) -> int:
        """Everything owned."""
        return self.cash + self.receivables + self.fixed_assets

    @property
    def liabilities(self) -> int:
        """Everything owed."""
        return self.payables + self.loans + self.prepayments

    @property
    def operating_result(self) -> int:
        """Revenue less operating cost and depreciation."""
        return self.revenue - self.operating_cost - self.depreciation

    @property
    def result(self) -> int:
        """Operating result with grants, less the cost of financing and tax."""
        return self.operating_result + self.grants - self.financing_cost - self.tax

    @property
    def equity(self) -> int:
        """Paid in and earned."""
        return self.capital + self.result

    @property
    def working_capital(self) -> int:
        """What customers owe less what is owed to suppliers and customers."""
        return self.receivables - self.payables - self.prepayments


def statement(ledger: Ledger) -> Statement:
    """Return the books as balance sheet and profit account.

    Raises RunError for an account that has no place in them, and unless assets are liabilities plus equity.
    """
    sums: dict[str, int] = {}
    for account, balance in ledger.balances.items():
        field, sign = _place(account)
        sums[field] = sums.get(field, 0) + sign * balance
    found = Statement(**sums)
    if found.assets != found.liabilities + found.equity:
        raise RunError(f"balance sheet: assets {found.assets} are not {found.liabilities} owed + {found.equity} equity")
    return found


def _place(account: str) -> tuple[str, int]:
    """Return the line of the statement to which an account belongs, and its sign there."""
    head, _, tail = account.partition(".")
    if head in _SIDES:
        return _SIDES[head], 1
    if head in _OWED:
        return _OWED[head], -1
    if account in GRANTS:
        return "grants", -1
    if account in CAPITAL:
        return "capital", -1
    if account == "revenue":
        return "revenue", -1
    if head == "depreciation":
        return "depreciation", 1
    if account == "cost.tax":
        return "tax", 1
    if head == "cost":
        return ("financing_cost" if tail in FINANCING else "operating_cost"), 1
    raise RunError(f"ledger: account {account} has no place in the balance sheet")
