"""Technology: what partners know already, joint research, development lots, process design kits."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from renkei.alliance.base import NOTHING, End, FabName, Gate, Item, Name, Named, Terms, guess
from renkei.alliance.learning import (
    Defects,
    Die,
    DieYield,
    Excursions,
    Learning,
    LineYield,
    Pool,
    Systematic,
    Thresholds,
    Wafer,
)
from renkei.alliance.proofs import Proof
from renkei.fab.row import Wafers
from renkei.units import (
    Count,
    Date,
    Days,
    Effort,
    Fraction,
    Lag,
    LotsPerMonth,
    MoneyPerYear,
    MoneyQ,
    Months,
    Number,
    People,
    quantity,
)


class Node(Item):
    """A process node, and the one that it is derived from."""

    name: str = ""
    parent: Name | None = None
    """Node (technology.nodes, declared above it) that it is derived from."""
    shared: Fraction = quantity("Fraction", 0)
    """Share of the parent's learning that still holds here: materials, modules, equipment kept."""


class Demonstration(Item):
    """A process that a partner has shown to work, and how its knowledge comes over.

    The fab's experience in the shared pools rises to η · experience, with
    η = by_documents + by_people · min(1, returned / people_needed); returned counts people back from cohorts that carry
    it (`transfers`).
    """

    owner: Name
    node: Name | None = None
    """Node of the demonstrated process; None: the alliance's own. Of an ancestor's experience as much counts as the
    derivation leaves: the product of `shared` on the way."""
    shown: Date
    """Day of the demonstration."""
    experience: Number
    """E_partner, in the units of learning."""
    by_documents: Fraction = guess("Fraction", 0.3)
    by_people: Fraction = guess("Fraction", 0.4)
    people_needed: People
    delay: Months = guess("Months", {"uniform": [3, 6]})
    """From the start of the transfer, or from a person's return, to its effect."""
    start: Date | None = None
    """Start of the transfer of documents; None: the alliance's start."""
    after: Gate = ()
    pools: tuple[Pool, ...] = ("modules",)
    """What is shared; equipment-specific integration is not."""
    fee: MoneyQ = quantity("MoneyQ", 0)
    """Licence, paid as research in equal months over `fee_over`."""
    fee_over: Months = guess("Months", 36)


class Programme(Item):
    """Joint research at a partner's site: costs money, gives short-loop lots run and analysed there."""

    partner: Name
    purpose: str = ""
    start: Date
    end: Date | None = None
    """None: the alliance's end."""
    after: Gate = ()
    cost: MoneyPerYear = quantity("MoneyPerYear", 0)
    use: End = "front_end"
    lots: LotsPerMonth = quantity("LotsPerMonth", 0)
    """Short-loop lots of the partner's line that serve this alliance."""
    cycle_time: Days = guess("Days", 40)
    """Of these lots, analysis included."""
    efficiency: Fraction = guess("Fraction", 0.5)
    """What a lot there is worth here: other tools, other integration."""
    delay: Lag = guess("Lag", 3)
    """From a result there to its use here."""
    pools: tuple[Pool, ...] = ("modules",)
    survives: Fraction = quantity("Fraction", 1)
    """Chance a year that the programme goes on; drawn each year."""


class DevelopmentLots(Item):
    """One kind of development lot that runs on the fab's floor."""

    product: FabName
    """Engineering product of the fab, whose route they follow."""
    kind: Literal["pilot", "full_loop", "short_loop"]
    """Pilot lots run from front end to first metal and show working transistors; full loops end in a tested chip."""
    wafers: Wafers = 5
    """Per lot."""
    start: Date | None = None
    after: Gate = ()
    """Milestones before the first lot; with `start`: not before either."""
    until: Gate = ()
    """Ends when these milestones are reached."""
    lots: LotsPerMonth | None = None
    """Starts; None: as many as the learning target of the planning asks for."""
    ceiling: LotsPerMonth = guess("LotsPerMonth", 60)
    """Starts at most."""
    priority: int = 10
    """On the floor (10 regular, 20 hot)."""
    hot_share: Fraction = guess("Fraction", 0.1)
    """Share started as hot lots."""


class Pdk(Item):
    """A release of the process design kit; customers' stages wait for it."""

    after: Gate = ()
    """Milestones that must be reached before the work begins."""
    generations: Count = quantity("Count", 0)
    """Generations of learning completed before the work begins."""
    build: Months
    """Work from its beginning to the release, with enough engineers."""
    engineers: Effort
    """Per month of the work."""
    freezes: bool = False
    """The process is frozen when the work begins: learning slows afterwards."""


class Technology(Terms):
    """The process under development and its yield."""

    node: str
    owner: Name | None = None
    """Partner that owns the process."""
    nodes: Named[Node] = NOTHING
    """Nodes and their derivation, ancestors first."""
    process: Name | None = None
    """The node that is developed here; needed where demonstrations name one."""
    demonstrations: Named[Demonstration] = NOTHING
    programmes: Named[Programme] = NOTHING
    development: Annotated[Named[DevelopmentLots], Field(min_length=1)]
    pdks: Named[Pdk] = NOTHING
    proofs: Named[Proof] = NOTHING
    """The ladder of process proofs, from below: milestones look at them by the metric `proof_lots`."""
    test_chip: Die
    wafer: Wafer = Wafer()
    learning: Learning = Learning()
    defects: Defects = Defects()
    systematic: Systematic = Systematic()
    line_yield: LineYield = LineYield()
    die_yield: DieYield = DieYield()
    thresholds: Thresholds = Thresholds()
    excursions: Excursions = Excursions()

    @model_validator(mode="after")
    def _floor_below_start(self) -> Technology:
        if float(self.defects.floor) >= float(self.defects.initial):
            raise ValueError(f"defects.floor = {self.defects.floor}; must be below initial = {self.defects.initial}")
        return self
