"""Rules on fabs made in Python, and warnings."""

from dataclasses import replace

import pytest

from renkei.fab import Fab, check, read_fab, warnings
from renkei.fab.products import InitialLot, Order, Product
from renkei.fab.routes import Step
from renkei.fab.rules.batches import _fills
from renkei.fab.tools import SetupChange, ToolGroup
from tests.fab.conftest import changed


def made(*steps: Step, **tables) -> Fab:
    """Return a fab of one tool group and one route."""
    whole = {
        "tool_groups": {"g": ToolGroup(tool_group="g", tools=1)},
        "products": {"p": Product(product="p", route="r")},
    }
    return Fab(name="made", routes={"r": steps}, **(whole | tables))


def test_a_fab_made_in_python_is_checked_too():
    fab = made(Step(route="r", step=1, tool_group="gg", process=1, rework_percent=5))
    fab = replace(fab, orders=(Order(order="o", product="q"),))
    found = [str(problem) for problem in check(fab)]
    assert found == [
        'Step  tool_group = "gg" is not a tool group of this fab; did you mean "g"?',
        'Order  product = "q" is not a product of this fab; known: p',
        "Step  rework_step is missing; rework_percent = 5 needs a step to go back to",
    ]
    assert [problem.message for problem in check(made())] == ['= "r" has no steps']


def test_a_consistent_fab_has_no_problems(folder):
    fab = read_fab(folder())
    assert check(fab) == []
    assert warnings(fab) == []
    assert check(fab, strict=True) == []


@pytest.mark.parametrize(
    ("carriers", "least", "most", "possible"),
    [
        ([25], 75, 100, True),
        ([25], 76, 99, False),
        ([13, 25], 38, 38, True),
        ([13, 25], 37, 37, False),
        ([6, 10], 21, 21, False),
        ([6, 10], 22, 22, True),
        ([25], 10**9, 10**9, True),
        ([7, 14], 10**9 + 2, 10**9 + 7, False),
        ([7, 11], 10**9, 10**9, True),
    ],
)
def test_which_lots_fill_a_batch(carriers, least, most, possible):
    assert _fills(carriers, least, most) is possible


def test_lot_sizes_of_orders_and_initial_lots_decide_about_batches():
    step = Step(route="r", step=1, tool_group="g", process=1, per="batch", batch_min=38, batch_max=38)
    small = Order(order="o", product="p", wafers=13)
    assert check(made(step, orders=(small,)))[0].field == "batch_min"
    assert check(made(step, orders=(small,), initial_wip=(InitialLot(lot="l", product="p", step=1, wafers=25),))) == []


def test_overload_is_a_warning_and_an_error_when_strict(folder):
    fab = read_fab(folder(changed("orders.csv", "120", "50")))
    said = [str(problem) for problem in warnings(fab)]
    assert said == [
        "tool_groups.csv:3  tools = 1: scanner is loaded to 120.1 % by the orders; below 100 % needs about 2 tools"
    ]
    assert check(fab) == []
    assert [str(problem) for problem in check(fab, strict=True)] == said


def test_doubtful_things_are_warned_of(folder):
    changes = {
        **changed("routes.csv", "main,3,etcher,,4,wafer,1.5", "main,3,etcher,,4,wafer,"),
        **changed("setups.csv", "mask-1,mask-2,7\nmask-2,mask-1", ",mask-1"),
        **changed("tool_groups.csv", "repair_crew\nfurnace", "repair_crew,min_run\nfurnace"),
    }
    changes["tool_groups.csv"] = changes["tool_groups.csv"].replace("fixers\n", "fixers,4\n").replace(",,\n", ",,,\n")
    changes["tool_groups.csv"] = changes["tool_groups.csv"].replace("yes,\n", "yes,,\n")
    fab = read_fab(folder(changes))
    fab = replace(fab, routes={**fab.routes, "idle": fab.routes["main"]})
    assert [str(problem) for problem in warnings(fab)] == [
        'routes.csv:6  setup = "mask-2" takes no time: no row of setups.csv leads to it',
        "tool_groups.csv:2  min_run = 4 has no effect: no step at furnace needs a setup",
        "routes.csv:4  interval is empty at etcher, whose tools cascade; nothing overlaps",
        'routes.csv:2  route = "idle" is followed by no product',
    ]


def test_setup_laws_fit_their_times():
    step = {"route": "r", "step": 1, "tool_group": "g", "process": 1, "setup": "s"}
    (lawless,) = check(made(Step(**step, setup_distribution="uniform", setup_spread=2)))
    assert str(lawless) == "Step  setup_time is missing; setup_distribution and setup_spread are of this time"
    (wide,) = check(made(Step(**step, setup_time=3, setup_distribution="uniform", setup_spread=4)))
    assert wide.message.startswith("= 4 must be at most the mean, setup_time = 3")
    change = SetupChange(to_setup="s", time=5, distribution="lognormal")
    (narrow,) = check(made(Step(**step), setups=(change,)))
    assert (narrow.field, narrow.message[:9]) == ("spread", "= 0 must ")
