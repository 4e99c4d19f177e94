"""What returns in every module: print a layer, etch it, deposit, polish, measure, inspect."""

from __future__ import annotations

from nanosheet.flow import Flow, Op

# Percent of lots that a check after print sends back to the coat (guess; a mature line reworks 1-3 % per layer).
REWORK = {"euv_cell": 2.0, "arfi_cell": 1.5, "krf_cell": 1.0, "iline_cell": 0.8}


SIDE = ("darkfield", "bare_wafer", "ebeam", "xps")
"""Checks that a lean flow leaves out."""


def printed(
    flow: Flow,
    layer: str,
    cell: str,
    *,
    trilayer: bool = False,
    overlay: bool = True,
    width: bool = True,
    bevel: str = "",
) -> Op:
    """Spin coat, expose in the linked cell, measure overlay and width; a failed check goes back to the coat.

    Returns the exposure.
    """
    if bevel:
        flow.do(bevel, "bevel and backside clean", layer)
    first = None
    if trilayer:
        first = flow.do("coat_soc", "spin-on carbon", layer)
        flow.do("coat_sog", "spin-on glass", layer)
    exposure = flow.do(cell, "expose", layer)
    first = first or exposure
    if overlay:
        fine = cell in ("euv_cell", "arfi_cell")
        check = flow.do("overlay_diffraction" if fine and not trilayer else "overlay_image", "overlay", layer)
        flow.rework(check, first, 0.7 * REWORK[cell])
    if width:
        check = flow.do("cdsem_adi", "CD after develop", layer)
        flow.rework(check, first, 0.3 * REWORK[cell])
    return exposure


def etched(
    flow: Flow,
    layer: str,
    etches: tuple[tuple[str, str], ...],
    *,
    ash: str = "ash_fe",
    clean: str = "clean_fe",
    spm: bool = False,
    width: bool = True,
    profile: bool = False,
) -> None:
    """Etch (family, name) by (family, name), strip, clean, measure."""
    for family, name in etches:
        flow.do(family, name, layer)
    if ash:
        flow.do(ash, "ash", layer)
    if spm:
        flow.do("wet_spm", "wet strip", layer)
    if clean:
        flow.do(clean, "clean after etch", layer)
    if width:
        flow.do("cdsem_aei", "CD after etch", layer)
    if profile:
        flow.do("ocd", "profile", layer)


def implanted(
    flow: Flow, layer: str, cell: str, shots: tuple[tuple[str, str], ...], *, width: bool = False, ash: bool = True
) -> None:
    """Print a block mask, implant (family, species) after (family, species), strip."""
    printed(flow, layer, cell, width=width)
    for family, species in shots:
        flow.do(family, f"implant {species}", layer, setup=species)
    if ash:
        flow.do("ash_implant", "ash", layer)
    flow.do("wet_spm", "wet strip", layer)
    if ash:
        flow.do("clean_fe", "clean after strip", layer)


def film(
    flow: Flow,
    family: str,
    name: str,
    layer: str = "",
    *,
    clean: str = "",
    measure: str = "film_thickness",
    limit: float = 0.0,
    slow: float = 1.0,
) -> Op:
    """Clean, deposit, measure. With `limit`: minutes from the clean to the deposition."""
    before = flow.do(clean, f"clean before {name}", layer) if clean else None
    op = flow.do(family, name, layer, slow=slow)
    if before is not None and limit:
        flow.within(limit, before, op)
    if measure and not (flow.lean and measure == "film_thickness"):
        checked(flow, measure, f"measure {name}", layer)
    return op


def polished(
    flow: Flow, family: str, name: str, layer: str = "", *, clean: str = "clean_fe", measure: str = "film_thickness"
) -> Op:
    """Polish, clean, measure what is left."""
    op = flow.do(family, name, layer)
    if clean:
        flow.do(clean, f"clean after {name}", layer)
    if measure:
        flow.do(measure, f"measure {name}", layer)
    return op


def checked(flow: Flow, tools: str, name: str, layer: str = "") -> bool:
    """Measure or inspect, unless the flow is lean and the check a side one; return whether it is done."""
    if flow.lean and tools in SIDE:
        return False
    flow.do(tools, name, layer)
    return True


def inspected(flow: Flow, name: str, layer: str = "", *, tools: str = "brightfield_fe", review: bool = True) -> None:
    """Look for defects, review them; in a `lean` flow only where the optical inspection looks at patterns."""
    if checked(flow, tools, f"inspect {name}", layer) and review:
        flow.do("review_sem", f"review {name}", layer)
