"""One future of an alliance, month by month: the only place where alliance and floor meet."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, Protocol, TypeVar

import numpy as np

from renkei.alliance import Alliance
from renkei.alliance.asof import AsOf, started_from
from renkei.alliance.correlation import correlated
from renkei.alliance.exchange import walked
from renkei.alliance.uncertainty import drawn
from renkei.build.flow import Flow, LotType
from renkei.errors import InputError, Problem
from renkei.fab.builtin import load_fab
from renkei.fab.fab import Fab
from renkei.months.calendar import Month
from renkei.months.closing import close_month
from renkei.months.month import FloorLot, Heard, Told, Wear
from renkei.months.monthrow import MonthRow
from renkei.months.opening import open_month
from renkei.months.scene import Scene, scene_of
from renkei.months.standstill import Clock
from renkei.months.strikes import strike
from renkei.months.world import fresh_world
from renkei.outcome.future import Future
from renkei.outcome.recording import Recording, future_of

Fidelity = Literal["events"]
Number = TypeVar("Number", int, float)


@dataclass(frozen=True)
class Progress:
    """How far a future is: for a progress line."""

    month: Month
    months: int
    seconds: float
    """Since the start."""
    milestones: Mapping[str, object]
    """Reached so far."""


class Floor(Protocol):
    """A fab in motion; see `renkei.build.line.Line`. Minutes since the alliance's first day."""

    engine_seconds: float

    def advance(self, until: float) -> Flow:
        """Run all events up to and including a minute."""

    def add_tools(self, group: str, count: int) -> None:
        """Let qualified tools join now."""

    def remove_tools(self, group: str, count: int) -> None:
        """Let tools leave as soon as they are up and empty."""

    def restore_tools(self, group: str, count: int) -> None:
        """Let tools that left run again."""

    def set_people(self, crew: str, people: float | None) -> None:
        """Change a crew."""

    def set_outages(self, factors: Mapping[str, tuple[float, float]]) -> None:
        """Change breakdowns: factors on intervals and durations by tool group."""

    def plan_starts(self, lot_type: str, first: float, interval: float, lots: int) -> None:
        """Replace a lot type's releases from now on."""


StartFloor = Callable[[Fab, Mapping[str, int], Sequence[LotType], Mapping[str, float | None], int], Floor]
"""(fab, most tools, lot types, crews, seed) → a fab with no tools and no lots at minute 0."""


def simulate(
    alliance: Alliance,
    seed: int = 0,
    fidelity: Fidelity = "events",
    progress: Callable[[Progress], None] | None = None,
    start_floor: StartFloor | None = None,
    as_of: AsOf = None,
) -> Future:
    """Return one future of an alliance: every uncertain value as `seed` draws it, every lot followed on the floor.

    The same alliance and seed give the same future to the bit. `progress` is called after each month. `start_floor`
    stands in for the event-level floor (for tests). `as_of`: start from what is on record (`actuals`, and `actual` of
    milestones) at the end of a day, or of the `last` one on record; default: of `actuals.as_of`, if the file has one.
    Raises InputError for an unknown fidelity.
    """
    if fidelity != "events":
        message = f'= "{fidelity}" is not offered; the only one is "events"'
        raise InputError("simulate", [Problem("simulate", None, "fidelity", message)])
    terms = started_from(walked(drawn(correlated(alliance), seed), seed), as_of)
    scene = scene_of(terms, seed, load_fab)
    shop = Shop(scene, start_floor or _start_line)
    world = fresh_world(scene)
    recording, began = Recording(), time.perf_counter()
    for month in scene.months:
        now = strike(world, scene, month)
        draft = open_month(world, now, month)
        heard = shop.month(month, draft.told)
        row = close_month(world, now, month, draft, heard)
        _record(recording, month, row, heard, draft.told, world.fleet.qualified(month.last))
        recording.balances.append((month.first, dict(world.money.ledger.balances)))
        if progress is not None:
            progress(Progress(month, len(scene.months), time.perf_counter() - began, dict(world.reached)))
    return future_of(alliance, scene, world, recording, fidelity, shop.engine_seconds)


