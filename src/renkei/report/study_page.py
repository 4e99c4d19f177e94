"""A study as a page: how surely and when, what holds it back, fan charts, what was assumed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from renkei.months.calendar import months_of
from renkei.report import charts
from renkei.report import study_tables as tables
from renkei.report.figures import Figure
from renkei.report.page import alliance_page
from renkei.report.parts import Headline, Section, Tile
from renkei.report.words import CONSTRAINTS, billions, compact, known, month, percent
from renkei.study import Study
from renkei.study.spread import reached_share

TEMPLATE = "study.html.j2"
TILES = 3
"""Milestones on the first screen: the last ones that somebody promised."""
_FAN = "line: median; shade: P10 to P90"


def study_page(study: Study, manifest: Mapping[str, Any]) -> str:
    """Return the page of a study, about 1 MB, nearly all of it the script that draws; `manifest`: of its folder."""
    named = zip(manifest["scenarios"], manifest["scenario_titles"], strict=True)
    scenario = "; ".join(f"{name} ({title})" if title != name else name for name, title in named) or "default"
    words = {"scenario": scenario, "manifest": manifest, "headline": headline(study)}
    return alliance_page(TEMPLATE, study.alliance, sections(study), **words)


def headline(study: Study) -> Headline:
    """Return the numbers and sentences of the first screen."""
    rows = [row for row in study.milestone_quantiles.to_dict("records") if row["headline"]]
    promised = [row for row in rows if known(row["promised_until"])]
    tiles = [_milestone_tile(row) for row in promised[-TILES:]]
    last = study.month_quantiles[study.month_quantiles["month"] == study.month_quantiles["month"].max()]
    ends = last.set_index("measure").to_dict("index")
    for name, measure, write in (
        ("good dies in all", "good_dies_cumulative", compact),
        ("cash at the end, bn JPY", "cash_jpy", billions),
    ):
        row = ends[measure]
        tiles.append(Tile(name, write(row["p50"]), f"P10 {write(row['p10'])}, P90 {write(row['p90'])}"))
    return Headline(tuple(tiles), (*(_sentence(row, study) for row in promised[-TILES:]), _held(study)))


def _milestone_tile(row: Mapping[Any, Any]) -> Tile:
    ends = [month(row[name]) if known(row[name]) else "later or never" for name in ("p10", "p50", "p90")]
    kept = f"promised {month(row['promised_until'])}: {_share(row['by_promised'])} in time"
    note = f"P10 {ends[0]}, P90 {ends[2]}; {kept}"
    return Tile(f"{row['name']}, P50", ends[1], note)


def _sentence(row: Mapping[Any, Any], study: Study) -> str:
    """Return when half of the futures are there, how many are in time, and how many never are."""
    half = f"half of the futures by {month(row['p50'])}" if known(row["p50"]) else "fewer than half of the futures ever"
    kept = f"{_share(row['by_promised'])} by the promised {month(row['promised_until'])}"
    sure = f"95\N{NO-BREAK SPACE}% interval {tables.interval(row, 'by_promised')}\N{NO-BREAK SPACE}%"
    missing, end = 1 - row["reached"], month(study.alliance.end)
    never = f"{_share(missing)} are still not there at the end, {end}" if missing else f"all are there by {end}"
    return f"{row['name']}: {half}; {kept} ({sure}); {never}."


def _share(value: Any) -> str:
    """Return a share in percent that no line break parts from its sign."""
    return percent(value).replace(" ", "\N{NO-BREAK SPACE}")


def _held(study: Study) -> str:
    shares = study.months["binding"].value_counts(normalize=True)
    told = ", ".join(f"{name} {_share(share)}" for name, share in shares.items())
    return f"What held it back, in percent of all months of all futures: {told}."


def sections(study: Study) -> tuple[Section, ...]:
    """Return the sections of the page in order."""
    return (
        Section(
            "milestones",
            "Milestones",
            ("Each curve tells what share of all futures has reached a milestone by the end of a month.",),
            (milestone_curves(study),),
            (tables.milestones(study), tables.milestones(study, headline=False)),
        ),
        Section(
            "binding",
            "What held it back",
            ("Each month of each future has one binding constraint, at the root of what was late.",),
            (binding_bars(study),),
            (tables.binding(study),),
        ),
        Section("years", "Year by year", (), (), (tables.years(study),)),
        Section("money", "Money", (), _money(study)),
        Section("tools", "Tools and people", (), _tools(study)),
        Section("wafers", "Wafers, learning and yield", (_MEASURED,), _wafers(study)),
        Section("assumptions", "Assumptions", (), (), (tables.assumptions(study),)),
        Section("futures", "Futures", (), (), (tables.futures(study),)),
    )


_MEASURED = (
    "Yields, defect density and cycle time are of the futures that run wafers in the month; a bad future has none. "
    "Point at a month to see how many futures it is. Die yield is of product wafers; before there are any, of test "
    "chips."
)


def milestone_curves(study: Study) -> Figure:
    """Return the share of futures there by each month's end, in percent, with the promised days."""
    lasts = [item.last for item in months_of(study.alliance)]
    shown = [m for m in study.alliance.milestones.values() if m.headline]
    days = {m.name: study.milestones.loc[study.milestones["id"] == m.id, "reached"] for m in shown}
    series = {name: [100 * reached_share(reached, last) for last in lasts] for name, reached in days.items()}
    marks = []
    for milestone in shown:
        if milestone.promised is not None:
            by = milestone.promised.month_end
            marks.append((milestone.name, by, 100 * reached_share(days[milestone.name], by)))
    spec = charts.curves([day.replace(day=1) for day in lasts], series, marks) if series else None
    note = "% of all futures; a diamond stands at the end of the month promised"
    return Figure("curves", "Probability of being there", spec, note, "No milestone is shown.", wide=True)


