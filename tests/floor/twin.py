"""A slow twin of the floor: plain objects and one heap, written from the fab format and the rules, not from the code.

Times must be constant; sampling, rework, scrap and holds use the floor's addressed draws, so that both decide alike.
What happens in one instant goes by (kind, entity), kinds in the order of `Kind`; a tool is its row, a timer its place
among all tools' timers, a lot the carrier it rides on: the one given back last is used first. When nothing is left to
happen in an instant, idle tools look at their queues again.
"""

from __future__ import annotations

import math
from collections import Counter
from functools import partial
from typing import Any

import numpy as np

from renkei.build.names import DISTRIBUTIONS, key_of
from renkei.fab.fab import Fab
from renkei.fab.products import Order, PlannedLot
from renkei.fab.routes import Step
from renkei.fab.tools import SetupChange
from renkei.floor import chance

from .twin_ranking import value
from .twin_reservations import Reservations
from .twin_things import Crew, Kind, Line, Lot, Tool, lost_wafers, pieces


class Twin(Reservations):
    """The floor of a fab from minute 0 on."""

    def __init__(self, fab: Fab, seed: int):
        super().__init__(fab)
        self.turns = 0
        with np.errstate(over="ignore"):
            self.seed = chance.mix(np.uint64(seed))
        self.free = list(range(4095, -1, -1))
        self.lots: list[Lot] = []
        self.queues: dict[str, list[Lot]] = {name: [] for name in fab.tool_groups}
        self.queue_time: Counter[str] = Counter()
        self.checked: Counter[tuple[str, int]] = Counter()
        self.violated: Counter[tuple[str, int]] = Counter()
        self.passes: Counter[tuple[str, int]] = Counter()
        self.trace: list[tuple[Any, ...]] = []
        self.finished: list[tuple[Any, ...]] = []
        self._start_tools()
        self._start_lines()

    def _start_lines(self) -> None:
        fab, again = self.fab, Counter[tuple[str, str]]()
        initial = list(dict.fromkeys((wip.product, wip.order or wip.product, wip.reserve) for wip in fab.initial_wip))
        self.lines = []
        for order in fab.orders:
            key = key_of("order", order.order, order.product, str(again[order.order, order.product]))
            again[order.order, order.product] += 1
            self._add_line(order.product, key, order.reserve, order)
        self._plan_lots()
        first = len(self.lines)
        for product, lot_type, reserve in initial:
            self._add_line(product, key_of("initial", lot_type, product, *(["reserve"] if reserve else [])), reserve)
        for wip in fab.initial_wip:
            line = self.lines[first + initial.index((wip.product, wip.order or wip.product, wip.reserve))]
            due = math.inf if wip.due is None else wip.due
            lot = self._enter(line, wip.step - 1, wip.start or 0.0, due, wip.priority, wip.wafers)
            self._at(0.0, Kind.ARRIVAL, lot.carrier, lambda lot=lot: self._arrive(lot))
        for line in self.lines[: len(fab.orders)]:
            self._at(line.order.start, Kind.RELEASE, line.row, lambda line=line: self._release(line))

    def _plan_lots(self) -> None:
        planned: dict[tuple[str, str, int, bool], list[PlannedLot]] = {}
        for lot in self.fab.lots:
            planned.setdefault((lot.order, lot.product, lot.priority, lot.reserve), []).append(lot)
        for (lot_type, product, priority, reserve), lots in planned.items():
            names = [lot_type, product, str(priority), *(["reserve"] if reserve else [])]
            self._add_line(product, key_of("planned", *names), reserve)
            for lot in sorted(lots, key=lambda lot: lot.start):
                enter = partial(self._start_planned, self.lines[-1], lot)
                self._at(lot.start, Kind.RELEASE, self.lines[-1].row, enter)

    def _start_planned(self, line: Line, planned: PlannedLot) -> None:
        due = math.inf if planned.due is None else planned.due
        lot = self._enter(line, 0, self.now, due, planned.priority, planned.wafers)
        self._go_on(lot, 0)
        self._send(lot)

    def _add_line(self, product: str, key: Any, reserve: bool, order: Order | None = None) -> None:
        line = Line(len(self.lines), product, key, self.fab.products[product].kind != "product", order, reserve)
        if order:
            line.left = (1 if order.interval is None else math.inf) if order.releases is None else order.releases
            if order.wip_limit and order.interval is None and order.releases is None:
                line.left, line.owed = 0, math.inf
        self.lines.append(line)

    # Lots on their way

    def draw(self, purpose: int, lot: Lot, step: Step, visit: int) -> float:
        with np.errstate(over="ignore"):
            return float(chance.unit(np.uint64(chance.address(np.uint64(lot.key), purpose, step.step, visit))))

    def _release(self, line: Line) -> None:
        order = line.order
        if line.owed == math.inf:
            self._release_owed(line)
        if line.left <= 0:
            return
        line.left -= 1
        for _ in range(order.lots_per_release):
            if order.wip_limit and line.wip >= order.wip_limit:
                line.owed += 1
            else:
                self._release_lot(line)
        if order.interval is not None and line.left > 0:
            self._at(self.now + order.interval, Kind.RELEASE, line.row, lambda: self._release(line))

    def _release_lot(self, line: Line) -> None:
        due = math.inf if line.order.due is None else self.now + line.order.due
        lot = self._enter(line, 0, self.now, due, line.order.priority, line.order.wafers)
        self._go_on(lot, 0)
        self._send(lot)

    def _release_owed(self, line: Line) -> None:
        if line.owed > 0 and line.wip < line.order.wip_limit:
            line.owed -= 1
            self._release_lot(line)
            self._make_room(line)

    def _make_room(self, line: Line) -> None:
        if line.owed > 0 and line.wip < line.order.wip_limit:
            self._at(self.now, Kind.RELEASE, len(self.lines) + line.row, lambda: self._release_owed(line))

    def _enter(self, line: Line, at: int, released: float, due: float, priority: int, wafers: int | None) -> Lot:
        with np.errstate(over="ignore"):
            key = chance.combine(np.uint64(chance.combine(np.uint64(self.seed), np.uint64(line.key))), line.number)
        steps = self.fab.routes[self.fab.products[line.product].route]
        size = wafers or self.fab.wafers_per_lot
        lot = Lot(line, self.free.pop(), line.number, key, steps, priority, size, released, due, at)
        line.number += 1
        line.wip += 1
        self.lots.append(lot)
        return lot

    def _go_on(self, lot: Lot, at: int) -> None:
        """Move on to the first step from `at` on that the lot really does."""
        lot.at = at
        while lot.at < len(lot.steps):
            if self.draw(chance.SAMPLE, lot, lot.step, lot.visit) < lot.step.sampling_percent / 100:
                return
            self._close_windows(lot, measured=False)
            lot.at += 1

    def _close_windows(self, lot: Lot, measured: bool) -> None:
        for opener in [o for o in lot.windows if lot.steps[o - 1].queue_limit_step == lot.step.step]:
            waited = self.now - lot.windows.pop(opener)
            if measured:
                self.checked[lot.step.route, opener] += 1
                self.violated[lot.step.route, opener] += waited > lot.steps[opener - 1].queue_limit

    def _send(self, lot: Lot) -> None:
        if lot.at == len(lot.steps):
            self._finish(lot)
            return
        there = self.fab.tool_groups[lot.step.tool_group]
        time = 0.0
        if lot.tool and there.kind == "tool":
            way = (lot.tool.group.location, there.location)
            time = next((t.time for t in self.fab.transports if (t.from_location, t.to_location) == way), 0.0)
        self._at(self.now + time, Kind.ARRIVAL, lot.carrier, lambda: self._arrive(lot))

    def _finish(self, lot: Lot) -> None:
        self.finished.append((lot.line.row, lot.number, lot.released, self.now, lot.wafers))
        self.lots.remove(lot)
        self.free.append(lot.carrier)
        lot.line.wip -= 1
        if lot.line.order:
            self._make_room(lot.line)

    def _arrive(self, lot: Lot) -> None:
        lot.arrived = self.now
        step, group = lot.step, self.fab.tool_groups[lot.step.tool_group]
        if group.kind == "delay":
            self._close_windows(lot, measured=True)
            lot.tool, lot.started = None, self.now
            self._reserve(lot)
            end = self.now + step.process * pieces(step, lot.wafers)
            self._at(end, Kind.LOT_END, lot.carrier, lambda: self._end_step(lot))
            return
        lot.turn = self.turns
        self.turns += 1
        self.queues[step.tool_group].append(lot)
        if kept := self._claim(lot):
            self._begin(kept, lot)
            return
        least_setup = group.wake == "least_setup"
        while idle := [t for t in self.tools if t.group is group and t.idle is not None and self._may_start(t, lot)]:
            tool = min(idle, key=lambda t: (self._setup_time(t, step) if least_setup else 0.0, t.idle))
            self._begin(tool, self._opener(tool, lot) if step.batch_min else lot)
            if not step.batch_min:
                return

    def _opener(self, tool: Tool, lot: Lot) -> Lot:
        like = [other for other in self._like(lot) if self._set_up_by_someone(tool, other.step)]
        return self._ranked(tool, like)[0]

    def _end_step(self, lot: Lot) -> None:
        step, visit = lot.step, lot.visit
        done = (step.route, step.step)
        tool = lot.tool.row if lot.tool else -1
        self.trace.append((lot.line.row, lot.number, *done, visit, tool, lot.arrived, lot.started, self.now))
        passes = self.passes[done]
        self.passes[done] += 1
        if step.scrap_percent:
            lot.wafers -= lost_wafers(lot.wafers, step.scrap_percent / 100, self.draw(chance.SCRAP, lot, step, visit))
            if lot.wafers == 0:
                self._give_up(lot, None)
                self._finish(lot)
                return
        if step.queue_limit_step:
            lot.windows[step.step] = self.now
        if step.rework_step and self.draw(chance.REWORK, lot, step, visit) < step.rework_percent / 100:
            lot.visit += 1
            lot.windows = {o: t for o, t in lot.windows.items() if not step.rework_step <= o <= step.step}
            self._go_on(lot, step.rework_step - 1)
        else:
            self._go_on(lot, lot.at + 1)
        self._give_up(lot, lot.step if lot.at < len(lot.steps) else None)
        floor, first = step.hold_floor_percent / 100, step.hold_percent / 100
        chance_of_hold = floor + (first - floor) * math.exp(-passes / step.hold_passes)
        if first and self.draw(chance.HOLD, lot, step, visit) < chance_of_hold:
            self._hold(lot, self.crews.get(self.fab.tool_groups[step.tool_group].hold_crew), step.hold_time)
        else:
            self._send(lot)

    def _hold(self, lot: Lot, crew: Crew | None, minutes: float) -> None:
        def end() -> None:
            self._dismiss(crew)
            self._send(lot)

        self._call(crew, 2, lambda: self._at(self.now + minutes, Kind.HOLD_END, lot.carrier, end))

    # Which lot, and its job

    def _change(self, tool: Tool, setup: str) -> SetupChange:
        """The row of the table for a change; the exact pair outdoes any, the group outdoes all."""
        found = [
            c
            for c in self.fab.setups
            if c.to_setup == setup and c.from_setup in ("", tool.setup) and c.tool_group in ("", tool.group.tool_group)
        ]
        nothing = SetupChange(to_setup=setup, time=0)
        return max(found, key=lambda c: (bool(c.from_setup), bool(c.tool_group)), default=nothing)

    def _setup_time(self, tool: Tool, step: Step) -> float:
        """The mean."""
        if not step.setup or (tool.setup == step.setup and step.setup_when == "need"):
            return 0.0
        return self.table_time(tool, step.setup) if step.setup_time is None else step.setup_time

    def _drawn_setup(self, tool: Tool, lot: Lot) -> float:
        step, mean = lot.step, self._setup_time(tool, lot.step)
        law, spread = step.setup_distribution, step.setup_spread
        if step.setup_time is None:
            change = self._change(tool, step.setup)
            law, spread = change.distribution, change.spread
        if mean == 0 or law == "constant":
            return mean
        with np.errstate(over="ignore"):
            luck = np.uint64(chance.address(np.uint64(lot.key), chance.SETUP_TIME, step.step, lot.visit))
            return float(chance.draw(DISTRIBUTIONS[law], mean, spread, luck))

    def table_time(self, tool: Tool, setup: str) -> float:
        """Minutes by the table alone."""
        return self._change(tool, setup).time

    def _run_allows(self, tool: Tool, setup: str) -> bool:
        if tool.run >= tool.group.min_run or not setup or tool.setup in ("", setup):
            return True
        name = tool.group.tool_group
        return not any(s.tool_group == name and s.setup == tool.setup for lot in self.lots for s in lot.steps[lot.at :])

    def _set_up_by_someone(self, tool: Tool, step: Step) -> bool:
        return self._setup_time(tool, step) == 0 or self._setter_free(tool)

    def _like(self, lot: Lot) -> list[Lot]:
        """The waiting lots that may share a batch with a lot."""
        waiting = self.queues[lot.step.tool_group]
        if self.fab.tool_groups[lot.step.tool_group].batch_by == "step":
            return [other for other in waiting if other.step is lot.step]
        batches = [other for other in waiting if other.step.batch_max]
        return [other for other in batches if self._family_batch(other) == self._family_batch(lot)]

    def _family_batch(self, lot: Lot) -> tuple[str, ...]:
        return self.fab.products[lot.line.product].family, lot.step.name, lot.step.setup, lot.step.recipe

    def _may_start(self, tool: Tool, lot: Lot) -> bool:
        step = lot.step
        if not self._run_allows(tool, step.setup) or not self._set_up_by_someone(tool, step):
            return False
        if step.step in lot.bound:
            return lot.bound[step.step] is tool
        if tool.number not in self.qualified.get((step.tool_group, step.recipe), (tool.number,)):
            return False
        return not step.batch_min or sum(other.wafers for other in self._like(lot)) >= step.batch_min

    def _ranked(self, tool: Tool, lots: list[Lot]) -> list[Lot]:
        rule = tool.group.dispatch or self.fab.dispatch
        return sorted(lots, key=lambda lot: (*(value(self, name, tool, lot) for name in rule), lot.turn))

    def expected(self, step: Step, wafers: int) -> float:
        group = self.fab.tool_groups[step.tool_group]
        count = pieces(step, wafers)
        process = step.process * count if step.interval is None else step.process + (count - 1) * step.interval
        return group.load + process + group.unload

    def _choose(self, tool: Tool) -> Lot | None:
        lots = [lot for lot in self.queues[tool.group.tool_group] if self._may_start(tool, lot)]
        return self._ranked(tool, lots)[0] if lots else None

    def _take(self, tool: Tool, lot: Lot) -> None:
        self.queues[lot.step.tool_group].remove(lot)
        self.queue_time[lot.step.tool_group] += self.now - lot.arrived
        self._close_windows(lot, measured=True)
        if lot.step.dedicate_step:
            lot.bound[lot.step.dedicate_step] = tool
        lot.tool, lot.started = tool, self.now
        self._reserve(lot)
        tool.inside[lot] = None

    def _begin(self, tool: Tool, lot: Lot) -> None:
        step, group = lot.step, tool.group
        setup = self._drawn_setup(tool, lot)
        batch, wafers = [lot], lot.wafers
        for other in self._ranked(tool, self._like(lot)) if step.batch_max else ():
            if other is not lot:
                if wafers + other.wafers > step.batch_max:
                    break
                batch.append(other)
                wafers += other.wafers
        tool.idle = None
        self._switch(tool, "busy")
        tool.job, tool.setup_until = "engineering" if lot.line.engineering else "productive", self.now + setup
        self._set_up(tool)
        if step.setup:
            tool.run = (tool.run if tool.setup == step.setup else 0) + len(batch)
            tool.setup = step.setup
        for one in batch:
            self._take(tool, one)
        count = pieces(step, wafers)
        ready = self.now + setup + group.load
        if group.cascade:
            first = step.process * count if step.interval is None else step.interval * count
            second = 0.0 if step.interval is None else step.process - step.interval
            moved = max(ready + first, tool.second_until)
            tool.second_until = moved + second
            self._slots(tool, moved - group.load, {lot: tool.second_until + group.unload})
        else:
            self._slots(tool, ready + step.process * count + group.unload, {})
        self._start_clocks(tool)
