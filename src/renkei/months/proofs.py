"""Proofs of the process: which rungs of the ladder analysed lots show.

A structure of known area on a lot tells defects as a product chip of that area would (Stapper and Rosner 1995): its
yield is systematic · random · what excursions leave, of the quality that the lot carries.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import numpy as np

from renkei.alliance import Alliance
from renkei.alliance.proofs import Proof
from renkei.months import learning, yields
from renkei.months.analysis import Analysed
from renkei.months.calendar import day_of
from renkei.months.learning import Knowledge
from renkei.months.yields import Yields


def shown(
    alliance: Alliance,
    knowledge: Knowledge,
    state: Yields,
    analysed: Sequence[Analysed],
    before: Mapping[str, Sequence[dt.date]],
    epoch: dt.date,
    seed: int,
) -> list[tuple[str, dt.date]]:
    """Return (proof, day) for each lot of a month that shows a rung; `before`: days of earlier ones by rung."""
    days = {name: list(before.get(name, ())) for name in alliance.technology.proofs}
    found: list[tuple[str, dt.date]] = []
    for item in sorted(analysed, key=lambda item: item.known):
        day = day_of(item.known, epoch)
        for proof in alliance.technology.proofs.values():
            below = all(len(days[name]) >= alliance.technology.proofs[name].lots for name in proof.after)
            if below and item.lot.kind == proof.shown_by and _shows(alliance, knowledge, state, item, proof, seed):
                days[proof.id].append(day)
                found.append((proof.id, day))
    return found


def _shows(alliance: Alliance, knowledge: Knowledge, state: Yields, item: Analysed, proof: Proof, seed: int) -> bool:
    terms = alliance.technology
    carried = dict(zip(learning.POOLS, knowledge.at(item.lot.started), strict=True))
    for pool, wanted in (("modules", proof.modules), ("integration", proof.integration)):
        each = learning.shares(terms.learning)[pool] * float(terms.learning.rate)  # type: ignore[index]
        if wanted is not None and not (each > 0 and carried[pool] / each >= float(wanted)):  # type: ignore[index]
            return False
    quality = yields.quality(
        alliance, knowledge, state, np.array([item.lot.started]), np.array([item.lot.finished]), 1.0
    )
    if proof.density is not None and float(quality.density[0]) > float(proof.density):
        return False
    if proof.structure is None or proof.structure_yield is None:
        return True
    number = item.lot.wafers * yields.gross(alliance, proof.structure)
    good = yields.rounded(
        number * yields.good_share(alliance, proof.structure, quality), seed,
        f"technology.proofs.{proof.id}.{item.lot.product}", [item.lot.number],
    )  # fmt: skip
    return number > 0 and int(good[0]) >= float(proof.structure_yield) * number
