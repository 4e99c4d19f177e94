"""The twin's reservations: tools kept for super hot lots that still do the step before."""

from __future__ import annotations

from renkei.fab.fab import Fab
from renkei.fab.routes import Step

from .twin_things import Lot, Reservation, Tool, qualified_numbers
from .twin_tools import Workshop


class Reservations(Workshop):
    """Each tool group keeps one tool at a time."""

    def __init__(self, fab: Fab):
        super().__init__(fab)
        self.reservations: dict[str, Reservation] = {}
        self.qualified = qualified_numbers(fab)
        made = {lot.product for lot in (*fab.orders, *fab.lots, *fab.initial_wip)}
        self.used = [step for name in {fab.products[name].route for name in made} for step in fab.routes[name]]
        """All steps that lots do."""
        self.kept = 0
        """Lots that started on a tool kept for them."""

    def _reserve(self, lot: Lot) -> None:
        """A lot starts a step: keep a tool for its next one, the longest idle that suits, or the next to be free."""
        if not lot.line.reserve or lot.at + 1 == len(lot.steps):
            return
        step = lot.steps[lot.at + 1]
        group = self.fab.tool_groups[step.tool_group]
        batch = any(s.batch_max for s in self.used if s.tool_group == step.tool_group)
        if group.kind == "delay" or batch or group.min_run or step.tool_group in self.reservations:
            return
        made = self.reservations[step.tool_group] = Reservation(lot, step)
        idle = [t for t in self.tools if t.group is group and t.idle is not None and self._suits(t, made)]
        if idle:
            made.tool = min(idle, key=lambda t: t.idle)
            made.tool.idle = None

    def _suits(self, tool: Tool, made: Reservation) -> bool:
        if made.step.step in made.lot.bound:
            return made.lot.bound[made.step.step] is tool
        return tool.number in self.qualified.get((made.step.tool_group, made.step.recipe), (tool.number,))

    def _is_kept(self, tool: Tool) -> bool:
        """A tool that is free is kept, if none is or the one that was cannot be used."""
        made = self.reservations.get(tool.group.tool_group)
        if made and (made.tool is None or not self._stands_ready(made.tool)) and self._suits(tool, made):
            made.tool = tool
        return made is not None and made.tool is tool

    def _stands_ready(self, tool: Tool) -> bool:
        return tool.mode == "standby" and not tool.wanted

    def _claim(self, lot: Lot) -> Tool | None:
        """A lot is there: it starts on the tool that was kept for it, if that is up."""
        made = self.reservations.get(lot.step.tool_group)
        if made is None or made.lot is not lot:
            return None
        del self.reservations[lot.step.tool_group]
        if not made.tool or not self._stands_ready(made.tool):
            return None
        if not self._set_up_by_someone(made.tool, lot.step):
            self._fall_idle(made.tool)
            return None
        self.kept += 1
        return made.tool

    def _give_up(self, lot: Lot, goes_to: Step | None) -> None:
        """A lot goes elsewhere: the tool kept for it is idle."""
        for name, made in list(self.reservations.items()):
            if made.lot is lot and made.step is not goes_to:
                del self.reservations[name]
                if made.tool and self._stands_ready(made.tool):
                    self._fall_idle(made.tool)
