"""Results as a plain table, as Markdown, or as JSON."""

from __future__ import annotations

import json
import statistics
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from benchmarks.measuring import Measured
from benchmarks.studies import Study

HEADS = ("case", "engine", "lot-steps", "median s", "lot-steps/s", "ratio (least–most)", "mean wait")
STUDY_HEADS = ("beside the cases", "median", "least–most", "")


def _cells(row: Measured) -> tuple[str, ...]:
    return (
        row.title,
        row.engine,
        "not told" if row.lot_steps is None else f"{row.lot_steps:,}",
        f"{statistics.median(row.seconds):.3g}",
        "–" if row.lot_steps_per_second is None else f"{row.lot_steps_per_second:,.0f}",
        "1" if row.ratio is None else "{:.3g} ({:.3g}–{:.3g})".format(*row.ratio),
        "–" if row.wait_differs is None else f"{100 * row.wait_differs:+.1f} %",
    )


def _study_cells(row: Study) -> tuple[str, ...]:
    assert row.median is not None
    return (row.title, f"{row.median:.3g} {row.unit}", f"{row.least:.3g}–{row.most:.3g}", row.note)


def _tables(rows: Sequence[Measured], studies: Sequence[Study]) -> list[list[tuple[str, ...]]]:
    parts = (
        (HEADS, [_cells(row) for row in rows if not row.skipped]),
        (STUDY_HEADS, [_study_cells(row) for row in studies if not row.skipped]),
    )
    return [[heads, *cells] for heads, cells in parts if cells]


def as_text(rows: Sequence[Measured], studies: Sequence[Study]) -> str:
    """Return columns for a terminal, and below them what was skipped and why, each reason once."""
    reasons: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        if row.skipped:
            reasons[f"{row.engine}: {row.skipped}"].append(row.title)
    for study in studies:
        if study.skipped:
            reasons[study.skipped].append(study.title)
    skipped = [
        f"skipped, {why} ({titles[0] if len(titles) == 1 else f'{len(titles)} cases'})"
        for why, titles in reasons.items()
    ]
    return "\n\n".join([*map(_aligned, _tables(rows, studies)), *(["\n".join(skipped)] if skipped else [])])


def _aligned(lines: list[tuple[str, ...]]) -> str:
    widths = [max(len(line[place]) for line in lines) for place in range(len(lines[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def as_markdown(rows: Sequence[Measured], studies: Sequence[Study]) -> str:
    """Return tables for a page; what was skipped is left out, its reason is nothing for readers elsewhere."""
    return "\n\n".join(map(_markdown, _tables(rows, studies)))


def _markdown(lines: list[tuple[str, ...]]) -> str:
    ruled = [lines[0], tuple("---" for _ in lines[0]), *lines[1:]]
    return "\n".join(f"| {' | '.join(line)} |" for line in ruled)


def as_json(rows: Sequence[Measured], studies: Sequence[Study], machine: dict[str, Any]) -> str:
    """Return everything, single times included."""
    tables = {"cases": [asdict(row) for row in rows], "studies": [asdict(row) for row in studies]}
    return json.dumps({"machine": machine, **tables}, indent=2, ensure_ascii=False)
