"""What the month loop writes down, and the tables that become of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

import pandas as pd

from renkei.alliance import Alliance
from renkei.alliance.base import Dated
from renkei.alliance.risks import said
from renkei.alliance.uncertainty import quantities
from renkei.months.calendar import MINUTES_PER_DAY
from renkei.months.month import FloorLot
from renkei.months.monthrow import MonthRow
from renkei.months.scene import Scene
from renkei.months.world import World
from renkei.outcome.accounts import assistance_table, balances_table, partners_table, project_table, unit_costs
from renkei.outcome.future import Future
from renkei.outcome.paths import critical_paths, gates_table, paths_table

SPREAD = {
    "received_by_kind": "received_{}_jpy", "spent_by_cost": "spent_{}_jpy", "headcount_by_role": "headcount_{}",
    "hires_by_role": "hires_{}", "tool_orders_by_country": "tool_orders_{}_jpy",
    "engineers_needed": "engineers_needed_{}", "engineers_granted": "engineers_granted_{}", "limits": "limit_{}",
    "wafers_out_by_product": "wafers_out_{}", "cycle_time_by_product": "cycle_time_days_{}",
    "die_yield_by_product": "die_yield_{}", "good_dies_by_product": "good_dies_cumulative_{}",
}  # fmt: skip
"""Fields of a month's row that become one column for each of their keys."""
AMOUNTS = (
    "received_by_kind",
    "spent_by_cost",
    "tool_orders_by_country",
    "wafers_out_by_product",
    "good_dies_by_product",
)
"""Of these, those that are 0 where a month has no entry."""
DATES: Final = "datetime64[ms]"
"""Dates as Parquet keeps them."""
MEASURED = (
    "runway_cash_months", "runway_months", "cycle_time_days", "x_factor", "d0_per_cm2", "systematic_yield",
    "line_yield", "die_yield", "domestic_share",
)  # fmt: skip
"""Columns that are missing where nothing was measured."""


@dataclass
class Recording:
    """What the month loop writes down as it goes."""

    months: list[MonthRow] = field(default_factory=list)
    lots: list[FloorLot] = field(default_factory=list)
    tools: list[tuple[dt.date, dict[str, int], dict[str, dict[str, float]]]] = field(default_factory=list)
    """Month, qualified tools by group, E10 tool-minutes by group."""
    crews: list[tuple[dt.date, dict[str, float | None], dict[str, float], dict[str, float]]] = field(
        default_factory=list
    )
    """Month, people on duty, busy and waited minutes by crew."""
    balances: list[tuple[dt.date, dict[str, int]]] = field(default_factory=list)
    """Month, balance of each account at its end."""


def future_of(
    alliance: Alliance, scene: Scene, world: World, recording: Recording, fidelity: str, engine_seconds: float
) -> Future:
    """Return the future that a month loop recorded; `alliance` as declared, before drawing."""
    months = unit_costs(months_table(recording.months))
    ledger = _ledger(world)
    paths = critical_paths(world, scene, recording.lots, recording.months)
    return Future(
        alliance=alliance,
        seed=scene.seed,
        fidelity=fidelity,
        engine_seconds=engine_seconds,
        lot_steps=int(months["lot_steps"].sum()),
        months=months,
        milestones=milestones_table(alliance, world),
        ledger=ledger,
        balances=balances_table(recording.balances),
        partners=partners_table(scene.alliance, ledger, months, world),
        assistance=assistance_table(scene.alliance, world),
        project=project_table(scene.alliance, months),
        lots=_lots(recording, scene),
        tool_groups=_tool_groups(recording, scene),
        crews=_crews(recording),
        binding=_binding(recording),
        slips=_frame(
            [asdict(slip) for slip in world.slips],
            ("what", "stage", "due", "happened", "days", "root"),
            ("due", "happened"),
        ),
        tools=_tools(world),
        buyers=_buyers(scene, world),
        risks=_risks(scene, world),
        paths=paths_table(paths),
        gates=gates_table(scene.alliance, paths, world.reached),
        drawn=_drawn(scene),
    )


def months_table(rows: Sequence[MonthRow]) -> pd.DataFrame:
    """Return one row a month; mappings of the rows are spread over columns in the order in which their keys appear."""
    keys = {name: dict.fromkeys(key for row in rows for key in getattr(row, name)) for name in SPREAD}
    flat = []
    for row in rows:
        record: dict[str, Any] = {}
        for name, value in vars(row).items():
            if name in SPREAD:
                empty = 0 if name in AMOUNTS else None
                record |= {SPREAD[name].format(key): value.get(key, empty) for key in keys[name]}
            else:
                record[name] = value
        flat.append(record)
    table = pd.DataFrame(flat)
    for name in table.columns:
        if name in MEASURED or name.startswith(("cycle_time_days_", "die_yield_")):
            table[name] = table[name].astype("float64")
    table["month"] = pd.to_datetime(table["month"]).astype(DATES)
    return table


def milestones_table(alliance: Alliance, world: World) -> pd.DataFrame:
    """Return one row a milestone: promised, reached, actual; spans have their last day in `*_until`."""
    rows = []
    for milestone in alliance.milestones.values():
        promised, actual = milestone.promised, milestone.actual
        rows.append(
            {
                "id": milestone.id, "name": milestone.name, "promised_by": milestone.promised_by or "",
                "promised": _first(promised), "promised_until": _last(promised),
                "reached": world.reached.get(milestone.id),
                "actual": _first(actual), "actual_until": _last(actual),
                "headline": milestone.headline, "scored": milestone.scored,
            }
        )  # fmt: skip
    dates = ("promised", "promised_until", "reached", "actual", "actual_until")
    return _frame(rows, tuple(rows[0]), dates)


