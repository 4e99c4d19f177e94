"""The line `nanosheet-2nm`: gate-all-around transistors of stacked sheets, a pilot line and a fab of 25,000."""

from __future__ import annotations

from nanosheet import routes
from nanosheet.flow import Flow
from nanosheet.line import Line
from nanosheet.plan import Release

SIZES = {"pilot": 3000, "25k": 25000}


def _flows() -> list[Flow]:
    found = [routes.full("gaa-full"), routes.full("gaa-dev", dense=True), routes.pilot("pilot")]
    return [*found, routes.short_front("shortloop-feol"), routes.short_back("shortloop-beol")]


def _started(flows: dict[str, Flow]) -> list[Release]:
    """What both sizes start (guess, but for the wafer starts a month)."""
    found = []
    for size, wspm in SIZES.items():
        small = size == "pilot"
        full = {"hot": wspm * 0.04 / 25, "development": 24.0}
        regular = (wspm - 25 * full["hot"] - 13 * full["development"]) / 25
        found += [
            Release("regular", "logic", "gaa-full", size, regular, 25, 10, 165.0 if small else 100.0),
            Release("hot", "logic", "gaa-full", size, full["hot"], 25, 20, 75.0 if small else 55.0),
            Release("development", "dev-full", "gaa-dev", size, full["development"], 13, 10, 180.0 if small else 110.0),
            Release("short-loop-feol", "shortloop-feol", "shortloop-feol", size, 12.0 if small else 26.0, 13, 10, 30.0),
            Release("short-loop-beol", "shortloop-beol", "shortloop-beol", size, 12.0 if small else 26.0, 13, 10, 30.0),
        ]
        if small:
            found.append(Release("first-silicon", "pilot", "pilot", size, 4.0, 13, 10, 60.0))
        per_month = (2.05 if small else 0.67) * wspm / 25
        found += [
            Release("monitors", name, name, size, per_month, 25, 10, None) for name in flows if name.startswith("mon-")
        ]
    return found


LINE = Line(
    name="nanosheet-2nm",
    title="Leading-edge logic fab with gate-all-around transistors of stacked sheets",
    what="A 2 nm class line of our own making",
    full="gaa-full",
    family="gaa",
    sizes=SIZES,
    flows=_flows,
    started=_started,
)
