"""Chains of lots, learning and design kits."""

from __future__ import annotations

import datetime as dt

from renkei.alliance.milestones import Metric
from renkei.months.calendar import day_of
from renkei.outcome.paths.equipment import route
from renkei.outcome.paths.link import Chain, Link, Trail


def lot_started(trail: Trail, product: str, day: dt.date) -> Chain:
    """Return the chain of a lot start: the route's last tool, and what came between."""
    return _until(trail, product, day, "earlier lots")


def lot_finished(trail: Trail, product: str, day: dt.date) -> Chain:
    """Return the chain of the lot that left the fab on a day."""
    epoch = trail.alliance.first_day
    mine = [lot for lot in trail.lots if lot.product == product and day_of(lot.finished, epoch) <= day]
    if not mine:
        return []
    last = max(mine, key=lambda lot: lot.finished)
    begun, out = day_of(last.released, epoch), day_of(last.finished, epoch)
    chain = _until(trail, product, begun, "earlier lots")
    return [*chain, Link(f"a lot of {product} runs through the fab", _path(trail, product), begun, out)]


def lot_analysed(trail: Trail, products: list[str], day: dt.date, why: str) -> Chain:
    """Return the chain of the development lot that became known on a day; `why`: what its start waited for."""
    epoch = trail.alliance.first_day
    work = dt.timedelta(days=int(float(trail.alliance.technology.learning.analysis_time)))
    mine = [
        lot
        for lot in trail.lots
        if lot.product in products and lot.wafers_out and day_of(lot.finished, epoch) + work <= day
    ]
    if not mine:
        return []
    last = max(mine, key=lambda lot: lot.finished)
    begun, out, path = day_of(last.released, epoch), day_of(last.finished, epoch), _path(trail, last.product)
    chain = _until(trail, last.product, begun, why)
    chain.append(Link(f"a lot of {last.product} runs through the fab", path, begun, out))
    return [*chain, Link("is analysed", "technology.learning", out, day)] if day > out else chain


def learning(trail: Trail, until: dt.date, what: str) -> Chain:
    """Return the chain of learning on full loops until a day."""
    product = next(iter(products_of(trail, "full_loop")), trail.scene.product)
    return _until(trail, product, until, what)


def kit(trail: Trail, name: str, frozen: bool = False) -> Chain:
    """Return the chain of a design kit's release, or of the freeze with which its work begins."""
    (mine,) = [item for item in trail.world.kits if item.pdk == name]
    terms, path = trail.alliance.technology.pdks[name], f"technology.pdks.{name}"
    if mine.begun is None:
        return []
    gates = [trail.reached[gate] for gate in terms.after if gate in trail.reached]
    late = max(gates, default=dt.date.min)
    if late >= mine.begun - dt.timedelta(days=31):
        chain = trail.begun(terms.after, None, mine.begun, path)
    else:
        chain = learning(trail, mine.begun, f"{round(float(terms.generations))} generations of learning")
    if not frozen and mine.released is not None:
        chain.append(Link("the kit is made", path, mine.begun, mine.released))
    return chain


def products_of(trail: Trail, *kinds: str) -> list[str]:
    """Return the products of development lots of some kinds."""
    return [lots.product for lots in trail.alliance.technology.development.values() if lots.kind in kinds]


def analysed_products(trail: Trail, metric: Metric, of: str) -> list[str]:
    """Return the products whose lots a metric counts."""
    if of:
        return [of]
    if metric is Metric.GOOD_TEST_CHIPS:
        return products_of(trail, "full_loop")
    kinds = ("full_loop", "pilot") if metric is Metric.FUNCTIONAL_LOTS else ("full_loop", "pilot", "short_loop")
    return products_of(trail, *kinds)


def _until(trail: Trail, product: str, day: dt.date, what: str) -> Chain:
    chain = route(trail, trail.scene.factory.fab.products[product].route)
    if chain and chain[-1].until < day:
        chain.append(Link(what, "technology.learning", chain[-1].until, day))
    return chain


def _path(trail: Trail, product: str) -> str:
    for lots in trail.alliance.technology.development.values():
        if lots.product == product:
            return f"technology.development.{lots.id}"
    return "planning"
