"""The kinds of lots that the months start on the floor, and what their names say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from renkei.alliance import Alliance
from renkei.fab.fab import Fab

HOT = 20
"""Priority of hot lots."""
Purpose = Literal["development", "product", "customer", "monitor"]


@dataclass(frozen=True)
class LotKind:
    """A lot type of the floor and what it is for."""

    name: str
    purpose: Purpose
    of: str
    """Development kind, funnel stage, or product."""
    product: str
    priority: int
    wafers: int


def lot_kinds(alliance: Alliance, fab: Fab) -> dict[str, LotKind]:
    """Return all lot types of an alliance by name: development (and hot), products (and hot), customers', monitors."""
    found: list[LotKind] = []
    for lots in alliance.technology.development.values():
        found.append(
            LotKind(f"development.{lots.id}", "development", lots.id, lots.product, lots.priority, lots.wafers)
        )
        if lots.priority < HOT:
            found.append(LotKind(f"development.{lots.id}.hot", "development", lots.id, lots.product, HOT, lots.wafers))
    products = dict.fromkeys(segment.product for segment in alliance.market.segments.values())
    for product in products:
        found.append(LotKind(f"product.{product}", "product", product, product, 10, fab.wafers_per_lot))
        found.append(LotKind(f"product.{product}.hot", "product", product, product, HOT, fab.wafers_per_lot))
    for stage in alliance.market.funnel.values():
        if stage.floor_lots:
            found += [
                LotKind(f"customer.{stage.id}.{product}", "customer", stage.id, product, stage.priority, stage.wafers)
                for product in products
            ]
    for name, declared in fab.products.items():
        if declared.kind == "monitor":
            found.append(LotKind(f"monitor.{name}", "monitor", name, name, 10, fab.wafers_per_lot))
    return {kind.name: kind for kind in found}


def wafers_of(kinds: Mapping[str, LotKind], lots: Mapping[str, int], purpose: Purpose) -> int:
    """Return the wafers of lots by type that serve a purpose."""
    return sum(number * kinds[name].wafers for name, number in lots.items() if kinds[name].purpose == purpose)
