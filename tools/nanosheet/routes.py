"""The routes of lots that carry circuits or test structures: which modules, in which order."""

from __future__ import annotations

from nanosheet import backend, frontend, gate, middle
from nanosheet.flow import Flow

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


def probe(flow: Flow, where: str) -> None:
    """Parametric test."""
    flow.module(f"test {where}")
    flow.do("sorter", f"sort before test {where}")
    flow.do("wat", f"parametric test {where}")


def full(route: str, *, dense: bool = False) -> Flow:
    """All modules: bare wafer to tested product."""
    flow = Flow(route, dense=dense)
    frontend.start(flow)
    for module in FRONT:
        module(flow)
        flow.do("sorter", "exchange carrier")
    for level in backend.LEVELS:
        backend.metal(flow, level)
        if level.name in ("M1", "M4"):
            probe(flow, f"at {level.name}")
        elif level.name == "M8":
            flow.do("sorter", "exchange carrier")
        if level.name == "M12":
            backend.capacitor(flow)
    backend.pads(flow)
    probe(flow, "final")
    return flow


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


def short_back(route: str) -> Flow:
    """Short loop of the backend: two fine metal levels with vias on an oxide wafer, tested."""
    flow = Flow(route, dense=True)
    frontend.start(flow)
    flow.module("base")
    flow.do("cvd_oxide_be", "base oxide")
    for level in backend.LEVELS[1:3]:
        backend.metal(flow, level)
    probe(flow, "short loop")
    return flow
