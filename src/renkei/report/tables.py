"""The tables of a future, the same for the page and for the terminal: cells are texts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from renkei.alliance import Alliance
from renkei.alliance.uncertainty import quantities
from renkei.report.result import Result
from renkei.report.spans import Span
from renkei.report.words import (
    NONE,
    billions,
    compact,
    count,
    day,
    lateness,
    month,
    number,
    percent,
    roles,
    span,
    two_digits,
)
from renkei.units import DAYS_PER_MONTH, Quantity


@dataclass(frozen=True)
class Column:
    """Heading of a column."""

    name: str
    unit: str = ""
    right: bool = False
    """Numbers stand at the right."""
    names: bool = False
    """Long names that need room before numbers get it."""


@dataclass(frozen=True)
class Table:
    """Texts in rows."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    folded: bool = False
    """Long: the page shows it when asked."""


def partners(alliance: Alliance) -> Table:
    """Return who the partners are."""
    rows = [(partner.name, partner.country, roles(partner.roles)) for partner in alliance.partners.values()]
    return Table("Partners", (Column("partner"), Column("country"), Column("role")), tuple(rows))


def milestones(result: Result) -> Table:
    """Return the headline milestones: promised, simulated, actual."""
    rows = []
    for name, reached in reached_days(result).items():
        milestone = result.alliance.milestones[name]
        promised, actual = milestone.promised, milestone.actual
        told = (promised.date, promised.until) if promised else (None, None)
        was = (actual.date, actual.until) if actual else (None, None)
        came = month(reached) if reached else "not reached"
        rows.append(
            (
                milestone.name,
                span(*told),
                came,
                lateness(reached, *told) or NONE,
                span(*was),
                lateness(reached, *was) or NONE,
            )
        )
    columns = (
        Column("milestone"), Column("promised"), Column("simulated"), Column("against promise", "months"),
        Column("actual"), Column("against actual", "months"),
    )  # fmt: skip
    note = f"months, not days: one possible course, to {month(result.alliance.end)}"
    return Table("Milestones", columns, tuple(rows), note)


def reached_days(result: Result) -> dict[str, Any]:
    """Return the day of each headline milestone by identifier, None where it was not reached."""
    table = result.tables["milestones"]
    days = {name: day(reached) for name, reached in zip(table["id"], table["reached"], strict=True)}
    return {name: days.get(name) for name, milestone in result.alliance.milestones.items() if milestone.headline}


YEARS: tuple[tuple[str, Column, Callable[[Any], str]], ...] = (
    ("year", Column("year", "", True), str),
    ("cash_jpy", Column("cash", "bn", True), billions),
    ("headcount", Column("people", "", True), count),
    ("trained_abroad", Column("trained abroad", "", True), count),
    ("tools", Column("tools", "", True), count),
    ("wafer_starts", Column("starts", "", True), compact),
    ("wafers_out", Column("out", "", True), compact),
    ("cycle_time_days", Column("cycle time", "days", True), number),
    ("x_factor", Column("X", "", True), two_digits),
    ("d0_per_cm2", Column("D0", "/cm²", True), two_digits),
    ("die_yield", Column("die yield", "", True), percent),
    ("good_dies", Column("good dies", "", True), compact),
    ("revenue_jpy", Column("revenue", "bn", True), billions),
)
"""Columns of the table of years: name in the data, heading, how a cell is written."""


YEARS_NOTE = (
    "calendar years; money in JPY; cash, people and qualified tools at the year’s end, trained abroad so far; "
    "starts and out in wafers"
)


def years(result: Result) -> Table:
    """Return the year-by-year picture."""
    table = result.tables["years"]
    rows = [tuple(write(row[name]) for name, _, write in YEARS) for _, row in table.astype(object).iterrows()]
    return Table("Year by year", tuple(column for _, column, _ in YEARS), tuple(rows), YEARS_NOTE)


def binding(spans: Iterable[Span]) -> Table:
    """Return what bound when."""
    columns = (Column("when"), Column("months", "", True), Column("held back by"), Column("why"), Column("allowed"))
    rows = [(span.when, str(span.months), span.constraint, span.reason(), span.allowed) for span in spans]
    return Table("What held it back", columns, tuple(rows))


