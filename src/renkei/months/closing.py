"""The second half of a month: lots analysed, wafers yielded, goods delivered, milestones evaluated."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import numpy as np

from renkei.alliance.learning import Pool
from renkei.alliance.milestones import Metric
from renkei.months import (
    analysis,
    deliveries,
    funnel,
    kits,
    learning,
    limits,
    metrics,
    milestones,
    money,
    proofs,
    record,
    yields,
)
from renkei.months.analysis import Analysed, DevelopmentLot
from renkei.months.books import close_books
from renkei.months.calendar import MINUTES_PER_DAY, Month, day_of, opened
from renkei.months.deliveries import FinishedWafers
from renkei.months.learning import Lesson
from renkei.months.month import FloorLot, Heard
from renkei.months.monthrow import MonthRow
from renkei.months.obligations import Due
from renkei.months.opening import Draft
from renkei.months.planning import material_cost
from renkei.months.rows import basic_row
from renkei.months.scene import Scene
from renkei.months.world import Slip, World
from renkei.months.yields import Measured
from renkei.units import add_months

POOLS_OF: dict[str, tuple[Pool, ...]] = {
    "pilot": ("modules",),
    "short_loop": ("modules",),
    "full_loop": ("modules", "integration"),
}
"""Which pools a lot of a kind teaches."""


def close_month(world: World, scene: Scene, month: Month, draft: Draft, heard: Heard) -> MonthRow:
    """Step the alliance from what is heard of the floor to the month's end; changes `world`, returns its row."""
    world.heard = heard
    _count_inside(world, scene, heard)
    row = basic_row(world, scene, month, draft, heard)
    _note_starts(world, scene, month, draft, heard)
    _cycle_times(world, scene, month, heard, row)
    analysed = _analyse(world, scene, month, draft, heard, row)
    _learn(world, scene, month, draft, analysed, heard)
    world.knowledge = record.knowledge(world.knowledge, scene.alliance, month)
    if heard.lots or heard.wip_wafers:
        known = len(world.yields.excursions)
        world.yields = yields.excursions(world.yields, scene.alliance, month, scene.seed)
        row.excursions = len(world.yields.excursions) - known
    _test_chips(world, scene, analysed, row)
    _proofs(world, scene, month, analysed)
    wafers = _wafers(world, scene, month, heard, row)
    _sell(world, scene, month, heard, wafers, row)
    _materials(world, scene, month, draft, heard)
    _note_slips(world, month)
    close_books(world, scene, month, row)
    _technology_row(world, scene, row)
    world.standing = milestones.step(world.standing, scene.alliance, month, metrics.measure(world, scene, month, row))
    bound = limits.bound(world, scene, month, draft)
    row.binding, row.binding_limit = bound.constraint, bound.limit
    row.binding_unit, row.limits = bound.unit, bound.limits
    world.money.check()
    return row


def _count_inside(world: World, scene: Scene, heard: Heard) -> None:
    for name, lots in heard.released_lots.items():
        if scene.kinds[name].purpose != "monitor":
            world.inside[name] = world.inside.get(name, 0) + lots
    for lot in heard.lots:
        world.inside[lot.lot_type] -= 1


def _note_starts(world: World, scene: Scene, month: Month, draft: Draft, heard: Heard) -> None:
    """Date each release by the plan; customer lots that started leave the queue of asks."""
    started: dict[tuple[str, str], int] = {}
    equivalent = 0.0
    for plan in draft.told.starts:
        kind, count = scene.kinds[plan.lot_type], heard.released_lots.get(plan.lot_type, 0)
        equivalent += count * kind.wafers * scene.factory.part(kind.product)
        if kind.purpose == "monitor":
            continue
        for n in range(count):
            day = day_of(plan.first + n * plan.interval, month.epoch)
            world.chronicle.add(Metric.LOTS_STARTED.value, kind.product, day)
            if kind.purpose in ("customer", "product"):
                world.chronicle.add(Metric.CUSTOMER_LOTS_STARTED.value, "", day)
        if kind.purpose == "customer" and count:
            started[kind.of, kind.product] = started.get((kind.of, kind.product), 0) + count
    world.funnel = funnel.lots_started(world.funnel, started)
    world.wafers_started = equivalent


