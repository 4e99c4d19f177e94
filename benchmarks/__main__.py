"""`python -m benchmarks`: median speed of each case, and as a ratio to the first."""

from __future__ import annotations

import statistics
import sys

from benchmarks.cases import CASES
from renkei.replicate import run_floor

RUNS = 3


def main() -> int:
    """Run all cases and print one line each; exit 1 if a case did less work than it must."""
    print(f"{'case':44}{'lot-steps':>14}{'M/s median':>12}{'M/s best':>10}{'ratio':>8}")
    first = None
    short = 0
    for case in CASES:
        fab = case.fab()
        if fab is None:
            print(f"{case.name:44}  skipped: its files are neither in ../shared/smt2020 nor in $RENKEI_SMT2020")
            continue
        runs = [run_floor(fab, days=case.days, seed=0).measures for _ in range(RUNS)]
        steps = int(runs[0]["lot_steps"])
        speeds = [run["lot_steps"] / run["engine_seconds"] / 1e6 for run in runs]
        median = statistics.median(speeds)
        first = first or median
        print(f"{case.name:44}{steps:>14,}{median:>12.2f}{max(speeds):>10.2f}{median / first:>8.2f}")
        if steps < case.least_steps:
            print(f"  did less than the {case.least_steps:,} lot-steps expected")
            short += 1
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
