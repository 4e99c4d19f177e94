"""A study in the terminal: milestones, years and what held it back, as plain tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import typer

from renkei.cli.aligned import aligned, percent

if TYPE_CHECKING:
    import pandas as pd

    from renkei.study import Study

Measure = tuple[str, str, float, int]
"""Head, column, factor and digits of what is shown of a year."""
YEARS: tuple[Measure, ...] = (
    ("cash bn JPY", "cash_jpy", 1e-9, 0), ("people", "headcount", 1, 0), ("tools", "tools", 1, 0),
    ("wafers out", "wafers_out", 1, 0), ("cycle days", "cycle_time_days", 1, 0), ("D0 /cm²", "d0_per_cm2", 1, 2),
    ("die yield %", "die_yield", 100, 0), ("revenue bn JPY", "revenue_jpy", 1e-9, 0),
)  # fmt: skip


def print_study(study: Study) -> None:
    """Print when milestones are reached and how surely, years as P10 / P50 / P90, and the shares of constraints."""
    alliance = study.alliance
    typer.echo(alliance.title or alliance.name)
    scenario = ", ".join(alliance.scenario) or "default"
    typer.echo(f"scenario {scenario}, {alliance.start:%Y-%m} to {alliance.end:%Y-%m}, "
               f"{len(study)} futures from seed {study.seed}\n")  # fmt: skip
    typer.echo("Milestones: the month by which 10, 50, 90 % of the futures are there; -: fewer ever are")
    for line in aligned([_MILESTONE, *(_milestone(row) for row in _headlines(study))]):
        typer.echo(line)
    typer.echo("\nYears: P10 / P50 / P90 over the futures in which there is something to measure")
    for measures in (YEARS[:4], YEARS[4:]):
        for line in aligned([("", *(head for head, *_ in measures)), *_years(study.year_quantiles, measures)]):
            typer.echo(line)
    typer.echo("\nWhat held it back: share of the months of each year, %")
    shares = study.binding_shares
    names = [name for name in shares.columns if name != "year"]
    rows = [(str(row["year"]), *(percent(row[name], 0) for name in names)) for row in shares.to_dict("records")]
    for line in aligned([("", *names), *rows]):
        typer.echo(line)


_MILESTONE = ("", "promised", "P10", "P50", "P90", "ever %", "95 %", "in time %", "95 %")


def _headlines(study: Study) -> list[Mapping[Any, Any]]:
    return [row for row in study.milestone_quantiles.to_dict("records") if row["headline"]]


def _milestone(row: Mapping[Any, Any]) -> tuple[str, ...]:
    days = [_month(row[name]) for name in ("promised_until", "p10", "p50", "p90")]
    return (row["name"], *days, *_share(row, "reached"), *_share(row, "by_promised"))


def _share(row: Mapping[Any, Any], name: str) -> tuple[str, str]:
    share, low, high = row[name], row[f"{name}_low"], row[f"{name}_high"]
    return ("-", "-") if share != share else (percent(share, 0), f"{percent(low, 0)}–{percent(high, 0)}")


def _month(day: Any) -> str:
    return "-" if day is None or day != day else f"{day:%Y-%m}"


def _years(table: pd.DataFrame, measures: Sequence[Measure]) -> list[tuple[str, ...]]:
    rows = []
    for year, part in table.groupby("year"):
        known = part.set_index("measure")
        cells = (_spread(known.loc[name], factor, digits) for _, name, factor, digits in measures)
        rows.append((str(year), *cells))
    return rows


def _spread(row: Any, factor: float, digits: int) -> str:
    if not row["measured"]:
        return "-"
    return " / ".join(f"{row[name] * factor:,.{digits}f}" for name in ("p10", "p50", "p90"))