def _first(dated: Dated | None) -> dt.date | None:
    return None if dated is None else dated.date


def _last(dated: Dated | None) -> dt.date | None:
    return None if dated is None else dated.until or dated.date


def _ledger(world: World) -> pd.DataFrame:
    rows = [{**vars(posting), "amount": float(posting.amount)} for posting in world.money.ledger.postings]
    columns = ("date", "debit", "credit", "yen", "amount", "currency", "partner", "purpose")
    return _frame(rows, columns, ("date",))


def _lots(recording: Recording, scene: Scene) -> pd.DataFrame:
    epoch = pd.Timestamp(scene.months[0].first)
    columns = ("lot_type", "product", "number", "released", "finished", "wafers_in", "wafers_out")
    table = pd.DataFrame([tuple(vars(lot).values()) for lot in recording.lots], columns=list(columns))
    table["cycle_time_days"] = (table["finished"] - table["released"]).astype("float64") / MINUTES_PER_DAY
    for name in ("released", "finished"):
        minutes = pd.to_timedelta(table[name].astype("float64"), unit="min").dt.round("s")
        table[name] = (epoch + minutes).astype(DATES)
    table["purpose"] = table["lot_type"].map({name: kind.purpose for name, kind in scene.kinds.items()})
    return table


def _tool_groups(recording: Recording, scene: Scene) -> pd.DataFrame:
    rows = [
        {
            "month": month, "tool_group": group, "area": scene.factory.fab.tool_groups[group].area,
            "tools": tools.get(group, 0),
            **{f"{state}_minutes": value for state, value in times.get(group, {}).items()},
        }
        for month, tools, times in recording.tools
        for group in scene.factory.groups
        if group in scene.most_tools
    ]  # fmt: skip
    return _frame(rows, ("month", "tool_group", "area", "tools"), ("month",)).fillna(0.0)


def _crews(recording: Recording) -> pd.DataFrame:
    rows = [
        {
            "month": month, "crew": name, "people": people,
            "busy_minutes": busy.get(name, 0.0), "waited_minutes": waited.get(name, 0.0),
        }
        for month, crews, busy, waited in recording.crews
        for name, people in crews.items()
    ]  # fmt: skip
    table = _frame(rows, ("month", "crew", "people", "busy_minutes", "waited_minutes"), ("month",))
    return table.astype({"people": "float64"})


def _binding(recording: Recording) -> pd.DataFrame:
    rows = [
        {
            "month": row.month,
            "constraint": row.binding,
            "limit": row.binding_limit,
            "unit": row.binding_unit,
            **row.limits,
        }
        for row in recording.months
    ]
    return _frame(rows, ("month", "constraint", "limit", "unit"), ("month",))


def _tools(world: World) -> pd.DataFrame:
    dates = ("wanted", "ordered", "delivery", "paid", "docked", "installed", "started_up", "qualified")
    rows = []
    for tool in world.fleet.tools:
        purchase = world.fleet.of(tool)
        rows.append(
            {
                "tool": tool.id, "tool_group": purchase.group, "area": purchase.area, "order": purchase.order.id,
                "supplier": purchase.supplier, "country": purchase.country, "price": float(world.fleet.price(tool)),
                "currency": purchase.currency, "bay": tool.bay, **{name: getattr(tool, name) for name in dates},
                "days_lost": sum(tool.waited.values()), "root": tool.root,
            }
        )  # fmt: skip
    columns = (
        "tool", "tool_group", "area", "order", "supplier", "country", "price", "currency", "bay", *dates,
        "days_lost", "root",
    )  # fmt: skip
    return _frame(rows, columns, dates)


def _buyers(scene: Scene, world: World) -> pd.DataFrame:
    """One row a buyer and stage that it entered; past the last stage it is in volume."""
    stages = [*scene.alliance.market.funnel, "in volume"]
    rows = [
        {
            "buyer": buyer.id, "partner": buyer.partner, "segment": buyer.segment, "channel": buyer.channel,
            "stage": stages[index], "entered": day, "state": buyer.state, "volume_wspm": buyer.volume,
        }
        for buyer in world.funnel.buyers
        for index, day in enumerate(buyer.reached)
    ]  # fmt: skip
    columns = ("buyer", "partner", "segment", "channel", "stage", "entered", "state", "volume_wspm")
    return _frame(rows, columns, ("entered",))


def _risks(scene: Scene, world: World) -> pd.DataFrame:
    """One row an occurrence; `effects` in words, after precautions."""
    rows = [
        {
            "risk": item.risk, "name": scene.alliance.risks[item.risk].name, "occurred": item.day, "until": item.until,
            "likelihood": item.likelihood, "severity": item.severity, "effects": said(item.effects),
        }
        for item in world.risks
    ]  # fmt: skip
    columns = ("risk", "name", "occurred", "until", "likelihood", "severity", "effects")
    return _frame(rows, columns, ("occurred", "until"))


def _drawn(scene: Scene) -> pd.DataFrame:
    rows = [
        {
            "path": path,
            "value": float(value),
            "unit": value.unit,
            "confidence": value.confidence,
            "source": value.source,
        }
        for path, value in quantities(scene.alliance)
    ]
    return _frame(rows, ("path", "value", "unit", "confidence", "source"), ())


def _frame(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], dates: Sequence[str]) -> pd.DataFrame:
    """Return rows as a table with real dates; the columns are there even without rows."""
    table = pd.DataFrame(list(rows)) if rows else pd.DataFrame(columns=list(columns))
    for name in dates:
        table[name] = pd.to_datetime(table[name]).astype(DATES)
    return table
