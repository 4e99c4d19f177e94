"""Fit learning, ramps, durations and staffing to the public facts of src/renkei/data/facts.

    python -m tools.calibration          # print the fits
    python -m tools.calibration page     # renew the numbers of docs/calibration.md

Least squares by exhaustive grids, so that profiles are exact and nothing depends on starting points: three parameters
and half a dozen points need no optimiser. NumPy only.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from renkei.alliance import Alliance
from renkei.alliance.reading import read_alliance
from renkei.alliance.uncertainty import score

Floats = NDArray[np.float64]
ROOT = Path(__file__).parents[1]
FACTS = ROOT / "src" / "renkei" / "data" / "facts"
PAGE = ROOT / "docs" / "calibration.md"
BEGIN, END = "<!-- fits -->\n", "<!-- end of fits -->\n"
CHI2_95 = 3.841
"""95 % point of chi-squared with one degree of freedom: a profile interval."""
READING = 0.10
"""Standard error of the logarithm of a defect density read off a chart or rounded by the press (guess)."""
T_95 = {2: 12.706, 3: 4.303, 4: 3.182, 5: 2.776, 6: 2.571, 7: 2.447, 8: 2.365, 9: 2.306, 10: 2.262}
"""Student's t, two-sided 95 %, by number of values."""
MONTH = 365.25 / 12

RATES: Floats = np.linspace(0.02, 1.5, 75)
FLOORS: Floats = np.linspace(0.0, 0.105, 36)
STARTS: Floats = np.geomspace(0.2, 0.5, 41)


@dataclass(frozen=True)
class Profile:
    """A parameter's best value and the range that the data allow."""

    best: float
    low: float
    high: float
    open: bool
    """The interval reaches the end of the searched range: the data do not bound it there."""

    def __str__(self) -> str:
        return f"{self.best:.2f} ({self.low:.2f}–{self.high:.2f}{', open' if self.open else ''})"


@dataclass(frozen=True)
class LearningFit:
    """D = D∞ + (D₋₃ − D∞) · e^(−k·(q + 3)), q quarters from the start of volume."""

    rate: Profile
    """k, a quarter."""
    floor: Profile
    """D∞, /cm2."""
    residual: float
    """Root mean square of the logarithm's residuals."""
    points: int


def learning(quarters: Sequence[float], densities: Sequence[float], sigma: float = READING) -> LearningFit:
    """Fit the exponential approach (Gruber 1994 in the form of the model) to logarithms, with profile intervals."""
    q, d = np.asarray(quarters, dtype=float), np.log(np.asarray(densities, dtype=float))
    decay = np.exp(-RATES[:, None] * (q + 3))[:, None, None, :]
    floor, start = FLOORS[None, :, None, None], STARTS[None, None, :, None]
    model = np.log(floor + (start - floor) * decay)
    squares = ((model - d) ** 2).sum(axis=-1)
    chi2 = squares / sigma**2
    return LearningFit(
        _profile(RATES, chi2.min(axis=(1, 2))),
        _profile(FLOORS, chi2.min(axis=(0, 2))),
        float(np.sqrt(squares.min() / len(q))),
        len(q),
    )


def built_in_rate(alliance: Alliance, seed: int, full_loop_days: float = 105.0) -> float:
    """Return the experience a quarter that a future's learning gives in steady state with the lots that it plans.

    Rate · m/(m + m50) a generation with m = learning_target · m50, modules by short loops, integration by full loops of
    `full_loop_days` (what nanosheet-2nm shows as a development line), each with its analysis.
    """
    terms, target = alliance.technology.learning, float(alliance.planning.learning_target)
    rate, modules, analysis, loop = (
        float(value.at(score(seed, f"technology.learning.{name}", value)))
        for name in ("rate", "modules", "analysis_time", "short_loop_time")
        for value in [getattr(terms, name)]
    )
    quarter = 365.25 / 4
    pace = modules * quarter / (loop + analysis) + (1 - modules) * quarter / (full_loop_days + analysis)
    return rate * target / (1 + target) * pace


def power_residual(quarters: Sequence[float], densities: Sequence[float]) -> float:
    """Root mean square residual of D = a · (q + q0)^(−b), another form of learning with three parameters."""
    q, d = np.asarray(quarters, dtype=float), np.log(np.asarray(densities, dtype=float))
    best = np.inf
    for shift in np.geomspace(3.05, 40, 200):
        x = np.log(q + shift)
        design = np.stack([np.ones_like(x), x], axis=1)
        coefficients = np.linalg.lstsq(design, d, rcond=None)[0]
        best = min(best, float(((design @ coefficients - d) ** 2).mean()))
    return float(np.sqrt(best))


