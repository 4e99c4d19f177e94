"""What the general simulation libraries have in common: they are there or not, and they know networks, not fabs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from importlib.util import find_spec

from benchmarks.cases import Case, Length
from benchmarks.network import DAY, Network
from benchmarks.outcome import Outcome

Play = Callable[[Network, float, int], Outcome]
"""Run a network for so many minutes with a seed."""


class Library:
    """An engine that is a Python package; subclasses say how it runs a network."""

    name: str
    package: str

    def absent(self) -> str | None:
        """Return why it cannot be used: it comes with the extra `peers`."""
        return None if find_spec(self.package) else f"{self.package} is not installed (make bench-peers installs it)"

    def unfit(self, case: Case) -> str | None:
        """Return why a case is not run: it is no network, or too long."""
        if case.network is None:
            return "has no such model of a fab"
        return None if case.peers else "compared in the shorter run"

    def run(self, case: Case, length: Length, seed: int) -> Outcome:
        """Run the network of a case."""
        assert case.network is not None
        assert length.warmup == 0
        return self.play(case.network, length.days * DAY, seed)

    def play(self, network: Network, minutes: float, seed: int) -> Outcome:
        """Run a network; subclasses do it."""
        raise NotImplementedError


def means(times: Iterable[tuple[str, float]]) -> dict[str, float]:
    """Return the mean time of each stream from pairs of stream and minutes."""
    found: dict[str, list[float]] = defaultdict(list)
    for stream, minutes in times:
        found[stream].append(minutes)
    return {stream: sum(own) / len(own) for stream, own in found.items()}