def _cycle_times(world: World, scene: Scene, month: Month, heard: Heard, row: MonthRow) -> None:
    """Mean cycle times of the lots finished; the row shows products, else full loops, else pilot lots."""
    times: dict[str, list[float]] = {}
    raw: dict[str, list[float]] = {}
    for lot in heard.lots:
        if lot.wafers_out:
            times.setdefault(lot.product, []).append((lot.finished - lot.released) / MINUTES_PER_DAY)
            least = scene.factory.raw_minutes(lot.product, lot.wafers_in) / MINUTES_PER_DAY
            raw.setdefault(lot.product, []).append(least)
        world.chronicle.add(Metric.LOTS_FINISHED.value, lot.product, day_of(lot.finished, month.epoch))
    means = {product: float(np.mean(days)) for product, days in times.items()}
    for product, days in means.items():
        world.cycle_days.setdefault(product, {})[month.index] = days
    row.cycle_time_by_product = means
    for product in shown_products(scene):
        if product in means:
            row.cycle_time_of, row.cycle_time_days = product, means[product]
            row.x_factor = float(np.sum(times[product]) / np.sum(raw[product]))
            return


def shown_products(scene: Scene) -> list[str]:
    """Return products in the order in which a month's cycle time is shown: sold ones, full loops, pilot lots."""
    sold = [segment.product for segment in scene.alliance.market.segments.values()]
    development = scene.alliance.technology.development.values()
    order = sold + [d.product for kind in ("full_loop", "pilot") for d in development if d.kind == kind]
    return list(dict.fromkeys(order))


def _analyse(world: World, scene: Scene, month: Month, draft: Draft, heard: Heard, row: MonthRow) -> list[Analysed]:
    terms = scene.alliance.technology.development
    lots = []
    for lot in heard.lots:
        kind = scene.kinds[lot.lot_type]
        if kind.purpose == "development" and lot.wafers_out:
            lots.append(
                DevelopmentLot(
                    kind.of, terms[kind.of].kind, lot.product, lot.number, lot.released, lot.finished, lot.wafers_out
                )
            )
    row.development_lots_out = len(lots)
    engineers = draft.grants.work("analysis")
    world.yields, cleaning = yields.cleaned_up(world.yields, month, engineers)
    engineers = max(engineers - cleaning, 0.0)
    world.analysis, analysed, _ = analysis.step(world.analysis, scene.alliance, month, lots, engineers)
    row.lots_analysed, row.analysis_queue = len(analysed), len(world.analysis.queue)
    for item in analysed:
        world.chronicle.add(Metric.LOTS_ANALYSED.value, item.lot.product, day_of(item.known, month.epoch))
        if item.lot.kind != "short_loop" and works(world, scene, item):
            world.chronicle.add(Metric.FUNCTIONAL_LOTS.value, "", day_of(item.known, month.epoch))
    return analysed


def works(world: World, scene: Scene, item: Analysed) -> bool:
    """Whether a lot's transistors work: its start carried enough generations of module learning."""
    terms = scene.alliance.technology
    modules, _ = world.knowledge.at(item.lot.started)
    share = learning.shares(terms.learning)["modules"] * float(terms.learning.rate)
    return share > 0 and modules / share >= float(terms.thresholds.working_transistors)


def _learn(world: World, scene: Scene, month: Month, draft: Draft, analysed: Sequence[Analysed], heard: Heard) -> None:
    terms = scene.alliance.technology.learning
    lessons = [Lesson(item.lot.started, item.known, POOLS_OF[item.lot.kind]) for item in analysed]
    lessons += [*draft.lessons, *_from_volume(scene, heard)]
    frozen = kits.frozen(world.kits, scene.alliance)
    world.knowledge = learning.step(world.knowledge, terms, lessons, month.end, frozen)
    world.knowledge = learning.raised(world.knowledge, draft.levels, month.end)
    for change in terms.changes.values():
        gate = opened(change.after, world.reached)
        if change.id in world.knowledge.changed or gate is None:
            continue
        if add_months(gate, float(change.delay)) <= month.last:
            world.knowledge = learning.reduced(world.knowledge, change.id, float(change.loss), change.pools, month.end)


def _from_volume(scene: Scene, heard: Heard) -> list[Lesson]:
    """Product lots teach a little without extra engineers; the month's lots count as one lesson of their weight.

    Learning by doing beside learning by experiment: both cut defects in fabs (Hatch and Mowery 1998; Irwin and Klenow
    1994 for volume alone). Volume enters the same saturating gain as analysed lots do, so it cannot run away.
    """
    lots = [lot for lot in heard.lots if scene.kinds[lot.lot_type].purpose == "product" and lot.wafers_out]
    weight = len(lots) * float(scene.alliance.technology.learning.lots_from_volume)
    if weight <= 0:
        return []
    wait = float(scene.alliance.technology.learning.analysis_time) * MINUTES_PER_DAY
    started, known = (float(np.mean([getattr(lot, name) for lot in lots])) for name in ("released", "finished"))
    return [Lesson(started, known + wait, ("modules", "integration"), weight)]


