"""Measures recomputed from the rows they sum up, and their laws."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import renkei
from renkei.outcome.bottlenecks import bottlenecks
from tests.floor.fabs import make_fab

HOUR = 60.0


@pytest.fixture(scope="module")
def run():
    """Two groups, two lot types with due dates that are sometimes kept, batches, a breakdown, a queue-time window."""
    fab = make_fab(
        {"oven": {}, "etch": {"load": 2}},
        {
            "a": [
                {"tool_group": "etch", "process": 40, "queue_limit_step": 2, "queue_limit": 5 * HOUR},
                {"tool_group": "oven", "process": 240, "per": "batch", "batch_min": 50, "batch_max": 100},
                {"tool_group": "etch", "process": 30, "distribution": "exponential"},
            ],
            "b": [{"tool_group": "etch", "process": 20, "distribution": "exponential", "scrap_percent": 1}],
        },
        [
            {"order": "slow", "product": "a", "interval": 150, "due": 15 * HOUR},
            {"order": "fast", "product": "b", "interval": 100, "due": 2 * HOUR, "interval_distribution": "exponential"},
            {"order": "free", "product": "b", "interval": 5000},
        ],
        outages=[{"tool_group": "etch", "interval": 3000, "duration": 60}],
    )
    return renkei.run_floor(fab, days=60, warmup=7.3, seed=4)


def test_what_is_told_of_lots_is_what_their_rows_say(run):
    (told,) = run.replications
    done = run.lots[run.lots["wafers_out"] > 0]
    for key, lots in (("slow", done[done["order"] == "slow"]), ("fast", done[done["order"] == "fast"]), (None, done)):
        row = told if key is None else told["lot_types"][key]
        cycle = lots["finished_day"] - lots["released_day"]
        late = (lots["finished_day"] - lots["due_day"])[np.isfinite(lots["due_day"])]
        assert row["completed_lots"] == len(lots) > 100
        assert row["mean_cycle_time_days"] == pytest.approx(cycle.mean())
        assert row["cycle_time_std_days"] == pytest.approx(cycle.std())
        assert [row["p5"], row["p50"], row["p95"]] == pytest.approx(cycle.quantile([0.05, 0.5, 0.95]).tolist())
        assert 0 < row["on_time_fraction"] < 1
        assert row["on_time_fraction"] == pytest.approx((late <= 0).mean())
        assert row["mean_lateness_days"] == pytest.approx(late.mean())
        assert row["mean_tardiness_days"] == pytest.approx(late.clip(lower=0).mean())
        assert max(0, row["mean_lateness_days"]) < row["mean_tardiness_days"]


def test_without_due_dates_nothing_is_late(run):
    row = run.replications[0]["lot_types"]["free"]
    assert row["completed_lots"] > 5
    assert row["on_time_fraction"] is row["mean_lateness_days"] is row["mean_tardiness_days"] is None


def test_a_single_lot_has_no_spread():
    fab = make_fab({"g": {}}, {"r": [{"tool_group": "g", "process": 5}]}, [{"product": "r"}])
    row = renkei.run_floor(fab, days=1).replications[0]["products"]["r"]
    assert (row["completed_lots"], row["cycle_time_std_days"]) == (1, None)
    assert row["p5"] == row["p95"] == row["mean_cycle_time_days"]


def test_moves_are_those_of_the_window(run):
    (told,) = run.replications
    assert run.daily["moves"].sum() == told["lot_steps"]
    inside = run.daily[run.daily["day"] > 9]["moves"].sum()  # from day 8 on
    assert inside <= told["moves_per_day"] * (60 - 7.3) <= inside + run.daily["moves"][[7, 8]].sum()
    unwarmed = renkei.run_floor(run.fab, days=60, seed=4).replications[0]
    assert unwarmed["moves_per_day"] * 60 == pytest.approx(unwarmed["lot_steps"])


def test_daily_mean_wip_sums_to_the_time_that_lots_spent(run):
    """Little's law, lot by lot: the area under the WIP of the whole run is the sum of stays in the fab."""
    whole = renkei.run_floor(run.fab, days=60, seed=4)
    area = whole.daily["mean_wip_lots"].sum()
    stays = (whole.lots["finished_day"] - whole.lots["released_day"]).sum()
    assert stays < area < stays + 60 * whole.daily["wip_lots"].iloc[-1]
    np.testing.assert_allclose(run.daily["mean_wip_lots"], whole.daily["mean_wip_lots"], rtol=1e-9)
    assert whole.replications[0]["mean_wip_lots"] == pytest.approx(area / 60)


