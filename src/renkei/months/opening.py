"""The first half of a month: money, people, tools, channels take their step; the planner decides (model.md, 1 to 4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from renkei.alliance.learning import Pool as LearningPool
from renkei.alliance.workforce import EngineerUse
from renkei.months import (
    analysis,
    buying,
    channels,
    construction,
    crew,
    damage,
    deliveries,
    fleet,
    funnel,
    guarantees,
    kits,
    money,
    moves,
    moving_in,
    planning,
    projects,
    qualifying,
    record,
    risks,
    roster,
    skill,
    tax,
    transfer,
    upkeep,
)
from renkei.months.calendar import Month, minute_of
from renkei.months.engineers import Grants, Pool, share
from renkei.months.learning import Lesson
from renkei.months.month import Told, Wear
from renkei.months.obligations import Due, Paid
from renkei.months.planning import FIRST_X, Beliefs, Plan
from renkei.months.scene import Scene
from renkei.months.strikes import halts
from renkei.months.world import Slip, World
from renkei.months.yields import expected_share, to_clean_up
from renkei.units import add_months


@dataclass(frozen=True)
class Draft:
    """What the first half of a month leaves for the second."""

    told: Told
    plan: Plan
    beliefs: Beliefs
    grants: Grants
    levels: Mapping[LearningPool, float]
    """What transfer raises the pools to."""
    lessons: tuple[Lesson, ...]
    reserve: int
    """Yen kept back for payroll."""
    may_commit: bool


def open_month(world: World, scene: Scene, month: Month) -> Draft:
    """Step the alliance to what the floor is told for the month; changes `world`."""
    reserve, may_commit, unpaid = _pay(world, scene, month)
    alliance, reached = scene.alliance, world.reached
    world.site = construction.step(world.site, month, unpaid, world.force.closed)
    world.site = record.site(world.site, alliance, month)
    world.projects = projects.step(world.projects, alliance, world.site, month, unpaid)
    resting = unpaid | world.force.closed
    world.crew = crew.step(world.crew, alliance, month, scene.seed, may_commit, resting, reached)
    world.crew = record.headcount(world.crew, alliance, month)
    world.slips += _late_departures(world, month)
    world.kits = kits.begin(world.kits, alliance, month, reached, world.knowledge.generations)
    world.fleet = moves.conditioned(world.fleet, alliance, month)
    world.fleet = moving_in.arrive(world.fleet, alliance, world.site, month, unpaid, scene.seed)
    grants = _engineers(world, scene, month)
    arrived, world.fleet = world.fleet, qualifying.qualify(world.fleet, month, grants.cover("qualification"))
    wafers = qualifying.test_wafers(arrived, world.fleet)
    world.fleet = damage.struck(world.fleet, scene.factory.fab, world.risks, month, scene.seed)
    world.kits = kits.step(world.kits, alliance, month, grants.cover("pdk"))
    world.transfer, levels, lessons = transfer.step(
        world.transfer, alliance, world.crew, month, reached, unpaid, grants.cover("transfer"), scene.seed
    )
    new = funnel.named(world.funnel, alliance, month) + channels.contacts(alliance, month, reached, unpaid, scene.seed)
    released = kits.released(world.kits)
    world.funnel = funnel.step(world.funnel, alliance, month, reached, released, new, scene.seed)
    world.book = deliveries.ordered(world.book, world.funnel, alliance, month)
    world.book = deliveries.deliver(world.book, alliance, month, unpaid)
    worn = upkeep.wear(world.fleet, alliance, scene.factory, month)
    beliefs = believe(world, scene, month, grants, reserve, worn, wafers)
    plan = planning.plan(alliance, scene.factory, scene.kinds, month, reached, beliefs, world.carry)
    world.carry = plan.carry
    stands = halts(world.risks, month)
    crews = roster.crews(world, scene, month, grants, unpaid)
    gone = damage.moves(world.fleet, month)
    told = Told(_joins(world, month), crews, plan.starts, stands, worn, gone.leaves, gone.returns)
    return Draft(told, plan, beliefs, grants, levels, tuple(lessons), reserve, may_commit)


def _pay(world: World, scene: Scene, month: Month) -> tuple[int, bool, frozenset[str]]:
    """Receive, owe and pay; return the reserve in yen, whether commitments may be made, and what is unpaid."""
    alliance, reached = scene.alliance, world.reached
    world.money = money.receive(world.money, alliance, month, reached)
    world.crew = crew.laid_off(world.crew, alliance, month, world.money.wages_cash)
    world.money = money.serve_loans(world.money, alliance, month)
    world.money = money.give_back(world.money, alliance, month, reached)
    owed = _dues(world, scene, month) + tax.dues(world.money.levy, alliance, month)
    world.money = money.owe(world.money, alliance, owed)
    reserve = crew.monthly_payroll(world.crew, alliance, month)
    horizon = min(month.index + round(float(alliance.funding.planning_horizon)), len(scene.months) - 1)
    may_commit = money.may_commit(world.money, alliance, month, scene.months[horizon], reserve, reached)
    world.fleet, tools = buying.bill(world.fleet, alliance, month, reached, may_commit, scene.seed)
    arrears = world.money.unpaid
    world.projects, more = projects.bill(world.projects, alliance, month, reached, arrears, may_commit)
    world.money, paid = money.pay(money.owe(world.money, alliance, tools + more), alliance, month, reserve)
    world.slips += [_late(item) for item in paid if item.late > 0]
    world.money = guarantees.call(world.money, alliance, month)
    return reserve, may_commit, world.money.unpaid


def _late(item: Paid) -> Slip:
    due = item.obligation.due
    return Slip(due.purpose, f"payment of {due.cost}", due.date, item.date, item.late, "money")


def _late_departures(world: World, month: Month) -> list[Slip]:
    """Cohorts that left this month after waiting for places at their host."""
    return [
        Slip(f"workforce.cohorts.{stay.cohort}", "departure", stay.planned, stay.left, (stay.left - stay.planned).days,
             "people")
        for stay in world.crew.stays
        if stay.planned is not None and month.has(stay.left) and stay.planned < stay.left
    ]  # fmt: skip


def _dues(world: World, scene: Scene, month: Month) -> list[Due]:
    """Everything that falls due in the month, apart from tools."""
    alliance, reached = scene.alliance, world.reached
    arrears = world.money.unpaid
    dues = crew.bill(world.crew, alliance, month, arrears)
    tools = sum(tool.installed is not None and tool.installed <= month.first for tool in world.fleet.tools)
    tools += world.projects.installed(month.first)
    dues += construction.utilities(world.site, alliance, month, tools, world.wafers_started)
    dues += upkeep.maintenance(world.fleet, alliance, month, roster.services(world, scene, month))
    world.site, building = construction.bill(world.site, alliance, month, reached)
    world.transfer, research = transfer.bill(world.transfer, alliance, month, reached, arrears)
    dues += building + research + channels.bill(alliance, month, reached, arrears)
    dues += risks.bill(alliance, month, tuple(item for item in world.risks if month.has(item.day)), arrears)
    return dues + deliveries.bill(world.book, alliance, month) + list(world.funnel.costs)


def _engineers(world: World, scene: Scene, month: Month) -> Grants:
    """Share the month's engineers that other projects leave: holds, qualification, analysis, transfer, design kits."""
    alliance, roles = scene.alliance, scene.alliance.workforce.roles
    by_role = skill.engineers_of(world.crew, alliance, month.index)
    work: dict[EngineerUse, float] = {
        "holds": _holds_needed(world, scene, sum(by_role.values())),
        "qualification": qualifying.engineers_needed(world.fleet, month),
        "analysis": analysis.backlog(world.analysis, alliance)
        + _analysis_coming(world, scene, month)
        + to_clean_up(world.yields, month.end),
        "transfer": transfer.engineers_needed(world.transfer, alliance, world.crew, month, world.reached),
        "pdk": kits.engineers_needed(world.kits, alliance),
    }
    available = sum(by_role.values())
    lent = projects.engineers(world.projects, alliance, month, world.reached, available)
    left = 1 - lent / available if available else 1.0
    pools = [Pool(months * left, roles[role].does) for role, months in by_role.items()]
    worth = skill.worth_of_uses(world.crew, alliance, month.index)
    return share(pools, work, alliance.workforce.engineers.priority, worth)


