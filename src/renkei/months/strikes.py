"""The first step of a month: risks come true, strike what is under way, and change the terms in force."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from renkei.alliance import Alliance
from renkei.months import orders, risks
from renkei.months.calendar import CLOSED, Month
from renkei.months.fleet import Fleet, Tool
from renkei.months.funnel import Funnel
from renkei.months.inforce import Force, force, in_force
from renkei.months.orders import Purchase
from renkei.months.people import Crew
from renkei.months.risks import Occurrence
from renkei.months.scene import Scene
from renkei.months.world import World
from renkei.months.yields import Loss
from renkei.units import add_months

GONE_FOR_GOOD = 120
"""Months by which the deliveries of a maker that left for good are put off: beyond any alliance's horizon."""


def strike(world: World, scene: Scene, month: Month) -> Scene:
    """Let risks occur in a month; changes `world`, returns the scene with the terms in force.

    `scene` is that of the declared terms.
    """
    new = risks.occurrences(world.risks, scene.alliance, month, world.reached, world.money.unpaid, scene.seed)
    world.risks += new
    now = force(world.risks, scene.alliance, month)
    if now != world.force:
        world.force, world.terms = now, in_force(scene.alliance, now)
        bought = orders.purchases(world.terms, scene.factory.fab, scene.sizes)
        world.fleet = replace(world.fleet, purchases=tuple(_unsold(item, now) for item in bought))
        world.crew = recalled(world.crew, scene.alliance, now.withdrawn)
        world.funnel = deserted(world.funnel, now.withdrawn)
    for item in new:
        world.fleet = delivered_later(world.fleet, item)
        if float(item.effects.wafers_lost) > 0:
            loss = Loss(item.minute, float(item.effects.wafers_lost))
            world.yields = replace(world.yields, losses=(*world.yields.losses, loss))
    return scene if now.nothing else replace(scene, alliance=world.terms)


def halts(occurred: Sequence[Occurrence], month: Month) -> tuple[tuple[float, float], ...]:
    """Return the parts of a month in which the line stands, in order, none overlapping."""
    found: list[tuple[float, float]] = []
    for since, until in sorted(item.halt for item in occurred):
        since, until = max(since, month.start), min(until, month.end)
        if found and since <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], until)
        elif until > since:
            found.append((since, until))
    return tuple(found)


def recalled(crew: Crew, alliance: Alliance, gone: frozenset[str]) -> Crew:
    """Return the crew with the people that were at hosts which left: back at once, as they went, and not trained."""
    ended = {stay.cohort for stay in crew.stays if alliance.workforce.cohorts[stay.cohort].host in gone}
    if not ended:
        return crew
    return replace(
        crew,
        vintages=tuple(replace(v, cohort="") if v.cohort in ended else v for v in crew.vintages),
        stays=tuple(stay for stay in crew.stays if stay.cohort not in ended),
    )


def deserted(funnel: Funnel, gone: frozenset[str]) -> Funnel:
    """Return the funnel without the buyers that are partners which left."""
    return replace(
        funnel, buyers=tuple(replace(b, state="lost") if b.partner and b.partner in gone else b for b in funnel.buyers)
    )


def delivered_later(fleet: Fleet, item: Occurrence) -> Fleet:
    """Return the fleet with the deliveries put off that a new occurrence delays: ordered tools not yet delivered."""
    return replace(fleet, tools=tuple(_put_off(tool, fleet.of(tool), item) for tool in fleet.tools))


def _unsold(purchase: Purchase, now: Force) -> Purchase:
    """A maker that left takes no orders."""
    if purchase.partner not in now.withdrawn:
        return purchase
    order = purchase.order
    return replace(purchase, order=order.model_copy(update={"after": (*order.after, CLOSED)}))


def _put_off(tool: Tool, purchase: Purchase, item: Occurrence) -> Tool:
    if tool.delivery is None or tool.docked is not None or tool.delivery <= item.day:
        return tool
    months = 0.0
    for path, delay in item.effects.delays.items():
        if path in (f"equipment.orders.{purchase.order.id}", f"equipment.suppliers.{purchase.supplier}"):
            months = max(months, float(delay))
    if purchase.partner in item.effects.withdraws:
        away = GONE_FOR_GOOD if item.until is None else (item.until - item.day).days / (365.25 / 12)
        months = max(months, away)
    delivery = add_months(tool.delivery, months)
    return replace(tool.late("tools", (delivery - tool.delivery).days), delivery=delivery)
