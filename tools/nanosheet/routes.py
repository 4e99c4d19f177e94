"""Routes that every line has: from bare wafer to tested product, and the short loop of the backend."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence

from nanosheet import backend, frontend
from nanosheet.backend import Level
from nanosheet.flow import Flow


def probe(flow: Flow, where: str) -> None:
    """Parametric test."""
    flow.module(f"test {where}")
    flow.do("sorter", f"sort before test {where}")
    flow.do("wat", f"parametric test {where}")


def full(
    route: str,
    front: Sequence[Callable[[Flow], None]],
    levels: Sequence[Level],
    *,
    tested: Container[str],
    exchanged: Container[str] = (),
    capacitor: str = "",
    dense: bool = False,
) -> Flow:
    """All modules: bare wafer to tested product.

    `tested` are the metal levels after which lots are probed, `exchanged` those after which they change carriers,
    `capacitor` is the level below the capacitor.
    """
    flow = Flow(route, dense=dense)
    frontend.start(flow)
    for module in front:
        module(flow)
        flow.do("sorter", "exchange carrier")
    for level in levels:
        backend.metal(flow, level)
        if level.name in tested:
            probe(flow, f"at {level.name}")
        if level.name in exchanged:
            flow.do("sorter", "exchange carrier")
        if level.name == capacitor:
            backend.capacitor(flow)
    backend.pads(flow)
    probe(flow, "final")
    return flow


def short_back(route: str, levels: Sequence[Level]) -> Flow:
    """Short loop of the backend: the metal levels on an oxide wafer, tested."""
    flow = Flow(route, dense=True)
    frontend.start(flow)
    flow.module("base")
    flow.do("cvd_oxide_be", "base oxide")
    for level in levels:
        backend.metal(flow, level)
    probe(flow, "short loop")
    return flow