def _holds_needed(world: World, scene: Scene, available: float) -> float:
    """Holds as many as last month and a quarter more, within the people on the roster for them."""
    if not sum(world.heard.wip_lots.values()):
        return 0.0
    crews, each = scene.factory.crews_of("hold_crew"), scene.factory.hold_minutes
    terms = scene.alliance.workforce.crews
    roster = available * min(sum(float(terms[name].share) for name in crews if name in terms), 1.0)
    minutes = sum(world.heard.crew_busy.get(name, 0.0) + world.heard.crew_waited.get(name, 0.0) for name in crews)
    work = 1.25 * minutes / each * float(scene.alliance.workforce.engineers.hold) if each else 0.0
    return min(work, roster) if minutes else roster


def _analysis_coming(world: World, scene: Scene, month: Month) -> float:
    """Engineer-months for development lots that will leave the fab in the month, as believed."""
    total = 0.0
    for lots in scene.alliance.technology.development.values():
        inside = world.heard.wip_lots.get(lots.product, 0)
        days = (
            world.believed_cycle(lots.product, month.index, 1)
            or FIRST_X * scene.factory.raw_minutes(lots.product, lots.wafers) / 1440
        )
        total += inside * min(1.0, month.days / max(days, 1.0)) * analysis.effort(scene.alliance, lots.kind)
    return total


