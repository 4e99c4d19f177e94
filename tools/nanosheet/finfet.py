"""The line `finfet-5nm`: fins, replacement gates, fourteen EUV layers, for 28,000 wafer starts a month.

It shares its modules with the two-nanometre line. What is missing: superlattice, inner spacers, release, bottom
isolation, two of four dipoles, EUV on vias and cuts of the upper fine levels.
"""

from __future__ import annotations

from nanosheet import frontend, gate, middle
from nanosheet.backend import ARFI, EUV, ILINE, KRF, Level
from nanosheet.flow import Flow
from nanosheet.line import Line
from nanosheet.loops import checked, inspected
from nanosheet.routes import full, short_back
from nanosheet.starts import started

SIZES = {"first-3k": 3000, "28k": 28000}
LEVELS = (
    Level("M0", EUV, ("M0",), ("VA",), liner=True),
    Level("M1", EUV, ("M1",), ("V0",), liner=True),
    Level("M2", EUV, ("M2",), ("V1",), liner=True),
    Level("M3", ARFI, ("M3A", "M3B"), ("V2A", "V2B"), trilayer=True),
    Level("M4", ARFI, ("M4A", "M4B"), ("V3A", "V3B"), trilayer=True),
    Level("M5", ARFI, ("M5A", "M5B"), ("V4A", "V4B"), trilayer=True),
    Level("M6", ARFI, ("M6",), ("V5",)),
    Level("M7", ARFI, ("M7",), ("V6",)),
    Level("M8", ARFI, ("M8",), ("V7",)),
    Level("M9", ARFI, ("M9",), ("V8",)),
    Level("M10", KRF, ("M10",), ("V9",)),
    Level("M11", KRF, ("M11",), ("V10",)),
    Level("M12", KRF, ("M12",), ("V11",)),
    Level("M13", ILINE, ("M13",), ("V12",)),
)


def open_gate(flow: Flow) -> None:
    """Remove the dummy gate over the fins."""
    flow.module("gate opening")
    flow.do("etch_recess", "open dummy gate")
    flow.do("etch_recess", "remove dummy silicon")
    flow.do("clean_mol", "clean after dummy silicon")
    flow.do("wet_hf", "remove dummy oxide")
    flow.do("ocd", "gate trench")
    checked(flow, "ebeam", "gate residues")
    inspected(flow, "opened gate")


def _gate_stack(flow: Flow) -> None:
    gate.gate_stack(flow, flavours=2, metals=2)


FRONT = (
    frontend.wells, frontend.active, frontend.isolation, frontend.dummy_gate, frontend.extensions, frontend.spacer,
    frontend.source_drain, frontend.interlayer, open_gate, _gate_stack, middle.contacts, middle.gate_contacts,
)  # fmt: skip


def _full(route: str, *, dense: bool = False) -> Flow:
    return full(route, FRONT, LEVELS, tested=("M1", "M4"), capacitor="M11", dense=dense)


def _flows() -> list[Flow]:
    return [_full("finfet-full"), _full("finfet-dev", dense=True), short_back("shortloop-beol", LEVELS[1:3])]


LINE = Line(
    name="finfet-5nm",
    title="Logic fab with fins and fourteen EUV layers, a 5 nm class line",
    what="A 5 nm class line of our own making, from the modules of nanosheet-2nm without what only stacked sheets need",
    full="finfet-full",
    family="finfet",
    sizes=SIZES,
    flows=_flows,
    started=lambda flows: started(SIZES, "finfet-full", "finfet-dev", flows),
    left_out=("Self-aligned multiple patterning of fins and fine lines is written as prints and cuts.",),
)
