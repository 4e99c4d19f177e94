"""Front end of the line: from the bare wafer to the source and drain of stacked sheets."""

from __future__ import annotations

from nanosheet.flow import Flow
from nanosheet.loops import checked, etched, film, implanted, inspected, polished, printed

TRILAYER = (("etch_open_fe", "open trilayer"),)


def start(flow: Flow) -> None:
    """Mark, sort, clean and inspect the bare wafer; etch the zero marks."""
    flow.module("start")
    flow.do("sorter", "laser mark")
    flow.do("sorter", "sort into carrier")
    flow.do("clean_fe", "incoming clean")
    inspected(flow, "bare wafer", tools="bare_wafer", review=False)
    flow.do("rtp_oxidation", "pad oxide")
    flow.do("film_thickness", "measure pad oxide")
    printed(flow, "ZERO", "krf_cell", overlay=False, width=False)
    etched(flow, "ZERO", (("etch_hardmask_fe", "etch marks"),), ash="", spm=True, width=False)


def wells(flow: Flow, *, full: bool = True) -> None:
    """Wells and punch-through stoppers under the sheets."""
    flow.module("wells")
    if full:
        implanted(flow, "DNW", "iline_cell", (("implant_he", "P"), ("implant_he", "P")))
    implanted(flow, "NW", "krf_cell", (("implant_he", "P"), ("implant_mc", "P"), ("implant_mc", "As")), ash=False)
    implanted(flow, "PW", "krf_cell", (("implant_he", "B"), ("implant_mc", "B"), ("implant_mc", "BF2")), ash=False)
    if full:
        implanted(flow, "APTN", "krf_cell", (("implant_mc", "P"), ("implant_mc", "As")), ash=False)
        implanted(flow, "APTP", "krf_cell", (("implant_mc", "B"), ("implant_mc", "BF2")), ash=False)
    flow.do("clean_predep", "clean before well anneal")
    flow.do("rtp_spike", "well anneal")
    flow.do("wet_hf", "remove pad oxide")
    inspected(flow, "wells", tools="bare_wafer")


def sheet_stack(flow: Flow) -> None:
    """Superlattice of silicon sheets and sacrificial silicon germanium, over a bottom layer for isolation."""
    flow.module("sheet stack")
    film(flow, "epi_stack", "bottom silicon germanium", clean="clean_predep", limit=240, measure="xrf")
    flow.do("ocd", "measure bottom silicon germanium")
    film(flow, "epi_stack", "sheet superlattice", clean="clean_predep", limit=240, measure="xrf")
    flow.do("ocd", "measure superlattice")
    inspected(flow, "superlattice", tools="bare_wafer")


def active(flow: Flow, *, cuts: bool = True) -> None:
    """Fins of stacked sheets: print, keep, cut."""
    flow.module("active")
    flow.do("rtp_oxidation", "pad oxide")
    film(flow, "ald_nitride", "pad nitride")
    film(flow, "cvd_oxide_fe", "mask oxide")
    film(flow, "cvd_silicon", "mask carbon", measure="")
    film(flow, "cvd_hardmask", "mask oxynitride", measure="film_thickness")
    inspected(flow, "mask films", tools="darkfield")
    act = printed(flow, "ACT", "euv_cell", bevel="bevel_fe")
    etched(
        flow,
        "ACT",
        (("etch_hardmask_fe", "etch mask"), ("etch_hardmask_fe", "etch carbon"), ("etch_hardmask_fe", "etch nitride")),
    )
    inspected(flow, "mask", "ACT")
    if cuts:
        cut = printed(flow, "ACTC", "euv_cell", bevel="bevel_fe")
        flow.same_tool(act, cut)
        etched(flow, "ACTC", (("etch_hardmask_fe", "cut mask"),))
        checked(flow, "ebeam", "voltage contrast", "ACTC")
        printed(flow, "FINK", "arfi_cell", trilayer=True)
        etched(flow, "FINK", TRILAYER + (("etch_hardmask_fe", "keep mask"),))
    etched(flow, "ACT", (("etch_fin", "etch fins"),), ash="ash_fe", profile=True)
    flow.do("wet_hf", "trim fins", "ACT")
    inspected(flow, "fins", "ACT")