def clauses(alliance: Alliance) -> Table:
    """Return each clause of the agreement with the parts that carry it."""
    rows = [
        (
            clause.text,
            ", ".join(
                alliance.partners[party].name if party in alliance.partners else party for party in clause.parties
            )
            or NONE,
            ", ".join(clause.implemented_by),
            clause.source or NONE,
        )
        for clause in alliance.clauses.values()
    ]
    columns = (Column("clause"), Column("parties"), Column("implemented by"), Column("source"))
    return Table("Clauses of the agreement and what carries them", columns, tuple(rows))


def assumptions(result: Result) -> Table:
    """Return every number of the alliance with its source and the value of this course; guesses are marked."""
    drawn = result.tables["drawn"]
    used = dict(zip(drawn["path"], drawn["value"], strict=True))
    rows = []
    for path, value in quantities(result.alliance):
        drawn_value = number(used.get(path), 4) if value.uncertain else ""
        rows.append((path, str(value), drawn_value, *sourced(result.alliance, path, value)))
    columns = (
        Column("number"),
        Column("stated"),
        Column("in this course", "", True),
        Column("confidence"),
        Column("source"),
    )
    note = "“guess” marks low confidence; uncertain values are drawn for each course"
    return Table("Every number and where it comes from", columns, tuple(rows), note, folded=True)


def sourced(alliance: Alliance, path: str, value: Quantity) -> tuple[str, str]:
    """Return the confidence of a number, `guess` for low, and its source: its own, or that of its block."""
    source, confidence = value.source, str(value.confidence)
    if not source:
        source, confidence = _source_above(alliance, path)
    return "guess" if confidence == "low" else confidence or NONE, source or NONE


def _source_above(alliance: Alliance, path: str) -> tuple[str, str]:
    """Return source and confidence of the nearest block around a quantity that has one: its own terms' source."""
    found, at = ("", ""), alliance
    rest = path
    while rest:
        name, below = _next(at, rest)
        if below is None:
            break
        rest = rest[len(name) + 1 :]
        at = below
        if getattr(at, "source", ""):
            found = (at.source, at.confidence)
    return found


def _next(at: Any, path: str) -> tuple[str, Any]:
    """Return the first name of a dotted path (identifiers may hold dots) and the block it leads to, None at the end."""
    parts = path.split(".")
    for length in range(1, len(parts) + 1):
        name = ".".join(parts[:length])
        if isinstance(at, tuple) and name.isdigit():
            return name, at[int(name)]
        if hasattr(at, "keys") and name in at:
            return name, at[name]
        if name in getattr(type(at), "model_fields", ()):
            return name, getattr(at, name)
    return path, None


def slips(result: Result) -> Table:
    """Return what came later than it was due, alike things together, most delay first."""
    table = result.tables["slips"]
    stage = table["stage"].str.replace(r"^\S+ on the floor$", "tools on the floor", regex=True)
    groups = [
        (int(part["days"].sum()), key, part)
        for key, part in table.groupby([table["what"], stage, table["root"]], sort=True)
    ]
    rows = [
        (
            str(what), str(event), count(len(part)), span(part["due"].min(), part["due"].max()),
            number(part["days"].median() / DAYS_PER_MONTH, 2), number(part["days"].max() / DAYS_PER_MONTH, 2),
            str(root),
        )
        for _, (what, event, root), part in sorted(groups, key=lambda group: -group[0])
    ]  # fmt: skip
    columns = (
        Column("of"), Column("what came late"), Column("times", "", True), Column("due"),
        Column("median delay", "months", True), Column("longest", "months", True), Column("root cause"),
    )  # fmt: skip
    return Table("Slips", columns, tuple(rows), "the table slips has each of them", folded=len(rows) > 30)


def risks(result: Result) -> Table:
    """Return the declared risks: their chance, when they occurred in this future, what they did."""
    table, rows = result.tables["risks"], []
    for risk in result.alliance.risks.values():
        chance = f"{float(risk.rate or risk.probability or 0):.2%}".replace(".00", "")
        chance += " a year" if risk.rate is not None else " in all"
        struck = table[table["risk"] == risk.id].to_dict("records")
        rows += [
            (risk.name, chance, span(day(item["occurred"]), day(item["until"]) or result.alliance.end), item["effects"])
            for item in struck
        ] or [(risk.name, chance, "did not occur", NONE)]
    columns = (Column("risk"), Column("chance"), Column("in this course"), Column("what it did"))
    return Table("Risks", columns, tuple(rows), "each as drawn for this seed; the table risks has the days")
