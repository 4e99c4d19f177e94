"""Small studies of projects whose end is known, beside what happened.

    python -m tools.backtest run        # simulate, write docs/other-alliances-futures.csv
    python -m tools.backtest table      # renew the tables of docs/other-alliances.md

What happened is `actual` of the alliance's milestones; the simulation never reads it.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from tools.hindcast import Fact, Verdict, table, verdict

from renkei.alliance import Alliance
from renkei.alliance.reading import read_alliance
from renkei.simulate import simulate

ROOT = Path(__file__).parents[1]
FUTURES = ROOT / "docs" / "other-alliances-futures.csv"
PAGE = ROOT / "docs" / "other-alliances.md"
PROJECTS = {"jasm-kumamoto": "2025-12", "tsmc-fab18": "2020-12"}
"""Last month simulated of each."""
COUNT = 20
DENSITIES = {"tsmc-fab18": [Fact("d0-2020-08", "Defect density, August 2020", "/cm2", 0.10, 0.11, "high")]}
"""AnandTech, 2020-08-25: 0.10–0.11 /cm2 of N5 (src/renkei/data/facts/defect_densities.csv)."""


def happened(alliance: Alliance) -> list[Fact]:
    """Return the milestones that have an actual date, and known defect densities."""
    return _dated(alliance) + DENSITIES.get(alliance.name, [])


def _dated(alliance: Alliance) -> list[Fact]:
    return [
        Fact(
            milestone.id,
            milestone.name,
            "date",
            float(milestone.actual.date.toordinal()),
            float((milestone.actual.until or milestone.actual.date).toordinal()),
            milestone.actual.confidence,
        )
        for milestone in alliance.milestones.values()
        if milestone.actual is not None
    ]


def dates(name: str, seeds: Sequence[int], end: str) -> list[dict[str, str]]:
    """Return each future's dates of the milestones that have an actual one, as ISO text, empty if not reached.

    Defect densities, what the experience of that month stands for, stand beside them if the months reach so far.
    """
    alliance = read_alliance(name, (), {"end": end})
    rows = []
    for seed in seeds:
        future = simulate(alliance, seed=seed)
        reached = future.milestones.set_index("id")["reached"]
        days = {fact.quantity: reached[fact.quantity] for fact in _dated(alliance)}
        row = {key: "" if pd.isna(day) else f"{day:%Y-%m-%d}" for key, day in days.items()}
        defects = future.months.set_index("month")["d0_process_per_cm2"]
        for fact in DENSITIES.get(name, []):
            month = pd.Timestamp(f"{fact.quantity.removeprefix('d0-')}-01")
            row[fact.quantity] = f"{defects[month]:.4f}" if month in defects.index else ""
        rows.append(row)
    return rows


def verdicts(name: str, rows: Sequence[dict[str, str]]) -> list[Verdict]:
    """Compare dates with what happened."""
    return [verdict(fact, [row[fact.quantity] for row in rows]) for fact in happened(read_alliance(name))]


def stored(name: str) -> list[dict[str, str]]:
    """Return the dates of the stored study."""
    with FUTURES.open(encoding="utf-8", newline="") as file:
        found: dict[str, dict[str, str]] = {}
        for row in csv.DictReader(file):
            if row["alliance"] == name:
                found.setdefault(row["seed"], {})[row["milestone"]] = row["reached"]
    return list(found.values())


def page(text: str) -> str:
    """Return the page with its tables renewed."""
    for name, end in PROJECTS.items():
        begin, stop = f"<!-- {name} -->\n", f"<!-- end of {name} -->\n"
        before, _, rest = text.partition(begin)
        _, _, after = rest.partition(stop)
        text = f"{before}{begin}{table(verdicts(name, stored(name)), end)}{stop}{after}"
    return text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["run", "table"])
    if parser.parse_args().what == "table":
        PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
        return
    with FUTURES.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["alliance", "seed", "milestone", "reached"])
        for name, end in PROJECTS.items():
            for seed in range(1, COUNT + 1):
                (row,) = dates(name, [seed], end)
                writer.writerows([name, seed, milestone, day] for milestone, day in row.items())
                file.flush()
                print(f"{name}: future {seed} of {COUNT}", flush=True)


if __name__ == "__main__":
    main()
