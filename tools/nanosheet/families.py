"""The tool families: each group split by what may share a chamber (front end, middle, copper) and by what it does."""

from __future__ import annotations

from dataclasses import dataclass

from nanosheet.groups import GROUPS, Group


@dataclass(frozen=True)
class Family:
    """Like tools that do like steps: one row of `tool_groups.csv`."""

    name: str
    group_name: str
    supplier: str
    country: str
    does: str
    slow: float = 1.0
    """Process time relative to the mean of its group (guess; the mean is kept, implanters leave room for setups)."""

    @property
    def group(self) -> Group:
        return GROUPS[self.group_name]

    @property
    def interval(self) -> float:
        """Minutes between wafers of a lot in the long run."""
        return 60.0 / self.group.wph * self.slow

    @property
    def lot_wafers(self) -> int:
        """Wafers of a 25-wafer lot that the family touches."""
        return self.group.sample_wafers or 25

    @property
    def pipeline(self) -> float:
        """Minutes of first-wafer latency that occupy the tool's second slot.

        Two slots serve lots nose to tail only while the latency fits into the time of the smallest usual lot (half of a
        regular one), so no more than that is put there; `overlap` is the rest.
        """
        return min(self.group.latency, 0.5 * self.lot_wafers * self.interval)

    @property
    def overlap(self) -> float:
        """Minutes of latency in which the tool already works on the next lot: charged to the lot only, as unload."""
        return self.group.latency - self.pipeline


ASML, NIKON, CANON, TEL = ("ASML", "NL"), ("Nikon", "JP"), ("Canon", "JP"), ("Tokyo Electron", "JP")
SCREEN, EBARA, KOKUSAI, HITACHI = (
    ("SCREEN", "JP"),
    ("Ebara", "JP"),
    ("Kokusai Electric", "JP"),
    ("Hitachi High-Tech", "JP"),
)
LAM, APPLIED, KLA, ASM = ("Lam Research", "US"), ("Applied Materials", "US"), ("KLA", "US"), ("ASM International", "NL")
ULVAC, RORZE, RIGAKU, LASERTEC = ("ULVAC", "JP"), ("Rorze", "JP"), ("Rigaku", "JP"), ("Lasertec", "JP")
SUMITOMO, NISSIN, NOVA, ONTO = (
    ("Sumitomo Heavy Industries", "JP"),
    ("Nissin Ion Equipment", "JP"),
    ("Nova", "IL"),
    ("Onto", "US"),
)

