"""The registry of cases: a fab, how long it runs in each size, and the lot-steps that must come out.

The last keeps speed from being bought with less work.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.network import MM1, MM10, REENTRANT, Network
from benchmarks.synthetic import lot_steps_per_day, synthetic
from renkei.fab import Fab, import_smt2020, load_fab


@dataclass(frozen=True)
class Length:
    """How long a run is, `label` in words: `warmup` days that are not timed, `days` that are, and the least and most
    lot-steps of the latter."""

    label: str
    days: float
    lot_steps: tuple[int, int]
    warmup: float = 0.0


@dataclass(frozen=True)
class Case:
    """One benchmark in one size; `smoke` is a run of a moment, `network` says the same to engines that know no fabs."""

    name: str
    title: str
    fab: Callable[[], Fab]
    length: Length
    smoke: Length
    full: Length | None = None
    network: Network | None = None
    peers: bool = True
    """False: too long for the slower engines; they run a smaller size of the same case."""
    dataset: str = ""
    """Name of the SMT2020 model, for engines that read its files themselves."""

    def absent(self) -> str | None:
        """Return why the case cannot be run here."""
        if self.dataset and not smt2020_folder(self.dataset).is_dir():
            return "its files are neither in ../shared/smt2020 nor in $RENKEI_SMT2020"
        return None


def smt2020_folder(dataset: str) -> Path:
    """Folder of an SMT2020 model's files."""
    return Path(os.environ.get("RENKEI_SMT2020", "../shared/smt2020")) / dataset


def about(lot_steps: float, within: float = 0.03) -> tuple[int, int]:
    """Least and most lot-steps around a number that seeds and last digits may move a little."""
    return int(lot_steps * (1 - within)), int(lot_steps * (1 + within))


def of_network(network: Network, title: str, lots: int, smoke: int, peers: bool = True) -> Case:
    """Return a case of so many lots of a network."""

    def length(count: int) -> Length:
        days = network.days(count)
        return Length(f"{count:,} lots", days, network.lot_steps(days))

    name = network.name if peers else f"{network.name}-long"
    return Case(name, title, network.fab, length(lots), length(smoke), network=network, peers=peers)


def of_synthetic(starts: int, days: float) -> Case:
    """Return a case of the synthetic fab, warmed up until as many lots end as begin."""

    def length(days: float, warmup: float, within: float) -> Length:
        return Length(f"{days:,g} days", days, about(days * lot_steps_per_day(starts), within), warmup)

    title = f"synthetic fab, {starts:,} wspm"
    smoke = length(days / 100, 35, 0.4)
    return Case(f"synthetic-{starts}", title, partial(synthetic, starts), length(days, 100, 0.08), smoke)


SYNTHETIC = (of_synthetic(1_000, 3_000), of_synthetic(10_000, 300), of_synthetic(100_000, 30))
"""Sizes that do the same number of lot-steps, smallest fab first."""
CASES = (
    of_network(MM1, "M/M/1", 50_000, 1_000),
    of_network(MM1, "M/M/1", 1_000_000, 20_000, peers=False),
    of_network(MM10, "M/M/10", 50_000, 1_000),
    of_network(REENTRANT, "re-entrant line", 20_000, 300),
    Case(
        "minifab", "Mini-Fab", lambda: load_fab("minifab"),
        Length("10 years", 3_650, about(262_700)), smoke=Length("30 days", 30, about(2_110, 0.1)),
    ),
    *SYNTHETIC,
    Case(
        "nanosheet", "nanosheet-2nm at 25,000 wspm", lambda: load_fab("nanosheet-2nm", "25k"),
        Length("200 days", 200, about(7_620_000)), smoke=Length("2 days", 2, about(9_975, 0.1)),
    ),
    Case(
        "hvlm", "SMT2020 HVLM", lambda: import_smt2020(smt2020_folder("hvlm")),
        Length("365 days", 365, about(8_640_000)), smoke=Length("2 days", 2, about(49_970, 0.1)),
        full=Length("1,460 days", 1_460, about(34_600_000)), dataset="hvlm",
    ),
)  # fmt: skip
