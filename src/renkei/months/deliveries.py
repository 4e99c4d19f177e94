"""Orders of customers in volume, finished wafers, shipments, and what is invoiced."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from renkei.alliance import Alliance
from renkei.alliance.market import Segment
from renkei.months import agreements
from renkei.months.calendar import Month
from renkei.months.funnel import Buyer, Funnel
from renkei.months.money import Receivable
from renkei.months.obligations import Due, due
from renkei.months.pricing import wafer_price
from renkei.months.yields import Quality, good_share, gross
from renkei.units import DAYS_PER_MONTH, add_months, months_between, uniform


@dataclass(frozen=True)
class CustomerOrder:
    """Wafers for one month; counted in wafers of the reference yield when good dies are sold."""

    buyer: str
    product: str
    due: dt.date
    wafers: float
    shipped: float = 0.0

    @property
    def left(self) -> float:
        """Wafers still to ship."""
        return max(self.wafers - self.shipped, 0.0)


@dataclass(frozen=True)
class FinishedWafers:
    """Sellable wafers of one lot."""

    product: str
    finished: dt.date
    wafers: int
    density: float
    systematic: float
    sound: float


@dataclass(frozen=True)
class Shipment:
    """Wafers in packaging and test for a buyer, or on the way to it."""

    buyer: str
    product: str
    finished: dt.date
    wafers: int
    worth: float
    """Wafers of the reference yield."""
    good_dies: int
    key: str
    begun: dt.date | None = None
    """Packaging is paid and begun."""
    delivered: dt.date | None = None


@dataclass(frozen=True)
class Book:
    """Open orders, stock, shipments under way, and what was delivered in the latest month."""

    orders: tuple[CustomerOrder, ...] = ()
    stock: tuple[FinishedWafers, ...] = ()
    shipments: tuple[Shipment, ...] = ()
    delivered: tuple[Shipment, ...] = ()

    @property
    def backlog(self) -> float:
        """Wafers ordered and not shipped."""
        return sum(order.left for order in self.orders)


def volume_on(buyer: Buyer, alliance: Alliance, day: dt.date) -> float:
    """Return what a buyer in volume wants on a day, wafers a month: a straight ramp, then full until the end."""
    terms, since = alliance.market.segments[buyer.segment], buyer.entered
    months = (day - since).days / DAYS_PER_MONTH
    if not 0 < months <= float(terms.life):
        return 0.0
    return buyer.volume * min(1.0, months / float(terms.ramp))


def wanted(funnel: Funnel, alliance: Alliance, day: dt.date) -> dict[str, float]:
    """Return what each buyer in volume wants on a day, wafers a month, within its segment's demand."""
    wants = {buyer.id: volume_on(buyer, alliance, day) for buyer in funnel.in_volume()}
    for segment in alliance.market.segments.values():
        mine = [buyer.id for buyer in funnel.in_volume() if buyer.segment == segment.id]
        total = sum(wants[name] for name in mine)
        ceiling = size(segment, alliance.first_day, day)
        if total > ceiling:
            wants |= {name: wants[name] * ceiling / total for name in mine}
    return wants


def size(segment: Segment, since: dt.date, day: dt.date) -> float:
    """Return what a segment could take on a day, wafers a month: lines through the declared sizes, then growth."""
    wafers = float(segment.demand)
    for later in segment.sizes:
        if day < later.by:
            share = max((day - since).days, 0) / (later.by - since).days if later.by > since else 1.0
            return wafers + (float(later.demand) - wafers) * share
        since, wafers = later.by, float(later.demand)
    return float(wafers * (1 + float(segment.growth)) ** ((day - since).days / 365.25))


def ordered(book: Book, funnel: Funnel, alliance: Alliance, month: Month) -> Book:
    """Return the book with this month's orders, to be delivered `order_ahead` later."""
    day = add_months(month.last, float(alliance.market.order_ahead))
    wants, segments = wanted(funnel, alliance, day), alliance.market.segments
    new = [
        CustomerOrder(buyer.id, segments[buyer.segment].product, day, wants[buyer.id])
        for buyer in funnel.in_volume()
        if wants[buyer.id] > 0
    ]
    return replace(book, orders=book.orders + tuple(new))


def need(book: Book, funnel: Funnel, alliance: Alliance, month: Month, until: dt.date) -> dict[str, float]:
    """Return the wafers to ship by a day, by product: open orders, and the rate of later months as it is foreseen."""
    needed: dict[str, float] = {}
    for order in book.orders:
        if order.due <= until:
            needed[order.product] = needed.get(order.product, 0.0) + order.left
    ahead = round(float(alliance.market.order_ahead))
    for later in range(ahead + 1, months_between(month.last, until) + 1):
        day = add_months(month.last, later)
        wants = wanted(funnel, alliance, day)
        for buyer in funnel.in_volume():
            product = alliance.market.segments[buyer.segment].product
            needed[product] = needed.get(product, 0.0) + wants[buyer.id]
    return needed


def worth(alliance: Alliance, share: float) -> float:
    """Return how many wafers of the reference yield a wafer of this share of good dies is."""
    price = alliance.market.price
    return share / float(price.reference_yield) if price.basis == "good_die" else 1.0