def isolation(flow: Flow, *, deep: bool = True) -> None:
    """Shallow trench isolation: line, fill, cure, polish, recess."""
    flow.module("isolation")
    film(flow, "ald_oxide", "liner oxide", clean="clean_predep", limit=360)
    film(flow, "ald_nitride", "liner nitride")
    for part in ("lower", "upper") if deep else ("only",):
        film(flow, "fcvd", f"{part} gap fill", measure="")
        flow.do("cure_steam", f"{part} steam cure")
    film(flow, "rtp_spike", "fill anneal", measure="film_thickness")
    film(flow, "cvd_oxide_fe", "cap oxide", measure="")
    polished(flow, "cmp_oxide", "isolation polish", measure="")
    polished(flow, "cmp_oxide", "isolation buff")
    inspected(flow, "polish", tools="darkfield")
    if deep:
        printed(flow, "ISO", "arfi_cell", trilayer=True)
        etched(flow, "ISO", TRILAYER + (("etch_fin", "etch deep isolation"),), spm=True, profile=True)
        film(flow, "ald_oxide", "deep liner", clean="clean_predep", measure="")
        film(flow, "fcvd", "deep gap fill", measure="")
        flow.do("cure_steam", "deep steam cure")
        polished(flow, "cmp_oxide", "deep polish")
    flow.do("wet_phosphoric", "strip pad nitride")
    flow.do("etch_recess", "recess isolation")
    flow.do("wet_hf", "trim recess")
    flow.do("ocd", "fin reveal")
    inspected(flow, "fin reveal", review=True)
    flow.do("darkfield", "inspect particles")


def dummy_gate(flow: Flow, *, cuts: bool = True) -> None:
    """Sacrificial gate over the fins: oxide, silicon, masks, print, etch, cut."""
    flow.module("dummy gate")
    film(flow, "ald_oxide", "dummy oxide", clean="clean_predep", limit=240)
    film(flow, "cvd_silicon", "dummy silicon")
    polished(flow, "cmp_poly", "silicon polish")
    film(flow, "cvd_silicon", "top silicon", measure="")
    film(flow, "cvd_hardmask", "gate nitride")
    film(flow, "cvd_oxide_fe", "gate oxide mask")
    film(flow, "cvd_silicon", "gate carbon", measure="")
    inspected(flow, "mask films", tools="darkfield")
    gate = printed(flow, "PC", "euv_cell", bevel="bevel_fe")
    etched(flow, "PC", (("etch_gate", "etch gate mask"),))
    inspected(flow, "gate mask", "PC")
    if cuts:
        cut = printed(flow, "PCC", "euv_cell", bevel="bevel_fe")
        flow.same_tool(gate, cut)
        etched(flow, "PCC", (("etch_gate", "cut gate mask"),))
        checked(flow, "ebeam", "voltage contrast", "PCC")
    etched(flow, "PC", (("etch_gate", "etch gate silicon"), ("etch_gate", "soft landing")), spm=True, profile=True)
    inspected(flow, "gate", "PC")
    checked(flow, "xps", "residue")
    if cuts:
        printed(flow, "SDB", "euv_cell", bevel="bevel_fe")
        etched(
            flow,
            "SDB",
            (("etch_gate", "etch diffusion break"), ("etch_fin", "etch break into fin")),
            spm=True,
            profile=True,
        )
        film(flow, "ald_nitride", "break fill", measure="")
        polished(flow, "cmp_poly", "break polish")
        checked(flow, "ebeam", "voltage contrast", "SDB")


def extensions(flow: Flow) -> None:
    """Doping of the outer devices: thick oxide, electrostatic protection, extensions, resistors."""
    flow.module("extensions")
    film(flow, "ald_oxide", "offset oxide", clean="clean_predep")
    printed(flow, "OX1", "krf_cell")
    etched(flow, "OX1", (("etch_open_fe", "open oxide"),), width=False)
    flow.do("wet_hf", "etch thick oxide", "OX1")
    printed(flow, "OX2", "krf_cell", width=False)
    etched(flow, "OX2", (), ash="ash_fe", width=False)
    flow.do("wet_hf", "etch second oxide", "OX2")
    for layer, shots, heavy in (
        ("XTN", (("implant_mc", "As"), ("implant_mc", "P")), False),
        ("XTP", (("implant_mc", "BF2"), ("implant_mc", "B")), False),
        ("ESDN", (("implant_hc", "As"),), True),
        ("ESDP", (("implant_hc", "B"),), True),
        ("IXN", (("implant_hc", "P"),), True),
        ("IXP", (("implant_hc", "BF2"),), True),
        ("TAPN", (("implant_hc", "As"),), True),
        ("TAPP", (("implant_hc", "BF2"),), True),
        ("RESI", (("implant_hc", "B"),), False),
        ("VAR", (("implant_he", "P"),), False),
    ):
        implanted(flow, layer, "krf_cell", shots, ash=heavy)
    flow.do("clean_predep", "clean before anneal")
    flow.do("rtp_spike", "extension anneal")
    inspected(flow, "extensions", tools="darkfield")