def believe(
    world: World,
    scene: Scene,
    month: Month,
    grants: Grants,
    reserve: int,
    worn: Mapping[str, Wear],
    wafers: Mapping[str, float],
) -> Beliefs:
    """Return what the planner believes at the end of the month before, and the month's tools."""
    alliance, lag = scene.alliance, max(round(float(scene.alliance.planning.belief_lag)), 1)
    products = scene.factory.fab.products
    cycles = {name: days for name in products if (days := world.believed_cycle(name, month.index, lag)) is not None}
    until = _horizon(scene, month, cycles)
    ahead = add_months(until, planning.level_months(alliance))
    inside = {name: _product_wafers(world, scene, name) for name in products}
    return Beliefs(
        tool_minutes=tool_minutes(world, scene, month, worn),
        route_open=route_open(world, scene, month),
        cycle_days=cycles,
        worth=believed_worth(world, scene, month, lag),
        engineer_months=grants.work("analysis"),
        need=deliveries.need(world.book, world.funnel, alliance, month, ahead),
        wip_wafers=inside,
        asks=world.funnel.unstarted(),
        late=any(order.due < month.first and order.left > 0 for order in world.book.orders),
        cash=max(world.money.wages_cash - reserve, 0),
        moves=roster.moves(world, scene, month),
        test_wafers=wafers,
    )


def _horizon(scene: Scene, month: Month, cycles: Mapping[str, float]) -> dt.date:
    """Wafers started this month are delivered by this day: believed cycle time with margin, packaging and test."""
    product = scene.product
    believed = (
        cycles.get(product) or FIRST_X * scene.factory.raw_minutes(product, scene.factory.fab.wafers_per_lot) / 1440
    )
    days = believed * float(scene.alliance.planning.cycle_time_margin)
    days += float(scene.alliance.market.delivery.packaging_and_test)
    return add_months(month.last, days / (365.25 / 12))


def _product_wafers(world: World, scene: Scene, product: str) -> int:
    """Wafers on their way to customers in volume: in the fab, and finished ones without an order."""
    lots = sum(world.inside.get(name, 0) for name in (f"product.{product}", f"product.{product}.hot"))
    stock = sum(lot.wafers for lot in world.book.stock if lot.product == product)
    return lots * scene.factory.fab.wafers_per_lot + stock


def believed_worth(world: World, scene: Scene, month: Month, lag: int) -> float:
    """Return the believed good wafers of a start: line yield times what D0 and systematic yield let expect.

    Counted with the die of the first segment.
    """
    measured = world.yields.believed(month.index, lag)
    if measured is None:
        return float(scene.alliance.technology.line_yield.pilot)
    die = next(iter(scene.alliance.market.segments.values())).die
    return measured.line * deliveries.worth(scene.alliance, expected_share(scene.alliance, die, measured))


def tool_minutes(world: World, scene: Scene, month: Month, worn: Mapping[str, Wear]) -> NDArray[np.float64]:
    """Return the minutes of qualified tools in the month, by group, less those that more breakdowns than usual take.

    Tools that a risk has put out of use before the month are counted from their return on.
    """
    minutes: dict[str, float] = {}
    for tool in world.fleet.tools:
        if tool.qualified is not None and tool.qualified <= month.last:
            since = max(minute_of(tool.qualified, month.epoch), month.start)
            group = world.fleet.of(tool).group
            minutes[group] = minutes.get(group, 0.0) + month.end - since - damage.minutes_out(tool, month)
    for group, factors in worn.items():
        minutes[group] *= scene.factory.changed_hours(group, factors.interval, factors.duration)
    return scene.factory.tool_array(minutes)


def route_open(world: World, scene: Scene, month: Month) -> dict[str, dt.date]:
    """Return the first day on which each product's route has a qualified tool in every group; left out: later."""
    first, opens = world.fleet.first_running(month), {}
    for name in scene.factory.fab.products:
        groups = scene.factory.route_groups(name)
        if groups <= first.keys():
            opens[name] = max((first[group] for group in groups), default=month.first)
    return opens


def _joins(world: World, month: Month) -> tuple[tuple[float, str, int], ...]:
    counts: dict[tuple[float, str], int] = {}
    for day, group in fleet.in_month(world.fleet, month):
        key = minute_of(day, month.epoch), group
        counts[key] = counts.get(key, 0) + 1
    return tuple((minute, group, count) for (minute, group), count in sorted(counts.items()))
