"""A route while it is being written: steps in order, with the ties between them."""

from __future__ import annotations

from dataclasses import dataclass

from nanosheet.families import FAMILIES, Family

HELD_AREAS = {"Metro", "Inspect", "Test"}
"""Where an engineer may stop a lot: a measurement out of its limits (guess)."""


@dataclass
class Op:
    """One step of a route."""

    number: int
    name: str
    module: str
    layer: str
    family: Family
    slow: float
    sampling: float
    setup: str = ""
    rework_to: int | None = None
    rework_percent: float = 0.0
    limit_to: int | None = None
    limit: float = 0.0
    dedicate_to: int | None = None

    @property
    def interval(self) -> float:
        """Minutes between wafers."""
        return self.family.interval * self.slow

    @property
    def process(self) -> float:
        """Minutes of a lot of one wafer: the latency that occupies the tool, and one interval."""
        return self.family.pipeline + self.interval

    @property
    def held(self) -> bool:
        return self.family.group.area in HELD_AREAS

    @property
    def wafers_touched(self) -> int | None:
        """Wafers of the lot that are measured; None: all."""
        return self.family.group.sample_wafers


class Flow:
    """Steps in the order in which a wafer meets them.

    `dense`: measure as a development lot does (each lot), not as a product lot (sampled). `lean`: without side checks.
    """

    def __init__(self, route: str, *, dense: bool = False, lean: bool = False):
        self.route = route
        self.dense = dense
        self.lean = lean
        self.ops: list[Op] = []
        self._module = ""

    def module(self, name: str) -> None:
        """Begin a module; the following steps carry its name."""
        self._module = name

    def do(
        self,
        family: str,
        name: str,
        layer: str = "",
        *,
        slow: float = 1.0,
        setup: str = "",
        sampling: float | None = None,
    ) -> Op:
        """Append a step on a tool family; `sampling` in percent, by default that of the family."""
        tools = FAMILIES[family]
        if sampling is None:
            sampling = tools.group.dense_percent if self.dense else tools.group.sample_percent
        op = Op(len(self.ops) + 1, name, self._module, layer, tools, slow, sampling, setup)
        self.ops.append(op)
        return op

    def within(self, minutes: float, first: Op, then: Op) -> None:
        """Limit the time between the end of one step and the start of a later one."""
        first.limit_to, first.limit = then.number, minutes

    def same_tool(self, first: Op, then: Op) -> None:
        """Dedicate: expose the later layer on the scanner of the earlier one."""
        first.dedicate_to = then.number

    def rework(self, check: Op, back_to: Op, percent: float) -> None:
        """Send a share of the lots back after a check."""
        check.rework_to, check.rework_percent = back_to.number, percent