def binding_bars(study: Study) -> Figure:
    """Return the shares of constraints by year, stacked."""
    rows = [
        {"period": str(row["year"]), **{name: 100 * row[name] for name in CONSTRAINTS}}
        for row in study.binding_shares.to_dict("records")
    ]
    note = "% of the year’s months, over all futures"
    return Figure("binding", "The binding constraint by year", charts.bars(rows, CONSTRAINTS, top=100), note, wide=True)


def fan(study: Study, id_: str, title: str, measure: str, unit: str, scale: float = 1.0, log: bool = False) -> Figure:
    """Return P10, P50, P90 of a measure by month; where nothing was measured, nothing is drawn."""
    table = study.month_quantiles[study.month_quantiles["measure"] == measure]
    if not table[["p10", "p50", "p90"]].fillna(0).ne(0).any(axis=None):
        return Figure(id_, title, None, unit, "Nothing of this happened in any future.")
    low, middle, high = ((table[name] * scale).tolist() for name in tables.QUANTILES)
    spec = charts.fan(table["month"].dt.date.tolist(), low, middle, high, table["measured"].tolist(), log)
    return Figure(id_, title, spec, f"{unit}; {_FAN}")


def _money(study: Study) -> tuple[Figure, ...]:
    table = study.year_quantiles[study.year_quantiles["measure"] == "revenue_jpy"]
    rows = [
        {"period": str(row["year"]), "futures": row["measured"],
         **{name.upper(): row[name] * 1e-9 for name in tables.QUANTILES}}
        for row in table.to_dict("records")
    ]  # fmt: skip
    some = any(row["P90"] for row in rows)
    note = "bn JPY invoiced in the year; line: median; bar: P10 to P90"
    revenue = Figure("revenue", "Revenue by year", charts.ranges(rows) if some else None, note, "Nothing was sold.")
    return (
        replace(fan(study, "cash", "Cash at the month’s end", "cash_jpy", "bn JPY", 1e-9), wide=True),
        fan(study, "unpaid", "Due but unpaid", "unpaid_jpy", "bn JPY", 1e-9),
        revenue,
    )


def _tools(study: Study) -> tuple[Figure, ...]:
    return (
        fan(study, "tools", "Qualified tools", "tools", "tools on the floor"),
        fan(study, "headcount", "People employed", "headcount", "people"),
    )


def _wafers(study: Study) -> tuple[Figure, ...]:
    return (
        fan(study, "wafers", "Product wafers out", "wafers_out", "wafers/month"),
        fan(study, "cycle-time", "Cycle time", "cycle_time_days", "days, lots finished in the month"),
        fan(study, "d0", "Defect density D0 of wafers out", "d0_per_cm2", "/cm², logarithmic", log=True),
        fan(study, "die-yield", "Die yield", "die_yield", "%, good of gross", 100),
        replace(fan(study, "dies", "Good dies so far", "good_dies_cumulative", "dies"), wide=True),
    )