def test_daily_cycle_times_are_those_of_the_lots_of_the_day(run):
    whole = renkei.run_floor(run.fab, days=60, seed=4)
    done = whole.lots[whole.lots["wafers_out"] > 0]
    cycle = (done["finished_day"] - done["released_day"]).groupby(np.ceil(done["finished_day"])).mean()
    found = whole.daily.set_index("day")["mean_cycle_time_days"]
    pd.testing.assert_series_equal(found.dropna(), cycle, check_names=False, check_index_type=False)
    pd.testing.assert_frame_equal(run.daily, whole.daily)


def test_queue_times_are_counted_by_route_and_step(run):
    (row,) = run.queue_times.to_dict("records")
    assert (row["product"], row["from_step"], row["to_step"], row["limit_hours"]) == ("a", 1, 2, 5)
    assert row["from_tool_group"] == "etch"
    slow = run.lots[run.lots["order"] == "slow"]
    assert abs(row["checked"] - len(slow)) <= 10  # batches that had started when the window began or run when it ends
    assert 0 < row["violated"] < row["checked"]
    assert row["violated_share"] == row["violated"] / row["checked"]


def test_tables_of_groups_repeat_the_measures(run):
    (told,) = run.replications
    rows = run.tool_groups.set_index("tool_group")
    for name, row in told["tool_groups"].items():
        assert rows.loc[name].drop("replication").to_dict() == pytest.approx(row)


def test_shares_of_waiting_sum_to_one_and_go_with_the_queues(run):
    groups = run.replications[0]["tool_groups"].values()
    assert sum(row["queue_share"] for row in groups) == pytest.approx(1)
    ratios = [row["queue_share"] / row["mean_queue_lots"] for row in groups]
    assert ratios == pytest.approx([ratios[0]] * len(ratios))
    for row in groups:
        up = 1 - row["scheduled_down"] - row["unscheduled_down"]
        assert row["occupied_of_uptime"] == pytest.approx(1 - row["standby"] / up)


def test_bottlenecks_go_by_what_is_taken_of_the_uptime():
    def group(taken, waiting, process=0.1):
        return {"occupied_of_uptime": taken, "queue_share": waiting, "utilisation_of_uptime": process, "tools": 1}

    ranked = bottlenecks(
        {"idle": group(None, None), "setups": group(0.9, 0.1), "even": group(0.7, 0.2), "queue": group(0.7, 0.5),
         "full": group(0.95, 0.0)}
    )  # fmt: skip
    assert [row["tool_group"] for row in ranked] == ["full", "setups", "queue", "even", "idle"]
    assert ranked[0]["occupied_of_uptime"] == 0.95
    assert set(ranked[0]) == {"tool_group", "utilisation_of_uptime", "occupied_of_uptime", "queue_share"}


def test_the_group_with_fewest_spare_hours_leads():
    steps = [{"tool_group": name, "process": minutes} for name, minutes in (("a", 30), ("b", 55), ("c", 40))]
    fab = make_fab({name: {} for name in "abc"}, {"r": steps}, [{"product": "r", "interval": 60}])
    run = renkei.run_floor(fab, days=20, replications=2)
    assert [row["tool_group"] for row in run.measures["bottlenecks"]] == ["b", "c", "a"]
    assert run.measures["bottlenecks"][0]["queue_share"] is None  # nobody ever waits


def test_crews_tell_how_busy_they_were_and_who_waited_for_them():
    """A tool fails eighteen hours after each repair of six: someone is at work a quarter of the time."""
    outage = {"tool_group": "g", "interval": 18 * HOUR, "first": 24 * HOUR, "duration": 6 * HOUR}
    fixed = {"interval_distribution": "constant", "duration_distribution": "constant", "first_rule": "constant"}
    fab = make_fab(
        {"g": {"tools": 1, "repair_crew": "fitters"}, "idle": {"setup_crew": "nobody", "pm_crew": "all"}},
        {"r": [{"tool_group": "g", "process": 1}, {"tool_group": "idle", "process": 1}]},
        [{"product": "r", "interval": 1000}],
        outages=[outage | fixed],
        crews={"fitters": (1, 1), "nobody": 0, "all": None},
    )
    crews = renkei.run_floor(fab, days=10).measures["crews"]
    assert crews["fitters"]["people"] == 1
    assert crews["fitters"]["jobs_per_day"] == pytest.approx(1)
    assert crews["fitters"]["occupied"] == pytest.approx(1 / 4)
    assert crews["fitters"]["mean_wait_hours"] == 0
    assert crews["nobody"] == {"people": 0, "occupied": None, "jobs_per_day": 0, "mean_wait_hours": None}
    assert crews["all"]["people"] is None
