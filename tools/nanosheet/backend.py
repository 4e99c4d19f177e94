"""Backend: fifteen dual-damascene copper levels, capacitor, pads."""

from __future__ import annotations

from dataclasses import dataclass

from nanosheet.flow import Flow
from nanosheet.loops import checked, etched, film, inspected, polished, printed

EUV, ARFI, KRF, ILINE = "euv_cell", "arfi_cell", "krf_cell", "iline_cell"


@dataclass(frozen=True)
class Level:
    """One metal level with the vias below it: how its lines and vias are printed, one entry an exposure."""

    name: str
    cell: str
    lines: tuple[str, ...]
    vias: tuple[str, ...]
    trilayer: bool = False
    liner: bool = False
    """Cobalt liner and cap, for the finest lines."""


LEVELS = (
    Level("M0", EUV, ("M0", "M0C"), ("VA",), liner=True),
    Level("M1", EUV, ("M1", "M1C"), ("V0",), liner=True),
    Level("M2", EUV, ("M2", "M2C"), ("V1",), liner=True),
    Level("M3", EUV, ("M3",), ("V2",), liner=True),
    Level("M4", EUV, ("M4",), ("V3",), liner=True),
    Level("M5", ARFI, ("M5A", "M5B", "M5C"), (), trilayer=True),
    Level("M6", ARFI, ("M6A", "M6B", "M6C"), ("V5A", "V5B"), trilayer=True),
    Level("M7", ARFI, ("M7A", "M7B"), ("V6A", "V6B"), trilayer=True),
    Level("M8", ARFI, ("M8A", "M8B"), ("V7A", "V7B")),
    Level("M9", ARFI, ("M9",), ("V8",)),
    Level("M10", ARFI, ("M10",), ("V9",)),
    Level("M11", ARFI, ("M11",), ("V10",)),
    Level("M12", KRF, ("M12",), ("V11",)),
    Level("M13", KRF, ("M13",), ("V12",)),
    Level("M14", ILINE, ("M14",), ("V13",)),
)


FIRST_SILICON = Level("M0", EUV, ("M0",), (), liner=True)
"""The only level of the pilot route: lines on the contacts."""


def metal(flow: Flow, level: Level) -> None:
    """One level: dielectric, lines into the hard mask, vias, trench, barrier, copper, polish."""
    flow.module(f"metal {level.name}")
    fine = level.cell in (EUV, ARFI)
    _dielectric(flow, level)
    for layer in level.lines:
        printed(
            flow, layer, level.cell, trilayer=level.trilayer, width=fine, bevel="bevel_be" if level.cell == EUV else ""
        )
        opens = (("etch_open_be", "open trilayer"),) if level.trilayer else ()
        ash = "" if level.cell == EUV else "ash_be"
        last = fine and layer == level.lines[-1]
        etched(flow, layer, opens + (("etch_metal_hm", "etch hard mask"),), ash=ash, clean="clean_be", width=last)
    if level.liner:
        inspected(flow, "mask", level.name, tools="darkfield", review=False)
    _vias(flow, level)
    _trench(flow, level, fine)
    _copper(flow, level)


def _dielectric(flow: Flow, level: Level) -> None:
    name = level.name
    flow.do("cvd_cap", "copper cap", name)
    flow.do("ald_etch_stop", "etch stop", name)
    film(flow, "cvd_lowk", "low-k dielectric", name, measure="")
    if level.liner:
        flow.do("cure_uv", "ultraviolet cure", name)
    flow.do("film_thickness", "measure low-k dielectric", name)
    flow.do("cvd_oxide_be", "mask oxide", name)
    film(flow, "pvd_tin_hm", "titanium nitride", name, measure="")
    film(flow, "cvd_oxide_be", "top oxide", name, measure="film_thickness")


def _vias(flow: Flow, level: Level) -> None:
    vias = (("V4", EUV),) if level.name == "M5" and not level.vias else tuple((via, level.cell) for via in level.vias)
    for layer, cell in vias:
        printed(flow, layer, cell, bevel="bevel_be" if cell == EUV else "")
        ash = "" if cell == EUV else "ash_be"
        etched(flow, layer, (("etch_via", "etch via"),), ash=ash, clean="clean_be", width=cell == EUV)


