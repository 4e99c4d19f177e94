"""The line `nanosheet-2nm`: gate-all-around transistors of stacked sheets, a pilot line and a fab of 25,000."""

from __future__ import annotations

from nanosheet import backend, frontend, gate, middle
from nanosheet.backend import LEVELS
from nanosheet.flow import Flow
from nanosheet.line import Line
from nanosheet.plan import Release
from nanosheet.routes import full, probe, short_back
from nanosheet.starts import monitors

SIZES = {"pilot": 3000, "25k": 25000}
FRONT = (
    frontend.wells,
    frontend.sheet_stack,
    frontend.active,
    frontend.isolation,
    frontend.dummy_gate,
    frontend.extensions,
    frontend.spacer,
    frontend.inner_spacer,
    frontend.source_drain,
    frontend.interlayer,
    gate.release,
    gate.gate_stack,
    middle.contacts,
    middle.gate_contacts,
)


def _full(route: str, *, dense: bool = False) -> Flow:
    return full(route, FRONT, LEVELS, tested=("M1", "M4"), exchanged=("M8",), capacitor="M12", dense=dense)


def pilot(route: str) -> Flow:
    """First silicon: one threshold voltage, undoped, without cuts, gates contacted over the field, one metal."""
    flow = Flow(route, dense=True, lean=True)
    frontend.start(flow)
    frontend.sheet_stack(flow)
    frontend.active(flow, cuts=False)
    frontend.isolation(flow, deep=False)
    frontend.dummy_gate(flow, cuts=False)
    frontend.spacer(flow)
    frontend.inner_spacer(flow, bottom=False)
    frontend.source_drain(flow, contact_epi=False)
    frontend.interlayer(flow)
    gate.release(flow)
    gate.gate_stack(flow, flavours=0, metals=1, cut=False)
    middle.contacts(flow, full=False)
    flow.do("sorter", "exchange carrier")
    backend.metal(flow, backend.FIRST_SILICON)
    probe(flow, "at M0")
    return flow


def short_front(route: str) -> Flow:
    """Short loop of the front end: sheets, inner spacer, release; no transistor."""
    flow = Flow(route, dense=True)
    frontend.start(flow)
    frontend.sheet_stack(flow)
    frontend.active(flow, cuts=False)
    frontend.inner_spacer(flow, bottom=False)
    gate.release(flow)
    return flow


def _flows() -> list[Flow]:
    found = [_full("gaa-full"), _full("gaa-dev", dense=True), pilot("pilot")]
    return [*found, short_front("shortloop-feol"), short_back("shortloop-beol", LEVELS[1:3])]


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
        found += monitors(flows, size, wspm)
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
