"""What a line starts: lots of products and development, short loops, monitors (guess, but for the sums)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from nanosheet.plan import SMALL, Release


def monitors(routes: Iterable[str], size: str, wspm: int) -> list[Release]:
    """Return the starts of non-product wafers, of each kind alike, in proportion to the wafer starts a month."""
    lots_per_month = (2.05 if wspm < SMALL else 0.67) * wspm / 25
    kinds = [name for name in routes if name.startswith("mon-")]
    return [Release("monitors", name, name, size, lots_per_month, 25, 10, None) for name in kinds]


def started(
    sizes: Mapping[str, int], product_route: str, development_route: str, routes: Iterable[str]
) -> list[Release]:
    """Return what each size of an earlier node starts: regular, hot and development lots, short loops, monitors."""
    found = []
    for size, wspm in sizes.items():
        small = wspm < SMALL
        hot, development = wspm * 0.03 / 25, 16.0
        regular = (wspm - 25 * hot - 13 * development) / 25
        found += [
            Release("regular", "logic", product_route, size, regular, 25, 10, 120.0 if small else 85.0),
            Release("hot", "logic", product_route, size, hot, 25, 20, 60.0 if small else 45.0),
            Release("development", "dev-full", development_route, size, development, 13, 10, 130.0 if small else 95.0),
            Release("short-loop-beol", "shortloop-beol", "shortloop-beol", size, 12.0, 13, 10, 30.0),
        ]
        found += monitors(routes, size, wspm)
    return found
