"""Middle of the line: contacts to source, drain and gate, resistors, and the first vias."""

from __future__ import annotations

from nanosheet.flow import Flow
from nanosheet.frontend import TRILAYER
from nanosheet.loops import checked, etched, film, implanted, inspected, polished, printed


def contacts(flow: Flow, *, full: bool = True) -> None:
    """Trench contacts to source and drain: print, etch, dope, silicide, fill, polish."""
    flow.module("contacts")
    film(flow, "ald_nitride", "contact liner", measure="")
    film(flow, "cvd_oxide_fe", "contact oxide", measure="")
    polished(flow, "cmp_oxide", "contact oxide polish")
    if full:
        printed(flow, "MKO1", "krf_cell", width=False)
        etched(flow, "MKO1", (("etch_hardmask_fe", "open marks"),), width=False)
    film(flow, "cvd_hardmask", "contact mask", measure="")
    film(flow, "pvd_tin_hm", "contact metal mask", measure="")
    film(flow, "cvd_silicon", "contact carbon", measure="")
    inspected(flow, "mask films", tools="darkfield")
    first = printed(flow, "CA", "euv_cell", bevel="bevel_fe")
    etched(flow, "CA", (("etch_hardmask_fe", "etch mask"),), clean="clean_mol")
    if full:
        cut = printed(flow, "CAC", "euv_cell", bevel="bevel_fe")
        flow.same_tool(first, cut)
        etched(flow, "CAC", (("etch_hardmask_fe", "cut mask"),), clean="clean_mol")
        printed(flow, "CAX", "arfi_cell", trilayer=True)
        etched(flow, "CAX", TRILAYER + (("etch_contact", "keep mask"),), clean="clean_mol")
    etched(
        flow, "CA", (("etch_contact", "etch oxide"), ("etch_contact", "open liner")), clean="clean_mol", profile=True
    )
    film(flow, "ald_nitride", "contact side wall", "CA", measure="")
    flow.do("etch_spacer", "open side wall", "CA")
    inspected(flow, "contact trench", "CA")
    checked(flow, "ebeam", "contact open", "CA")
    if full:
        printed(flow, "TS", "arfi_cell", trilayer=True)
        etched(flow, "TS", TRILAYER, clean="clean_mol")
        implanted(flow, "CIN", "krf_cell", (("implant_hc", "P"),))
        implanted(flow, "CIP", "krf_cell", (("implant_hc", "B"),))
    flow.do("laser_anneal", "contact activation")
    clean = flow.do("clean_predep", "clean before silicide")
    metal = flow.do("pvd_silicide", "silicide titanium")
    flow.within(180, clean, metal)
    flow.do("ald_wfm_p", "contact barrier")
    flow.do("laser_anneal", "silicide anneal")
    flow.do("xrf", "silicide")
    film(flow, "cvd_molybdenum", "contact fill", "CA", measure="")
    film(flow, "cvd_molybdenum", "contact overburden", "CA", measure="xrf")
    polished(flow, "cmp_metal", "contact polish", "CA", clean="", measure="")
    polished(flow, "cmp_metal", "contact buff", "CA", clean="clean_mol")
    checked(flow, "ebeam", "voltage contrast", "CA")
    inspected(flow, "contacts", "CA")


def gate_contacts(flow: Flow, *, full: bool = True) -> None:
    """Contacts to the gate, resistors, vias down to the contacts."""
    flow.module("gate contacts")
    film(flow, "ald_nitride", "contact cap", measure="")
    film(flow, "cvd_oxide_fe", "gate contact oxide")
    film(flow, "cvd_silicon", "gate contact carbon", measure="")
    inspected(flow, "mask films", "CB", tools="darkfield")
    printed(flow, "CB", "euv_cell", bevel="bevel_fe")
    etched(
        flow, "CB", (("etch_contact", "etch oxide"), ("etch_contact", "open gate cap")), clean="clean_mol", profile=True
    )
    if full:
        printed(flow, "CBX", "arfi_cell", trilayer=True)
        etched(flow, "CBX", TRILAYER + (("etch_contact", "etch strap"),), clean="clean_mol")
        flow.do("pvd_silicide", "resistor film")
        printed(flow, "RES", "arfi_cell", trilayer=True)
        etched(flow, "RES", TRILAYER + (("etch_hardmask_fe", "etch resistor"),), clean="clean_mol")
    inspected(flow, "gate contact", "CB")
    checked(flow, "ebeam", "gate contact open", "CB")
    film(flow, "ald_nitride", "gate contact side wall", "CB", measure="")
    flow.do("etch_spacer", "open side wall", "CB")
    flow.do("pvd_silicide", "contact liner", "CB")
    flow.do("bevel_fe", "bevel clean before fill", "CB")
    film(flow, "cvd_tungsten", "gate contact fill", "CB", measure="xrf")
    polished(flow, "cmp_metal", "gate contact polish", "CB", clean="clean_mol")
    checked(flow, "ebeam", "voltage contrast", "CB")
    inspected(flow, "gate contacts", "CB")
