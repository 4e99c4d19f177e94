"""How far each of six things alone would reach in a month, from the starts' view (model.md, Binding constraint).

While products may be started, in good wafers a month; before, in development lots a month. Each limit takes the others
at their declared best.
"""

from __future__ import annotations

import math

import numpy as np

from renkei.months import construction, roster
from renkei.months.analysis import effort
from renkei.months.binding import Binding, bind, root_of_site, root_of_tools
from renkei.months.calendar import Month
from renkei.months.lottypes import LotKind
from renkei.months.opening import Draft
from renkei.months.planning import Floats, development, material_cost, phase_of, wafers_a_month
from renkei.months.scene import Scene
from renkei.months.world import World


def bound(world: World, scene: Scene, month: Month, draft: Draft) -> Binding:
    """Return the month's binding constraint."""
    selling = phase_of(scene.alliance, world.reached).product_starts
    limits = _selling(world, scene, month, draft) if selling else _developing(world, scene, month, draft)
    unit = "good wafers/month" if selling else "development lots/month"
    return bind(limits, _roots(world, scene, month, draft, selling), unit)


def _selling(world: World, scene: Scene, month: Month, draft: Draft) -> dict[str, float]:
    mature, size = scene.mature_worth, scene.factory.fab.wafers_per_lot
    hours = draft.beliefs.tool_minutes * scene.factory.available * float(scene.alliance.planning.load_ceiling)
    tools = wafers_a_month(scene.factory, scene.product, hours)
    kind = LotKind("", "product", scene.product, scene.product, 10, size)
    cost = material_cost(scene.alliance, scene.factory, kind, month.first) / size
    loaded = _handled(world, scene, month, scene.factory.moves(scene.product) / size)
    open_ = scene.product in draft.beliefs.route_open
    return {
        "demand": draft.plan.product_wanted * draft.beliefs.worth,
        "technology": scene.full_capacity * draft.beliefs.worth,
        "tools": tools * mature if open_ else 0.0,
        "site": scene.full_capacity * _site_share(world, scene, month) * mature,
        "people": min(scene.full_capacity * roster.technician_share(world, scene, month), loaded) * mature,
        "money": draft.beliefs.cash / cost * mature if cost > 0 else math.inf,
    }


def _developing(world: World, scene: Scene, month: Month, draft: Draft) -> dict[str, float]:
    """Lots of the mix that learning asks for; while nothing may start, of all kinds alike."""
    terms, factory = scene.alliance.technology.development, scene.factory
    wanted = development(scene.alliance, factory, month, world.reached, draft.beliefs)
    mix = {name: number / sum(wanted.values()) for name, number in wanted.items()} if sum(wanted.values()) else {}
    shown = mix or {name: 1 / len(terms) for name in terms}
    work, cost, analysis, moves = np.zeros(len(factory.groups)), 0.0, 0.0, 0.0
    for name, share in shown.items():
        lots = terms[name]
        kind = LotKind("", "development", name, lots.product, lots.priority, lots.wafers)
        work = work + share * factory.work(lots.product, lots.wafers)
        cost += share * material_cost(scene.alliance, factory, kind, month.first)
        analysis += share * effort(scene.alliance, lots.kind)
        moves += share * factory.moves(lots.product)
    hours = draft.beliefs.tool_minutes * factory.available * float(scene.alliance.planning.load_ceiling)
    full = factory.tool_array(scene.most_tools) * factory.available * month.minutes
    engineers = draft.beliefs.engineer_months / analysis if analysis > 0 else math.inf
    at_best = _lots(work, full)
    return {
        "demand": math.inf,
        "technology": sum(wanted.values()),
        "tools": _lots(work, hours) if _any_route(scene, draft, shown) else 0.0,
        "site": at_best * _site_share(world, scene, month),
        "people": min(
            engineers,
            at_best * roster.technician_share(world, scene, month),
            _handled(world, scene, month, moves),
        ),
        "money": draft.beliefs.cash / cost if cost > 0 else math.inf,
    }


def _any_route(scene: Scene, draft: Draft, kinds: dict[str, float]) -> bool:
    terms = scene.alliance.technology.development
    return any(terms[name].product in draft.beliefs.route_open for name in kinds)


def _lots(work: Floats, minutes: Floats) -> float:
    busy = work > 0
    return float(np.min(minutes[busy] / work[busy], initial=math.inf))


def _site_share(world: World, scene: Scene, month: Month) -> float:
    """Tool places ready, as a share of all tools that will ever come."""
    total = sum(scene.most_tools.values())
    return min(construction.places_ready(world.site, scene.alliance, month.last) / total, 1.0) if total else 1.0


def _handled(world: World, scene: Scene, month: Month, moves: float) -> float:
    """Lots a month that operators can load at so many moves each; infinite without declared operators."""
    return roster.moves(world, scene, month) / moves if moves > 0 else math.inf


def _roots(world: World, scene: Scene, month: Month, draft: Draft, selling: bool) -> dict[str, str]:
    """The root cause behind each limit: slips count for what caused them."""
    short = world.crew.short_of_money or not draft.may_commit
    return {
        "tools": root_of_tools(world.fleet, month, _lacking(scene, draft, selling)),
        "site": root_of_site(world.site),
        "people": "money" if short else "people",
    }


def _lacking(scene: Scene, draft: Draft, selling: bool) -> frozenset[str]:
    """Return the groups that limit: those of the wanted routes without a tool, else those with least time for work."""
    products = [scene.product] if selling else [lots.product for lots in scene.alliance.technology.development.values()]
    minutes = dict(zip(scene.factory.groups, draft.beliefs.tool_minutes.tolist(), strict=True))
    groups = frozenset().union(*(scene.factory.route_groups(product) for product in products))
    empty = frozenset(group for group in groups if minutes[group] <= 0)
    if empty:
        return empty
    work = sum(scene.factory.work(product, scene.factory.fab.wafers_per_lot) for product in products)
    slack = {g: minutes[g] / w for g, w in zip(scene.factory.groups, np.asarray(work).tolist(), strict=True) if w > 0}
    least = min(slack.values(), default=0.0)
    return frozenset(group for group, value in slack.items() if value <= least * 1.1)
