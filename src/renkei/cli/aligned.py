"""Tables of plain text, aligned, that read the same in any terminal and in a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence


def aligned(lines: Sequence[Sequence[str]], left: int = 1) -> Iterator[str]:
    """Return lines of cells as text, indented: the first `left` columns to the left, the others to the right."""
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    for line in lines:
        cells = (
            f"{cell:<{width}}" if place < left else f"{cell:>{width}}"
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        yield ("  " + "  ".join(cells)).rstrip()


def number(value: float | None, digits: int = 2) -> str:
    """Return a number with thousands separators, a dash for none; what rounds to zero has no sign."""
    return "-" if value is None else f"{round(value, digits) + 0.0:,.{digits}f}"


def percent(share: float | None, digits: int = 1) -> str:
    """Return a share in percent, without the sign, a dash for none."""
    return number(None if share is None else 100 * share, digits)
