"""Non-product wafers: short routes that qualify and season the tools, so that they carry their share of the load."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nanosheet.flow import Flow

VISITS = 1 / 6
"""Visits of a monitor lot to a family, per pass of a product wafer (guess)."""
SPECIES = {"implant_hc": "As", "implant_mc": "B", "implant_he": "P"}


@dataclass(frozen=True)
class Monitor:
    """A kind of monitor lot."""

    name: str
    watches: str
    visits: str
    """Families it visits, in proportion to their product passes."""
    measured: str = ""
    """Families that measure it afterwards, each with the percent of the lots measured (guess)."""

    @property
    def module(self) -> str:
        return f"monitor {self.name}"

    def watches_any(self, passes: Mapping[str, int]) -> bool:
        """Whether a product wafer meets any of the families it visits; golden wafers visit none and always run."""
        return not self.visits or any(passes[family] for family in self.visits.split())

    def flow(self, passes: Mapping[str, int]) -> Flow:
        """Return the route, given the passes of a product wafer through each family.

        A visit less often than once a lot becomes a step that only a share of the lots does.
        """
        flow = Flow(f"mon-{self.name}")
        flow.module(self.module)
        flow.do("sorter", "sort monitors")
        for family in self.visits.split():
            left, turn = passes[family] * VISITS, 0
            while left > 0.005:
                turn += 1
                percent = round(100 * min(1.0, left), 1)
                flow.do(family, f"season and run {turn}", sampling=percent, setup=SPECIES.get(family, ""))
                left -= 1
        words = self.measured.split()
        for family, share in zip(words[::2], words[1::2], strict=True):
            flow.do(family, f"measure {self.watches}", sampling=float(share))
        return flow


MONITORS = (
    Monitor("euv", "focus, dose", "bevel_be bevel_fe euv_cell", "cdsem_adi 100 overlay_diffraction 100"),
    Monitor("duv", "focus, overlay", "arfi_cell krf_cell iline_cell", "cdsem_adi 100 overlay_image 100"),
    Monitor("coat", "resist films", "coat_soc coat_sog ash_fe", "film_thickness 100 bare_wafer 50"),
    Monitor(
        "etch-fe",
        "etch rate",
        "etch_fin etch_gate etch_hardmask_fe etch_recess etch_spacer etch_contact etch_open_fe",
        "film_thickness 100 cdsem_aei 50",
    ),
    Monitor(
        "etch-be",
        "etch rate",
        "etch_metal_hm etch_metal etch_open_be etch_via etch_trench",
        "film_thickness 100 cdsem_aei 50",
    ),
    Monitor("etch-selective", "selectivity", "etch_inner_spacer etch_release", "ocd 100 xps 20"),
    Monitor("strip", "residues", "ash_implant ash_be wet_spm wet_phosphoric wet_hf wet_metal", "bare_wafer 50"),
    Monitor("clean-fe", "particles", "clean_predep clean_fe clean_mol", "bare_wafer 50"),
    Monitor("clean-be", "particles", "clean_be clean_cu", "bare_wafer 50"),
    Monitor("epi", "growth rate, composition", "epi_stack epi_n epi_p", "xrf 40 ocd 100 bare_wafer 50"),
    Monitor("ald-metal", "composition", "ald_highk ald_dipole ald_wfm_n ald_wfm_p", "xps 30 film_thickness 100"),
    Monitor(
        "ald", "thickness", "ald_nitride ald_oxide ald_lowk_spacer ald_etch_stop", "film_thickness 100 bare_wafer 30"
    ),
    Monitor(
        "cvd-fe",
        "thickness, particles",
        "cvd_hardmask cvd_silicon cvd_oxide_fe fcvd cure_steam",
        "film_thickness 100 bare_wafer 50",
    ),
    Monitor(
        "cvd-be", "thickness, particles", "cvd_oxide_be cvd_lowk cvd_cap cure_uv", "film_thickness 100 bare_wafer 50"
    ),
    Monitor(
        "metal",
        "resistance, particles",
        "pvd_tin_hm pvd_barrier_seed pvd_silicide pvd_plate cvd_tungsten cvd_cobalt cvd_molybdenum ecd_cu",
        "xrf 20 bare_wafer 50",
    ),
    Monitor("thermal", "activation", "rtp_oxidation rtp_spike rtp_cu laser_anneal", "film_thickness 100"),
    Monitor("implant", "dose", "implant_hc implant_mc implant_he", "film_thickness 50"),
    Monitor(
        "cmp",
        "removal rate",
        "cmp_oxide cmp_poly cmp_metal cmp_cu cmp_barrier",
        "film_thickness 100 bare_wafer 50",
    ),
    Monitor(
        "metrology",
        "golden wafers",
        "",
        "overlay_diffraction 100 overlay_image 100 cdsem_adi 100 cdsem_aei 100 ocd 100 xps 20 xrf 20 darkfield 50 "
        "brightfield_fe 20 brightfield_be 20 ebeam 10 review_sem 50 wat 5",
    ),
)
