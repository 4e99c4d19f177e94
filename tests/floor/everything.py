"""One fab with every feature of the format: its floor does everything there is to do."""

from __future__ import annotations

from typing import Any

from renkei.fab.fab import Fab

from .fabs import make_fab

GROUPS: dict[str, dict[str, Any]] = {
    "clean": {"tools": 2, "area": "Wet", "load": 0.5, "unload": 0.5, "dispatch": ("priority", "cr")},
    "furnace": {
        "tools": 2,
        "area": "Hot",
        "location": "annex",
        "batch_by": "family",
        "pm_crew": "fitters",
        "repair_crew": "fitters",
    },
    "scanner": {"tools": 3, "area": "Litho", "cascade": True, "load": 1, "unload": 1, "wake": "least_setup"},
    "implanter": {"tools": 2, "area": "Hot", "min_run": 3, "repair_crew": "fitters", "hands_on": 0.5}
    | {"setup_crew": "setters"},
    "gauge": {"tools": 1, "area": "Metro", "dispatch": ("edd", "lifo"), "hold_crew": "engineers"},
    "rest": {"kind": "delay", "tools": 0},
}
BATCH = {"per": "batch", "batch_min": 8, "batch_max": 12}
CHIP: list[dict[str, Any]] = [
    {"tool_group": "clean", "process": 1.5, "per": "wafer", "queue_limit_step": 2, "queue_limit": 12},
    {"tool_group": "furnace", "process": 30, "name": "dry bake", "setup": "dry"} | BATCH,
    {"tool_group": "scanner", "process": 3, "interval": 1.5, "per": "wafer", "setup": "mask-1", "dedicate_step": 7},
    {"tool_group": "gauge", "process": 2, "per": "wafer", "process_wafers": 2, "sampling_percent": 50}
    | {"rework_step": 3, "rework_percent": 25, "hold_percent": 50, "hold_floor_percent": 10, "hold_passes": 8}
    | {"hold_time": 20, "hold_distribution": "constant"},
    {"tool_group": "implanter", "process": 6, "recipe": "boron", "setup": "boron", "scrap_percent": 5},
    {"tool_group": "rest", "process": 15, "queue_limit_step": 8, "queue_limit": 40},
    {"tool_group": "scanner", "process": 8, "interval": 4, "interval_per": "lot", "setup": "mask-2", "setup_time": 1},
    {"tool_group": "implanter", "process": 5, "recipe": "arsenic", "setup": "arsenic", "setup_when": "always"},
]
TEST: list[dict[str, Any]] = [
    {"tool_group": "clean", "process": 4},
    {"tool_group": "furnace", "process": 20, "name": "wet bake", "setup": "wet"}
    | {"per": "batch", "batch_min": 4, "batch_max": 8},
    {"tool_group": "implanter", "process": 4, "setup": "boron", "recipe": "boron"},
    {"tool_group": "gauge", "process": 1, "per": "wafer"},
    {"tool_group": "furnace", "process": 25, "name": "dry bake", "setup": "dry"} | BATCH,
]


def everything(exact: bool) -> Fab:
    """Return the fab; with `exact` all times are constant and sums of them exact."""
    law = {} if exact else {"distribution": "lognormal", "spread": 0.5}
    fixed = {"interval_distribution": "constant", "duration_distribution": "constant", "first_rule": "staggered"}
    routes = {"chip": [step | law for step in CHIP], "test": [step | law for step in TEST]}
    down = fixed if exact else {}
    return make_fab(
        GROUPS,
        routes,
        [
            {"product": "chip", "interval": 16, "due": 200, "lots_per_release": 2},
            {"product": "chip", "priority": 20, "interval": 96, "start": 30, "due": 90},
            {"product": "test", "interval": 25, "wip_limit": 3, "due": 150},
            {"product": "test", "wip_limit": 1, "wafers": 2, "start": 10},
        ],
        products=[
            {"product": "chip", "route": "chip", "family": "logic"},
            {"product": "test", "route": "test", "family": "logic", "kind": "engineering"},
        ],
        setups=[
            {"to_setup": "mask-1", "time": 3},
            {"from_setup": "mask-2", "to_setup": "mask-1", "time": 2},
            {"to_setup": "boron", "time": 4, "tool_group": "implanter"},
            {"to_setup": "arsenic", "time": 5},
            {"from_setup": "wet", "to_setup": "dry", "time": 6},
        ],
        outages=[
            {"area": "Hot", "interval": 150, "duration": 12} | down,
            {"tool_group": "scanner", "clock": "busy", "interval": 96, "duration": 8} | down,
            {"tool_group": "gauge", "clock": "wafers", "interval": 40, "duration": 6} | down,
            {"area": "Wet", "kind": "pm", "interval": 100, "duration": 10},
            {"area": "Hot", "kind": "pm", "interval": 200, "duration": 20},
            {"tool_group": "scanner", "kind": "pm", "clock": "wafers", "interval": 60, "duration": 5},
        ],
        qualifications=[{"tool_group": "implanter", "recipe": "arsenic", "tools": "1"}],
        crews={"fitters": 1, "engineers": 1, "setters": (1, 0)},
        transports=[{"time": 2}, {"to_location": "annex", "time": 4}, {"from_location": "annex", "time": 3}],
        initial_wip=[
            {"product": "chip", "step": 3, "start": -50, "due": 10},
            {"product": "chip", "step": 8, "wafers": 3},
            {"product": "test", "step": 2, "order": "old", "priority": 20},
        ],
        lots=[
            {"product": "chip", "start": 40, "due": 90, "wafers": 2},
            {"product": "test", "start": 12, "due": 300, "order": "rush", "priority": 30, "reserve": True},
            {"product": "chip", "start": 12, "due": 60},
            {"product": "chip", "start": 70, "order": "rush", "priority": 30, "reserve": True},
            {"product": "chip", "start": 40, "wafers": 3},
        ],
        wafers_per_lot=4,
    )
