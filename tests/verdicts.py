"""The verdicts of the long validation: tests hand in rows, the run prints them as one table at its end."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

HEADS = ("case", "published or exact", "ours", "verdict")


@dataclass(frozen=True)
class Verdict:
    """One row: what is known, what the floor gives, and whether that was asked for."""

    part: str
    """Heading of the table under which the row stands; says what the known values and the intervals are."""
    case: str
    known: float
    found: float
    half_width: float | None
    """None: no interval is given. One that only rounding makes is not shown."""
    met: bool
    asked: str
    """What decides, as in *in the interval* or *within 2 %*."""

    @property
    def cells(self) -> tuple[str, str, str, str]:
        """The row as words, as many digits as the interval deserves and one more for what is known."""
        half = self.half_width if self.half_width and self.half_width > 1e-8 * abs(self.known) else None
        places = digits(half or abs(self.known) / 1000)
        ours = f"{round(self.found, places) + 0.0:,.{places}f}"  # no minus before zero
        known = f"{self.known:,.{places}f}"
        if half:
            ours += f" ± {half:,.{places}f}"
            known = f"{self.known:,.{places + 1}f}"
        return self.case, known, ours, ("met, " if self.met else "MISSED, ") + self.asked


Record = Callable[[Verdict], None]


def digits(size: float) -> int:
    """Decimal places that show two digits of a number of this size, eight at most."""
    return 3 if size == 0 else min(8, max(0, 1 - math.floor(math.log10(size))))


def by_part(rows: Iterable[Verdict]) -> dict[str, list[Verdict]]:
    """The rows under their headings, in the order in which headings and rows came."""
    parts: dict[str, list[Verdict]] = {}
    for row in rows:
        parts.setdefault(row.part, []).append(row)
    return parts


def as_text(rows: Iterable[Verdict]) -> str:
    """The table for a terminal: plain columns, numbers to the right, a heading over each part."""
    parts = by_part(rows)
    cells = [HEADS, *(row.cells for part in parts.values() for row in part)]
    case, known, ours, _ = (max(len(line[column]) for line in cells) for column in range(4))

    def line(words: tuple[str, str, str, str]) -> str:
        return f"{words[0]:<{case}}  {words[1]:>{known}}  {words[2]:>{ours}}  {words[3]}"

    lines = [line(HEADS)]
    for part, members in parts.items():
        met = sum(row.met for row in members)
        lines += ["", f"{part}: {met} of {len(members)} met", *(line(row.cells) for row in members)]
    return "\n".join(lines)


def as_markdown(rows: Iterable[Verdict]) -> str:
    """The same table for a page; the headings of parts are rows in bold."""
    lines = ["| " + " | ".join(HEADS) + " |", "| --- | ---: | ---: | --- |"]
    for part, members in by_part(rows).items():
        lines += [f"| **{part}** | | | |", *("| " + " | ".join(row.cells) + " |" for row in members)]
    return "\n".join(lines) + "\n"
