"""The tables of a study: when milestones are reached and how surely, years, what held it back, what was assumed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from renkei.alliance.uncertainty import quantities
from renkei.report.tables import YEARS, YEARS_NOTE, Column, Table, sourced
from renkei.report.words import CONSTRAINTS, NONE, known, month, number, percent, span
from renkei.study import Study
from renkei.study.spread import AT, label

QUANTILES = tuple(label(q) for q in AT)
_NEVER = "later or never"


def milestones(study: Study, headline: bool = True) -> Table:
    """Return P10, P50, P90 of the dates, the shares of futures in time, ever and never; all of them, or the headline
    ones."""
    table = study.milestone_quantiles
    rows = [_milestone(row) for row in table.to_dict("records") if row["headline"] or not headline]
    heads = (
        Column("milestone"), Column("promised"), *(Column(name.upper()) for name in QUANTILES),
        Column("in time", "of futures", True), Column("95 % interval", "%", True), Column("ever", "of futures", True),
        Column("95 % interval", "%", True), Column("never", "of futures", True),
    )  # fmt: skip
    title = "Milestones" if headline else "All milestones"
    note = (
        f"P50: the month by which half of all {len(study):,} futures are there, “{_NEVER}” counting as after every "
        f"month; in time: by the end of the month promised; never: not by {month(study.alliance.end)}"
    )
    return Table(title, heads, tuple(rows), note, folded=not headline)


def _milestone(row: Mapping[Any, Any]) -> tuple[str, ...]:
    days = (month(row[name]) if known(row[name]) else _NEVER for name in QUANTILES)
    ever, kept = row["reached"], row["by_promised"]
    return (
        row["name"], span(row["promised"], row["promised_until"]), *days, percent(kept), interval(row, "by_promised"),
        percent(ever), interval(row, "reached"), percent(1 - ever),
    )  # fmt: skip


def interval(row: Mapping[Any, Any], name: str) -> str:
    """Return the 95 % interval of a share in percent: `84–100`."""
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    return f"{100 * low:.0f}–{100 * high:.0f}" if known(low) else NONE


def years(study: Study) -> Table:
    """Return P10 / P50 / P90 of each year's measures."""
    shown = [each for each in YEARS if each[0] != "year"]
    rows = []
    for year, part in study.year_quantiles.groupby("year", sort=True):
        found = part.set_index("measure").to_dict("index")
        rows.append((str(year), *(_spread(found[name], write) for name, _, write in shown)))
    heads = (Column("year"), *(column for _, column, _ in shown))
    note = f"P10 / P50 / P90 over the futures in which there is something to measure; {YEARS_NOTE}"
    return Table("Year by year", heads, tuple(rows), note)


def _spread(row: Mapping[Any, Any], write: Callable[[Any], str]) -> str:
    return " / ".join(write(row[name]) for name in QUANTILES) if row["measured"] else NONE


def binding(study: Study) -> Table:
    """Return the share of each year's months in which each constraint bound."""
    rows = [
        (str(row["year"]), *(percent(row[name]) for name in CONSTRAINTS))
        for row in study.binding_shares.to_dict("records")
    ]
    heads = (Column("year"), *(Column(name, "", True) for name in CONSTRAINTS))
    return Table("Months by binding constraint", heads, tuple(rows), "share of the year’s months over all futures")


def assumptions(study: Study) -> Table:
    """Return every uncertain number as stated and as drawn, with its source."""
    drawn = {str(path): part.quantile(np.array(AT)).tolist() for path, part in study.drawn.groupby("path")["value"]}
    rows = []
    for path, value in quantities(study.alliance):
        if not value.uncertain:
            continue
        mark, source = sourced(study.alliance, path, value)
        seen = [number(found, 4) for found in drawn[path]] if path in drawn else [NONE] * len(AT)
        rows.append((path, str(value), *seen, mark, source))
    quantiles = (Column(name.upper(), "as drawn", True) for name in QUANTILES)
    heads = (Column("number"), Column("stated"), *quantiles, Column("confidence"), Column("source"))
    note = "“guess” marks low confidence; what belongs to single events is drawn for each event and has no quantiles"
    return Table("Uncertain numbers", heads, tuple(rows), note)


def futures(study: Study) -> Table:
    """Return the seed of each future."""
    rows = tuple((f"{row.future}", f"{row.seed}") for row in study.futures.itertuples())
    return Table("Futures", (Column("future"), Column("seed", "", True)), rows, "renkei run --seed repeats one", True)
