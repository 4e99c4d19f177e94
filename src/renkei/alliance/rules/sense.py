"""What cannot be meant: money without a rate, makers that cannot be told apart."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from renkei.alliance.rules.scene import Fault, Scene, entries, named, unknown
from renkei.alliance.uncertainty import quantities
from renkei.units import CURRENCIES, Quantity, fiscal_year_span

PARTS: dict[str, tuple[str, ...]] = {
    "workforce.employer": ("manufacturer",),
    "workforce.hosts.*.partner": ("technology_owner", "research_institute", "equipment_maker", "manufacturer"),
    "workforce.cohorts.*.host": ("technology_owner", "research_institute", "equipment_maker", "manufacturer"),
    "equipment.suppliers.*.partner": ("equipment_maker",),
    "technology.demonstrations.*.owner": ("technology_owner", "research_institute", "manufacturer"),
    "market.customers.*.partner": ("customer",),
}
"""Where a partner is named → roles of which it must have one."""

FIXED_PRICES = ("equipment.prices.", "equipment.default_price", "market.price.incumbent")
"""Prices agreed in a contract or with a change of their own."""
_ROUNDING = 1e-9
MOST_YEN = 10**16
"""Of one amount: a hundredth of what the ledger's accounts hold."""


def partners_play_their_part(scene: Scene) -> Iterator[Fault]:
    """A supplier makes equipment, a customer buys, an employer manufactures."""
    for pattern, roles in PARTS.items():
        for path, name in entries(scene.alliance, pattern):
            partner = scene.alliance.partners.get(name)
            if partner is not None and not set(partner.roles) & set(roles):
                has = ", ".join(partner.roles)
                message = f'= "{name}" has the role {has}; here a partner must be {" or ".join(roles)}'
                yield Fault(path, message)


def costs_are_shared_at_most_once(scene: Scene) -> Iterator[Fault]:
    """Partners bear a cost together once at most."""
    for pattern in ("market.channels.*.paid_by", "market.promotion.paid_by"):
        for path, shares in entries(scene.alliance, pattern):
            total = sum(float(share) for share in shares.values())
            if total > 1 + _ROUNDING:
                yield Fault(path, f"sums to {total:.0%}; the partners' shares are at most 100 % together")


def currencies_have_rates(scene: Scene) -> Iterator[Fault]:
    """Every foreign currency that is used has a rate; the fab's prices are dollars."""
    missing: dict[str, tuple[Any, ...]] = {}
    for path, value in quantities(scene.alliance):
        currency = value.currency
        if currency in CURRENCIES and currency != "JPY" and currency not in scene.alliance.fx:
            missing.setdefault(currency, tuple(path.split(".")))
    for place, supplier in entries(scene.alliance, "equipment.suppliers.*"):
        if supplier.currency not in (None, "JPY", *scene.alliance.fx):
            missing.setdefault(supplier.currency, (*place, "currency"))
    if scene.alliance.equipment.orders and "USD" not in scene.alliance.fx and "USD" not in missing and _prices(scene):
        missing["USD"] = ("equipment", "orders")
    for currency, where in missing.items():
        used = "the fab's tool prices" if where == ("equipment", "orders") else ".".join(where)
        yield Fault(("fx",), f"has no rate for {currency}, which {used} uses; write `{currency}: YEN_FOR_ONE`")


def prices_have_an_index(scene: Scene) -> Iterator[Fault]:
    """An amount in prices of a year follows a declared index, where the model follows one."""
    for path, value in quantities(scene.alliance):
        if value.prices_of is None:
            continue
        where = tuple(path.split("."))
        if path.startswith(FIXED_PRICES):
            message = f"= {value} in prices of {value.prices_of}; this price follows no index, leave prices_of out"
            yield Fault(where, message)
        elif value.currency not in scene.alliance.inflation:
            message = f"has no index for {value.currency}, in which {path} is; write `{value.currency}: 2 %/year`"
            yield Fault(("inflation",), message)


def money_fits_the_ledger(scene: Scene) -> Iterator[Fault]:
    """No amount is worth more yen than ledgers of 64 bits can add up, at the highest rates and prices declared."""
    alliance = scene.alliance
    for path, value in quantities(alliance):
        if value.currency not in CURRENCIES:
            continue
        rates = alliance.fx.get(value.currency, ())  # type: ignore[call-overload]
        rate = max((_highest(each.rate) for each in rates), default=Decimal(1))
        level = Decimal(1)
        if value.prices_of is not None and value.currency in alliance.inflation:
            level = max(
                alliance.price_level(value.currency, value.prices_of, day) for day in (alliance.start, alliance.end)
            )
        worth = _highest(value) * rate * level
        if worth > MOST_YEN:
            limit = f"must be at most {MOST_YEN:.0e} yen; check it, fx.{value.currency} and inflation"
            yield Fault(
                tuple(path.split(".")), f"= {value} is {worth:.1e} yen at the rates and prices declared; {limit}"
            )


