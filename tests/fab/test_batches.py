"""Batches by family: what must be declared, and which lots fill them."""

import pytest

from renkei.fab import Fab, check
from renkei.fab.products import Order, Product
from renkei.fab.routes import Step
from renkei.fab.tools import ToolGroup

BAKE = {
    "step": 1,
    "name": "bake",
    "tool_group": "oven",
    "process": 9,
    "per": "batch",
    "batch_min": 75,
    "batch_max": 100,
}


def made(product=None, development=None, batch_by="family", wafers=(25, 4), families=("fam", "fam")):
    """A product and its development lots, each with a route of one batch step."""
    return Fab(
        name="made",
        tool_groups={"oven": ToolGroup(tool_group="oven", tools=1, batch_by=batch_by)},
        routes={
            name: (Step(**{**BAKE, "route": name, **(changes or {})}),)
            for name, changes in (("r", product), ("e", development))
        },
        products={
            "p": Product(product="p", route="r", family=families[0]),
            "d": Product(product="d", route="e", family=families[1], kind="engineering"),
        },
        orders=tuple(Order(order=name, product=name, wafers=count) for name, count in zip("pd", wafers, strict=True)),
    )


def test_lots_of_a_family_fill_batches_together():
    """Lots of 25 fill 100 wafers; lots of 30 do not fill 101, but with some of 4 they do."""
    assert check(made()) == []
    limits = {"batch_min": 102, "batch_max": 104}
    assert check(made(limits, limits, wafers=(30, 4))) == []
    (problem,) = check(made(limits, limits, wafers=(30, 4), batch_by="step"))
    assert (problem.field, problem.message.split(";")[0]) == (
        "batch_min",
        "= 102 is reached by no number of lots of 30 wafers within batch_max = 104",
    )


@pytest.mark.parametrize(
    ("changes", "column", "said"),
    [
        ({"development": {"batch_max": 125}}, "batch_max", "= 125 must be 100 as at"),
        ({"development": {"batch_min": 50}}, "batch_min", "= 50 must be 75 as at"),
        ({"development": {"name": ""}}, "name", "is missing; batches at oven are of steps of one name"),
        ({"families": ("fam", "")}, "family", "is missing; route e has batches of one family"),
    ],
)
def test_what_shares_batches_is_alike(changes, column, said):
    (problem,) = check(made(**changes))
    assert problem.field == column
    assert said in problem.message


def test_steps_of_other_names_setups_and_recipes_need_not_agree():
    for other in ({"name": "anneal"}, {"setup": "wet"}, {"recipe": "hot"}):
        assert check(made(development={"batch_max": 125, **other})) == []
    assert check(made(development={"batch_max": 125}, batch_by="step")) == []
    assert check(made(development={"batch_max": 125}, families=("fam", "other"))) == []


def test_a_route_is_of_one_family():
    fab = made()
    fab.products["q"] = Product(product="q", route="r", family="other")
    (problem,) = check(fab)
    assert problem.message == '= "other" must be "fam" as of others of route r, or give each family its own route'
