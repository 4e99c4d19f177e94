"""Critical paths as tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final

import pandas as pd

from renkei.alliance import Alliance
from renkei.outcome.paths.link import Link

DATES: Final = "datetime64[ms]"
PATHS = ("milestone", "step", "what", "clause", "kind", "since", "until", "days")
GATES = ("tranche", "milestone", "reached", "through")


def paths_table(paths: Mapping[str, Sequence[Link]]) -> pd.DataFrame:
    """Return one row a link: milestone, step (from 0), what, clause, kind (start, gate, duration, wait, record), since,
    until, days."""
    rows = [
        (name, step, link.what, link.path, link.kind, link.since, link.until, link.days)
        for name, chain in paths.items()
        for step, link in enumerate(chain)
    ]
    table = pd.DataFrame(rows, columns=list(PATHS)).astype({"step": "int64", "days": "int64"})
    return _dated(table, ("since", "until"))


def gates_table(
    alliance: Alliance, paths: Mapping[str, Sequence[Link]], reached: Mapping[str, dt.date]
) -> pd.DataFrame:  # fmt: skip
    """Return one row a tranche and milestone that it waits for: reached, and the clauses on that milestone's path."""
    rows = []
    for tranche in alliance.funding.tranches.values():
        for name in tranche.after:
            if name in alliance.milestones:
                through = dict.fromkeys(link.path for link in paths.get(name, ()))
                rows.append((tranche.id, name, reached.get(name), ", ".join(through)))
    return _dated(pd.DataFrame(rows, columns=list(GATES)), ("reached",))


def _dated(table: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    for name in columns:
        table[name] = pd.to_datetime(table[name]).astype(DATES)
    return table
