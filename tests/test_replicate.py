"""A fab alone from Python: the same numbers as the command line's, as tables; progress; errors."""

from __future__ import annotations

import pandas as pd
import pytest

import renkei
from renkei import replicate
from renkei.errors import InputError
from renkei.replicate import clean_kernels, run_floor, run_floors


@pytest.fixture(scope="module")
def minifab():
    """The built-in Mini-Fab."""
    return renkei.load_fab("minifab")


def test_measures_are_the_means_of_the_replications(minifab):
    run = run_floor(minifab, days=40, warmup=10, seed=5, replications=2)
    assert [one["seed"] for one in run.replications] == [5, 6]
    mean = sum(one["mean_wip_lots"] for one in run.replications) / 2
    assert run.measures["mean_wip_lots"] == pytest.approx(mean)
    assert repr(run).startswith("<FloorRun minifab: 40 days, 2 replications, 1")


def test_lots_and_days_are_tables(minifab):
    run = run_floor(minifab, days=40, warmup=10, seed=5)
    (only,) = run.replications
    assert len(run.lots) == only["completed_lots"]
    assert (run.lots["wafers_in"] == 25).all()
    cycle = run.lots["finished_day"] - run.lots["released_day"]
    assert cycle.mean() == pytest.approx(only["mean_cycle_time_days"])
    own = cycle[run.lots["product"] == "Pb"]
    assert own.quantile(0.95) == pytest.approx(only["products"]["Pb"]["p95"])
    assert run.daily["day"].tolist() == list(range(1, 41))
    inside = run.daily["released_lots"].cumsum() - run.daily["completed_lots"].cumsum()
    assert inside.tolist() == run.daily["wip_lots"].tolist()
    assert (run.daily["wip_wafers"] == 25 * run.daily["wip_lots"]).all()


def test_a_longer_run_begins_as_the_shorter_one(minifab):
    short, long = run_floor(minifab, days=20, seed=2), run_floor(minifab, days=33.3, seed=2)
    pd.testing.assert_frame_equal(short.daily, long.daily.head(20))
    pd.testing.assert_frame_equal(short.lots, long.lots.head(len(short.lots)))


def test_the_warm_up_changes_what_is_counted_and_nothing_else(minifab):
    whole, window = run_floor(minifab, days=40, seed=1), run_floor(minifab, days=40, warmup=15, seed=1)
    pd.testing.assert_frame_equal(whole.daily, window.daily)
    late = whole.lots[whole.lots["finished_day"] > 15].reset_index(drop=True)
    pd.testing.assert_frame_equal(late, window.lots)


def test_threads_do_not_change_a_bit(minifab):
    """By default there are as many as replications, or cores."""
    one, two, free = (run_floor(minifab, days=30, warmup=3.7, replications=4, threads=n) for n in (1, 2, None))
    for other in (two, free):
        for name in ("lots", "daily", "tool_groups", "queue_times"):
            pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name), check_exact=True)
        for a, b in zip(one.replications, other.replications, strict=True):
            assert {**a, "engine_seconds": 0} == {**b, "engine_seconds": 0}


def test_a_run_takes_the_cores_it_may_have(minifab, monkeypatch):
    pools = []

    class Pool(replicate.ThreadPoolExecutor):
        def __init__(self, threads):
            pools.append(threads)
            super().__init__(threads)

    monkeypatch.setattr(replicate, "ThreadPoolExecutor", Pool)
    monkeypatch.setattr(replicate, "cores", lambda: 3)
    run_floor(minifab, days=2, replications=2)
    run_floor(minifab, days=2, replications=5)
    run_floor(minifab, days=2, replications=5, threads=2)
    run_floor(minifab, days=2, replications=5, threads=1)
    run_floor(minifab, days=2)
    assert pools == [2, 3, 2]


def test_several_fabs_run_as_each_alone(minifab):
    other = minifab.with_dispatch("lifo")
    both = run_floors([minifab, other], days=60, warmup="auto", seed=2, replications=2)
    assert both[0].warmup == both[1].warmup
    for fab, run in zip((minifab, other), both, strict=True):
        alone = run_floor(fab, days=60, warmup=run.warmup, seed=2, replications=2)
        pd.testing.assert_frame_equal(run.lots, alone.lots, check_exact=True)


def test_progress_is_told_to_the_end_of_each_replication(minifab):
    told: list[tuple[int, float]] = []
    run_floor(minifab, days=20, warmup=3, replications=2, progress=lambda run, day: told.append((run, day)))
    for run in (0, 1):
        days = [day for which, day in told if which == run]
        assert days == sorted(days)
        assert days[-1] == 20
        assert len(days) >= 40


def test_a_rule_of_the_run_outdoes_those_of_the_groups(minifab):
    own = run_floor(minifab, days=30, seed=3)
    same = run_floor(minifab, days=30, seed=3, dispatch="rank_HP; rank_RSETUP; rank_FIFO")
    other = run_floor(minifab, days=30, seed=3, dispatch="lifo")
    pd.testing.assert_frame_equal(own.lots, same.lots)
    assert not own.lots["finished_day"].equals(other.lots["finished_day"])


def test_bad_arguments_are_told_together(minifab):
    with pytest.raises(InputError) as caught:
        run_floor(minifab, days=5, warmup=6, replications=0, dispatch="fast")
    assert [problem.field for problem in caught.value.problems] == ["warmup", "replications", "dispatch"]


def test_more_lots_than_memory_holds_are_refused(minifab):
    """A thousand lots a minute, for a hundred days."""
    dense = minifab.with_orders(tuple(order.model_copy(update={"interval": 0.001}) for order in minifab.orders[:1]))
    with pytest.raises(InputError, match=r"days = 100; the orders release 1.44e\+08 lots in them, must be at most"):
        renkei.run_floor(dense, days=100)


def test_old_kernels_are_deleted(monkeypatch, tmp_path):
    monkeypatch.setenv("RENKEI_CACHE", str(tmp_path))
    for name in ("kernels-1", "kernels-2", "other"):
        (tmp_path / "renkei" / name).mkdir(parents=True)
    assert clean_kernels() == 2
    assert [path.name for path in (tmp_path / "renkei").iterdir()] == ["other"]
