"""Non-product wafers: short routes that qualify and season the tools, so that they carry their share of the load."""

from __future__ import annotations

from nanosheet.flow import Flow

VISITS = 1 / 6
"""Visits of a monitor lot to a family, per pass of a product wafer (guess); the monitors' start rate sets the share of activity."""

# Route, what it watches, the families it visits, the measurements that follow (with percent of the lots measured).
MONITORS: tuple[tuple[str, str, tuple[str, ...], tuple[tuple[str, float], ...]], ...] = (
    ("mon-euv", "focus, dose", ("bevel_be", "bevel_fe", "euv_cell"), (("cdsem_adi", 100), ("overlay_diffraction", 100))),
    ("mon-duv", "focus, overlay", ("arfi_cell", "krf_cell", "iline_cell"), (("cdsem_adi", 100), ("overlay_image", 100))),
    ("mon-coat", "resist films", ("coat_soc", "coat_sog", "ash_fe"), (("film_thickness", 100), ("bare_wafer", 50))),
    ("mon-etch-fe", "etch rate", ("etch_fin", "etch_gate", "etch_hardmask_fe", "etch_recess", "etch_spacer", "etch_contact", "etch_open_fe"),
     (("film_thickness", 100), ("cdsem_aei", 50))),
    ("mon-etch-be", "etch rate", ("etch_metal_hm", "etch_metal", "etch_open_be", "etch_via", "etch_trench"),
     (("film_thickness", 100), ("cdsem_aei", 50))),
    ("mon-etch-selective", "selectivity", ("etch_inner_spacer", "etch_release"), (("ocd", 100), ("xps", 20))),
    ("mon-strip", "residues", ("ash_implant", "ash_be", "wet_spm", "wet_phosphoric", "wet_hf", "wet_metal"), (("bare_wafer", 50),)),
    ("mon-clean-fe", "particles", ("clean_predep", "clean_fe", "clean_mol"), (("bare_wafer", 50),)),
    ("mon-clean-be", "particles", ("clean_be", "clean_cu"), (("bare_wafer", 50),)),
    ("mon-epi", "growth rate, composition", ("epi_stack", "epi_n", "epi_p"), (("xrf", 40), ("ocd", 100), ("bare_wafer", 50))),
    ("mon-ald-metal", "thickness, composition", ("ald_highk", "ald_dipole", "ald_wfm_n", "ald_wfm_p"), (("xps", 30), ("film_thickness", 100))),
    ("mon-ald", "thickness", ("ald_nitride", "ald_oxide", "ald_lowk_spacer", "ald_etch_stop"), (("film_thickness", 100), ("bare_wafer", 30))),
    ("mon-cvd-fe", "thickness, particles", ("cvd_hardmask", "cvd_carbon", "cvd_silicon", "cvd_oxide_fe", "fcvd", "cure_steam"),
     (("film_thickness", 100), ("bare_wafer", 50))),
    ("mon-cvd-be", "thickness, particles", ("cvd_oxide_be", "cvd_lowk", "cvd_cap", "cure_uv"), (("film_thickness", 100), ("bare_wafer", 50))),
    ("mon-metal", "resistance, particles",
     ("pvd_tin_hm", "pvd_barrier_seed", "pvd_silicide", "pvd_pad", "cvd_tungsten", "cvd_cobalt", "cvd_molybdenum", "ecd_cu"),
     (("xrf", 20), ("bare_wafer", 50))),
    ("mon-thermal", "oxide, dopant activation", ("rtp_oxidation", "rtp_spike", "rtp_cu", "anneal_ms", "anneal_ns"), (("film_thickness", 100),)),
    ("mon-implant", "dose", ("implant_hc", "implant_mc", "implant_he"), (("film_thickness", 50),)),
    ("mon-cmp", "removal rate", ("cmp_oxide", "cmp_poly", "cmp_gate", "cmp_mol", "cmp_cu", "cmp_barrier"),
     (("film_thickness", 100), ("bare_wafer", 50))),
    ("mon-metrology", "golden wafers", (),
     (("overlay_diffraction", 100), ("overlay_image", 100), ("cdsem_adi", 100), ("cdsem_aei", 100), ("ocd", 100), ("xps", 20), ("xrf", 20),
      ("darkfield", 50), ("brightfield_fe", 20), ("brightfield_be", 20), ("ebeam", 10), ("review_sem", 50), ("wat", 5), ("laser_mark", 20))),
)

SPECIES = {"implant_hc": "As", "implant_mc": "B", "implant_he": "P"}


def monitor(name: str, watches: str, visited: tuple[str, ...], measured: tuple[tuple[str, float], ...], passes: dict[str, int]) -> Flow:
    """One monitor route: sort, visit each family in proportion to its product passes, measure.

    A visit less often than once a lot becomes a step that only a share of the lots does.
    """
    flow = Flow(name)
    flow.module(f"monitor {watches}")
    flow.do("sorter", "sort monitors")
    for family in visited:
        left, turn = passes[family] * VISITS, 0
        while left > 0.005:
            turn += 1
            flow.do(family, f"season and run {turn}", sampling=round(100 * min(1.0, left), 1), setup=SPECIES.get(family, ""))
            left -= 1
    for family, percent in measured:
        flow.do(family, f"measure {watches}", sampling=float(percent))
    return flow
