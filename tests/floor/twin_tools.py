"""The twin's tools: they work, fail, are maintained and looked after; what they work on is the business of `twin`."""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable
from typing import Any, Self

from renkei.fab.fab import Fab
from renkei.fab.tools import Crew as Declared

from .twin_things import Crew, Event, Kind, Lot, Timer, Tool


class Workshop:
    """A calendar, tools and people. A subclass says which lot a tool takes, how a job begins, where a lot goes then."""

    def __init__(self, fab: Fab):
        self.fab, self.now = fab, 0.0
        self.calendar: list[tuple[float, int, int, int, Event]] = []
        self.serial = self.falls = 0
        self.tools: list[Tool] = []
        self.crews = {name: Crew(math.inf if c.average is None else c.average) for name, c in fab.crews.items()}
        for row, crew in enumerate(fab.crews.values()):
            self._change_shift(row, crew, 0)

    def _choose(self, tool: Tool) -> Lot | None:
        raise NotImplementedError

    def _begin(self, tool: Tool, lot: Lot) -> None:
        raise NotImplementedError

    def _end_step(self, lot: Lot) -> None:
        raise NotImplementedError

    def _is_kept(self, tool: Tool) -> bool:
        raise NotImplementedError

    def _start_tools(self) -> None:
        timers = 0
        for name, group in self.fab.tool_groups.items():
            own = [o for o in self.fab.outages if o.tool_group == name or (o.area and o.area == group.area)]
            for number in range(1, group.tools + 1) if group.kind == "tool" else ():
                tool = Tool(len(self.tools), number, group)
                self.tools.append(tool)
                for outage in own:
                    tool.timers.append(Timer(timers, tool, outage))
                    timers += 1
        for tool in self.tools:
            for timer in tool.timers:
                share = tool.number / tool.group.tools if timer.outage.first_rule == "staggered" else 1.0
                self._set(timer, timer.outage.first * share)
            self._look(tool)

    # The calendar

    def _at(self, time: float, kind: Kind, entity: int, act: Callable[[], None]) -> Event:
        event = Event(time, act)
        self.serial += 1
        heapq.heappush(self.calendar, (time, kind, entity, self.serial, event))
        return event

    def run(self, until: float) -> Self:
        """Let everything happen up to and including minute `until`."""
        while True:
            while self.calendar and self.calendar[0][-1].off:
                heapq.heappop(self.calendar)
            soon = self.calendar[0][0] if self.calendar else math.inf
            if soon > self.now and self._wake():
                continue
            if soon > until:
                self.now = until
                for tool in self.tools:
                    self._book(tool)
                return self
            self.now = soon
            heapq.heappop(self.calendar)[-1].act()

    def _wake(self) -> bool:
        for tool in self.tools:
            if tool.idle is not None and (lot := self._choose(tool)):
                self._begin(tool, lot)
                return True
        return False

    # Tools at work

    def _look(self, tool: Tool) -> None:
        """A tool that is up and whose slot is free looks for work: a PM that is due, a lot, or none."""
        if tool.mode != "standby":
            return
        if tool.wanted:
            tool.idle = None
            if tool.group.cascade:
                self._at(self.now, Kind.WAKE, tool.row, lambda: self._close(tool))
            else:
                self._close(tool)
        elif self._is_kept(tool):
            tool.idle = None
        elif lot := self._choose(tool):
            self._begin(tool, lot)
        elif tool.idle is None:
            self._fall_idle(tool)

    def _fall_idle(self, tool: Tool) -> None:
        tool.idle = self.falls
        self.falls += 1

    def _close(self, tool: Tool) -> None:
        if tool.mode == "standby" and tool.wanted and not tool.inside:
            self._begin_pm(tool)

    def _slots(self, tool: Tool, free: float | None, ends: dict[Lot, float]) -> None:
        if free is not None:
            tool.slot = self._at(free, Kind.SLOT_FREE, tool.row, lambda: self._free_slot(tool))
        for lot, end in ends.items():
            tool.inside[lot] = self._at(end, Kind.LOT_END, lot.carrier, lambda lot=lot: self._end_cascade(tool, lot))

    def _free_slot(self, tool: Tool) -> None:
        self._stop_clocks(tool)
        tool.slot = None
        self._switch(tool, "standby")
        if not tool.group.cascade:
            lots, tool.inside = list(tool.inside), {}
            wafers = sum(lot.wafers for lot in lots)
            for lot in lots:
                self._end_step(lot)
            self._count(tool, wafers)
        self._look(tool)

    def _end_cascade(self, tool: Tool, lot: Lot) -> None:
        del tool.inside[lot]
        wafers = lot.wafers
        self._end_step(lot)
        self._count(tool, wafers)
        if not tool.inside and tool.wanted:
            self._look(tool)

    # Time accounts

    def _book(self, tool: Tool) -> None:
        elapsed = self.now - tool.since
        if tool.mode == "busy":
            setup = min(max(tool.setup_until - tool.since, 0.0), elapsed)
            tool.time["setup"] += setup
            tool.time[tool.job] += elapsed - setup
        else:
            tool.time[tool.mode] += elapsed
        tool.since = self.now

    def _switch(self, tool: Tool, mode: str) -> None:
        self._book(tool)
        tool.mode = mode

    # Outages

    def _set(self, timer: Timer, amount: float) -> None:
        if timer.outage.clock == "calendar":
            self._strike_at(timer, self.now + amount)
        else:
            timer.left = amount

    def _strike_at(self, timer: Timer, time: float) -> None:
        if timer.outage.kind == "breakdown":
            timer.due = self._at(time, Kind.FAILURE, timer.row, lambda: self._fail(timer))
        else:
            timer.due = self._at(time, Kind.PM_DUE, timer.row, lambda: self._want_pm(timer))

    def _start_clocks(self, tool: Tool) -> None:
        """A busy clock that would run out at the very end of a job strikes at the start of the next."""
        tool.busy_from = self.now
        for timer in tool.timers:
            if timer.outage.clock == "busy" and not timer.waits and self.now + timer.left < tool.slot.time:
                self._strike_at(timer, self.now + timer.left)

    def _stop_clocks(self, tool: Tool) -> None:
        for timer in tool.timers:
            if timer.outage.clock == "busy" and not timer.waits:
                timer.left -= self.now - tool.busy_from
                if timer.due:
                    timer.due.off, timer.due = True, None

    def _count(self, tool: Tool, wafers: int) -> None:
        for timer in tool.timers:
            if timer.outage.clock == "wafers":
                timer.left -= wafers
                if timer.left <= 0 and not timer.waits and not timer.due:
                    if timer.outage.kind == "pm":
                        self._want_pm(timer)
                    else:
                        self._strike_at(timer, self.now)

    def _fail(self, timer: Timer) -> None:
        tool, timer.due, timer.waits = timer.tool, None, True
        if tool.mode in ("unscheduled_down", "scheduled_down"):
            tool.failures.append(timer)
            return
        tool.idle = None
        if tool.slot:
            self._stop_clocks(tool)
        ends = {lot: self._remove(event) for lot, event in tool.inside.items() if event}
        tool.stopped = (self.now, self._remove(tool.slot), ends)
        if tool.setter:
            tool.setter.off, tool.setter = True, None
            self._dismiss(self.crews[tool.group.setup_crew])
        tool.slot = None
        self._begin_failure(timer)

    def _remove(self, event: Event | None) -> float | None:
        if event is None:
            return None
        event.off = True
        return event.time - self.now

    def _begin_failure(self, timer: Timer) -> None:
        tool, timer.waits = timer.tool, False
        self._switch(tool, "unscheduled_down")
        self._work(timer, tool.group.repair_crew, 0, Kind.REPAIR_END, self._end_repair)

    def _work(self, timer: Timer, name: str, rank: int, kind: Kind, end: Callable[[Timer], None]) -> None:
        crew = self.crews.get(name)
        counted = crew is not None and crew.people < math.inf
        minutes = timer.outage.duration * (timer.tool.group.hands_on if counted else 1.0)

        def leave() -> None:
            self._dismiss(crew)
            end(timer)

        self._call(crew, rank, lambda: self._at(self.now + minutes, kind, timer.row, leave))

    def _end_repair(self, timer: Timer) -> None:
        self._set(timer, timer.outage.interval)
        self._go_up(timer.tool)

    def _go_up(self, tool: Tool) -> None:
        if tool.failures:
            self._begin_failure(tool.failures.popleft())
            return
        self._switch(tool, "standby")
        if tool.stopped:
            at, free, ends = tool.stopped
            tool.stopped = None
            if tool.setup_until > at:
                tool.setup_until += self.now - at
            if tool.second_until > at:
                tool.second_until += self.now - at
            if free is not None:
                self._switch(tool, "busy")
            later = {lot: self.now + left for lot, left in ends.items()}
            self._slots(tool, None if free is None else self.now + free, later)
            if free is not None:
                self._start_clocks(tool)
        self._look(tool)

    def _want_pm(self, timer: Timer) -> None:
        crew = self.crews.get(timer.tool.group.pm_crew)
        nobody = crew is not None and crew.working >= crew.people
        if timer.outage.clock == "calendar" and nobody and timer.slips < 5:
            timer.slips += 1
            self._strike_at(timer, self.now + timer.outage.interval * 0.02)
            return
        timer.due, timer.waits, timer.tool.idle = None, True, None
        timer.tool.wanted.append(timer)
        if timer.outage.clock != "wafers":
            self._look(timer.tool)

    def _begin_pm(self, tool: Tool) -> None:
        timer = tool.wanted.popleft()
        timer.waits, timer.started, timer.slips = False, self.now, 0
        self._switch(tool, "scheduled_down")
        self._work(timer, tool.group.pm_crew, 1, Kind.PM_END, self._end_pm)

    def _end_pm(self, timer: Timer) -> None:
        outage = timer.outage
        if outage.clock == "calendar":
            self._strike_at(timer, max(timer.started + outage.interval, self.now))
        else:
            timer.left = outage.interval + (timer.left if outage.clock == "wafers" else 0.0)
        self._go_up(timer.tool)

    # People

    def _change_shift(self, row: int, declared: Declared, shift: int) -> None:
        if not declared.shifts:
            return
        crew = self.crews[declared.crew]
        crew.people = declared.shifts[shift % len(declared.shifts)]
        self._at(
            self.now + 60 * declared.shift_hours, Kind.SHIFT, row, lambda: self._change_shift(row, declared, shift + 1)
        )
        self._work_on(crew)

    def _set_up(self, tool: Tool) -> None:
        """Someone of the setup crew is at a tool until it is set up."""
        if (crew := self.crews.get(tool.group.setup_crew)) and tool.setup_until > self.now:
            crew.working += 1
            tool.setter = self._at(tool.setup_until, Kind.SETUP_END, tool.row, lambda: self._is_set_up(tool, crew))

    def _is_set_up(self, tool: Tool, crew: Crew) -> None:
        tool.setter = None
        self._dismiss(crew)

    def _setter_free(self, tool: Tool) -> bool:
        crew = self.crews.get(tool.group.setup_crew)
        return crew is None or crew.working < crew.people

    def _call(self, crew: Crew | None, rank: int, begin: Callable[[], Any]) -> None:
        """Ask for one person: repair (rank 0) before PM (1) before holds (2), then first come first served."""
        if crew is None or crew.working < crew.people:
            if crew:
                crew.working += 1
            begin()
        else:
            crew.waiting[rank].append(begin)

    def _dismiss(self, crew: Crew | None) -> None:
        if crew is None:
            return
        crew.working -= 1
        self._work_on(crew)

    def _work_on(self, crew: Crew) -> None:
        """Free people take up what waits."""
        for waiting in crew.waiting:
            while waiting and crew.working < crew.people:
                crew.working += 1
                waiting.popleft()()
