"""The release plan played faster or slower."""

from __future__ import annotations

import pytest

from renkei.errors import InputError
from renkei.fab import load_fab
from renkei.fab.capacity import capacity, load
from renkei.fab.pace import at_load, limit, load_problems, steady_problems
from tests.floor.fabs import make_fab

STEPS = {"r": [{"tool_group": "g", "process": 10}]}


@pytest.mark.parametrize("name", ["minifab", "nanosheet-2nm"])
@pytest.mark.parametrize("percent", [30, 95])
def test_starts_are_the_share_of_capacity(name, percent):
    fab = load_fab(name)
    paced = capacity(at_load(fab, percent))
    assert paced.starts_per_week == pytest.approx(percent / 100 * capacity(fab).capacity_per_week)


def test_work_scales_and_calendar_downtime_does_not():
    fab = load_fab("minifab")
    before, after = (load(one).set_index("tool_group") for one in (fab, at_load(fab, limit(fab).load_percent / 2)))
    for column in ("lots_per_day", "wafers_per_day", "process_percent", "load_unload_percent"):
        assert (after[column] / before[column]).tolist() == pytest.approx([0.5] * 3)
    for column in ("breakdown_percent", "pm_calendar_percent"):
        assert after[column].tolist() == pytest.approx(before[column].tolist())


def test_the_rhythm_stays():
    """Starts and intervals stretch alike, due dates do not."""
    orders = [{"product": "r", "interval": 40, "start": 10 * n, "due": 100} for n in range(4)]
    paced = at_load(make_fab({"g": {}}, STEPS, orders), 50)  # declared at 100 %
    assert [(order.start, order.interval, order.due) for order in paced.orders] == [
        (20.0 * n, 80.0, 100.0) for n in range(4)
    ]


def messages(fab, loads, days=100, warmup=0):
    """Texts of all problems of the orders."""
    return [str(problem) for problem in steady_problems(fab, loads, days, warmup)]


def test_loads_are_percentages_up_to_capacity():
    fab = make_fab({"g": {}}, STEPS, [{"product": "r", "interval": 20}])
    assert load_problems(fab, [1, 50, 100]) == []
    said = [problem.message for problem in load_problems(fab, [0, -5, 100.5, 130, 50, 50, float("nan")])]
    assert len(said) == 6
    assert sum("Ask for 98, or give g more tools" in text for text in said) == 2
    assert "names no load" in load_problems(fab, [])[0].message


def test_a_fab_without_work_has_no_capacity():
    with pytest.raises(InputError, match="gives no work to any tool; add release lines"):
        at_load(make_fab({"g": {}}, STEPS), 50)


def test_orders_must_release_through_the_run():
    """Half the pace makes an order last twice as long."""
    fab = make_fab({"g": {}}, STEPS, [{"order": "short", "product": "r", "interval": 10, "releases": 14400}])
    assert messages(fab, [50, 99]) == []  # 100 days at 100 %, a little more at 99
    (said,) = messages(fab, [50, 99], days=150)
    assert 'order "short" ends at 99 % on day 101, before the run does' in said
    assert messages(fab, [50], days=150) == []


def test_orders_must_start_before_the_window():
    fab = make_fab(
        {"g": {}}, STEPS, [{"product": "r", "interval": 20, "start": 14_400}, {"product": "r", "interval": 20}]
    )
    (said,) = messages(fab, [50, 90])
    assert "starts at 50 % on day 20, after the warm-up; lengthen --warmup, or lower its start" in said
    assert messages(fab, [50, 90], warmup=20) == []


def test_levels_of_wip_and_single_lots():
    held = make_fab({"g": {}}, STEPS, [{"product": "r", "interval": 20, "wip_limit": 3}])
    assert "has wip_limit = 3, which keeps a level of WIP, not a load" in messages(held, [50])[0]
    lots = [{"order": f"lot-{n}", "product": "r", "start": 20.0 * n} for n in range(200)]
    listed = make_fab({"g": {}}, STEPS, lots)
    assert capacity(at_load(listed, 25)).load_percent == pytest.approx(25)
    assert messages(listed, [50], days=2) == []
    (said,) = messages(listed, [50], days=20)
    assert "and the others of one release end at 50 % on day 3, before the run does" in said
