"""The double-entry ledger: whole yen, every posting on two accounts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from renkei.errors import RunError

MOST_YEN = 2**60
"""On an account: tables hold eight times as much in 64 bits."""
POTS = ("front_end", "back_end", "any")
"""Cash by what it may pay."""


@dataclass(frozen=True)
class Posting:
    """One movement of money: `yen` from the credited to the debited account."""

    date: dt.date
    debit: str
    credit: str
    yen: int
    amount: Decimal
    """As agreed, in `currency`."""
    currency: str
    partner: str
    purpose: str


@dataclass(frozen=True)
class Ledger:
    """All postings and the balance of each account in yen: debits less credits."""

    postings: tuple[Posting, ...] = ()
    balances: Mapping[str, int] = field(default_factory=dict)

    def balance(self, account: str) -> int:
        """Return debits less credits of an account, in yen."""
        return self.balances.get(account, 0)

    @property
    def cash(self) -> int:
        """Cash of all pots, in yen."""
        return sum(self.balance(f"cash.{pot}") for pot in POTS)

    def posted(self, postings: Iterable[Posting]) -> Ledger:
        """Return the ledger with more postings; raises RunError on an amount that is not positive and on more than
        tables of 64 bits hold."""
        new = tuple(postings)
        balances = dict(self.balances)
        for posting in new:
            if posting.yen <= 0 or posting.debit == posting.credit:
                raise RunError(f"ledger: impossible posting {posting}")
            balances[posting.debit] = balances.get(posting.debit, 0) + posting.yen
            balances[posting.credit] = balances.get(posting.credit, 0) - posting.yen
            for account in (posting.debit, posting.credit):
                if abs(balances[account]) > MOST_YEN:
                    raise RunError(
                        f"ledger: {account} comes to {balances[account]:.1e} yen on {posting.date}, and accounts hold "
                        f"{MOST_YEN:.1e} at most; check fx, inflation and the amounts of {posting.purpose or account}"
                    )
        return Ledger(self.postings + new, balances)

    def check(self, payable: int, loans: int) -> None:
        """Raise RunError unless the books balance.

        All accounts sum to 0, no pot of cash is overdrawn, `payable` is what the open obligations sum to and `loans`
        what is still owed to lenders, both in yen.
        """
        wrong = [pot for pot in POTS if self.balance(f"cash.{pot}") < 0]
        total = sum(self.balances.values())
        if total or wrong or self.balance("payable") != -payable or self.balance("loan") != -loans:
            raise RunError(
                f"ledger does not balance: accounts sum to {total} yen; overdrawn: {wrong or 'none'}; payable "
                f"{-self.balance('payable')} against {payable} open; loan {-self.balance('loan')} against {loans} owed"
            )