def _trench(flow: Flow, level: Level, fine: bool) -> None:
    name = level.name
    flow.do("etch_trench", "etch trench", name)
    if fine:
        flow.do("wet_metal", "remove hard mask", name)
    flow.do("clean_cu", "clean after trench", name)
    flow.do("cdsem_aei", "CD of trench", name)
    flow.do("ocd", "trench profile", name)
    inspected(flow, "trench", name, tools="brightfield_be")


def _copper(flow: Flow, level: Level) -> None:
    name = level.name
    clean = flow.do("clean_cu", "clean before barrier", name)
    barrier = flow.do("pvd_barrier_seed", "barrier and seed", name)
    flow.within(240, clean, barrier)
    if level.liner:
        flow.do("cvd_cobalt", "cobalt liner", name)
    plate = flow.do("ecd_cu", "copper plating", name)
    flow.within(360, barrier, plate)
    flow.do("rtp_cu", "copper anneal", name)
    flow.do("cmp_cu", "bulk polish", name)
    flow.do("cmp_barrier", "barrier polish", name)
    after = flow.do("clean_cu", "clean after polish", name)
    if level.liner:
        cap = flow.do("cvd_cobalt", "cobalt cap", name)
        flow.within(480, after, cap)
    flow.do("film_thickness", "copper thickness", name)
    if level.cell in (EUV, ARFI):
        checked(flow, "ebeam", "voltage contrast", name)
    inspected(flow, "polish", name, tools="darkfield")


def capacitor(flow: Flow) -> None:
    """Metal-insulator-metal capacitor of three plates, between the upper levels."""
    flow.module("capacitor")
    film(flow, "cvd_oxide_be", "base oxide", measure="")
    polished(flow, "cmp_barrier", "base polish", clean="clean_cu")
    printed(flow, "MKO2", KRF, width=False)
    etched(flow, "MKO2", (("etch_metal", "open marks"),), ash="ash_be", clean="clean_be", width=False)
    for number in (1, 2, 3):
        layer = f"MIM{number}"
        film(flow, "pvd_plate", f"plate {number}", layer, measure="")
        printed(flow, layer, KRF, width=False)
        etched(flow, layer, (("etch_metal", "etch plate"),), ash="ash_be", clean="clean_be", width=False)
        if number < 3:
            film(flow, "ald_etch_stop", f"dielectric {number}", layer, measure="xrf")
    film(flow, "cvd_oxide_be", "top oxide", measure="")
    polished(flow, "cmp_barrier", "top polish", clean="clean_cu")
    inspected(flow, "capacitor", tools="darkfield", review=True)


def pads(flow: Flow) -> None:
    """Last via, aluminium pad, passivation."""
    flow.module("pads")
    film(flow, "cvd_oxide_be", "pad oxide", measure="")
    polished(flow, "cmp_barrier", "pad oxide polish", clean="clean_cu")
    printed(flow, "TV", ILINE, width=False)
    etched(flow, "TV", (("etch_via", "etch last via"),), ash="ash_be", clean="clean_be", width=False)
    flow.do("pvd_plate", "pad barrier")
    film(flow, "pvd_plate", "aluminium", measure="xrf")
    printed(flow, "AP", ILINE, width=False)
    etched(flow, "AP", (("etch_metal", "etch pad"),), ash="ash_be", clean="clean_be", width=False)
    film(flow, "cvd_oxide_be", "passivation oxide", measure="")
    film(flow, "cvd_cap", "passivation nitride")
    for layer in ("PASS", "PI", "BM"):
        printed(flow, layer, ILINE, overlay=False, width=False)
        etched(flow, layer, (("etch_open_be", "open pad"),), ash="ash_be", clean="clean_be", width=False)
    flow.do("rtp_cu", "hydrogen anneal")
    inspected(flow, "pads", tools="darkfield")
