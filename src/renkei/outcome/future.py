"""A future: one simulated realisation of an alliance, as tidy tables."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import pandas as pd

from renkei.alliance import Alliance
from renkei.months.binding import CONSTRAINTS

TABLES = (
    "months", "milestones", "years", "ledger", "lots", "tool_groups", "crews", "binding", "slips", "tools", "buyers",
    "risks", "drawn", "balances", "partners", "project", "assistance",
    "paths", "gates",
)  # fmt: skip
"""Names of a future's tables."""


@dataclass(frozen=True)
class Future:
    """One future; every table is a tidy DataFrame without index, ready for Parquet.

    `months`: a row a month (columns: `renkei.months.monthrow.MonthRow`, mappings spread over columns). `milestones`:
    id, name, promised, promised_until, reached, actual, actual_until, headline. `ledger`: postings. `lots`: finished
    lots without monitors. `tool_groups`: month, tool_group, tools and E10 tool-minutes. `crews`: month, crew, people on
    duty, busy and waited minutes. `binding`: month, constraint, limit, unit, the six limits (infinite: nothing
    limits). `slips`: what was late, by root cause. `tools`: each tool's dates. `buyers`: each buyer's way.
    `risks`: each occurrence, its day, until when its effects hold (missing: to the end), what precautions did.
    """

    alliance: Alliance
    """As declared, before drawing."""
    seed: int
    fidelity: str
    engine_seconds: float
    lot_steps: int
    months: pd.DataFrame
    milestones: pd.DataFrame
    ledger: pd.DataFrame
    lots: pd.DataFrame
    tool_groups: pd.DataFrame
    crews: pd.DataFrame
    binding: pd.DataFrame
    slips: pd.DataFrame
    tools: pd.DataFrame
    buyers: pd.DataFrame
    risks: pd.DataFrame
    paths: pd.DataFrame
    """The critical path of each milestone reached: see `renkei.outcome.paths.tables.paths_table`."""
    gates: pd.DataFrame
    """What each tranche waits for: see `renkei.outcome.paths.tables.gates_table`."""
    drawn: pd.DataFrame
    """Every quantity of the alliance by path, with the value this future uses."""
    balances: pd.DataFrame
    """Month, account, balance_jpy: the trial balance at each month's end, debits less credits; each month sums to 0."""
    partners: pd.DataFrame
    """Each partner's account: see `renkei.outcome.accounts.partners_table`."""
    assistance: pd.DataFrame
    """Reviews held and money clawed back: `renkei.outcome.accounts.assistance_table`."""
    project: pd.DataFrame
    """Net present value and return, before funding and with grants: `renkei.outcome.accounts.project_table`."""

    @property
    def years(self) -> pd.DataFrame:
        """One row a calendar year: stocks at the year's end, flows over the year, means weighted by lots or wafers."""
        return pd.DataFrame([_year(int(year), part) for year, part in self.months.groupby(_years(self.months))])

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """All tables by name, as a result folder keeps them."""
        return {name: getattr(self, name) for name in TABLES}

    def to_json(self) -> dict[str, Any]:
        """Return what `renkei run --json` prints; dates as ISO text, nothing measured as None."""
        return {
            "milestones": [
                {
                    "name": row["name"],
                    "promised": _iso(row["promised"]),
                    "reached": _iso(row["reached"]),
                    "actual": _iso(row["actual"]),
                }
                for row in self.milestones.to_dict("records")
                if row["headline"]
            ],
            "years": [{name: _plain(value) for name, value in row.items()} for row in self.years.to_dict("records")],
            "binding": [
                {
                    "month": f"{row['month']:%Y-%m}",
                    "constraint": row["constraint"],
                    "limits": {name: _plain(row[name]) for name in CONSTRAINTS},
                }
                for row in self.binding.to_dict("records")
            ],
            "seed": self.seed,
            "fidelity": self.fidelity,
            "engine_seconds": round(self.engine_seconds, 3),
            "lot_steps": self.lot_steps,
        }

    def __repr__(self) -> str:
        reached = int(self.milestones["reached"].notna().sum())
        return (
            f"<Future of {self.alliance.name}, seed {self.seed}: {len(self.months)} months, {len(self.lots)} lots, "
            f"{reached} of {len(self.milestones)} milestones reached>"
        )


def _years(months: pd.DataFrame) -> pd.Series[int]:
    return pd.Series(months["month"].dt.year)


def _year(year: int, part: pd.DataFrame) -> dict[str, Any]:
    """A calendar year of the table of months."""
    last = part.iloc[-1]
    lots = part["lots_finished"].where(part["cycle_time_days"].notna(), 0)
    return {
        "year": year,
        "cash_jpy": int(last["cash_jpy"]),
        "headcount": int(last["headcount"]),
        "trained_abroad": int(last["trained_abroad"]),
        "tools": int(last["tools"]),
        "wafer_starts": int(part["wafer_starts"].sum() + part["development_wafer_starts"].sum()),
        "wafers_out": int(part["wafers_out"].sum()),
        "cycle_time_days": _mean(part["cycle_time_days"], lots),
        "x_factor": _mean(part["x_factor"], lots),
        "d0_per_cm2": _last(part["d0_per_cm2"]),
        "die_yield": _mean(part["die_yield"], part["wafers_out"] + part["die_yield"].notna() * 1e-9),
        "good_dies": int(part["good_dies"].sum()),
        "revenue_jpy": int(part["revenue_jpy"].sum()),
        "operating_cost_jpy": int(part["operating_cost_jpy"].sum()),
        "depreciation_jpy": int(part["depreciation_jpy"].sum()),
        "result_jpy": int(part["result_jpy"].sum()),
        "equity_jpy": int(last["equity_jpy"]),
        "runway_months": _last(part["runway_months"].tail(1)),
        "cost_per_wafer_jpy": _last(part["cost_per_wafer_jpy"].tail(1)),
        "full_cost_per_wafer_jpy": _last(part["full_cost_per_wafer_jpy"].tail(1)),
        "full_cost_per_good_die_jpy": _last(part["full_cost_per_good_die_jpy"].tail(1)),
    }


def _mean(values: pd.Series[float], weights: pd.Series[float]) -> float | None:
    """Weighted mean of what was measured, None if nothing was."""
    known = values.notna() & (weights > 0)
    total = float(weights[known].sum())
    return float((values[known] * weights[known]).sum() / total) if total > 0 else None


def _last(values: pd.Series[float]) -> float | None:
    known = values.dropna()
    return float(known.iloc[-1]) if len(known) else None


def _iso(value: Any) -> str | None:
    return None if pd.isna(value) else f"{value:%Y-%m-%d}"


def _plain(value: Any) -> Any:
    """Return a number as JSON has it: nothing measured or without limit is None."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return None
    return value.item() if hasattr(value, "item") else value
