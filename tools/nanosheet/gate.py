"""Replacement gate: remove the dummy, release the sheets, wrap them with high-k, dipoles and work-function metals."""

from __future__ import annotations

from nanosheet.flow import Flow
from nanosheet.frontend import TRILAYER
from nanosheet.loops import checked, etched, film, inspected, polished, printed


def release(flow: Flow) -> None:
    """Remove dummy gate and silicon germanium; the sheets hang free."""
    flow.module("channel release")
    flow.do("etch_recess", "open dummy gate")
    flow.do("etch_recess", "remove dummy silicon")
    flow.do("clean_mol", "clean after dummy silicon")
    flow.do("wet_hf", "remove dummy oxide")
    flow.do("ocd", "gate trench")
    flow.do("etch_release", "remove liner")
    flow.do("etch_release", "release sheets")
    flow.do("etch_release", "trim sheets")
    flow.do("wet_hf", "clean sheets")
    flow.do("ocd", "sheet profile")
    checked(flow, "xps", "germanium residue")
    checked(flow, "ebeam", "release residues")
    inspected(flow, "sheets")


def _dipole(flow: Flow, layer: str) -> None:
    """One threshold-voltage flavour: dipole everywhere, print, remove where not wanted, drive in."""
    film(flow, "ald_dipole", "dipole", layer, measure="xps")
    printed(flow, layer, "arfi_cell", trilayer=True)
    etched(flow, layer, TRILAYER, ash="", clean="", width=False)
    flow.do("wet_metal", "remove dipole", layer)
    etched(flow, layer, (), ash="ash_fe", clean="clean_mol", width=True)
    if layer.endswith("2"):
        flow.do("rtp_spike", "drive in", layer)
    inspected(flow, "dipole", layer, tools="darkfield", review=layer.endswith("2"))


def _work_function(flow: Flow, layer: str, family: str) -> None:
    """One work-function metal, patterned by wet etch."""
    film(flow, family, "work-function metal", layer, measure="xps")
    printed(flow, layer, "arfi_cell", trilayer=True)
    etched(flow, layer, TRILAYER, ash="", clean="", width=False)
    flow.do("wet_metal", "remove metal", layer)
    etched(flow, layer, (), ash="ash_fe", clean="clean_mol", width=True)


def gate_stack(flow: Flow, *, flavours: int = 4, metals: int = 2, cut: bool = True) -> None:
    """Interface, high-k, dipoles, work-function metals, fill, polish, recess, cap; cut of the metal gate."""
    flow.module("gate stack")
    clean = flow.do("clean_predep", "clean before interface")
    interface = flow.do("ald_highk", "interface oxide")
    flow.within(120, clean, interface)
    highk = flow.do("ald_highk", "high-k")
    flow.within(240, interface, highk)
    checked(flow, "xps", "high-k thickness")
    flow.do("ald_wfm_p", "sacrificial cap")
    flow.do("rtp_spike", "post-deposition anneal")
    flow.do("wet_metal", "remove sacrificial cap")
    for layer in ("DN1", "DP1", "DN2", "DP2")[:flavours]:
        _dipole(flow, layer)
    if flavours:
        film(flow, "ald_highk", "second high-k", clean="clean_mol", limit=240, measure="xps")
    flow.do("laser_anneal", "high-k anneal")
    for layer, family in (("WP", "ald_wfm_p"), ("WN", "ald_wfm_n"))[:metals]:
        _work_function(flow, layer, family)
    inspected(flow, "patterned metals")
    film(flow, "ald_wfm_n", "n metal over all", measure="xps")
    film(flow, "ald_wfm_p", "barrier", measure="xps")
    film(flow, "ald_wfm_n", "gate cap metal", measure="")
    flow.do("bevel_fe", "bevel clean before fill")
    film(flow, "cvd_tungsten", "gate fill", measure="xrf")
    polished(flow, "cmp_metal", "gate polish", clean="", measure="")
    polished(flow, "cmp_metal", "gate buff", clean="clean_mol", measure="ocd")
    inspected(flow, "gate polish", tools="darkfield")
    if cut:
        printed(flow, "CMG", "arfi_cell", trilayer=True)
        etched(
            flow,
            "CMG",
            TRILAYER + (("etch_gate", "cut metal gate"), ("etch_gate", "over-etch cut")),
            clean="clean_mol",
            profile=True,
        )
        film(flow, "ald_nitride", "cut fill", measure="")
        polished(flow, "cmp_metal", "cut polish", clean="clean_mol")
        checked(flow, "ebeam", "voltage contrast", "CMG")
    flow.do("etch_recess", "recess gate fill")
    flow.do("etch_recess", "chamfer work-function metal")
    flow.do("clean_mol", "clean after recess")
    flow.do("ocd", "recess depth")
    film(flow, "ald_nitride", "cap liner", measure="")
    film(flow, "ald_nitride", "self-aligned cap", measure="film_thickness")
    polished(flow, "cmp_metal", "cap polish", clean="clean_mol")
    inspected(flow, "gate module")
