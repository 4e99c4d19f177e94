"""A fab made up for any number of starts: same routes, tools and starts in proportion, so the load stays."""

from __future__ import annotations

import numpy as np

from renkei.fab import Fab
from renkei.fab.outages import Outage
from renkei.fab.products import Order, Product
from renkei.fab.routes import Step
from renkei.fab.tools import SetupChange, ToolGroup

MONTH = 365.25 / 12 * 1440
WAFERS = 25
STEPS = {"logic": 250, "memory": 200}
SHARES = {"logic": 0.58, "logic-hot": 0.02, "memory": 0.4}
"""Shares of the starts by order; hot lots follow the logic route."""
KINDS = ("cascade", "batch", "setup", "plain", "plain")
"""What the tool groups are, in turn."""
GROUPS = 20
SMALLEST = 1_000
"""Starts a month for which the groups have one to three tools; others have multiples."""


def synthetic(starts: int) -> Fab:
    """Return a fab for `starts` wafers a month, a multiple of 1,000.

    Each step's process time is what loads its group to 60 to 80 % of calendar time; breakdowns and maintenance take
    some 5 % more. Routes, loads and times come from one fixed seed: only numbers of tools and intervals depend on size.
    """
    if starts % SMALLEST:
        raise ValueError(f"starts = {starts}; must be a multiple of {SMALLEST:,}")
    scale = starts // SMALLEST
    rng = np.random.default_rng(2020)
    names = [f"{KINDS[place % len(KINDS)]}-{place + 1}" for place in range(GROUPS)]
    visits = {product: _route(rng, names, steps) for product, steps in STEPS.items()}
    tools = dict(zip(names, rng.integers(1, 4, GROUPS).tolist(), strict=True))
    load = dict(zip(names, rng.uniform(0.6, 0.8, GROUPS).tolist(), strict=True))
    minutes = {name: load[name] * tools[name] / _rate(visits, name) for name in names}
    return Fab(
        name=f"synthetic-{starts}",
        tool_groups={name: _group(name, tools[name] * scale) for name in names},
        routes={
            product: tuple(_step(product, place, name, minutes[name]) for place, name in enumerate(route, 1))
            for product, route in visits.items()
        },
        products={product: Product(product=product, route=product) for product in STEPS},
        orders=tuple(_order(order, share * scale) for order, share in SHARES.items()),
        setups=tuple(
            SetupChange(from_setup="", to_setup=f"{name}/{number}", time=0.15 * minutes[name], tool_group=name)
            for name in names if name.startswith("setup") for number in range(3)
        ),
        outages=tuple(outage for name in names for outage in _outages(name)),
        wafers_per_lot=WAFERS,
    )  # fmt: skip


def lots_per_day(starts: int) -> float:
    """Lots released a day."""
    return starts / WAFERS / MONTH * 1440


def lot_steps_per_day(starts: int) -> float:
    """Lot-steps a day of a fab in which as many lots end as begin."""
    return lots_per_day(starts) * sum(share * STEPS[_product(order)] for order, share in SHARES.items())


def _product(order: str) -> str:
    return order.removesuffix("-hot")


def _route(rng: np.random.Generator, names: list[str], steps: int) -> list[str]:
    """Return a route that visits every group about equally often, in random order."""
    return [names[place] for place in rng.permutation(np.arange(steps) % len(names))]


def _rate(visits: dict[str, list[str]], group: str) -> float:
    """Jobs a minute at a group of the smallest fab; batches are reckoned as two lots."""
    lots = sum(lots_per_day(SMALLEST) * share * visits[_product(order)].count(group) for order, share in SHARES.items())
    return lots / 1440 / (2 if group.startswith("batch") else 1)


def _group(name: str, tools: int) -> ToolGroup:
    cascade = name.startswith("cascade")
    handling = 0.0 if cascade else 1.0
    return ToolGroup(tool_group=name, tools=tools, cascade=cascade, load=handling, unload=handling)


def _step(route: str, place: int, group: str, minutes: float) -> Step:
    kind = group.partition("-")[0]
    own: dict[str, object] = {}
    if kind == "cascade":
        own = {"process": 1.8 * minutes, "interval": minutes, "interval_per": "lot"}
    elif kind == "batch":
        own = {"per": "batch", "batch_min": 2 * WAFERS, "batch_max": 4 * WAFERS}
    elif kind == "setup":
        own = {"setup": f"{group}/{place % 3}", "process": 0.9 * minutes}
    given = {"process": minutes, "distribution": "uniform"} | own
    spread = 0.1 * float(str(given["process"]))
    return Step.model_validate({"route": route, "step": place, "tool_group": group, "spread": spread} | given)


def _order(order: str, share: float) -> Order:
    interval = MONTH * WAFERS / SMALLEST / share
    return Order(order=order, product=_product(order), priority=20 if order.endswith("-hot") else 10, start=interval,
                 interval_distribution="exponential", interval=interval)  # fmt: skip


def _outages(group: str) -> tuple[Outage, Outage]:
    return (
        Outage.model_validate({"outage": f"{group}-down", "tool_group": group, "interval": 7 * 1440, "duration": 240}),
        Outage.model_validate(
            {"outage": f"{group}-pm", "tool_group": group, "kind": "pm", "interval": 10 * 1440, "duration": 360}
        ),
    )
