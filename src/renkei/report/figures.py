"""The figures of a future, each a Vega-Lite specification or a sentence that says why there is nothing to draw."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import pandas as pd

from renkei.alliance.workforce import Role
from renkei.months.calendar import months_of
from renkei.months.hiring import target
from renkei.report import charts
from renkei.report.charts import Spec
from renkei.report.result import Result
from renkei.report.spans import Bound
from renkei.report.tables import reached_days
from renkei.report.words import CONSTRAINTS, day, known, month, number, span
from renkei.units import Quantity
from renkei.units.spread import Spread

KINDS = {"promised": "#9aa3ad", "simulated": "#e08b2c", "actual": "#3f86c8"}


@dataclass(frozen=True)
class Figure:
    """One figure of the page."""

    id: str
    title: str
    spec: Spec | None
    note: str = ""
    empty: str = "Nothing of this happened in this course."
    """Shown when there is no spec."""
    wide: bool = False


def milestone_ladder(result: Result) -> Figure:
    """Return the milestones: promised, simulated, actual."""
    rows: list[dict[str, Any]] = []
    order = []
    for name, reached in reached_days(result).items():
        milestone = result.alliance.milestones[name]
        order.append(milestone.name)
        spans = {
            "promised": milestone.promised and (milestone.promised.date, milestone.promised.until),
            "simulated": reached and (reached, None),
            "actual": milestone.actual and (milestone.actual.date, milestone.actual.until),
        }
        for kind, dates in spans.items():
            if dates:
                first, last = dates
                where = charts.month_span(first, last or first)
                rows.append({"milestone": milestone.name, "kind": kind, "text": span(first, last), **where})
        if reached is None:  # a word at the beginning of the row, without a bar
            never = charts.when(result.alliance.first_day)
            rows.append(
                {"milestone": milestone.name, "kind": "simulated", "text": "not reached", "from": never, "to": never}
            )
    spec = charts.ladder(rows, order, KINDS, result.alliance.first_day) if rows else None
    return Figure("milestones", "Milestones: promised, simulated, actual", spec, "whole months", wide=True)


def constraint_ribbon(bounds: Sequence[Bound]) -> Figure:
    """Return the binding constraint month by month; the tooltip tells all limits."""
    rows = [
        {
            **charts.month_span(bound.month, bound.month),
            "constraint": bound.constraint,
            "month_name": month(bound.month),
            "unit": bound.unit,
            **{name: number(bound.limits[name]) if name in bound.limits else "no limit" for name in CONSTRAINTS},
        }
        for bound in bounds
    ]
    spec = charts.ribbon(rows, CONSTRAINTS) if rows else None
    note = "root cause; point at a month to see what each of the six would have allowed"
    return Figure("binding", "The binding constraint", spec, note, wide=True)


def limits(bounds: Sequence[Bound]) -> Figure:
    """Return what each constraint alone would have allowed, in good wafers, once product wafers are what counts."""
    counted = [bound for bound in bounds if "wafers" in bound.unit]
    ceiling = max((min(b.limits.values()) for b in counted if b.limits), default=0) * 3
    series = {name: [_below(b.limits.get(name), ceiling) for b in counted] for name in CONSTRAINTS}
    drawn = {name: values for name, values in series.items() if any(known(v) for v in values)}
    spec = charts.lines([b.month for b in counted], drawn, steps=True) if drawn and ceiling else None
    note = "good wafers a month; the lowest line binds; lines above three times the highest binding one are cut off"
    empty = "Product wafers were never what counted in this course: development did."
    return Figure("limits", "What each constraint alone would have allowed", spec, note, empty, wide=True)


def _below(value: float | None, ceiling: float) -> float | None:
    return value if value is not None and value <= ceiling else None


def people_wanted(result: Result) -> Figure:
    """Return the people of each role beside those wanted: the targets as drawn in this course."""
    months, used = result.tables["months"], result.tables["drawn"]
    values = dict(zip(used["path"], used["value"], strict=True))
    columns: dict[str, str] = {}
    table, beside = months[["month"]].copy(), dict[str, str]()
    for role in result.alliance.workforce.roles.values():
        name, wish = role.id.replace("_", " "), f"{role.id.replace('_', ' ')}, wanted"
        table[name], table[wish] = months[f"headcount_{role.id}"], _targets(role, result, values)
        columns |= {name: name, wish: wish}
        beside[wish] = name
    empty = "No role of staff is declared."
    title = "People by role: employed and wanted"
    return over_months("wanted", title, table, columns, "people", beside=beside, empty=empty, wide=True)


def _targets(role: Role, result: Result, values: Mapping[str, float]) -> list[float]:
    """Return the people wanted at each month's end, with the course's own values of the targets."""
    path = f"workforce.roles.{role.id}"
    goals = tuple(
        goal.model_copy(update={"people": _constant(values.get(f"{path}.targets.{place}.people"), goal.people)})
        for place, goal in enumerate(role.targets)
    )
    first = _constant(values.get(f"{path}.headcount"), role.headcount)
    own = role.model_copy(update={"targets": goals, "headcount": first})
    return [target(own, result.alliance, month.last) for month in months_of(result.alliance)]


def _constant(value: float | None, declared: Quantity) -> Quantity:
    return declared if value is None else replace(declared, spread=Spread("constant", (Decimal(repr(value)),)))


def over_months(
    id_: str, title: str, table: pd.DataFrame, series: Mapping[str, str], unit: str,
    draw: Callable[..., Spec] = charts.lines, scale: float = 1.0, **more: Any,
) -> Figure:  # fmt: skip
    """Return a figure of columns of the table of months; `series`: column → name; columns of nothing are left out.

    `more` goes to `draw`, but for `empty`, the sentence for a figure of nothing, and `wide`.
    """
    empty, wide = more.pop("empty", Figure.empty), more.pop("wide", False)
    columns = {name: _scaled(table[column], scale) for column, name in series.items()}
    drawn = {name: values for name, values in columns.items() if any(known(v) and v != 0 for v in values)}
    spec = draw(_days(table), drawn, **more) if drawn else None
    return Figure(id_, title, spec, unit, empty, wide)


def by_quarter(id_: str, title: str, table: pd.DataFrame, series: Mapping[str, str], unit: str, scale: float) -> Figure:
    """Return stacked bars of quarterly sums of columns of the table of months; columns of nothing are left out."""
    days = _days(table)
    periods = pd.Series([f"{d.year} Q{(d.month + 2) // 3}" for d in days], index=table.index)
    names = {column: name for column, name in series.items() if table[column].fillna(0).ne(0).any()}
    sums = (table[list(names)].astype("float64") * scale).groupby(periods).sum()
    rows = [{"period": str(period), **{names[c]: row[c] for c in names}} for period, row in sums.iterrows()]
    spec = charts.bars(rows, list(names.values())) if names else None
    return Figure(id_, title, spec, unit)


def _days(table: pd.DataFrame) -> list[dt.date]:
    return [found for value in table["month"] if (found := day(value)) is not None]


def _scaled(column: pd.Series[Any], scale: float) -> list[float | None]:
    return [float(value) * scale if known(value) else None for value in column]
