"""The line `planar-28nm`: planar transistors with replacement metal gates, no EUV, for 55,000 wafer starts a month."""

from __future__ import annotations

from nanosheet import frontend
from nanosheet.backend import ARFI, ILINE, KRF, Level
from nanosheet.flow import Flow
from nanosheet.line import Line
from nanosheet.loops import checked, etched, film, implanted, inspected, polished, printed
from nanosheet.routes import full, short_back
from nanosheet.starts import started

SIZES = {"first-5k": 5000, "55k": 55000}
LEVELS = (
    Level("M1", ARFI, ("M1",), ()),
    Level("M2", ARFI, ("M2",), ("V1",)),
    Level("M3", ARFI, ("M3",), ("V2",)),
    Level("M4", ARFI, ("M4",), ("V3",)),
    Level("M5", ARFI, ("M5",), ("V4",)),
    Level("M6", ARFI, ("M6",), ("V5",)),
    Level("M7", KRF, ("M7",), ("V6",)),
    Level("M8", KRF, ("M8",), ("V7",)),
    Level("M9", ILINE, ("M9",), ("V8",)),
)


def isolation(flow: Flow) -> None:
    """Shallow trenches: pad films, print, etch, fill, polish, strip."""
    flow.module("isolation")
    flow.do("rtp_oxidation", "pad oxide")
    film(flow, "ald_nitride", "pad nitride")
    printed(flow, "OD", ARFI)
    etched(flow, "OD", (("etch_hardmask_fe", "etch nitride"), ("etch_fin", "etch trench")), spm=True, profile=True)
    inspected(flow, "trench", "OD")
    flow.do("clean_predep", "clean before liner")
    flow.do("rtp_oxidation", "liner oxide")
    film(flow, "fcvd", "gap fill", measure="")
    flow.do("rtp_spike", "fill anneal")
    polished(flow, "cmp_oxide", "isolation polish")
    flow.do("wet_phosphoric", "strip nitride")
    inspected(flow, "isolation", tools="darkfield")


def thresholds(flow: Flow) -> None:
    """Threshold implants of three flavours a polarity, then the anneal."""
    flow.module("thresholds")
    for layer, shots in (
        ("VTN1", (("implant_mc", "B"),)), ("VTP1", (("implant_mc", "As"),)),
        ("VTN2", (("implant_mc", "B"),)), ("VTP2", (("implant_mc", "As"),)),
        ("VTN3", (("implant_mc", "B"),)), ("VTP3", (("implant_mc", "As"),)),
    ):  # fmt: skip
        implanted(flow, layer, KRF, shots, ash=False)
    flow.do("clean_predep", "clean before anneal")
    flow.do("rtp_spike", "well anneal")


def dummy_gate(flow: Flow) -> None:
    """Oxides of two thicknesses, silicon, hard mask, print, cut, etch."""
    flow.module("dummy gate")
    flow.do("clean_predep", "clean before oxide")
    flow.do("rtp_oxidation", "thick oxide")
    printed(flow, "OD2", KRF)
    etched(flow, "OD2", (), ash="ash_fe", width=False)
    flow.do("wet_hf", "remove thick oxide", "OD2")
    flow.do("rtp_oxidation", "thin oxide")
    film(flow, "cvd_silicon", "dummy silicon")
    film(flow, "cvd_hardmask", "gate mask")
    printed(flow, "PO", ARFI, trilayer=True)
    etched(flow, "PO", (("etch_open_fe", "open trilayer"), ("etch_hardmask_fe", "etch mask")))
    printed(flow, "CPO", ARFI, trilayer=True)
    etched(flow, "CPO", (("etch_open_fe", "open trilayer"), ("etch_hardmask_fe", "cut mask")))
    etched(flow, "PO", (("etch_gate", "etch gate"),), spm=True, profile=True)
    inspected(flow, "gate", "PO")


