"""Money: what comes in, what is owed, what is paid and what slips."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from renkei.alliance import Alliance
from renkei.alliance.funding import Cost
from renkei.errors import RunError
from renkei.months.assets import Register, registered
from renkei.months.calendar import Month
from renkei.months.clawbacks import Reclaim, reclaimed
from renkei.months.ledger import POTS, Ledger, Posting
from renkei.months.levy import Levy
from renkei.months.loans import Draw, service
from renkei.months.obligations import Due, Obligation, Paid, settle
from renkei.months.statement import BELOW, Statement, statement
from renkei.months.tranches import Arrival, Purse, Reached, arrivals, expected, fresh_purse
from renkei.units import add_months, to_yen


@dataclass(frozen=True)
class Receivable:
    """An invoice that a customer has not paid yet; yen."""

    customer: str
    partner: str
    date: dt.date
    yen: int
    purpose: str


@dataclass(frozen=True)
class Money:
    """The manufacturer's books."""

    ledger: Ledger
    purse: Purse
    open: tuple[Obligation, ...] = ()
    draws: tuple[Draw, ...] = ()
    receivables: tuple[Receivable, ...] = ()
    prepaid: Mapping[str, int] = field(default_factory=dict)
    """Yen that customers paid ahead and that invoices may still be set off against, by tranche."""
    received: Mapping[str, int] = field(default_factory=dict)
    """Yen received in the month, by kind of funding."""
    spent: Mapping[Cost, int] = field(default_factory=dict)
    """Yen paid in the month, by cost."""
    reclaims: tuple[Reclaim, ...] = ()
    """What payers have asked back so far."""
    assets: Register = field(default_factory=dict)
    flows: tuple[int, ...] = ()
    """Operating cash flow of the latest months, in yen."""
    closed: Statement = field(default_factory=Statement)
    """At the end of the latest month."""
    levy: Levy = field(default_factory=Levy)

    def pot(self, name: str) -> int:
        """Return the yen in one pot of cash."""
        return self.ledger.balance(f"cash.{name}")

    @property
    def wages_cash(self) -> int:
        """Yen that could pay wages."""
        return self.pot("front_end") + self.pot("any")

    @property
    def unpaid(self) -> frozenset[str]:
        """Keys of the obligations that are still open."""
        return frozenset(item.due.key for item in self.open)

    def check(self) -> None:
        """Raise RunError unless the books balance, and the register holds what the assets are worth in them."""
        self.ledger.check(sum(item.yen for item in self.open), sum(draw.owed for draw in self.draws))
        value = sum(asset.cost - asset.worn for asset in self.assets.values())
        if statement(self.ledger).fixed_assets != value:
            raise RunError(f"ledger: fixed assets differ from the register's {value} yen")


def fresh_money(alliance: Alliance, seed: int) -> Money:
    """Return the books on the first day, with the opening balance."""
    day = alliance.first_day
    postings = [
        Posting(
            day, f"cash.{item.eligible}", f"opening.{item.kind}", alliance.yen(item.amount, item.received or day),
            alliance.priced(item.amount, item.received or day), item.amount.currency, item.payer,
            f"funding.opening_balance.{item.id}",
        )
        for item in alliance.funding.opening_balance.values()
        if item.amount.exact > 0
    ]  # fmt: skip
    ledger = Ledger().posted(postings)
    return Money(ledger, fresh_purse(alliance, seed), closed=statement(ledger))


def receive(money: Money, alliance: Alliance, month: Month, reached: Reached) -> Money:
    """Return the books after what partners and customers pay in a month."""
    purse, arrived = arrivals(alliance, money.purse, month, reached)
    due = [item for item in money.receivables if item.date <= month.last]
    postings = [_arrival(item) for item in arrived]
    postings += [_customer(item, month.within(item.date), "cash.any", "receivable", item.yen) for item in due]
    draws, prepaid, kinds = (
        list(money.draws),
        dict(money.prepaid),
        dict.fromkeys(("customers",), sum(r.yen for r in due)),
    )
    for item in arrived:
        tranche = item.tranche
        kinds[tranche.kind] = kinds.get(tranche.kind, 0) + item.yen
        if tranche.loan is not None:
            draws.append(Draw(tranche.id, tranche.payer, month, item.yen, item.yen, tranche.loan))
        if tranche.kind == "prepayment" and tranche.credited is not None:
            prepaid[tranche.id] = prepaid.get(tranche.id, 0) + item.yen
    return replace(
        money,
        ledger=money.ledger.posted(postings),
        purse=purse,
        draws=tuple(draws),
        receivables=tuple(item for item in money.receivables if item.date > month.last),
        prepaid=prepaid,
        received=kinds,
        spent={},
    )


def owe(money: Money, alliance: Alliance, dues: Iterable[Due]) -> Money:
    """Return the books with new obligations, in yen at prices and rate of their due date; what rounds to 0 is none."""
    now = [_priced(due, alliance) for due in dues]
    items = [Obligation(due, to_yen(due.amount, alliance.rate(due.currency, due.date))) for due in now]
    items = [item for item in items if item.yen > 0]
    postings = [_booked(item, item.due.date, item.due.account, "payable") for item in items]
    return replace(
        money,
        ledger=money.ledger.posted(postings),
        open=money.open + tuple(items),
        assets=registered(money.assets, items),
    )


