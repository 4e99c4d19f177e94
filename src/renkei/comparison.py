"""Two fabs under the same luck: what differs between them, and by how much more than chance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from renkei.fab.fab import Fab
from renkei.outcome.spread import Paired, paired
from renkei.replicate import SCALARS, SECTIONS, FloorRun, Progress, Warmup, run_floors

CLEAR, UNCLEAR, ONLY_A, ONLY_B = "clear difference", "not distinguishable", "only in A", "only in B"
COLUMNS = ("section", "name", "measure", "a", "b", "difference", "half_width", "ratio", "pairs", "verdict")


@dataclass(frozen=True)
class Compared:
    """One measure of both fabs."""

    section: str
    """`fab`, `products`, `lot_types` or `tool_groups`."""
    name: str
    """Of the product, lot type or tool group; empty for the fab."""
    measure: str
    values: Paired
    only: str = ""
    """`only in A` or `only in B` if the other fab has nothing of this name."""

    @property
    def verdict(self) -> str | None:
        """What the interval allows to say; None without an interval, as with a single replication."""
        if self.only or self.values.clear is None:
            return self.only or None
        return CLEAR if self.values.clear else UNCLEAR

    def to_json(self) -> dict[str, Any]:
        """Return a leaf of `comparison` in the JSON, see docs/statistics.md."""
        found = asdict(self.values)
        half = found.pop("half_width")
        pairs = found.pop("pairs")
        return {**found, "ci95": half, "ratio": self.values.ratio, "pairs": pairs, "verdict": self.verdict}


@dataclass(frozen=True)
class FloorComparison:
    """Two floor runs, replication r of both with the same seed."""

    a: FloorRun
    b: FloorRun
    compared: tuple[Compared, ...]

    @property
    def table(self) -> pd.DataFrame:
        """One row a measure: section, name, measure, a, b, difference (b − a), half_width (of its 95 % interval), ratio
        (b ÷ a), pairs, verdict.
        """
        rows = [
            (one.section, one.name, one.measure, one.values.a, one.values.b, one.values.difference,
             one.values.half_width, one.values.ratio, one.values.pairs, one.verdict)
            for one in self.compared
        ]  # fmt: skip
        numbers = dict.fromkeys(("a", "b", "difference", "half_width", "ratio"), "float64")
        return pd.DataFrame(rows, columns=list(COLUMNS)).astype(numbers)

    def only_in(self, verdict: str) -> dict[str, list[str]]:
        """Return the names by section that one fab alone has; `verdict` says which, `only in A` or `only in B`."""
        found: dict[str, list[str]] = {section: [] for section in SECTIONS}
        for one in self.compared:
            if one.only == verdict and one.name not in found[one.section]:
                found[one.section].append(one.name)
        return found

    def to_json(self) -> dict[str, Any]:
        """Return what `renkei floor A --versus B --json` prints."""
        tree: dict[str, Any] = {section: {} for section in SECTIONS}
        for one in self.compared:
            place = tree if one.section == "fab" else tree[one.section].setdefault(one.name, {})
            place[one.measure] = one.to_json()
        return {
            "comparison": tree,
            "only_in_a": self.only_in(ONLY_A),
            "only_in_b": self.only_in(ONLY_B),
            "days": self.a.days,
            "warmup_days": self.a.warmup,
            "seed": self.a.seed,
            "pairs": len(self.a.replications),
            "a": _identity(self.a.fab) | self.a.to_json(),
            "b": _identity(self.b.fab) | self.b.to_json(),
        }

    def __repr__(self) -> str:
        clear = sum(one.verdict == CLEAR for one in self.compared)
        return (
            f"<FloorComparison {self.a.fab.name} with {self.b.fab.name}: {len(self.a.replications)} pairs, "
            f"{clear} of {len(self.compared)} measures differ clearly>"
        )


def _identity(fab: Fab) -> dict[str, Any]:
    return {"fab": fab.name, "size": fab.size, "dispatch": ", ".join(fab.dispatch)}


def compare_floors(
    a: Fab,
    b: Fab,
    days: float = 365,
    warmup: Warmup = 0,
    seed: int = 0,
    replications: int = 10,
    threads: int | None = None,
    progress: Progress | None = None,
) -> FloorComparison:
    """Run two fabs under the same luck and compare them measure by measure, replication by replication.

    Replication r of both runs with seed + r. Draws are addressed by the names of orders, groups and outages (docs/
    floor.md), so what both fabs have in common meets the same luck, and the paired differences vary less than those of
    independent runs. To compare dispatch rules, give `fab` and `fab.with_dispatch(rule)`. The other arguments are those
    of `run_floor`; with `warmup` `"auto"` both get the longer of their warm-ups. Raises InputError.
    """
    return paired_runs(*run_floors([a, b], days, warmup, seed, replications, threads, progress))


def paired_runs(a: FloorRun, b: FloorRun) -> FloorComparison:
    """Compare two runs with the same days, warm-up, seed and number of replications; ValueError if they differ."""
    if (a.days, a.warmup, a.seed, len(a.replications)) != (b.days, b.warmup, b.seed, len(b.replications)):
        raise ValueError("days, warm-up, seed and number of replications of both runs must agree")
    return FloorComparison(a, b, tuple(_compared(a, b)))


def _compared(a: FloorRun, b: FloorRun) -> Iterator[Compared]:
    for measure in SCALARS:
        yield Compared("fab", "", measure, _pair(a.replications, b.replications, measure))
    for section in SECTIONS:
        names = dict.fromkeys([*a.replications[0][section], *b.replications[0][section]])
        for name in names:
            of_a, of_b = ([run[section].get(name, {}) for run in both.replications] for both in (a, b))
            only = ONLY_B if not of_a[0] else ONLY_A if not of_b[0] else ""
            for measure in of_a[0] or of_b[0]:
                yield Compared(section, name, measure, _pair(of_a, of_b, measure), only)


def _pair(a: Sequence[Mapping[str, Any]], b: Sequence[Mapping[str, Any]], measure: str) -> Paired:
    return paired([run.get(measure) for run in a], [run.get(measure) for run in b])
