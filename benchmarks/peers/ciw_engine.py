"""Ciw: a node for each station, a class of customers for each stream, the route as a process."""

from __future__ import annotations

import time
from typing import Any

from benchmarks.network import Network
from benchmarks.outcome import Outcome
from benchmarks.peers.library import Library, means


class Ciw(Library):
    """All arrive at the node of the first step."""

    name = "Ciw"
    package = "ciw"

    def play(self, network: Network, minutes: float, seed: int) -> Outcome:
        """Run a network; Ciw writes down every visit, and its records are counted after the clock has stopped."""
        import ciw

        ciw.seed(seed)
        nodes = {name: place for place, name in enumerate(network.stations, 1)}
        route = [nodes[name] for name in network.route]
        ranks = sorted(network.streams, key=lambda name: -network.streams[name].priority)

        def exponential(mean: float) -> Any:
            return ciw.dists.Exponential(1 / mean)

        model = ciw.create_network(
            arrival_distributions={
                name: [exponential(stream.interval) if node == route[0] else None for node in nodes.values()]
                for name, stream in network.streams.items()
            },
            service_distributions={
                name: [exponential(station.service) for station in network.stations.values()]
                for name in network.streams
            },
            routing={name: ciw.routing.ProcessBased(lambda *_: route[1:]) for name in network.streams},
            number_of_servers=[station.servers for station in network.stations.values()],
            priority_classes={name: rank for rank, name in enumerate(ranks)},
        )
        simulation = ciw.Simulation(model)
        start = time.thread_time()
        simulation.simulate_until_max_time(minutes)
        seconds = time.thread_time() - start
        return _outcome(seconds, simulation)


def _outcome(seconds: float, simulation: Any) -> Outcome:
    steps = sum(len(customer.data_records) for customer in simulation.get_all_individuals())
    gone = simulation.nodes[-1].all_individuals
    took = [
        (str(customer.data_records[0].customer_class), visits[-1].exit_date - visits[0].arrival_date)
        for customer in gone
        if (visits := customer.data_records)
    ]
    return Outcome(seconds, steps, means(took), len(took))