def junctions(flow: Flow) -> None:
    """Spacers, extensions, p-type silicon germanium, source and drain, silicide."""
    flow.module("junctions")
    film(flow, "ald_nitride", "offset spacer", clean="clean_predep")
    flow.do("etch_spacer", "etch offset spacer")
    for layer, shots in (
        ("NLDD1", (("implant_hc", "As"), ("implant_mc", "BF2"))),
        ("PLDD1", (("implant_hc", "BF2"), ("implant_mc", "As"))),
        ("NLDD2", (("implant_hc", "As"), ("implant_mc", "BF2"))),
        ("PLDD2", (("implant_hc", "BF2"), ("implant_mc", "As"))),
        ("NLDDIO", (("implant_mc", "P"),)), ("PLDDIO", (("implant_mc", "B"),)),
    ):  # fmt: skip
        implanted(flow, layer, KRF, shots, ash=False)
    film(flow, "ald_nitride", "epitaxy spacer", clean="clean_predep")
    printed(flow, "SIGE", ARFI)
    etched(flow, "SIGE", (("etch_spacer", "open spacer"), ("etch_fin", "recess")), spm=True, profile=True)
    film(flow, "epi_p", "p source/drain SiGe:B", clean="clean_predep", limit=180, measure="xrf")
    inspected(flow, "epitaxy")
    film(flow, "ald_nitride", "main spacer", clean="clean_predep")
    flow.do("etch_spacer", "etch main spacer")
    for layer, species in (("NPLUS", "As"), ("PPLUS", "B"), ("ESD", "B")):
        implanted(flow, layer, KRF, (("implant_hc", species),))
    flow.do("clean_predep", "clean before anneal")
    flow.do("rtp_spike", "spike anneal")
    flow.do("laser_anneal", "millisecond anneal")
    clean = flow.do("clean_predep", "clean before silicide")
    metal = flow.do("pvd_silicide", "nickel")
    flow.within(180, clean, metal)
    flow.do("rtp_spike", "first silicide anneal")
    flow.do("wet_metal", "strip nickel")
    flow.do("rtp_spike", "second silicide anneal")
    inspected(flow, "silicide", tools="darkfield")


def gates(flow: Flow) -> None:
    """Stop layer, oxide, polish, dummy removal, high-k, two work functions, aluminium or tungsten fill, polish."""
    flow.module("gates")
    film(flow, "ald_nitride", "contact etch stop", clean="clean_predep")
    film(flow, "fcvd", "interlayer oxide")
    polished(flow, "cmp_oxide", "interlayer polish")
    polished(flow, "cmp_poly", "open gate polish", measure="ocd")
    for layer, family in (("PG", "ald_wfm_p"), ("NG", "ald_wfm_n")):
        if layer == "PG":
            flow.do("etch_recess", "remove dummy silicon", layer)
            flow.do("wet_hf", "remove dummy oxide", layer)
            clean = flow.do("clean_predep", "clean before interface", layer)
            highk = film(flow, "ald_highk", "interface and high-k", layer, measure="xps")
            flow.within(240, clean, highk)
            flow.do("rtp_spike", "high-k anneal", layer)
        film(flow, family, "work-function metal", layer, measure="xps")
        if layer == "PG":
            printed(flow, "NG", ARFI)
            etched(flow, "NG", (("etch_open_fe", "open"),), ash="", clean="", width=False)
            flow.do("wet_metal", "remove p metal", "NG")
            etched(flow, "NG", (), ash="ash_fe", clean="clean_mol")
    film(flow, "cvd_tungsten", "gate fill", measure="xrf")
    polished(flow, "cmp_metal", "gate polish", clean="clean_mol")
    inspected(flow, "gates")


def contacts(flow: Flow) -> None:
    """Oxide, print in two passes, etch, barrier, tungsten, polish."""
    flow.module("contacts")
    film(flow, "ald_nitride", "contact stop", measure="")
    film(flow, "cvd_oxide_fe", "contact oxide")
    polished(flow, "cmp_oxide", "contact oxide polish")
    for layer in ("CO1", "CO2"):
        printed(flow, layer, ARFI, trilayer=True)
        etched(flow, layer, (("etch_open_fe", "open trilayer"), ("etch_contact", "etch contact")), clean="clean_mol")
    flow.do("etch_spacer", "open stop layer")
    flow.do("clean_mol", "clean contacts")
    checked(flow, "ebeam", "contact open")
    flow.do("pvd_silicide", "barrier")
    film(flow, "cvd_tungsten", "contact fill", measure="xrf")
    polished(flow, "cmp_metal", "contact polish", clean="clean_mol")
    inspected(flow, "contacts")


FRONT = (isolation, frontend.wells, thresholds, dummy_gate, junctions, gates, contacts)


def _full(route: str, *, dense: bool = False) -> Flow:
    return full(route, FRONT, LEVELS, tested=("M1", "M6"), dense=dense)


def _flows() -> list[Flow]:
    return [_full("planar-full"), _full("planar-dev", dense=True), short_back("shortloop-beol", LEVELS[:2])]


LINE = Line(
    name="planar-28nm",
    title="Logic fab with planar transistors and metal gates, a 28/22 nm class line",
    what="A 28/22 nm class line of our own making",
    full="planar-full",
    family="planar",
    sizes=SIZES,
    flows=_flows,
    started=lambda flows: started(SIZES, "planar-full", "planar-dev", flows),
    left_out=(
        "Furnaces and wet benches, which such a fab batches, are single-wafer tools here.",
        "A fab of 28/22 nm may run 16/12 nm beside it; here one planar product stands for all.",
    ),
)