def _test_chips(world: World, scene: Scene, analysed: Sequence[Analysed], row: MonthRow) -> None:
    """Good test chips of analysed full loops, each lot rounded by its own draw."""
    loops = [item for item in analysed if item.lot.kind == "full_loop"]
    if not loops:
        return
    alliance = scene.alliance
    started, finished = (np.array([getattr(item.lot, name) for item in loops]) for name in ("started", "finished"))
    quality = yields.quality(alliance, world.knowledge, world.yields, started, finished, 1.0)
    share = yields.good_share(alliance, alliance.technology.test_chip, quality)
    gross = yields.gross(alliance, alliance.technology.test_chip)
    wafers = np.array([item.lot.wafers for item in loops])
    numbers = [item.lot.number for item in loops]
    good = yields.rounded(wafers * gross * share, scene.seed, "technology.test_chip", numbers)
    for item, number in zip(loops, good, strict=True):
        first = min(int(number), 1_000)
        world.chronicle.add(Metric.GOOD_TEST_CHIPS.value, "", day_of(item.known, scene.months[0].epoch), first)
    row.good_test_chips = int(good.sum())
    row.die_yield = float(good.sum() / (wafers.sum() * gross))


def _proofs(world: World, scene: Scene, month: Month, analysed: Sequence[Analysed]) -> None:
    """Note which rungs of the ladder the month's analysed lots show."""
    metric, terms = Metric.PROOF_LOTS.value, scene.alliance.technology.proofs
    before = {name: world.chronicle.of(metric, name) for name in terms}
    for name, day in proofs.shown(
        scene.alliance, world.knowledge, world.yields, analysed, before, month.epoch, scene.seed
    ):
        world.chronicle.add(metric, name, day)


def _wafers(world: World, scene: Scene, month: Month, heard: Heard, row: MonthRow) -> list[FinishedWafers]:
    """Yield the month's product wafers; measure D0, systematic and line yield on them, else on full loops."""
    product = [lot for lot in heard.lots if scene.kinds[lot.lot_type].purpose == "product"]
    loops = [lot for lot in heard.lots if _is_full_loop(scene, lot)]
    if product:
        return _yielded(world, scene, month, product, row)
    if loops:
        _measure(world, scene, month, loops)
    return []


def _is_full_loop(scene: Scene, lot: FloorLot) -> bool:
    kind = scene.kinds[lot.lot_type]
    return kind.purpose == "development" and scene.alliance.technology.development[kind.of].kind == "full_loop"


def _quality(world: World, scene: Scene, lots: Sequence[FloorLot]) -> yields.Quality:
    started, finished = (np.array([getattr(lot, name) for lot in lots]) for name in ("released", "finished"))
    floor = scene.factory.floor_yield(lots[0].product)
    return yields.quality(scene.alliance, world.knowledge, world.yields, started, finished, floor)


def _measure(world: World, scene: Scene, month: Month, lots: Sequence[FloorLot]) -> None:
    quality = _quality(world, scene, lots)
    out = np.array([lot.wafers_out for lot in lots]) * quality.kept
    into = sum(lot.wafers_in for lot in lots)
    if out.sum() > 0:
        density, systematic = (float(np.average(part, weights=out)) for part in (quality.density, quality.systematic))
        measured = {**world.yields.measured, month.index: Measured(density, systematic, float(out.sum() / into))}
        world.yields = replace(world.yields, measured=measured)


def _yielded(world: World, scene: Scene, month: Month, lots: Sequence[FloorLot], row: MonthRow) -> list[FinishedWafers]:
    found: list[FinishedWafers] = []
    alliance, dies, gross_total = scene.alliance, {}, {}
    _measure(world, scene, month, lots)
    for product in dict.fromkeys(lot.product for lot in lots):
        mine = [lot for lot in lots if lot.product == product]
        quality = _quality(world, scene, mine)
        exact = np.array([lot.wafers_out for lot in mine]) * quality.kept
        kept = yields.rounded(exact, scene.seed, f"technology.line_yield.{product}", [_address(lot) for lot in mine])
        die = next(s.die for s in alliance.market.segments.values() if s.product == product)
        gross = yields.gross(alliance, die)
        share = yields.good_share(alliance, die, quality)
        dies[product] = int((kept * gross * share).sum())
        gross_total[product] = int(kept.sum()) * gross
        found += [
            FinishedWafers(product, day_of(lot.finished, month.epoch), int(n), float(d), float(s), float(e))
            for lot, n, d, s, e in zip(mine, kept, quality.density, quality.systematic, quality.sound, strict=True)
            if n
        ]
    row.wafers_out = sum(lot.wafers for lot in found)
    row.wafers_out_by_product = {p: sum(lot.wafers for lot in found if lot.product == p) for p in dies}
    row.good_dies = sum(dies.values())
    row.die_yield_by_product = {p: dies[p] / gross_total[p] for p in dies if gross_total[p]}
    if sum(gross_total.values()):
        row.die_yield = row.good_dies / sum(gross_total.values())
    for product, number in dies.items():
        world.good_dies[product] = world.good_dies.get(product, 0) + number
    return found


