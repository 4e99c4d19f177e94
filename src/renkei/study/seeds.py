"""The seed of each future of a study: an address, not an order."""

from __future__ import annotations

from renkei.units import uniform

ADDRESS = "study.futures"


def future_seed(seed: int, number: int) -> int:
    """Return the seed of future `number` (from 0) of a study: 53 bits of the draw at (seed, ADDRESS, number).

    It depends on nothing else, so that more futures, other workers or another order leave each future as it is, and
    studies of neighbouring seeds share none. `renkei run --seed` with it repeats the future. 53 bits survive JSON.
    """
    return int(uniform(seed, ADDRESS, number) * 2**53)
