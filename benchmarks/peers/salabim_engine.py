"""salabim: a component for each lot and each stream, a resource for each station; monitors off, no greenlets."""

from __future__ import annotations

import random
import time
from typing import Any

from benchmarks.network import Network
from benchmarks.outcome import Outcome
from benchmarks.peers.library import Library, means


class Salabim(Library):
    """Resources keep no statistics of their own here, since the other engines keep none."""

    name = "salabim"
    package = "salabim"

    def play(self, network: Network, minutes: float, seed: int) -> Outcome:
        """Run a network."""
        import salabim

        draw = random.Random(seed).expovariate
        env = salabim.Environment(trace=False, yieldless=False)
        stations = {
            name: (salabim.Resource(name, capacity=station.servers, monitor=False, env=env), 1 / station.service)
            for name, station in network.stations.items()
        }
        route = [stations[name] for name in network.route]
        took: list[tuple[str, float]] = []
        ended = [0]

        class Lot(salabim.Component):  # type: ignore[misc]
            def setup(self, stream: str, rank: int) -> None:
                self.stream = stream
                self.rank = rank

            def process(self) -> Any:
                released = env.now()
                for station, rate in route:
                    yield self.request((station, 1, self.rank))
                    yield self.hold(draw(rate))
                    self.release(station)
                    ended[0] += 1
                took.append((self.stream, env.now() - released))

        class Arrivals(salabim.Component):  # type: ignore[misc]
            def setup(self, stream: str, rate: float, rank: int) -> None:
                self.stream = stream
                self.rate = rate
                self.rank = rank

            def process(self) -> Any:
                while True:
                    yield self.hold(draw(self.rate))
                    Lot(stream=self.stream, rank=self.rank, env=env)

        for name, stream in network.streams.items():
            Arrivals(stream=name, rate=1 / stream.interval, rank=-stream.priority, env=env)
        start = time.thread_time()
        env.run(till=minutes)
        return Outcome(time.thread_time() - start, ended[0], means(took), len(took))
