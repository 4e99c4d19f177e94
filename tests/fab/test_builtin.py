import pytest

from renkei.errors import InputError
from renkei.fab import builtin_fabs, check, load_fab, warnings
from tests.fab.test_reading import SIZED


@pytest.mark.parametrize("name", builtin_fabs())
def test_built_in_fabs_are_consistent_and_sourced(name):
    fab = load_fab(name)
    assert fab.name == name
    assert check(fab) == []
    assert warnings(fab) == []
    assert fab.sources
    rows = [
        *fab.tool_groups.values(),
        *fab.orders,
        *fab.outages,
        *(step for route in fab.routes.values() for step in route),
    ]
    unsourced = [row for row in rows if not row.source]
    assert unsourced == []


def test_mini_fab_is_as_specified():
    fab = load_fab("minifab")
    assert [step.name for step in fab.routes["a"]] == ["S1", "S2", "S3", "S4", "S5", "S6"]
    assert [step.process for step in fab.routes["b"]] == [225, 30, 55, 50, 255, 10]
    assert {step.batch_max for step in fab.routes["a"]} == {None, 3 * fab.wafers_per_lot}
    per_week = {order.product: 7 * 1440 / order.interval for order in fab.orders}
    assert per_week == pytest.approx({"Pa": 51, "Pb": 30, "TW": 3})
    times = {(row.from_setup, row.to_setup): row.time for row in fab.setups}
    assert (times["S3-Pa", "S6-Pa"], times["S3-Pa", "S3-Pb"], times["S3-Pa", "S6-Pb"]) == (10, 5, 12)
    assert len(times) == 12


def test_a_path_or_a_name_with_a_size(folder):
    home = folder(SIZED)
    assert load_fab(home).size == "pilot"
    assert load_fab(f"{home}@volume").size == "volume"
    assert load_fab(home, size="volume").tools == 50


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("minfab", 'is neither a folder nor a built-in fab; did you mean "minifab"? Built in: '),
        ("minifab@huge", '"huge" is not a size of this fab; it has only one size'),
        ("x\0y", "is neither a folder nor a built-in fab"),
        ("", "is neither a folder nor a built-in fab"),
    ],
)
def test_unknown_fabs_are_named_with_the_known_ones(name, said):
    with pytest.raises(InputError) as error:
        load_fab(name)
    assert said in str(error.value)
