"""Does the money fit what it is for?"""

from __future__ import annotations

from collections.abc import Iterator

from renkei.alliance import Alliance
from renkei.months.hiring import target
from renkei.plausibility.judgement import Case, Judgement
from renkei.units import add_months

CAPITAL = (60.0, 1000.0)
"""M USD for each 1,000 wafers a month."""
BUILDING = (0.08, 0.5)


def funds_cover_the_cost(case: Case) -> Iterator[Judgement]:
    """Money declared (planned money by its chance) against building, tools, wages and research to the end; without
    revenue, materials, energy and interest."""
    alliance = case.alliance
    parts = {
        "building": _building(alliance),
        "tools": _tools(case),
        "wages": _wages(alliance),
        "research": _research(alliance),
    }
    money, cost = _declared(alliance), sum(parts.values())
    if money < cost:
        told = ", ".join(f"{name} {yen / 1e9:,.1f}" for name, yen in parts.items() if yen)
        yield Judgement(
            ("funding",),
            f"{money / 1e9:,.1f} bn JPY are declared for a cost of {cost / 1e9:,.1f} ({told}): {money / cost:.0%}; "
            "customers would have to pay the rest in time",
            "money for building, tools, wages and research until customers pay",
            "sum of the alliance's own clauses at nominal values",
        )


def capital_fits_the_capacity(case: Case) -> Iterator[Judgement]:
    """Building and tools in dollars for each 1,000 wafers a month of capacity."""
    usd, capacity = _rate(case.alliance), case.capacity
    if usd is None or not case.real:
        return
    each = (_building(case.alliance) + _tools(case)) / usd / 1e6 / capacity * 1000
    if not CAPITAL[0] <= each <= CAPITAL[1]:
        yield Judgement(
            ("equipment", "orders"),
            f"building and tools are {each:,.0f} M USD for each 1,000 wafers a month of {capacity:,.0f}",
            f"{CAPITAL[0]:.0f} to {CAPITAL[1]:.0f}: JASM (28 nm) 156, 2 nm 560 M USD for each 1,000 wafers a month",
            "8.6 bn USD for 55,000 wafers (Taiwan News, 2022-04-20); IBS, 2023-12",
        )


def building_is_a_usual_share(case: Case) -> Iterator[Judgement]:
    """Building and facilities as a share of capital."""
    building, tools = _building(case.alliance), _tools(case)
    share = building / (building + tools) if building + tools else 0.0
    if case.real and tools and not BUILDING[0] <= share <= BUILDING[1]:
        yield Judgement(
            ("site", "phases"),
            f"building is {share:.0%} of building and tools",
            "20 to 30 % of the capital of a leading fab",
            "expert estimate; IBS, 2023-12",
        )


def _declared(alliance: Alliance) -> float:
    """Money of partners, by its chance."""
    first = alliance.first_day
    there = sum(alliance.yen(item.amount, item.received or first) for item in alliance.funding.opening_balance.values())
    coming = (
        alliance.yen(t.amount, t.date or first) * float(t.probability) for t in alliance.funding.tranches.values()
    )
    return there + sum(coming)


def _building(alliance: Alliance) -> float:
    return sum(alliance.yen(phase.cost, phase.start) for phase in alliance.site.phases.values())


def _tools(case: Case) -> float:
    alliance = case.alliance
    return sum(
        float(bought.price * bought.tools * alliance.rate(bought.currency, bought.order.date or alliance.first_day))
        for bought in case.bought
        if bought.own
    )


def _wages(alliance: Alliance) -> float:
    total = 0.0
    for role in alliance.workforce.roles.values():
        monthly = role.salary.exact * (1 + role.overhead.exact) / 12
        for index in range(alliance.months):
            day = add_months(alliance.first_day, index)
            total += target(role, alliance, day) * float(monthly * alliance.rate(role.salary.currency, day))
    return total


def _research(alliance: Alliance) -> float:
    total = 0.0
    for programme in alliance.technology.programmes.values():
        first, last = max(programme.start, alliance.start), min(programme.end or alliance.end, alliance.end)
        total += alliance.yen(programme.cost, first) * max((last - first).days, 0) / 365.25
    for shown in alliance.technology.demonstrations.values():
        total += alliance.yen(shown.fee, alliance.first_day)
    return total


def _rate(alliance: Alliance) -> float | None:
    return float(alliance.rate("USD", alliance.first_day)) if "USD" in alliance.fx else None
