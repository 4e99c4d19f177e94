"""Open queueing networks: the part of a fab that general simulators can express too, said once for all engines."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from renkei.fab import Fab
from renkei.fab.products import Order, Product
from renkei.fab.routes import Step
from renkei.fab.tools import ToolGroup

DAY = 1440.0


@dataclass(frozen=True)
class Station:
    """Parallel servers with exponential service; `service` is its mean in minutes, the same at each visit."""

    servers: int
    service: float


@dataclass(frozen=True)
class Stream:
    """A Poisson stream of lots; `interval` is the mean time between lots in minutes, a larger `priority` goes first.

    `noise`: relative standard deviation of the mean wait of a run's n lots, times √n, found from many runs.
    """

    interval: float
    noise: float
    priority: int = 10


@dataclass(frozen=True)
class Network:
    """Lots of all streams follow one route through stations, by priority and then first come first served."""

    name: str
    stations: Mapping[str, Station]
    route: tuple[str, ...]
    streams: Mapping[str, Stream]

    @property
    def raw(self) -> float:
        """Mean minutes of service on the whole route."""
        return sum(self.stations[name].service for name in self.route)

    def lots(self, days: float) -> float:
        """Expected number of lots that arrive in so many days."""
        return days * DAY * sum(1 / stream.interval for stream in self.streams.values())

    def days(self, lots: float) -> float:
        """Days in which so many lots arrive on average."""
        return lots / self.lots(1.0)

    def lot_steps(self, days: float) -> tuple[int, int]:
        """Least and most lot-steps of a correct run: five standard deviations of the Poisson count, and the start.

        In the first minutes fewer steps end than lots arrive: a few hundred lots' worth at most are still inside.
        """
        lots = self.lots(days)
        spread = 5 * math.sqrt(lots)
        inside = 10 * sum(station.servers for station in self.stations.values())
        return int((lots - spread - inside) * len(self.route)), int((lots + spread) * len(self.route))

    def tolerance(self, stream: str, days: float, runs: int) -> float:
        """Relative difference of two engines' mean waits that luck explains: 3.5 standard deviations, and 2 % added.

        Both means are over `runs` runs of so many days.
        """
        lots = days * DAY / self.streams[stream].interval * runs
        return 0.02 + 3.5 * self.streams[stream].noise * math.sqrt(2 / lots)

    def fab(self) -> Fab:
        """Return the network as a fab."""
        return Fab(
            name=self.name,
            tool_groups={name: ToolGroup(tool_group=name, tools=s.servers) for name, s in self.stations.items()},
            routes={
                "route": tuple(
                    Step(route="route", step=place, tool_group=name, process=self.stations[name].service,
                         distribution="exponential")
                    for place, name in enumerate(self.route, 1)
                )
            },
            products={"lot": Product(product="lot", route="route")},
            orders=tuple(
                Order(order=name, product="lot", priority=stream.priority, interval_distribution="exponential",
                      interval=stream.interval, start=stream.interval, wafers=1)
                for name, stream in self.streams.items()
            ),
            dispatch=("priority", "fifo"),
        )  # fmt: skip


MM1 = Network("mm1", {"m": Station(1, 1.0)}, ("m",), {"all": Stream(1.25, noise=12)})
MM10 = Network("mm10", {"m": Station(10, 1.0)}, ("m",), {"all": Stream(0.125, noise=22)})
REENTRANT = Network(
    "re-entrant",
    {"litho": Station(2, 3.2), "implant": Station(1, 3.75), "film": Station(3, 7.0), "etch": Station(1, 3.5)},
    ("litho", "implant", "film", "litho", "etch", "film", "litho", "implant", "litho", "film", "etch", "litho"),
    {"hot": Stream(100.0, noise=1.3, priority=20), "regular": Stream(100 / 9, noise=7.5)},
)