_LIST = (
    Family("euv_cell", "euv_cell", *ASML, "EUV scanner linked to its track"),
    Family("arfi_cell", "arfi_cell", *ASML, "ArF immersion scanner linked to its track"),
    Family("krf_cell", "krf_cell", *NIKON, "KrF scanner linked to its track"),
    Family("iline_cell", "iline_cell", *CANON, "i-line stepper linked to its track"),
    Family("coat_soc", "spin_coat", *TEL, "spin-on carbon of trilayer resists"),
    Family("coat_sog", "spin_coat", *TEL, "spin-on glass of trilayer resists"),
    Family("overlay_diffraction", "overlay", *ASML, "overlay of the critical layers, from diffraction"),
    Family("overlay_image", "overlay", *KLA, "overlay of the other layers, from images"),
    Family("cdsem_adi", "cd_sem", *HITACHI, "widths after development"),
    Family("cdsem_aei", "cd_sem", *HITACHI, "widths after etch"),
    Family("etch_fin", "etch_conductor", *TEL, "fins of stacked sheets, source/drain recess", 1.2),
    Family("etch_gate", "etch_conductor", *LAM, "dummy gate and gate cuts", 1.2),
    Family("etch_hardmask_fe", "etch_conductor", *HITACHI, "front-end hard masks", 0.85),
    Family("etch_recess", "etch_conductor", *LAM, "recess and etch-back of gate and fill", 1.0),
    Family("etch_metal_hm", "etch_conductor", *TEL, "titanium nitride hard masks of the metal levels", 0.95),
    Family("etch_metal", "etch_conductor", *APPLIED, "capacitor plates and pads", 1.2),
    Family("etch_spacer", "etch_dielectric", *TEL, "spacers and liners", 0.9),
    Family("etch_contact", "etch_dielectric", *TEL, "contacts of the middle of the line", 1.2),
    Family("etch_open_fe", "etch_dielectric", *LAM, "opening of trilayers and oxides, front end", 0.8),
    Family("etch_open_be", "etch_dielectric", *LAM, "opening of trilayers, passivation, backend", 0.8),
    Family("etch_via", "etch_dielectric", *TEL, "vias", 1.05),
    Family("etch_trench", "etch_dielectric", *TEL, "dual-damascene trenches", 1.2),
    Family("etch_inner_spacer", "etch_selective", *TEL, "lateral recess of silicon germanium, etch-back"),
    Family("etch_release", "etch_selective", *APPLIED, "removal of silicon germanium between the sheets", 1.0),
    Family("ash_fe", "strip_ash", *LAM, "resist strip, front end"),
    Family("ash_implant", "strip_ash", *ULVAC, "strip of implanted resist", 1.15),
    Family("ash_be", "strip_ash", *ULVAC, "resist strip, metal levels", 0.97),
    Family("clean_predep", "wet_clean_sw", *SCREEN, "critical cleans before films, epitaxy and gate", 1.2),
    Family("clean_fe", "wet_clean_sw", *SCREEN, "front-end cleans"),
    Family("clean_mol", "wet_clean_sw", *TEL, "cleans of gate metals and contacts"),
    Family("clean_be", "wet_clean_sw", *SCREEN, "backend cleans without copper", 0.9),
    Family("clean_cu", "wet_clean_sw", *TEL, "cleans on open copper"),
    Family("wet_spm", "wet_spm_strip_etch", *SCREEN, "sulphuric peroxide strip"),
    Family("wet_phosphoric", "wet_spm_strip_etch", *SCREEN, "nitride strip", 1.5),
    Family("wet_hf", "wet_spm_strip_etch", *TEL, "oxide etch", 0.85),
    Family("wet_metal", "wet_spm_strip_etch", *SCREEN, "wet etch of work-function metals and hard masks", 0.95),
    Family("bevel_fe", "bevel_backside_clean", *EBARA, "bevel and back side before front-end EUV"),
    Family("bevel_be", "bevel_backside_clean", *SCREEN, "bevel and back side before backend EUV"),
    Family("epi_stack", "epi", *APPLIED, "superlattice of Si and SiGe", 1.5),
    Family("epi_n", "epi", *ASM, "n source/drain", 0.8),
    Family("epi_p", "epi", *APPLIED, "p source/drain", 0.8),
    Family("ald_highk", "ald_metal_highk", *ASM, "interface layer and high-k"),
    Family("ald_dipole", "ald_metal_highk", *KOKUSAI, "dipole layers"),
    Family("ald_wfm_n", "ald_metal_highk", *TEL, "n work-function metals, caps"),
    Family("ald_wfm_p", "ald_metal_highk", *APPLIED, "p work-function metals, barriers"),
    Family("ald_nitride", "ald_dielectric", *KOKUSAI, "nitride liners, caps, fills", 1.05),
    Family("ald_oxide", "ald_dielectric", *KOKUSAI, "oxide liners", 0.9),
    Family("ald_lowk_spacer", "ald_dielectric", *ASM, "low-k spacer and inner spacer", 1.3),
    Family("ald_etch_stop", "ald_dielectric", *TEL, "etch stops of the metal levels, capacitor dielectric", 0.9),
    Family("cvd_hardmask", "pecvd", *APPLIED, "nitride and oxynitride hard masks", 0.95),
    Family("cvd_silicon", "pecvd", *KOKUSAI, "amorphous silicon and carbon, front end", 1.4),
    Family("cvd_oxide_fe", "pecvd", *LAM, "oxides, front end and contacts"),
    Family("cvd_oxide_be", "pecvd", *LAM, "oxide masks, passivation", 0.9),
    Family("cvd_lowk", "pecvd", *APPLIED, "low-k dielectric with cure", 1.2),
    Family("cvd_cap", "pecvd", *ASM, "copper caps", 0.85),
    Family("fcvd", "gapfill_fcvd_cure", *APPLIED, "flowable gap fill", 1.1),
    Family("cure_steam", "gapfill_fcvd_cure", *KOKUSAI, "steam cure of gap fills", 1.0),
    Family("cure_uv", "gapfill_fcvd_cure", *TEL, "ultraviolet cure of low-k films", 0.9),
    Family("pvd_tin_hm", "pvd", *ULVAC, "titanium nitride hard masks", 0.8),
    Family("pvd_barrier_seed", "pvd", *APPLIED, "barrier and copper seed", 1.15),
    Family("pvd_silicide", "pvd", *APPLIED, "silicide, resistors, contact liners", 1.0),
    Family("pvd_plate", "pvd", *ULVAC, "capacitor plates, aluminium pads", 1.1),
    Family("cvd_tungsten", "cvd_metal", *LAM, "tungsten fill", 1.0),
    Family("cvd_cobalt", "cvd_metal", *APPLIED, "cobalt liners and caps", 0.95),
    Family("cvd_molybdenum", "cvd_metal", *TEL, "molybdenum and ruthenium contacts", 1.25),
    Family("ecd_cu", "ecd_cu", *LAM, "copper plating"),
    Family("rtp_oxidation", "rtp_spike_anneal", *KOKUSAI, "single-wafer oxidation", 1.2),
    Family("rtp_spike", "rtp_spike_anneal", *APPLIED, "spike and soak anneals", 1.0),
    Family("rtp_cu", "rtp_spike_anneal", *TEL, "copper and backend anneals", 0.95),
    Family("laser_anneal", "laser_anneal", *SCREEN, "millisecond and nanosecond anneals"),
    Family("implant_hc", "implant", *APPLIED, "high current", 0.9),
    Family("implant_mc", "implant", *NISSIN, "medium current", 0.75),
    Family("implant_he", "implant", *SUMITOMO, "high energy", 0.95),
    Family("cmp_oxide", "cmp", *EBARA, "isolation and interlayer oxide", 1.0),
    Family("cmp_poly", "cmp", *EBARA, "dummy gate silicon", 1.0),
    Family("cmp_metal", "cmp", *APPLIED, "metals and caps of gates and contacts", 1.1),
    Family("cmp_cu", "cmp", *EBARA, "bulk copper", 1.05),
    Family("cmp_barrier", "cmp", *APPLIED, "barrier", 0.9),
    Family("ocd", "ocd_thickness", *NOVA, "profiles from scatterometry"),
    Family("film_thickness", "ocd_thickness", *ONTO, "film thickness"),
    Family("xps", "xps_xrf_composition", *NOVA, "composition of thin metals"),
    Family("xrf", "xps_xrf_composition", *RIGAKU, "germanium content, metal thickness"),
    Family("brightfield_fe", "inspect_brightfield", *KLA, "pattern defects, front end and contacts"),
    Family("brightfield_be", "inspect_brightfield", *KLA, "pattern defects, metal levels"),
    Family("darkfield", "inspect_darkfield", *HITACHI, "particles on patterned wafers"),
    Family("bare_wafer", "inspect_darkfield", *LASERTEC, "bare wafers, edge and macro"),
    Family("ebeam", "inspect_ebeam", *HITACHI, "voltage contrast"),
    Family("review_sem", "defect_review_sem", *APPLIED, "defect review"),
    Family("wat", "etest_wat", *TEL, "parametric test"),
    Family("sorter", "sorter_other", *RORZE, "marking, sorting, carrier exchange"),
)

FAMILIES = {family.name: family for family in _LIST}
