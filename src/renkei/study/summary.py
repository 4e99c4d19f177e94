"""A study in JSON: what `renkei study --json` prints."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from renkei.study.spread import AT, label
from renkei.study.study import Study

QUANTILES = tuple(label(q) for q in AT)


def summary(study: Study) -> dict[str, Any]:
    """Return the study as JSON has it: dates as ISO text, nothing measured or never reached as None.

    Keys: alliance, scenario, seed, futures, futures_asked, milestones (id, name, headline, promised, promised_until,
    p10, p50, p90, reached, by_promised, each share with its 95 % interval), months and years (measure → p10, p50, p90,
    mean, measured), binding (by year, the share of each constraint), seconds, engine_seconds.
    """
    return {
        "alliance": study.alliance.name,
        "scenario": list(study.alliance.scenario),
        "seed": study.seed,
        "futures": len(study),
        "futures_asked": study.asked,
        "milestones": [_milestone(row) for row in study.milestone_quantiles.to_dict("records")],
        "years": _by("year", study.year_quantiles, int),
        "months": _by("month", study.month_quantiles, lambda month: f"{month:%Y-%m}"),
        "binding": [
            {"year": int(row.pop("year")), **{name: round(share, 4) for name, share in row.items()}}
            for row in study.binding_shares.to_dict("records")
        ],
        "seconds": round(study.seconds, 3),
        "engine_seconds": round(study.engine_seconds, 3),
    }


def _milestone(row: Mapping[Any, Any]) -> dict[str, Any]:
    days = {name: _iso(row[name]) for name in ("promised", "promised_until", *QUANTILES)}
    shares = {
        name: {"probability": _plain(row[name]), "ci95": _interval(row, name)} for name in ("reached", "by_promised")
    }
    return {"id": row["id"], "name": row["name"], "headline": bool(row["headline"]), **days, **shares}


def _interval(row: Mapping[Any, Any], name: str) -> list[float | None] | None:
    low, high = _plain(row[f"{name}_low"]), _plain(row[f"{name}_high"])
    return None if low is None else [low, high]


def _by(key: str, table: pd.DataFrame, shown: Any) -> list[dict[str, Any]]:
    found = []
    for value, part in table.groupby(key, sort=True):
        measures = {
            row["measure"]: {name: _plain(row[name]) for name in (*QUANTILES, "mean", "measured")}
            for row in part.to_dict("records")
        }
        found.append({key: shown(value), **measures})
    return found


def _iso(value: Any) -> str | None:
    return None if value is None or pd.isna(value) else f"{value:%Y-%m-%d}"


def _plain(value: Any) -> Any:
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return None
    return round(value, 6) if isinstance(value, float) else int(value)
