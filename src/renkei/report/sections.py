"""What the page says, in order: headline, then one section a subject."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from renkei.report import charts, tables
from renkei.report import figures as fig
from renkei.report.cash import cash_sentences
from renkei.report.money import accounts, money_section
from renkei.report.parts import Headline, Section, Tile
from renkei.report.result import Result
from renkei.report.spans import Bound, spans
from renkei.report.words import CONSTRAINTS, billions, count, day, known, lateness, month


def bounds_of(result: Result) -> tuple[Bound, ...]:
    """Return the months of the table of binding constraints."""
    table = result.tables["binding"]
    return tuple(
        Bound(day(row["month"]) or result.alliance.start, row["constraint"], row["limit"], _limits(row), row["unit"])
        for row in table.astype(object).to_dict("records")
    )


def _limits(row: Mapping[Any, Any]) -> dict[str, float]:
    return {name: row[name] for name in CONSTRAINTS if known(row.get(name)) and math.isfinite(row[name])}


def headline(result: Result) -> Headline:
    """Return the numbers and sentences of the first screen."""
    alliance, held = result.alliance, spans(bounds_of(result))
    tiles = [*_milestone_tiles(result), *_volume_tiles(result)]
    sentences = cash_sentences(result)
    if held:
        lengths = {name: sum(s.months for s in held if s.constraint == name) for name in CONSTRAINTS}
        told = ", ".join(f"{name} {n}" for name, n in sorted(lengths.items(), key=lambda item: -item[1]) if n)
        sentences.append(f"What held it back, in months of {alliance.months}: {told}.")
    return Headline(tuple(tiles), tuple(sentences + origin_sentences(result)))


def origin_sentences(result: Result) -> list[str]:
    """Say what makers of the agreed country got of the tools ordered; nothing where no share is agreed."""
    terms, months = result.alliance.equipment.domestic, result.tables["months"]
    if terms is None:
        return []
    shares = months["domestic_share"].dropna()
    agreed = f"{float(terms.minimum):.0%} were agreed"
    if shares.empty:
        return [f"No tool was ordered, so the share of domestic makers is open; {agreed}."]
    verdict = "kept" if shares.iloc[-1] >= float(terms.minimum) else "not kept"
    return [f"Domestic makers got {shares.iloc[-1]:.0%} of the value of the tools ordered; {agreed}: {verdict}."]


def _milestone_tiles(result: Result) -> list[Tile]:
    """Return the last headline milestones that somebody promised."""
    found = []
    for name, reached in tables.reached_days(result).items():
        milestone = result.alliance.milestones[name]
        if milestone.promised is not None:
            promised = milestone.promised
            late = lateness(reached, promised.date, promised.until)
            verdict = {"": "", "in time": ", in time"}.get(late, f", {late.replace(' ', ' months ')}")
            value = month(reached) if reached else "not reached"
            found.append(Tile(milestone.name, value, f"promised {month(promised.until or promised.date)}{verdict}"))
    return found[-3:]


def _volume_tiles(result: Result) -> list[Tile]:
    table = result.tables["months"]
    out, cash = table["wafers_out"].fillna(0), table["cash_jpy"]
    good = result.tables["years"]["good_dies"].fillna(0).sum()
    lowest = int(cash.argmin())
    return [
        Tile(
            "most product wafers in a month",
            count(out.max()),
            month(table["month"].iloc[int(out.argmax())]) if out.max() > 0 else "",
        ),
        Tile("good dies in all", count(good) if good < 1e6 else f"{good / 1e6:,.1f} M"),
        Tile("least cash, bn JPY", billions(cash.iloc[lowest]), month(table["month"].iloc[lowest])),
    ]


def sections(result: Result) -> tuple[Section, ...]:
    """Return the sections of the page in order."""
    months, bounds = result.tables["months"], bounds_of(result)
    return (
        Section("milestones", "Milestones", (), (fig.milestone_ladder(result),), (tables.milestones(result),)),
        _binding(bounds),
        Section("years", "Year by year", (), (), (tables.years(result),)),
        money_section(result),
        _people(result),
        _tools(months),
        _wafers(months),
        _learning(months),
        _market(months),
        Section("partners", "Partners", (), (), (accounts(result),)),
        Section("clauses", "Clauses", (), (), (tables.clauses(result.alliance),)),
        Section(
            "slips",
            "Slips",
            ("What came later than planned or promised, and why at the root.",),
            (),
            (tables.slips(result),),
        ),
        *_risks(result),
        Section("assumptions", "Assumptions", (), (), (tables.assumptions(result),)),
    )


def _risks(result: Result) -> tuple[Section, ...]:
    """The register of risks, where there is one."""
    if not result.alliance.risks:
        return ()
    said = "Events that nobody agreed on: whether they came in this course, and what they did."
    return (Section("risks", "Risks", (said,), (), (tables.risks(result),)),)


def _binding(bounds: Sequence[Bound]) -> Section:
    said = (
        "Each month, the smallest of six limits binds: what money, site, tools, people, technology and demand alone "
        "would have allowed. A limit that is small because something slipped counts for the root cause of the slip."
    )
    figures = (fig.constraint_ribbon(bounds), fig.limits(bounds))
    return Section("binding", "What held it back", (said,), figures, (), spans(bounds))


def _people(result: Result) -> Section:
    months = result.tables["months"]
    away = {"abroad": "away in training", "trained_abroad": "back from training abroad"}
    figures = (
        fig.people_wanted(result),
        fig.over_months("headcount", "People employed", months, _named(months, "headcount_"), "people", charts.stack),
        fig.over_months("training", "Training abroad", months, away, "people", empty="Nobody was trained abroad."),
    )
    return Section("people", "People", (), figures)


def _tools(months: pd.DataFrame) -> Section:
    stages = {
        "tools_ordered": "ordered",
        "tools_delivered": "delivered",
        "tools_installed": "installed",
        "tools": "qualified",
        "places_ready": "places ready",
    }
    empty = "No tool was ordered in this course."
    figure = fig.over_months("tools", "Tools, from order to floor", months, stages, "tools", steps=True, empty=empty)
    return Section("tools", "Tools", (), (replace(figure, wide=True),))


def _wafers(months: pd.DataFrame) -> Section:
    flows = {
        "wafer_starts": "product starts",
        "wafers_out": "product out",
        "development_wafer_starts": "development starts",
        "monitor_wafer_starts": "monitor starts",
    }
    empty, idle = "No lot was finished in this course.", "No wafer was started in this course."
    cycle, x_factor = {"cycle_time_days": "cycle time"}, {"x_factor": "X"}
    figures = (
        fig.over_months("wafers", "Wafers a month", months, flows, "wafers/month", empty=idle),
        fig.over_months("wip", "Wafers in the line", months, {"wip_wafers": "WIP"}, "wafers", empty=idle),
        fig.over_months("cycle-time", "Cycle time", months, cycle, "days, lots finished in the month", empty=empty),
        fig.over_months("x-factor", "X-factor", months, x_factor, "cycle time / raw process time", empty=empty),
    )
    said = (
        "Cycle time and X-factor are of product lots; before there are any, of full loops; before those, of pilot lots."
    )
    return Section("wafers", "Wafers and cycle time", (said,), figures)


def _learning(months: pd.DataFrame) -> Section:
    empty = "No wafer was measured in this course."
    yields = {"line_yield": "line", "systematic_yield": "systematic", "die_yield": "die (good of gross)"}
    loops = {"generations_modules": "modules (short loops)", "generations": "integration (full loops)"}
    density = {"d0_per_cm2": "of wafers out", "d0_process_per_cm2": "of the process that day"}
    figures = (
        fig.over_months("d0", "Defect density D0", months, density, "/cm², logarithmic", log=True, empty=empty),
        fig.over_months("yields", "Yields", months, yields, "%", scale=100, empty=empty),
        fig.over_months("generations", "Generations of learning", months, loops, "so far", steps=True, empty=empty),
        fig.over_months("lots", "Development lots", months, _LOTS, "lots", empty=empty),
    )
    said = "Yield is an outcome here: each generation of development lots that was analysed taught something."
    return Section("learning", "Learning and yield", (said,), figures)


_LOTS = {
    "development_lots_out": "out in the month",
    "lots_analysed": "analysed in the month",
    "analysis_queue": "waiting for engineers",
}


def _market(months: pd.DataFrame) -> Section:
    orders = {
        "demand_wspm": "wanted a month",
        "delivered_wafers": "delivered in the month",
        "backlog_wafers": "backlog",
    }
    buyers = {"buyers_talking": "talking", "buyers_in_volume": "in volume", "buyers_lost": "lost"}
    figures = (
        fig.by_quarter("revenue", "Revenue by quarter", months, {"revenue_jpy": "revenue"}, "bn JPY", 1e-9),
        fig.over_months("orders", "Orders", months, orders, "wafers", empty="Nothing was ordered in this course."),
        fig.over_months(
            "buyers", "Buyers", months, buyers, "buyers", steps=True, empty="Nobody talked in this course."
        ),
    )
    return Section("market", "Market", (), figures)


def _named(table: pd.DataFrame, prefix: str) -> dict[str, str]:
    """Return the columns that begin with a prefix, with what follows it as name."""
    found = [column for column in table.columns if column.startswith(prefix) and column != f"{prefix}jpy"]
    return {column: column.removeprefix(prefix).removesuffix("_jpy").replace("_", " ") for column in found}