@dataclass
class Shop:
    """The floor over the months; started when the first tool joins."""

    scene: Scene
    start: StartFloor
    floor: Floor | None = None
    crews: dict[str, float | None] = field(default_factory=dict)
    worn: Mapping[str, Wear] = field(default_factory=dict)
    last: Flow | None = None
    wip: dict[str, int] = field(default_factory=dict)
    clock: Clock = field(default_factory=Clock)
    """The floor's time, which stands while the line does."""
    joined: list[tuple[float, str, int]] = field(default_factory=list)
    """Tools so far: minute, group, number; negative: they left."""

    @property
    def engine_seconds(self) -> float:
        """Time spent in the floor's engine."""
        return 0.0 if self.floor is None else self.floor.engine_seconds

    def month(self, month: Month, told: Told) -> Heard:
        """Run a month, cut at each day on which tools join; a fab without tools has nothing to run."""
        self.clock = self.clock.halted(told.halts)
        if self.floor is None:
            if not told.joins:
                return Heard()
            self.floor = self._started(month, told)
        for name, people in told.crews.items():
            if self.crews.get(name, -1) != people:
                self.floor.set_people(name, people)
                self.crews[name] = people
        if told.wear != self.worn:
            self.floor.set_outages({group: (wear.interval, wear.duration) for group, wear in told.wear.items()})
            self.worn = told.wear
        self._plan(told, month)
        flows: list[Flow] = []
        for minute, change, group, count in _changes(told, self.floor):
            at = self.clock.floor(minute)
            if minute > month.start and (not flows or flows[-1].until < at):
                flows.append(self.floor.advance(at))
            change(group, count)
            self.joined.append((minute, group, -count if change == self.floor.remove_tools else count))
        flows.append(self.floor.advance(self.clock.floor(month.end)))
        heard = heard_of(flows, self.scene)
        return on_calendar(heard, self.clock, self.joined, month) if self.clock.halts else heard

    def _started(self, month: Month, told: Told) -> Floor:
        types = [LotType(k.name, k.product, k.priority, k.wafers) for k in self.scene.kinds.values()]
        floor = self.start(self.scene.factory.fab, self.scene.most_tools, types, told.crews, self.scene.seed)
        self.crews = dict(told.crews)
        if month.start > 0:
            floor.advance(self.clock.floor(month.start))
        return floor

    def _plan(self, told: Told, month: Month) -> None:
        assert self.floor is not None
        planned = {starts.lot_type: starts for starts in told.starts}
        for name in self.scene.kinds:
            starts = planned.get(name)
            if starts is None:
                self.floor.plan_starts(name, self.clock.floor(month.start), month.minutes, 0)
            else:
                self.floor.plan_starts(name, self.clock.floor(starts.first), starts.interval, starts.lots)


def _changes(told: Told, floor: Floor) -> list[tuple[float, Callable[[str, int], None], str, int]]:
    """Return a month's changes of the fleet in order of time; at the same minute tools come before others leave."""
    found: list[tuple[float, Callable[[str, int], None], str, int]] = []
    for change, moves in (
        (floor.add_tools, told.joins), (floor.restore_tools, told.returns), (floor.remove_tools, told.leaves),
    ):  # fmt: skip
        found += [(minute, change, group, count) for minute, group, count in moves]
    return sorted(found, key=lambda move: move[0])


def heard_of(flows: Sequence[Flow], scene: Scene) -> Heard:
    """Return what a month's stretches tell together; monitors are left out of the lots."""
    span = flows[-1].until - flows[0].since
    return Heard(
        lots=tuple(lot for flow in flows for lot in _lots(flow, scene)),
        released_lots=_summed([flow.released_lots for flow in flows]),
        wip_lots=flows[-1].wip_lots,
        wip_wafers=flows[-1].wip_wafers,
        mean_wip_lots=sum(flow.mean_wip_lots * (flow.until - flow.since) for flow in flows) / span if span else 0.0,
        lot_steps=sum(flow.lot_steps for flow in flows),
        tool_time={group: _summed([flow.tool_time[group] for flow in flows]) for group in flows[-1].tool_time},
        first_done=flows[-1].first_done,
        crew_busy=_summed([flow.crew_busy for flow in flows]),
        crew_waited=_summed([flow.crew_waited for flow in flows]),
    )


def on_calendar(heard: Heard, clock: Clock, joined: Sequence[tuple[float, str, int]], month: Month) -> Heard:
    """Return what is heard of a floor whose clock stood with the line, in calendar minutes; its tools were down."""
    lots = [
        replace(lot, released=clock.calendar(lot.released), finished=clock.calendar(lot.finished)) for lot in heard.lots
    ]
    times = {group: dict(states) for group, states in heard.tool_time.items()}
    for minute, group, count in joined:
        stood = clock.stood(max(minute, month.start), month.end)
        if stood > 0 and group in times:
            times[group]["unscheduled_down"] = times[group].get("unscheduled_down", 0.0) + stood * count
    first = {step: clock.calendar(minute) for step, minute in heard.first_done.items()}
    return replace(heard, lots=tuple(lots), tool_time=times, first_done=first)


def _lots(flow: Flow, scene: Scene) -> list[FloorLot]:
    done = flow.finished
    wanted = [name for name, kind in scene.kinds.items() if kind.purpose != "monitor"]
    rows = np.flatnonzero(np.isin(done.lot_type, wanted)).tolist()
    return [
        FloorLot(
            str(done.lot_type[i]), str(done.product[i]), int(done.number[i]), float(done.released[i]),
            float(done.finished[i]), int(done.wafers_in[i]), int(done.wafers_out[i]),
        )
        for i in rows
    ]  # fmt: skip


def _summed(parts: Sequence[Mapping[str, Number]]) -> dict[str, Number]:
    total: dict[str, Number] = {}
    for part in parts:
        for name, value in part.items():
            total[name] = total[name] + value if name in total else value
    return total


def _record(
    recording: Recording, month: Month, row: MonthRow, heard: Heard, told: Told, tools: Mapping[str, int]
) -> None:
    recording.months.append(row)
    recording.lots.extend(heard.lots)
    recording.tools.append((month.first, dict(tools), {g: dict(t) for g, t in heard.tool_time.items()}))
    recording.crews.append((month.first, dict(told.crews), dict(heard.crew_busy), dict(heard.crew_waited)))


def _start_line(
    fab: Fab, most: Mapping[str, int], types: Sequence[LotType], crews: Mapping[str, float | None], seed: int
) -> Floor:
    from renkei.build.line import Line  # compiled kernels are loaded only when a floor is started

    return Line.start(fab, most, types, crews, seed)
