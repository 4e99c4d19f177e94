"""Critical paths in the terminal: what made the date of each milestone, and what tranches wait for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from renkei.cli.aligned import aligned

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from renkei.alliance import Alliance


def print_paths(alliance: Alliance, tables: Mapping[str, pd.DataFrame]) -> None:
    """Print the path of each headline milestone that was reached, and each tranche's gates."""
    typer.echo("\nCritical paths: what made the date of each milestone in this future")
    paths = tables["paths"]
    for milestone in alliance.milestones.values():
        mine = paths[paths["milestone"] == milestone.id]
        if not milestone.headline or mine.empty:
            continue
        typer.echo(f"\n  {milestone.name}, {mine['until'].iloc[-1]:%Y-%m}")
        rows: list[tuple[str, ...]] = [
            (f"{row['since']:%Y-%m}", row["what"], row["clause"], "" if not row["days"] else f"{row['days']:,} d")
            for row in mine.to_dict("records")
        ]
        for line in aligned(rows, left=3):
            typer.echo(f"  {line}")
    gates = tables["gates"].to_dict("records")
    if gates:
        typer.echo("\nTranches wait for")
        rows = [(row["tranche"], alliance.milestones[row["milestone"]].name, _month(row["reached"])) for row in gates]
        for line in aligned(rows, left=2):
            typer.echo(line)


def _month(day: pd.Timestamp) -> str:
    return "not reached" if day != day else f"reached {day:%Y-%m}"
