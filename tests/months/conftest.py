"""A small alliance on the Mini-Fab that goes all the way to revenue, and its parts."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from renkei.alliance import Alliance

SMALL: dict[str, Any] = {
    "name": "small",
    "start": "2024-01",
    "end": "2026-12",
    "fab": "minifab",
    "fx": {"USD": 100},
    "partners": {
        "state": {"name": "The state", "country": "JP", "roles": "government"},
        "maker": {"name": "The maker", "country": "JP", "roles": "manufacturer"},
        "owner": {"name": "The owner", "country": "US", "roles": "technology_owner"},
        "bank": {"name": "The bank", "country": "JP", "roles": "bank"},
        "buyer": {"name": "The buyer", "country": "US", "roles": "customer"},
    },
    "funding": {
        "opening_balance": {"founders": {"payer": "maker", "amount": "20 bn JPY"}},
        "tranches": {
            "grant": {"payer": "state", "kind": "grant", "amount": "12 bn JPY", "fiscal_year": 2024},
            "reward": {"payer": "state", "kind": "grant", "amount": "1 bn JPY", "after": "first-silicon"},
        },
    },
    "site": {
        "phases": {
            "one": {
                "start": "2024-01-15",
                "build": "3 months",
                "cost": "3 bn JPY",
                "bays": {"a": {"tool_places": 6}},
                "dock_tools_per_week": 7,
            }
        }
    },
    "workforce": {
        "employer": "maker",
        "roles": {
            "engineer": {
                "kind": "engineer",
                "headcount": 40,
                "targets": [{"by": "2024-12-31", "people": 60}],
                "max_hires": 3,
                "salary": "10 M JPY/year",
                "attrition_new": 0,
                "attrition_veteran": 0,
            },
            "technician": {"kind": "technician", "headcount": 10, "max_hires": 1, "salary": "6 M JPY/year"},
        },
        "crews": {"MT1": {"role": "technician"}},
        "cohorts": {
            "first": {
                "role": "engineer",
                "host": "owner",
                "seats": 3,
                "start": "2024-02",
                "stay": "6 months",
                "cost": "2 M JPY/person-month",
                "pass_rate": 1,
                "transfers": "demo",
            }
        },
    },
    "equipment": {
        "lead_time": 2,
        "default_price": "5 M USD",
        "orders": {"all": {"tools": {"Mab": 2, "Mcd": 2, "Me": 1}, "date": "2024-01"}},
        "installation": {"install": 10, "sl1": 5, "sl2": 5, "recipes": 5, "engineers": 1, "engineers_repeat": 0.5},
    },
    "technology": {
        "node": "minifab",
        "demonstrations": {
            "demo": {"owner": "owner", "shown": "2023-01", "experience": 1, "people_needed": 3, "delay": 3}
        },
        "test_chip": {"width": 10, "height": "1 cm"},
        "development": {
            "loops": {"product": "Pa", "kind": "full_loop", "ceiling": 40, "hot_share": 0},
        },
        "pdks": {"kit": {"generations": 2, "build": 1, "engineers": 2, "freezes": True}},
        "learning": {"rate": 0.3, "half_lots": 10},
        "defects": {"initial": 5, "floor": 0.05},
    },
    "market": {
        "segments": {
            "all": {
                "demand": "2 k wafers/month",
                "die": {"width": 8, "height": 8},
                "product": "Pb",
                "customer_volume": 200,
                "ramp": 3,
                "life": 60,
            },
        },
        "funnel": {
            "talk": {"duration": 2, "probability": 1},
            "shuttle": {"needs_pdk": "kit", "floor_lots": 1, "wafers": 25, "probability": 1, "fee": "1 M USD"},
        },
        "customers": {"first-buyer": {"partner": "buyer", "segment": "all", "stage": "talk", "since": "2024-03"}},
        "channels": {
            "office": {"owner": "maker", "start": "2024-01", "contacts": "0.2 /month", "cost": "1 M JPY/month"}
        },
        "price": {"incumbent": "10000 USD/wafer", "on": "2024-01", "newcomer": 0.8, "change": 0},
        "delivery": {"packaging_and_test": 30, "packaging_cost": "100 USD/wafer"},
    },
    "planning": {
        "phases": {
            "pilot": {"development": 1, "monitors": 0, "product_starts": False},
            "volume": {"after": "kit-out", "development": 0.3, "monitors": 0},
        },
        "materials": {"product": "1000 USD/wafer", "development": "1000 USD/wafer", "monitor": "100 USD/wafer"},
    },
    "milestones": {
        "site-ready": {"name": "Site", "when": {"all": [{"metric": "phase_bays_ready", "of": "one"}]}},
        "tools-in": {"name": "Tools", "when": {"all": [{"metric": "tools_qualified", "at_least": 5}]}},
        "first-silicon": {
            "name": "First silicon",
            "when": {"all": [{"metric": "lots_finished", "of": "Pa", "at_least": 1}]},
            "promised": "2024-10",
        },
        "kit-out": {"name": "Kit", "when": {"all": [{"metric": "pdk_released", "of": "kit"}]}},
        "revenue": {"name": "Revenue", "when": {"all": [{"metric": "revenue_wafers"}]}},
        "steady": {"name": "Steady", "when": {"all": [{"metric": "wafers_out", "at_least": 10, "for": "3 months"}]}},
    },
}


def changed(data: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A copy with some fields changed, `funding__tranches={}`; None removes."""
    data = copy.deepcopy(data)
    for path, value in changes.items():
        at: Any = data
        *above, last = path.split("__")
        for key in above:
            at = at.setdefault(key.replace("_0_", "-"), {})
        if value is None:
            at.pop(last, None)
        else:
            at[last] = copy.deepcopy(value)
    return data


@pytest.fixture
def small() -> Callable[..., Alliance]:
    """The small alliance, with changes by path."""

    def build(**changes: Any) -> Alliance:
        return Alliance.model_validate(changed(SMALL, **changes))

    return build