def lost_patience(book: Book, funnel: Funnel, alliance: Alliance, month: Month, seed: int) -> tuple[Book, Funnel]:
    """Return book and funnel after customers gave up: hazard a month in proportion to the longest delay."""
    terms, gone = alliance.market.delivery, set()
    for buyer in funnel.in_volume():
        late = [
            add_months(o.due, float(terms.late_after)) for o in book.orders if o.buyer == buyer.id and o.left > 1e-9
        ]
        months = (month.last - min(late, default=month.last)).days / DAYS_PER_MONTH
        months -= agreements.patience(alliance, buyer, month.last)
        hazard = float(terms.loss_per_month_late) * max(months, 0.0)
        if uniform(seed, f"market.buyers.{buyer.id}.patience", month.index) < 1 - math.exp(-hazard):
            gone.add(buyer.id)
    if not gone:
        return book, funnel
    buyers = tuple(replace(b, state="lost") if b.id in gone else b for b in funnel.buyers)
    return replace(book, orders=tuple(o for o in book.orders if o.buyer not in gone)), replace(funnel, buyers=buyers)


def shipped(book: Book, funnel: Funnel, alliance: Alliance, month: Month, wafers: Sequence[FinishedWafers]) -> Book:
    """Return the book after finished wafers were given to orders: oldest wafers to the earliest due date."""
    buyers = {buyer.id: buyer for buyer in funnel.buyers}
    orders = sorted(book.orders, key=lambda order: order.due)
    stock, shipments = [], list(book.shipments)
    for lot in (*book.stock, *wafers):
        for index, order in enumerate(orders):
            if lot.wafers == 0:
                break
            if order.product != lot.product or order.left <= 1e-9:
                continue
            buyer = buyers[order.buyer]
            share = _share(alliance, buyer, lot)
            each = worth(alliance, share)
            number = min(lot.wafers, math.ceil(order.left / each - 1e-9)) if each > 0 else 0
            if number == 0:
                continue
            dies = int(number * gross(alliance, buyer.die) * share)
            key = f"packaging.{month.index}"
            shipments.append(Shipment(order.buyer, lot.product, lot.finished, number, number * each, dies, key))
            orders[index] = replace(order, shipped=order.shipped + number * each)
            lot = replace(lot, wafers=lot.wafers - number)
        if lot.wafers:
            stock.append(lot)
    left = tuple(order for order in orders if order.left > 1e-9)
    return replace(book, orders=left, stock=tuple(stock), shipments=tuple(shipments))


def bill(book: Book, alliance: Alliance, month: Month) -> list[Due]:
    """Return what packaging of the wafers shipped last month costs."""
    wafers: dict[str, int] = {}
    for item in book.shipments:
        if item.key == f"packaging.{month.index - 1}" and item.begun is None:
            wafers[item.key] = wafers.get(item.key, 0) + item.wafers
    price, employer = alliance.market.delivery.packaging_cost, alliance.workforce.employer
    return [
        due(key, "packaging", month.first, price, employer, "market.delivery", number, "back_end")
        for key, number in wafers.items()
    ]


def deliver(book: Book, alliance: Alliance, month: Month, unpaid: frozenset[str]) -> Book:
    """Return the book after the month's deliveries; packaging begins when it is paid."""
    days = dt.timedelta(days=round(float(alliance.market.delivery.packaging_and_test)))
    under_way, delivered = [], []
    for item in book.shipments:
        if item.begun is None and item.key not in unpaid and item.key != f"packaging.{month.index}":
            on_time = item.key == f"packaging.{month.index - 1}"
            item = replace(item, begun=item.finished if on_time else month.first)
        if item.begun is not None and item.begun + days <= month.last:
            delivered.append(replace(item, delivered=month.within(item.begun + days)))
        else:
            under_way.append(item)
    return replace(book, shipments=tuple(under_way), delivered=tuple(delivered))


def invoices(book: Book, funnel: Funnel, alliance: Alliance) -> list[Receivable]:
    """Return the invoices of the latest deliveries and of stages that buyers have passed."""
    buyers, found = {buyer.id: buyer for buyer in funnel.buyers}, []
    for item in book.delivered:
        buyer, day = buyers[item.buyer], item.delivered or item.finished
        yen = round(price(alliance, buyer, day) * item.worth)
        found.append(Receivable(item.buyer, buyer.partner, day, yen, f"market.segments.{buyer.segment}"))
    for fee in funnel.fees:
        found.append(
            Receivable(fee.buyer.id, fee.buyer.partner, fee.date, alliance.yen(fee.money, fee.date), fee.purpose)
        )
    return found


def price(alliance: Alliance, buyer: Buyer, day: dt.date) -> float:
    """Return the yen for a wafer of the reference yield to a buyer: `wafer_price`, less a long-term discount."""
    return wafer_price(alliance, buyer.segment, day) * agreements.discount(alliance, buyer, day)


def take_or_pay(book: Book, funnel: Funnel, alliance: Alliance, month: Month) -> list[Receivable]:
    """Return what customers pay in the month for wafers that they promised to take and do not want."""
    if not alliance.market.agreements:
        return []
    late = frozenset(order.buyer for order in book.orders if order.due < month.first and order.left > 1e-9)
    buyers, wants = funnel.in_volume(), wanted(funnel, alliance, month.last)
    prices = {buyer.id: price(alliance, buyer, month.last) for buyer in buyers}
    return agreements.take_or_pay(alliance, buyers, wants, late, prices, month)


def _share(alliance: Alliance, buyer: Buyer, lot: FinishedWafers) -> float:
    quality = Quality(*(np.array([value]) for value in (lot.density, lot.systematic, 1.0, lot.sound)))
    return float(good_share(alliance, buyer.die, quality)[0])
