"""What makes one fab differ from another: its sizes, routes, releases and words; the rest of this package is shared."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from nanosheet.families import FAMILIES
from nanosheet.flow import Flow
from nanosheet.plan import Release


@dataclass(frozen=True)
class Line:
    """A logic line that is made from modules."""

    name: str
    title: str
    what: str
    """First words of the description."""
    full: str
    """Route of the product `logic`."""
    family: str
    """Family of its products."""
    sizes: Mapping[str, int]
    """Full-flow wafer starts a month; the last size is the largest."""
    flows: Callable[[], list[Flow]]
    """All routes but the monitors'."""
    started: Callable[[dict[str, Flow]], list[Release]]
    """Releases of every size, given all routes."""
    left_out: tuple[str, ...] = ()
    """What this line leaves out beside what all do."""

    @property
    def largest(self) -> str:
        """The largest size."""
        return list(self.sizes)[-1]


def families_of(flows: Mapping[str, Flow]) -> list[str]:
    """Return the tool families that any route visits, in their usual order."""
    used = {op.family.name for flow in flows.values() for op in flow.ops}
    return [name for name in FAMILIES if name in used]
