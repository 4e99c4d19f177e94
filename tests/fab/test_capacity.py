"""Static load against numbers computed by hand, and expected visits against a linear system."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from renkei.fab import load_fab, read_fab
from renkei.fab.capacity import capacity, expected_visits, load, raw_time, rpt, visits_per_day
from renkei.fab.products import Order
from renkei.fab.releases import release_rates
from renkei.fab.routes import Step
from renkei.fab.visits import surviving
from tests.fab.conftest import changed


def test_load_of_the_small_fab(folder):
    table = load(read_fab(folder())).set_index("tool_group")
    assert list(table.index) == ["furnace", "scanner", "etcher"]
    # 12 lots a day; rework after half of the passes of step 6, in 20 %: steps 5 and 6 are reached 1/(1 - 0.1) times
    assert table["lots_per_day"].to_dict() == pytest.approx(
        {"furnace": 12, "scanner": 12 + 12 / 0.9, "etcher": 12 + 6 / 0.9}
    )
    furnace, scanner, etcher = (table.loc[name] for name in table.index)
    assert furnace["process_percent"] == pytest.approx(100 * 12 / 3 * 100 / 2880)
    assert furnace["load_unload_percent"] == pytest.approx(100 * 12 / 3 * 5 / 2880)
    assert furnace["breakdown_percent"] == pytest.approx(100 * 100 / 1100)
    assert scanner["process_percent"] == pytest.approx(100 * (12 * 20 + 12 / 0.9 * 30) / 1440)
    assert scanner["load_unload_percent"] == pytest.approx(100 * (12 + 12 / 0.9) * 2 / 1440)
    assert scanner["pm_calendar_percent"] == pytest.approx(5)
    # slot 1 is held for 10 wafers x interval; loading overlaps
    assert etcher["process_percent"] == pytest.approx(100 * (12 * 15 + 6 / 0.9 * 20) / 2880)
    assert etcher["load_unload_percent"] == 0
    assert etcher["pm_count_percent"] == pytest.approx(100 * (12 + 6 / 0.9) * 10 / 2 / 500 * 60 / 1440)
    parts = table.filter(like="_percent").drop(columns="total_percent")
    assert table["total_percent"].to_numpy() == pytest.approx(parts.sum(axis=1).to_numpy())


def test_bottleneck_and_capacity(folder):
    fab = read_fab(folder())
    limit = capacity(fab)
    percent = 100 * (12 * 22 + 12 / 0.9 * 32) / 1440 + 5
    assert (limit.bottleneck, limit.load_percent) == ("scanner", pytest.approx(percent))
    assert limit.starts_per_week == pytest.approx(7 * 120)
    assert limit.capacity_per_week == pytest.approx(7 * 120 / percent * 100)
    assert visits_per_day(fab)["rest"] == pytest.approx(12)
    assert capacity(fab.with_orders(())) is None
    assert load(fab.with_tools({"scanner": 0}))["total_percent"][1] == np.inf


def test_raw_process_time_by_hand(folder):
    fab = read_fab(folder())
    first = 100 + 5 + (20 + 2 + 4) + (4 + 9 * 1.5 + 2 + 4) + 240
    again = (30 + 2 + 0.5 * (5 + 9 * 2 + 2 + 4)) / 0.9  # no move after the rest, but one back from step 6
    back = 0.1 / 0.9 * 4
    assert rpt(fab) == {"chip": pytest.approx(first + again + back)}
    assert raw_time(fab, "main", 10) == rpt(fab)["chip"]
    assert rpt(fab.with_orders(()))["chip"] == rpt(fab)["chip"]


def test_lot_sizes_are_weighed_by_their_rate(folder):
    fab = read_fab(folder())
    orders = (
        Order(order="a", product="chip", interval=100),
        Order(order="b", product="chip", interval=300, wafers=4),
    )
    mixed = rpt(fab.with_orders(orders))["chip"]
    assert mixed == pytest.approx(0.75 * raw_time(fab, "main", 10) + 0.25 * raw_time(fab, "main", 4))


def test_only_processed_wafers_count(folder):
    changes = changed("routes.csv", "light,3,wafer,", "light,3,wafer,")
    header = "process_wafers,route"
    text = (
        changes["routes.csv"]
        .replace("route,", header + ",", 1)
        .replace("\nmain", "\n,main")
        .replace(",main,5", "3,main,5")
    )
    fab = read_fab(folder({"routes.csv": text}))
    full = read_fab(folder())
    assert rpt(full)["chip"] - rpt(fab)["chip"] == pytest.approx((30 - 9) / 0.9)


def test_lots_listed_one_by_one_have_the_rate_of_their_list(folder):
    fab = read_fab(folder())
    listed = tuple(Order(order="a", product="chip", start=start) for start in (0, 100, 200, 300, 400))
    assert sum(release_rates(fab.with_orders(listed))) == pytest.approx(1440 / 100)
    assert release_rates(fab.with_orders(listed[:1])) == (0.0,)
    three = Order(order="b", product="chip", interval=60, lots_per_release=3)
    assert release_rates(fab.with_orders((three,))) == (72.0,)
    level = Order(order="c", product="chip", wip_limit=8, releases=900)
    assert release_rates(fab.with_orders((level, *listed)))[0] == 0


def test_mini_fab_loads_as_its_specification_says():
    table = load(load_fab("minifab")).set_index("tool_group")
    occupied = table["process_percent"] + table["load_unload_percent"]
    assert occupied.to_list() == pytest.approx([83.3, 58.3, 87.5], abs=0.05)
    assert table["pm_calendar_percent"].to_list() == pytest.approx([5.2, 16.7, 4.2], abs=0.05)
    assert table["breakdown_percent"].to_list() == pytest.approx([0, 12.3, 0], abs=0.05)


def steps_from(spec):
    return tuple(
        Step(
            route="r",
            step=number,
            tool_group="g",
            process=1,
            sampling_percent=sampling,
            rework_step=max(1, number - back) if percent else None,
            rework_percent=percent,
        )
        for number, (sampling, percent, back) in enumerate(spec, start=1)
    )


@given(
    st.lists(st.tuples(st.integers(1, 100), st.sampled_from([0, 0, 3, 40]), st.integers(0, 6)), min_size=1, max_size=12)
)
def test_expected_visits_solve_the_flow_balance(spec):
    route = steps_from(spec)
    flow = np.eye(len(route))
    for index, step in enumerate(route):
        again = step.sampling_percent * step.rework_percent / 1e4
        if index + 1 < len(route):
            flow[index + 1, index] -= 1 - again
        if step.rework_step:
            flow[step.rework_step - 1, index] -= again
    arrivals = np.linalg.solve(flow, np.eye(len(route))[0])
    sampled = np.array([step.sampling_percent for step in route]) / 100
    assert expected_visits(route) == pytest.approx(arrivals * sampled)


def test_one_rework_loop_repeats_q_s_over_one_minus_q_s():
    route = steps_from([(100, 0, 0), (40, 5, 1)])
    assert expected_visits(route)[0] == pytest.approx(1 + 0.05 * 0.4 / (1 - 0.05 * 0.4))


def test_scrap_thins_lots_and_ends_single_wafers():
    route = (
        Step(route="r", step=1, tool_group="g", process=1, scrap_percent=10),
        Step(route="r", step=2, tool_group="g", process=1, scrap_percent=20, sampling_percent=50),
        Step(route="r", step=3, tool_group="g", process=1),
    )
    assert surviving(route) == pytest.approx([1, 0.9, 0.9 * 0.8**0.5])