def spacer(flow: Flow) -> None:
    """Low-k spacer on the gate's side walls."""
    flow.module("spacer")
    film(flow, "ald_lowk_spacer", "first spacer", clean="clean_predep", limit=360)
    film(flow, "ald_nitride", "second spacer")
    checked(flow, "xps", "spacer composition")
    etched(flow, "SP", (("etch_spacer", "etch spacer"),), profile=True)
    etched(
        flow,
        "SP",
        (("etch_fin", "recess source and drain"), ("etch_inner_spacer", "shape recess")),
        ash="",
        profile=True,
    )
    inspected(flow, "recess", "SP")


def inner_spacer(flow: Flow, *, bottom: bool = True) -> None:
    """Recess the silicon germanium sideways, fill with low-k, etch back; isolate the bottom."""
    flow.module("inner spacer")
    if bottom:
        printed(flow, "BDI", "arfi_cell", trilayer=True)
        etched(flow, "BDI", TRILAYER, spm=True, width=True)
        flow.do("etch_inner_spacer", "remove bottom silicon germanium", "BDI")
        film(flow, "ald_lowk_spacer", "bottom isolation", clean="clean_predep", limit=240, measure="ocd")
        flow.do("etch_inner_spacer", "etch back bottom isolation", "BDI")
        flow.do("clean_fe", "clean after etch back", "BDI")
    recess = flow.do("etch_inner_spacer", "recess silicon germanium")
    flow.do("ocd", "cavity depth")
    fill = film(flow, "ald_lowk_spacer", "inner spacer", clean="clean_predep", measure="ocd")
    flow.within(480, recess, fill)
    flow.do("etch_inner_spacer", "etch back inner spacer")
    flow.do("clean_fe", "clean after inner spacer")
    flow.do("ocd", "inner spacer profile")
    checked(flow, "xps", "inner spacer composition")
    checked(flow, "ebeam", "inner spacer residues")
    inspected(flow, "inner spacer")


def source_drain(flow: Flow, *, contact_epi: bool = True) -> None:
    """Epitaxy of n and p source and drain through block masks."""
    flow.module("source/drain")
    for kind, layer, dopant in (("n", "NSD", "phosphorus"), ("p", "PSD", "boron")):
        film(flow, "ald_nitride", f"{kind} block liner", layer)
        printed(flow, layer, "arfi_cell", trilayer=True)
        etched(flow, layer, TRILAYER + (("etch_spacer", f"open {kind} block"),), spm=True)
        film(
            flow, f"epi_{kind}", f"{kind} source/drain {dopant}", layer, clean="clean_predep", limit=180, measure="xrf"
        )
        flow.do("ocd", "epitaxy profile", layer)
        if contact_epi:
            film(flow, f"epi_{kind}", f"{kind} contact layer", layer, clean="clean_predep", limit=180, measure="xrf")
        flow.do("wet_phosphoric", "strip block liner", layer)
        flow.do("clean_fe", "clean after strip", layer)
        inspected(flow, f"{kind} epitaxy", layer)
    if contact_epi:
        film(flow, "epi_n", "silicon cap", clean="clean_predep", limit=180, measure="ocd")
        flow.do("laser_anneal", "cap anneal")
    flow.do("laser_anneal", "activation anneal")
    inspected(flow, "epitaxy")


def interlayer(flow: Flow) -> None:
    """Etch stop and oxide between the gates, polished to open the dummy gate."""
    flow.module("interlayer")
    film(flow, "ald_nitride", "contact etch stop", clean="clean_predep")
    film(flow, "fcvd", "interlayer fill", measure="")
    flow.do("cure_steam", "interlayer cure")
    film(flow, "fcvd", "interlayer top fill", measure="film_thickness")
    film(flow, "rtp_spike", "interlayer anneal")
    film(flow, "cvd_oxide_fe", "interlayer cap oxide", measure="")
    polished(flow, "cmp_oxide", "interlayer polish")
    polished(flow, "cmp_poly", "open gate polish", measure="ocd")
    inspected(flow, "open gate", tools="darkfield")