def _address(lot: FloorLot) -> int:
    return lot.number * 2 + lot.lot_type.endswith(".hot")


def _sell(
    world: World, scene: Scene, month: Month, heard: Heard, wafers: Sequence[FinishedWafers], row: MonthRow
) -> None:
    """Customer lots go back to their buyers; finished wafers to orders; deliveries are invoiced."""
    lots = [
        (scene.kinds[lot.lot_type].of, lot.product, day_of(lot.finished, month.epoch), lot.wafers_out)
        for lot in heard.lots
        if scene.kinds[lot.lot_type].purpose == "customer"
    ]
    world.funnel = funnel.lots_finished(world.funnel, lots)
    world.book = deliveries.shipped(world.book, world.funnel, scene.alliance, month, wafers)
    invoices = deliveries.invoices(world.book, world.funnel, scene.alliance)
    invoices += deliveries.take_or_pay(world.book, world.funnel, scene.alliance, month)
    world.money = money.invoice(world.money, scene.alliance, invoices)
    row.revenue_jpy = sum(item.yen for item in invoices)
    row.delivered_wafers = sum(item.wafers for item in world.book.delivered)
    for item in world.book.delivered:
        day = item.delivered or month.last
        world.chronicle.add(Metric.REVENUE_WAFERS.value, "", day, item.wafers)
        buyer = next(b.partner or b.id for b in world.funnel.buyers if b.id == item.buyer)
        world.wafers_to[buyer] = world.wafers_to.get(buyer, 0) + item.wafers
    world.book, world.funnel = deliveries.lost_patience(world.book, world.funnel, scene.alliance, month, scene.seed)
    world.money = money.refund(world.money, scene.alliance, month, world.funnel.gone())


def _materials(world: World, scene: Scene, month: Month, draft: Draft, heard: Heard) -> None:
    """Materials of the lots that started are paid at the month's end."""
    alliance, dues = scene.alliance, dict[str, float]()
    for name, count in heard.released_lots.items():
        kind = scene.kinds[name]
        yen = count * material_cost(alliance, scene.factory, kind, month.first)
        dues[kind.purpose] = dues.get(kind.purpose, 0.0) + yen
    paid_only = max(sum(draft.beliefs.test_wafers.values()) - draft.plan.test_wafers, 0.0)
    if paid_only > 1e-6:
        yen = paid_only * alliance.yen(alliance.planning.materials.monitor, month.first)
        dues["qualification"] = yen
    employer = alliance.workforce.employer
    owed = []
    for purpose, yen in dues.items():
        key, why = f"materials.{purpose}.{month.index}", f"planning.materials.{purpose}"
        owed.append(Due(key, "materials", month.last, Decimal(round(yen)), "JPY", employer, why))
    world.money, _ = money.pay(money.owe(world.money, alliance, owed), alliance, month, draft.reserve)


def _note_slips(world: World, month: Month) -> None:
    """Note what was finished late in the month: buildings and tools, by root cause."""
    for building in world.site:
        if building.ready is not None and month.has(building.ready):
            for cause, days in building.waited.items():
                world.slips.append(_slip(f"site.phases.{building.phase}", "move-in", building.ready, days, cause))
    for tool in world.fleet.tools:
        if tool.qualified is not None and month.has(tool.qualified):
            for cause, days in tool.waited.items():
                what = f"equipment.orders.{world.fleet.of(tool).order.id}"
                world.slips.append(_slip(what, f"{tool.id} on the floor", tool.qualified, days, cause))


def _slip(what: str, stage: str, happened: dt.date, days: int, cause: str) -> Slip:
    return Slip(what, stage, happened - dt.timedelta(days=days), happened, days, cause)


def _technology_row(world: World, scene: Scene, row: MonthRow) -> None:
    technology, knowledge = scene.alliance.technology, world.knowledge
    row.d0_process_per_cm2 = float(yields.density(technology, np.array([knowledge.experience]))[0])
    latest = world.yields.latest
    if latest is not None:
        row.d0_per_cm2, row.systematic_yield, row.line_yield = latest.density, latest.systematic, latest.line
    row.experience = knowledge.experience
    row.experience_modules = knowledge.pools["modules"].experience
    row.experience_integration = knowledge.pools["integration"].experience
    row.generations, row.generations_modules = knowledge.generations, knowledge.pools["modules"].generations
    row.process_frozen = kits.frozen(world.kits, scene.alliance)
    row.good_dies_by_product = dict(world.good_dies)
    row.good_dies_cumulative = sum(world.good_dies.values())