def _priced(due: Due, alliance: Alliance) -> Due:
    level = alliance.price_level(due.currency, due.prices_of, due.date)
    return replace(due, amount=due.amount * level, prices_of=None)


def serve_loans(money: Money, alliance: Alliance, month: Month) -> Money:
    """Return the books with this month's interest and repayments owed."""
    draws, dues = service(money.draws, month)
    return owe(replace(money, draws=draws), alliance, dues)


def refund(money: Money, alliance: Alliance, month: Month, lost: frozenset[str]) -> Money:
    """Return the books with what is owed back to customers that are lost: prepayments not yet set off."""
    dues, prepaid = [], dict(money.prepaid)
    for name, left in money.prepaid.items():
        tranche = alliance.funding.tranches[name]
        if left > 0 and tranche.refunded and tranche.payer in lost:
            key, purpose = f"prepayment.{name}.{month.index}", f"funding.tranches.{name}"
            dues.append(
                Due(key, "debt_service", month.last, Decimal(left), "JPY", tranche.payer, purpose, debit="prepayment")
            )
            prepaid[name] = 0
    return owe(replace(money, prepaid=prepaid), alliance, dues) if dues else money


def give_back(money: Money, alliance: Alliance, month: Month, reached: Reached) -> Money:
    """Return the books with what falls due in the month because milestones were missed."""
    reclaims, dues = reclaimed(alliance, money.reclaims, money.ledger.postings, month, reached)
    return owe(replace(money, reclaims=reclaims), alliance, dues)


def pay(money: Money, alliance: Alliance, month: Month, reserve: int) -> tuple[Money, list[Paid]]:
    """Return the books after paying by priority, and what was paid; see `obligations.settle`."""
    pots = {pot: money.pot(pot) for pot in POTS}
    kept = max(reserve, alliance.yen(alliance.funding.minimum_cash, month.first))
    paid, still = settle(money.open, pots, alliance.funding.priorities, kept, month.first)
    postings, spent, purse = [], dict(money.spent), money.purse
    for item in paid:
        due = item.obligation.due
        spent[due.cost] = spent.get(due.cost, 0) + item.obligation.yen
        postings += [
            _booked(item.obligation, item.date, "payable", f"cash.{pot}", yen) for pot, yen in item.parts.items()
        ]
        if due.cost not in BELOW:
            purse = purse.paid(month.index, due.end, item.obligation.yen)
    return replace(money, ledger=money.ledger.posted(postings), open=tuple(still), purse=purse, spent=spent), paid


def invoice(money: Money, alliance: Alliance, items: Sequence[Receivable]) -> Money:
    """Return the books with invoices to customers; prepayments of the same partner are set off first."""
    postings, prepaid, open_ = [], dict(money.prepaid), []
    for item in items:
        if item.yen <= 0:
            continue
        postings.append(_customer(item, item.date, "receivable", "revenue", item.yen))
        rest = item.yen
        for name, left in prepaid.items():
            tranche = alliance.funding.tranches[name]
            share = float(tranche.credited) if tranche.credited is not None else 0.0
            off = min(left, rest, round(item.yen * share)) if tranche.payer == item.partner else 0
            if off > 0:
                prepaid[name] = left - off
                rest -= off
                postings.append(_customer(item, item.date, "prepayment", "receivable", off))
        if rest:
            terms = float(alliance.market.delivery.payment_terms)
            open_.append(replace(item, yen=rest, date=add_months(item.date, terms)))
    return replace(
        money, ledger=money.ledger.posted(postings), prepaid=prepaid, receivables=money.receivables + tuple(open_)
    )


def may_commit(money: Money, alliance: Alliance, month: Month, ahead: Month, payroll: int, reached: Reached) -> bool:
    """Whether cash, and what is believed to come until `ahead`, covers the payroll until then and what is owed now.

    `payroll` is one month's, in yen. New orders and hires are made only then.
    """
    months = ahead.index - month.index + 1
    believed = money.ledger.cash + expected(alliance, money.purse, month, ahead, reached)
    return believed >= payroll * months + sum(item.yen for item in money.open)


def _customer(item: Receivable, date: dt.date, debit: str, credit: str, yen: int) -> Posting:
    return Posting(date, debit, credit, yen, Decimal(yen), "JPY", item.partner or item.customer, item.purpose)


def _arrival(item: Arrival) -> Posting:
    tranche = item.tranche
    credit = {"guaranteed_loan": "loan"}.get(tranche.kind, tranche.kind)
    return Posting(
        item.date, f"cash.{item.pot}", credit, item.yen, item.amount, tranche.amount.currency, tranche.payer,
        f"funding.tranches.{tranche.id}",
    )  # fmt: skip


def _booked(item: Obligation, date: dt.date, debit: str, credit: str, yen: int | None = None) -> Posting:
    amount = item.yen if yen is None else yen
    share = item.due.amount if amount == item.yen else item.due.amount * amount / item.yen
    return Posting(date, debit, credit, amount, share, item.due.currency, item.due.partner, item.due.purpose)