def ramp(quarters: Sequence[float], revenue: Sequence[float]) -> tuple[Profile, float]:
    """Fit revenue = R · (1 − e^(−q/T)) and return T in quarters, and the relative residual.

    The level R is free for each T (linear). The residual's size is taken as the error (same for all quarters).
    """
    q, y = np.asarray(quarters, dtype=float), np.asarray(revenue, dtype=float)
    times = np.geomspace(0.3, 30, 400)
    squares = []
    for time in times:
        x = 1 - np.exp(-q / time)
        squares.append(float(((y - x * (x @ y) / (x @ x)) ** 2).sum()))
    sse = np.asarray(squares)
    variance = sse.min() / (len(q) - 2)
    return _profile(times, sse / variance), float(np.sqrt(variance) / y.mean())


def _profile(grid: Floats, chi2: Floats) -> Profile:
    inside = np.flatnonzero(chi2 <= chi2.min() + CHI2_95)
    first, last = int(inside[0]), int(inside[-1])
    best = int(chi2.argmin())
    return Profile(
        float(grid[best]), float(grid[first]), float(grid[last]), bool(first == 0 or last == len(grid) - 1)
    )


def defect_densities(*nodes: str) -> tuple[list[float], list[float]]:
    """Return quarters from volume and densities of the points that are fitted."""
    rows = [r for r in _rows("defect_densities.csv") if r["used"] == "yes" and r["node"] in nodes]
    return [float(r["quarters_from_volume"]) for r in rows], [float(r["d0_per_cm2"]) for r in rows]


def revenues(node: str, first: str, last: str) -> tuple[list[float], list[float]]:
    """Return quarters since the first one (start of volume) and the node's revenue, bn USD."""
    rows = [r for r in _rows("ramps.csv") if first <= r["quarter"] <= last]
    return list(map(float, range(len(rows)))), [
        float(r["revenue_usd_bn"]) * float(r[f"{node}_percent"]) / 100 for r in rows
    ]


def durations(begin: str, end: str) -> dict[str, float]:
    """Return months from one event to another, by project, where both are known."""
    return {
        row["project"]: (_day(row[end]) - _day(row[begin])).days / MONTH
        for row in _rows("durations.csv")
        if row[begin] and row[end]
    }


def staffing() -> dict[str, float]:
    """Return people for 1,000 wafers a month, by project."""
    return {r["project"]: 1000 * float(r["people"]) / float(r["wafers_per_month"]) for r in _rows("staffing.csv")}


def spread(values: Sequence[float]) -> str:
    """Return n, mean with its 95 % t interval, and range."""
    n, mean = len(values), float(np.mean(values))
    if n < 2:
        return f"n = {n}: {mean:.1f}; one value, no spread"
    half = T_95[n] * float(np.std(values, ddof=1)) / np.sqrt(n)
    return f"n = {n}: mean {mean:.1f} ± {half:.1f}, range {min(values):.1f}–{max(values):.1f}"


def report() -> str:
    """Return all fits as two tables."""
    heads = "defect densities", "k a quarter (95 %)", "D∞ /cm2 (95 %)", "residual of ln D", "points"
    lines = [f"| {' | '.join(heads)} |", "|---|---|---|---|---|"]
    for name, nodes in (("N7 and N5 together", ("N7", "N5")), ("N5 alone", ("N5",))):
        fit = learning(*defect_densities(*nodes))
        lines.append(f"| {name} | {fit.rate} | {fit.floor} | {fit.residual:.2f} | {fit.points} |")
    both = defect_densities("N7", "N5")
    lines += ["", f"Power law on the same points: residual {power_residual(*both):.2f}.", ""]
    lines += ["| learning of the built-in alliances, a quarter | P10 | P50 | P90 |", "|---|---|---|---|"]
    for name in ("japan-us-2nm", "japan-us-2nm-2023"):
        alliance = read_alliance(name)
        rates = np.quantile([built_in_rate(alliance, seed) for seed in range(200)], (0.1, 0.5, 0.9))
        lines.append(f"| `{name}` | {' | '.join(f'{rate:.2f}' for rate in rates)} |")
    lines.append("")
    lines += ["| what | spread |", "|---|---|"]
    for node, first, last in (("n7", "2018Q2", "2020Q3"), ("n5", "2020Q2", "2022Q4")):
        time, error = ramp(*revenues(node, first, last))
        lines.append(f"| ramp of {node.upper()}, time constant, quarters | {time}, residual {error:.0%} |")
    for name, begin, end in (
        ("ground broken to move-in, months", "ground_broken", "move_in"),
        ("move-in to first silicon, months", "move_in", "first_silicon"),
        ("move-in to volume, months", "move_in", "volume"),
        ("ground broken to volume, months", "ground_broken", "volume"),
    ):
        lines.append(f"| {name} | {spread(list(durations(begin, end).values()))} |")
    lines.append(f"| people for 1,000 wafers a month | {spread(list(staffing().values()))} |")
    return "\n".join([*lines, ""])


def page(text: str) -> str:
    """Return the page with its fits renewed."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}{report()}{END}{after}"


def _rows(name: str) -> list[dict[str, str]]:
    with (FACTS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="?", choices=["page"])
    if parser.parse_args().what == "page":
        PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    else:
        print(report())


if __name__ == "__main__":
    main()
