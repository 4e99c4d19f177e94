"""SimPy: a process for each lot and each stream, a resource for each station."""

from __future__ import annotations

import random
import time
from typing import Any

from benchmarks.network import Network
from benchmarks.outcome import Outcome
from benchmarks.peers.library import Library, means


class SimPy(Library):
    """Priority resources only where there are priorities: they cost more."""

    name = "SimPy"
    package = "simpy"

    def play(self, network: Network, minutes: float, seed: int) -> Outcome:
        """Run a network."""
        import simpy

        draw = random.Random(seed).expovariate
        env = simpy.Environment()
        ranked = len(network.streams) > 1
        kind = simpy.PriorityResource if ranked else simpy.Resource
        stations = {name: (kind(env, own.servers), 1 / own.service) for name, own in network.stations.items()}
        route = [stations[name] for name in network.route]
        took: list[tuple[str, float]] = []
        ended = [0]

        def lot(stream: str, rank: dict[str, int]) -> Any:
            released = env.now
            for station, rate in route:
                with station.request(**rank) as turn:
                    yield turn
                    yield env.timeout(draw(rate))
                ended[0] += 1
            took.append((stream, env.now - released))

        def arrivals(stream: str, rate: float, rank: dict[str, int]) -> Any:
            while True:
                yield env.timeout(draw(rate))
                env.process(lot(stream, rank))

        for name, stream in network.streams.items():
            env.process(arrivals(name, 1 / stream.interval, {"priority": -stream.priority} if ranked else {}))
        start = time.thread_time()
        env.run(until=minutes)
        return Outcome(time.thread_time() - start, ended[0], means(took), len(took))
