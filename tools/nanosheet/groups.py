"""The 34 equipment groups of a 2 nm line: speed, availability, price. All expert estimates, ±40 %."""

from __future__ import annotations

from dataclasses import dataclass

SOURCE = "expert estimate ±40 %"


@dataclass(frozen=True)
class Group:
    """One kind of equipment as an equipment planner counts it."""

    area: str
    steps: int
    """Route steps of the full flow that use it."""
    wph: float
    """Wafers an hour of one tool, in the long run while up."""
    availability: float
    tools_3k: int
    tools_25k: int
    price_musd: float
    latency: float
    """Minutes from the first wafer in to the first wafer out."""
    sample_wafers: int | None = None
    """Wafers of a lot that are measured; None: all are processed."""
    sample_percent: float = 100.0
    """Share of product lots that are measured."""
    dense_percent: float = 100.0
    """The same for development lots."""


GROUPS = {
    "euv_cell": Group("Litho", 22, 125, 0.86, 2, 10, 235, 35),
    "arfi_cell": Group("Litho", 38, 210, 0.88, 2, 10, 85, 30),
    "krf_cell": Group("Litho", 28, 190, 0.90, 2, 8, 26, 28),
    "iline_cell": Group("Litho", 8, 150, 0.92, 1, 4, 14, 25),
    "spin_coat": Group("Litho", 48, 110, 0.92, 4, 22, 9, 20),
    "overlay": Group("Metro", 92, 90, 0.95, 2, 8, 5, 4, 3),
    "cd_sem": Group("Metro", 130, 35, 0.94, 4, 14, 5, 5, 3, 50),
    "etch_conductor": Group("Etch", 58, 48, 0.82, 12, 72, 9, 12),
    "etch_dielectric": Group("Etch", 72, 55, 0.83, 12, 76, 8.5, 12),
    "etch_selective": Group("Etch", 9, 20, 0.80, 4, 28, 9, 18),
    "strip_ash": Group("Etch", 78, 130, 0.90, 5, 32, 4.5, 8),
    "wet_clean_sw": Group("Wet", 175, 150, 0.90, 9, 66, 6, 8),
    "wet_spm_strip_etch": Group("Wet", 52, 75, 0.88, 6, 42, 7, 12),
    "bevel_backside_clean": Group("Wet", 26, 120, 0.91, 2, 12, 5, 8),
    "epi": Group("Films", 7, 9, 0.80, 9, 45, 10, 35),
    "ald_metal_highk": Group("Films", 14, 14, 0.80, 12, 60, 11, 25),
    "ald_dielectric": Group("Films", 36, 24, 0.83, 12, 84, 7, 20),
    "pecvd": Group("Films", 82, 70, 0.84, 12, 68, 6, 12),
    "gapfill_fcvd_cure": Group("Films", 14, 25, 0.82, 6, 32, 7, 25),
    "pvd": Group("Films", 40, 42, 0.83, 9, 54, 10, 15),
    "cvd_metal": Group("Films", 14, 28, 0.82, 6, 30, 9, 18),
    "ecd_cu": Group("Films", 15, 55, 0.87, 3, 15, 6.5, 15),
    "rtp_spike_anneal": Group("Thermal", 24, 55, 0.88, 4, 26, 5.5, 10),
    "laser_anneal": Group("Thermal", 5, 22, 0.82, 2, 14, 12, 8),
    "implant": Group("Implant", 26, 110, 0.82, 3, 15, 7, 12),
    "cmp": Group("CMP", 48, 38, 0.82, 12, 76, 6, 12),
    "ocd_thickness": Group("Metro", 125, 75, 0.95, 2, 6, 4, 4, 3, 50),
    "xps_xrf_composition": Group("Metro", 26, 15, 0.93, 2, 4, 4.5, 8, 2, 40),
    "inspect_brightfield": Group("Inspect", 34, 2.5, 0.90, 4, 13, 32, 30, 2, 20),
    "inspect_darkfield": Group("Inspect", 40, 30, 0.93, 1, 3, 11, 6, 2, 50),
    "inspect_ebeam": Group("Inspect", 22, 0.8, 0.88, 2, 7, 14, 60, 1, 10, 60),
    "defect_review_sem": Group("Inspect", 60, 8, 0.92, 2, 7, 6, 10, 2, 20),
    "etest_wat": Group("Test", 3, 6, 0.93, 3, 17, 3, 60, 15),
    "sorter_other": Group("Other", 20, 200, 0.96, 1, 7, 1, 5),
}