def _highest(value: Quantity) -> Decimal:
    spread = value.spread
    return Decimal(spread.nominal if spread.highest is None else spread.highest)


def tranches_come_after_the_start(scene: Scene) -> Iterator[Fault]:
    """Money of before the first month is opening balance, not a tranche."""
    start = scene.alliance.first_day
    for path, tranche in entries(scene.alliance, "funding.tranches.*"):
        cure = "move it to funding.opening_balance"
        if tranche.date is not None and tranche.date < start:
            yield Fault((*path, "date"), f"= {tranche.date} is before the alliance's start {start}; {cure}")
        if tranche.fiscal_year is not None and tranche.payer in scene.alliance.partners:
            country = scene.alliance.partners[tranche.payer].country
            last = fiscal_year_span(tranche.until_fiscal_year or tranche.fiscal_year, country)[1]
            if last < start:
                message = f"= {tranche.fiscal_year} ends {last}, before the alliance's start {start}; {cure}"
                yield Fault((*path, "fiscal_year"), message)


def makers_are_told_apart(scene: Scene) -> Iterator[Fault]:
    """No tool group, area or spelling belongs to two suppliers."""
    for field in ("supplies", "fab_suppliers"):
        owner: dict[str, str] = {}
        for path, value in entries(scene.alliance, f"equipment.suppliers.*.{field}"):
            for place, name in named(path, value):
                first = owner.setdefault(name, str(path[2]))
                if first != path[2]:
                    yield Fault(place, f'= "{name}" belongs to the supplier "{first}" already; name it once')


def countries_have_makers(scene: Scene) -> Iterator[Fault]:
    """Ways, licences and shares of origin are of countries that tools come from."""
    if scene.fab is None:
        return
    makers = {scene.alliance.partners[s.partner].country for s in scene.alliance.equipment.suppliers.values()
              if s.partner in scene.alliance.partners}  # fmt: skip
    known = makers | {group.country for group in scene.fab.tool_groups.values() if group.country}
    for pattern in ("equipment.shipping", "equipment.licences.*.countries", "equipment.domestic.country"):
        for path, value in entries(scene.alliance, pattern):
            for place, name in named(path, value):
                if name not in known:
                    yield unknown(place, name, "a country that a maker of this alliance's tools is in", known)


def second_sources_are_others(scene: Scene) -> Iterator[Fault]:
    """A second source of tools is not the maker declared for them."""
    for path, source in entries(scene.alliance, "equipment.second_sources.*"):
        first = scene.alliance.equipment.suppliers.get(source.supplier)
        shared = sorted(set(first.supplies) & set(source.tools)) if first is not None else []
        if shared:
            message = f'= "{source.supplier}" is the first source of {", ".join(shared)} already; name another maker'
            yield Fault((*path, "supplier"), message)


def what_happened_is_told_once(scene: Scene) -> Iterator[Fault]:
    """A phase is built once and a cohort goes once; money comes in the tranche's currency."""
    actuals = scene.alliance.actuals
    for field, key in (("site", "phase"), ("cohorts", "cohort")):
        first: dict[str, str] = {}
        for name, fact in getattr(actuals, field).items():
            of = getattr(fact, key)
            if first.setdefault(of, name) != name:
                yield Fault(("actuals", field, name, key), f'= "{of}" is recorded under "{first[of]}" already')
    for name, receipt in actuals.receipts.items():
        tranche = scene.alliance.funding.tranches.get(receipt.tranche)
        if tranche is not None and receipt.amount is not None and receipt.amount.currency != tranche.amount.currency:
            message = f"= {receipt.amount} is not in the tranche's currency, {tranche.amount.currency}"
            yield Fault(("actuals", "receipts", name, "amount"), message)


def the_fab_keeps_a_phase(scene: Scene) -> Iterator[Fault]:
    """A phase belongs to one factory, and one is left for the fab."""
    owner: dict[str, str] = {}
    for path, name in entries(scene.alliance, "projects.*.phases.*"):
        first = owner.setdefault(name, str(path[1]))
        if first != path[1]:
            yield Fault(path, f'= "{name}" belongs to the project "{first}" already; name it once')
    if owner and not set(scene.alliance.site.phases) - set(owner):
        yield Fault(("projects",), "take all phases of the site; leave one for the fab's own tools")


def _prices(scene: Scene) -> bool:
    fab = scene.fab
    return fab is not None and any(group.price_musd is not None for group in fab.tool_groups.values())
