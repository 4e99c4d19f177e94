"""The state of a future between two months: one small state for each part."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from renkei.alliance import Alliance
from renkei.months import construction, crew, fleet, funnel, kits, money
from renkei.months.analysis import Analysis
from renkei.months.construction import Site
from renkei.months.deliveries import Book
from renkei.months.fleet import Fleet
from renkei.months.funnel import Funnel
from renkei.months.inforce import Force
from renkei.months.kits import Kits
from renkei.months.learning import Knowledge
from renkei.months.milestones import Standing
from renkei.months.money import Money
from renkei.months.month import Heard
from renkei.months.people import Crew
from renkei.months.projects import Projects
from renkei.months.risks import Occurrence
from renkei.months.scene import Scene
from renkei.months.transfer import Transfer
from renkei.months.yields import Yields


@dataclass(frozen=True)
class Slip:
    """Something that came later than it was due, and its root cause."""

    what: str
    stage: str
    due: dt.date
    happened: dt.date
    days: int
    root: str


@dataclass
class Chronicle:
    """Days on which countable things happened, by metric and what they belong to; append-only, in order."""

    days: dict[tuple[str, str], list[dt.date]] = field(default_factory=dict)

    def add(self, metric: str, of: str, day: dt.date, times: int = 1) -> None:
        """Note `times` events on a day, for `of` and for all together."""
        for key in {(metric, of), (metric, "")}:
            self.days.setdefault(key, []).extend([day] * times)

    def of(self, metric: str, of: str) -> list[dt.date]:
        """Return the days, in order."""
        return sorted(self.days.get((metric, of), []))


@dataclass
class World:
    """All parts of a future."""

    money: Money
    site: Site
    crew: Crew
    fleet: Fleet
    kits: Kits
    funnel: Funnel
    terms: Alliance
    """In force in the month: the declared ones, changed by risks that have occurred."""
    force: Force = field(default_factory=Force)
    """What changes them."""
    risks: tuple[Occurrence, ...] = ()
    """What has occurred so far."""
    analysis: Analysis = field(default_factory=Analysis)
    knowledge: Knowledge = field(default_factory=Knowledge)
    transfer: Transfer = field(default_factory=Transfer)
    yields: Yields = field(default_factory=Yields)
    book: Book = field(default_factory=Book)
    projects: Projects = field(default_factory=Projects)
    standing: Standing = field(default_factory=Standing)
    heard: Heard = field(default_factory=Heard)
    """Of the latest month."""
    carry: Mapping[str, float] = field(default_factory=dict)
    inside: dict[str, int] = field(default_factory=dict)
    """Lots in the fab by lot type, monitors left out."""
    cycle_days: dict[str, dict[int, float]] = field(default_factory=dict)
    """Mean cycle time in days by product and month."""
    wafers_started: float = 0.0
    """Starts of the latest month, as whole product routes."""
    good_dies: dict[str, int] = field(default_factory=dict)
    """Good product dies so far, by product."""
    wafers_to: dict[str, int] = field(default_factory=dict)
    """Wafers delivered so far, by partner that buys."""
    chronicle: Chronicle = field(default_factory=Chronicle)
    slips: list[Slip] = field(default_factory=list)

    @property
    def reached(self) -> Mapping[str, dt.date]:
        """Milestones reached so far."""
        return self.standing.reached

    def believed_cycle(self, product: str, index: int, lag: int) -> float | None:
        """Return the last cycle time in days that is at least `lag` months old, None before there is any."""
        months = self.cycle_days.get(product, {})
        known = [month for month in months if month <= index - lag]
        return months[max(known)] if known else None


def fresh_world(scene: Scene) -> World:
    """Return the first day."""
    alliance = scene.alliance
    return World(
        money=money.fresh_money(alliance, scene.seed),
        site=construction.fresh_site(alliance),
        crew=crew.fresh_crew(alliance),
        fleet=fleet.fresh_fleet(scene.bought),
        kits=kits.fresh_kits(alliance),
        funnel=funnel.fresh_funnel(alliance),
        terms=alliance,
    )
