"""Risks: events that nobody agreed on and everybody should expect, what they do to the clauses, what softens them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import BeforeValidator, Field, model_validator

from renkei.alliance.base import NOTHING, Gate, Item, Named, Names, Terms, exactly_one
from renkei.alliance.funding import Cost
from renkei.units import Date, Days, Factor, Fraction, Lag, MoneyPerYear, MoneyQ, Months, PerYear, quantity

SUSPENDABLE = (
    "funding.tranches",
    "site.phases",
    "workforce.cohorts",
    "equipment.orders",
    "technology.programmes",
    "technology.demonstrations",
    "technology.development",
    "technology.pdks",
    "market.channels",
)
"""Clauses that a risk can suspend, each by its identifier: `market.channels.ibm`."""
DELAYABLE = (*SUSPENDABLE, "equipment.suppliers")
"""Clauses that a risk can delay; a supplier stands for all tools that it has not delivered yet."""

Path = Annotated[str, Field(min_length=1, max_length=200)]
Clauses = Annotated[
    tuple[Path, ...],
    BeforeValidator(lambda v: (v,) if isinstance(v, str) else v, json_schema_input_type=Path | tuple[Path, ...]),
]


class ToolsOut(Terms):
    """How many of some tools are out of use, and for how long."""

    share: Fraction = quantity("Fraction", 1)
    """Of the group's tools that are on the floor; a part of a tool by chance."""
    time: Months
    """From the day of the event until they run again."""


class Effects(Terms):
    """What a risk does when it occurs: a closed list, each kind as often as needed; drawn anew at each occurrence."""

    drawn_each: ClassVar[frozenset[str]] = frozenset(
        {"factors", "delays", "standstill", "tools_out", "wafers_lost", "damage"}
    )

    factors: Mapping[Path, Factor] = NOTHING
    """Path of a quantity → factor on it while the risk lasts; `*` stands for any identifier: `fx.USD.*.rate: 1.2`,
    `workforce.roles.*.attrition_veteran: 2`."""
    delays: Mapping[Path, Lag] = NOTHING
    """Clause → months: what of it lies ahead comes so much later, what is under way stands still for so long."""
    suspends: Clauses = ()
    """Clauses of which nothing happens while the risk lasts; what was to be paid meanwhile follows afterwards."""
    withdraws: Names = ()
    """Partners that leave for as long as the risk lasts: their tranches, cohorts, programmes, transfers, channels,
    deliveries stop, what they bear of shared costs falls back, as customers they are lost."""
    standstill: Days = quantity("Days", 0)
    """The whole line stands from the moment of the event on; lots wait where they are."""
    tools_out: Mapping[Path, ToolsOut] = NOTHING
    """Tool group or area of the fab → tools of it that are out of use while the others go on."""
    wafers_lost: Fraction = quantity("Fraction", 0)
    """Share of the product wafers in the line that are scrapped."""
    damage: MoneyQ = quantity("MoneyQ", 0)
    """Paid at once, as maintenance."""


class Mitigation(Item):
    """A precaution: what it costs and what it changes while it is paid."""

    taken: bool = True
    """Whether it is in force; False: declared as a choice, for scenarios and studies."""
    start: Date | None = None
    until: Date | None = None
    cost: MoneyQ = quantity("MoneyQ", 0)
    """Once, in its first month."""
    cost_per_year: MoneyPerYear = quantity("MoneyPerYear", 0)
    paid_as: Cost = "maintenance"
    likelihood: Fraction = quantity("Fraction", 1)
    """On the risk's probability or rate."""
    severity: Fraction = quantity("Fraction", 1)
    """On durations, delays, standstill, times of tools out of use, loss and damage; a factor f becomes f to this
    power."""


class Risk(Item):
    """An event with a chance, a window, and effects on any clause."""

    drawn_each: ClassVar[frozenset[str]] = frozenset({"duration"})

    name: Annotated[str, Field(min_length=1)]
    """As printed in tables."""
    probability: Fraction | None = None
    """Chance that it occurs once within the window, on any day of it alike."""
    rate: PerYear | None = None
    """Or: mean number of occurrences a year in the window (Poisson); while one lasts, none begins."""
    start: Date | None = None
    """First day of the window; None: the alliance's first."""
    until: Date | None = None
    """Last day of the window; None: the alliance's last."""
    after: Gate = ()
    """Milestones without which it cannot occur."""
    duration: Months | None = None
    """How long factors, suspensions and withdrawals last; None: to the end."""
    effects: Effects
    mitigations: Named[Mitigation] = NOTHING
    correlated_with: str = ""
    """Name of a common factor, of other risks or of uncertain values, that this risk moves with."""
    correlation: Annotated[float, Field(ge=-1, le=1)] = 0.0
    """Correlation of the underlying normal score with that factor; positive: likelier where the factor is high."""

    @model_validator(mode="after")
    def _consistent(self) -> Risk:
        exactly_one(probability=self.probability, rate=self.rate)
        if self.rate is not None and float(self.rate) < 0:
            raise ValueError(f"rate = {self.rate}; must not be negative")
        if self.start is not None and self.until is not None and self.until < self.start:
            raise ValueError(f"until = {self.until}; must not be before start = {self.start}")
        if bool(self.correlated_with) != bool(self.correlation):
            raise ValueError("correlated_with and correlation belong together")
        return self


def said(effects: Effects) -> str:
    """Return what effects do, in words; values drawn or nominal."""
    parts = [f"{path} × {float(factor):.3g}" for path, factor in effects.factors.items()]
    parts += [f"{path} {float(months):.3g} months later" for path, months in effects.delays.items()]
    parts += [f"{path} suspended" for path in effects.suspends]
    parts += [f"{partner} withdraws" for partner in effects.withdraws]
    if float(effects.standstill):
        parts.append(f"line stands {float(effects.standstill):.3g} days")
    for name, out in effects.tools_out.items():
        parts.append(f"{float(out.share):.0%} of {name} out for {float(out.time):.3g} months")
    if float(effects.wafers_lost):
        parts.append(f"{float(effects.wafers_lost):.0%} of wafers lost")
    if float(effects.damage):
        parts.append(f"damage {float(effects.damage):,.0f} {effects.damage.currency}")
    return "; ".join(parts)
