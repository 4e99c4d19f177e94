"""The month loop from the first day to revenue, on a stand-in floor and on the real one."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest

import renkei
from renkei.alliance import Alliance
from renkei.alliance.funding import COSTS
from renkei.build.flow import FinishedLots, Flow, LotType
from renkei.errors import InputError
from renkei.fab.fab import Fab
from renkei.months.binding import CONSTRAINTS
from renkei.outcome.future import Future
from renkei.simulate import Progress, simulate
from tests.months.conftest import SMALL, changed

DAY = 1440.0


class Belt:
    """A stand-in floor: lots leave in order of release, after four days or more, spaced by the number of tools."""

    def __init__(self, fab: Fab, most: Mapping[str, int], types: Sequence[LotType]):
        self.fab, self.most, self.types = fab, most, {t.name: t for t in types}
        self.tools: dict[str, int] = {}
        self.plans: dict[str, list[float]] = {}
        self.inside: list[tuple[float, float, str, int]] = []
        self.numbers: dict[str, int] = {}
        self.now = self.last = self.engine_seconds = 0.0
        self.first: dict[tuple[str, int], float] = {}
        self.crews: dict[str, int | None] = {}

    def add_tools(self, group: str, count: int) -> None:
        self.tools[group] = self.tools.get(group, 0) + count
        assert self.tools[group] <= self.most[group]

    def remove_tools(self, group: str, count: int) -> None:
        self.tools[group] -= count
        assert self.tools[group] >= 0

    def restore_tools(self, group: str, count: int) -> None:
        self.add_tools(group, count)

    def set_people(self, crew: str, people: int | None) -> None:
        self.crews[crew] = people

    def plan_starts(self, lot_type: str, first: float, interval: float, lots: int) -> None:
        assert first >= self.now
        self.plans[lot_type] = [first + n * interval for n in range(lots)]

    def advance(self, until: float) -> Flow:
        since, self.now = self.now, until
        released = self._release(until)
        done = sorted(lot for lot in self.inside if lot[0] <= until)
        self.inside = [lot for lot in self.inside if lot[0] > until]
        wip: dict[str, int] = {}
        for _, _, name, _ in self.inside:
            wip[self.types[name].product] = wip.get(self.types[name].product, 0) + 1
        return Flow(
            since, until, self._finished(done), wip, sum(self.types[n].wafers for _, _, n, _ in self.inside),
            float(len(self.inside)), released, {n: c * self.types[n].wafers for n, c in released.items()},
            6 * len(done), {g: {"productive": 1.0} for g in self.fab.tool_groups}, dict(self.first), {}, {},
        )  # fmt: skip

    def _release(self, until: float) -> dict[str, int]:
        counts: dict[str, int] = {}
        due = sorted((minute, name) for name, plan in self.plans.items() for minute in plan if minute <= until)
        for minute, name in due:
            assert len(self.tools) == len(self.fab.tool_groups), "a lot was started without a tool in every group"
            self.plans[name].remove(minute)
            self.last = max(self.last + DAY / sum(self.tools.values()), minute + 4 * DAY)
            number = self.numbers[name] = self.numbers.get(name, 0) + 1
            self.inside.append((self.last, minute, name, number))
            counts[name] = counts.get(name, 0) + 1
            route = self.fab.products[self.types[name].product].route
            for step in self.fab.routes[route]:
                self.first.setdefault((route, step.step), self.last)
        return counts

    def _finished(self, done: list[tuple[float, float, str, int]]) -> FinishedLots:
        kinds = [self.types[name] for _, _, name, _ in done]
        wafers = np.array([kind.wafers for kind in kinds], dtype=np.int64)
        return FinishedLots(
            np.array([kind.name for kind in kinds], dtype=np.str_),
            np.array([kind.product for kind in kinds], dtype=np.str_),
            np.array([number for *_, number in done], dtype=np.int64), np.array([lot[1] for lot in done]),
            np.array([lot[0] for lot in done]), wafers, wafers,
        )  # fmt: skip


def belt(fab: Fab, most: Mapping[str, int], types: Sequence[LotType], *_: Any) -> Belt:
    return Belt(fab, most, types)


def run(seed: int = 0, **changes: Any) -> Future:
    return simulate(Alliance.model_validate(changed(SMALL, **changes)), seed=seed, start_floor=belt)


@pytest.fixture(scope="module")
def future() -> Future:
    return run()


def reached(future: Future) -> dict[str, dt.date | None]:
    days = future.milestones.set_index("id")["reached"]
    return {name: None if pd.isna(day) else day.date() for name, day in days.items()}  # type: ignore[misc]


def test_the_small_alliance_goes_all_the_way(future: Future) -> None:
    days = reached(future)
    order = ["site-ready", "tools-in", "first-silicon", "kit-out", "revenue"]
    found = [day for name in order if (day := days[name]) is not None]
    assert len(found) == 5
    assert found == sorted(found)
    assert days["site-ready"] == dt.date(2024, 4, 15)
    assert days["tools-in"] == dt.date(2024, 5, 14)
    assert days["steady"] is not None
    assert future.months["revenue_jpy"].sum() > 0


def test_money_is_conserved_every_month(future: Future) -> None:
    months, ledger = future.months, future.ledger
    opening = ledger[ledger["credit"].str.startswith("opening")]["yen"].sum()
    assert opening == 20_000_000_000
    flow = months["received_jpy"] - months["spent_jpy"]
    assert (months["cash_jpy"] == opening + flow.cumsum()).all()
    cash = ledger[ledger["debit"].str.startswith("cash")].groupby(ledger["date"].dt.to_period("M"))["yen"].sum()
    assert cash.sum() - opening == months["received_jpy"].sum()
    assert (months["cash_jpy"] >= 0).all()


def test_the_ledger_has_two_sides(future: Future) -> None:
    ledger = future.ledger
    balances = ledger.groupby("debit")["yen"].sum().sub(ledger.groupby("credit")["yen"].sum(), fill_value=0)
    assert balances.sum() == 0
    assert -balances.get("payable", 0) == future.months["unpaid_jpy"].iloc[-1]
    costs = [f"cost.{cost}" for cost in COSTS]
    lasting = {f"{account}.{kind}" for account in ("asset", "depreciation") for kind in ("tools", "building")}
    assert set(balances[balances > 0].index) <= {*costs, *lasting, "cash.any", "receivable"}


def test_wafers_and_lots_are_conserved(future: Future) -> None:
    months, lots = future.months, future.lots
    assert months["lots_finished"].sum() == len(lots)
    assert months["lots_started"].sum() >= len(lots)
    sold = lots[lots["purpose"] == "product"]["wafers_out"].sum()
    assert months["wafers_out"].sum() <= sold
    assert months["delivered_wafers"].sum() <= months["wafers_out"].sum()
    assert lots["cycle_time_days"].min() == pytest.approx(4)


def test_learning_is_an_output(future: Future) -> None:
    months = future.months
    assert months["experience"].is_monotonic_increasing
    assert months["generations"].iloc[-1] > 3
    assert months["d0_process_per_cm2"].iloc[-1] < 0.5 * months["d0_process_per_cm2"].iloc[0]
    slow = run(technology__learning__analysis_time=60)
    assert slow.months["generations"].iloc[-1] < months["generations"].iloc[-1]


def test_excursions_need_wafers_and_engineers_who_clean_up_analyse_less() -> None:
    often = {"rate": "24 /year", "loss": 0.5, "length": 5}
    light, heavy = (run(technology__excursions={**often, "clean_up": work}).months for work in (0, 6))
    empty = light["wip_wafers"] + light["lots_finished"] == 0
    assert light.loc[empty, "excursions"].sum() == 0
    assert light["excursions"].equals(heavy["excursions"])
    assert light["excursions"].sum() > 20
    assert heavy["lots_analysed"].sum() < light["lots_analysed"].sum()


def test_engineers_are_given_out_once(future: Future) -> None:
    months = future.months
    granted = months[[name for name in months.columns if name.startswith("engineers_granted_")]].sum(axis=1)
    assert (granted <= months["engineer_months"] + 1e-9).all()
    assert granted.max() > 0


def test_the_first_cohort_is_counted_abroad_then_back(future: Future) -> None:
    months = future.months.set_index("month")
    assert months["abroad"].max() == 3
    assert months.loc["2024-03", "trained_abroad"].iloc[0] == 0
    assert months["trained_abroad"].iloc[-1] == 3


def test_all_six_limits_are_stored(future: Future) -> None:
    table = future.binding
    assert len(table) == 36
    assert table[list(CONSTRAINTS)].notna().all().all()
    least = table[list(CONSTRAINTS)].min(axis=1)
    assert all(row[row["limit"]] == pytest.approx(least[n]) for n, row in table.iterrows())  # type: ignore[index]
    first = table.iloc[0]
    assert (first["constraint"], first["unit"]) == ("site", "development lots/month")
    assert table["unit"].iloc[-1] == "good wafers/month"
    assert set(table["constraint"]) <= set(CONSTRAINTS)


def test_the_json_has_the_agreed_keys(future: Future) -> None:
    found = json.loads(json.dumps(future.to_json(), allow_nan=False))
    assert set(found) == {"milestones", "years", "binding", "seed", "fidelity", "engine_seconds", "lot_steps"}
    assert set(found["milestones"][0]) == {"name", "promised", "reached", "actual"}
    assert set(found["years"][0]) == {
        "year", "cash_jpy", "headcount", "trained_abroad", "tools", "wafer_starts", "wafers_out", "cycle_time_days",
        "x_factor", "d0_per_cm2", "die_yield", "good_dies", "revenue_jpy", "operating_cost_jpy", "depreciation_jpy",
        "result_jpy", "equity_jpy", "runway_months", "cost_per_wafer_jpy", "full_cost_per_wafer_jpy",
        "full_cost_per_good_die_jpy",
    }  # fmt: skip
    assert [year["year"] for year in found["years"]] == [2024, 2025, 2026]
    assert set(found["binding"][0]["limits"]) == set(CONSTRAINTS)
    assert found["binding"][0]["month"] == "2024-01"
    assert found["binding"][0]["limits"]["demand"] is None
    assert found["milestones"][2]["promised"] == "2024-10-01"


def test_years_sum_and_close_the_months(future: Future) -> None:
    years, months = future.years, future.months
    assert years["revenue_jpy"].sum() == months["revenue_jpy"].sum()
    assert years["cash_jpy"].iloc[-1] == months["cash_jpy"].iloc[-1]
    assert years["wafers_out"].sum() == months["wafers_out"].sum()
    assert 4 <= years["cycle_time_days"].iloc[1] < 30


def test_every_table_survives_parquet(future: Future) -> None:
    assert set(future.tables) >= {"months", "milestones", "ledger", "lots", "tool_groups", "binding", "years"}
    for name, table in future.tables.items():
        file = io.BytesIO()
        table.to_parquet(file)
        pd.testing.assert_frame_equal(pd.read_parquet(io.BytesIO(file.getvalue())), table, obj=name)


def test_the_same_seed_gives_the_same_future(future: Future) -> None:
    again = run()
    for name, table in future.tables.items():
        pd.testing.assert_frame_equal(again.tables[name], table, obj=name)
    other = run(seed=5)
    assert not other.drawn["value"].equals(future.drawn["value"])


def test_the_function_stays_in_reach() -> None:
    assert renkei.simulate is simulate
    assert renkei.simulate is simulate  # and is not replaced by the module of its name


def test_progress_is_told_every_month() -> None:
    seen: list[Progress] = []
    alliance = Alliance.model_validate(changed(SMALL, end="2024-06"))
    simulate(alliance, start_floor=belt, progress=seen.append)
    assert [item.month.index for item in seen] == list(range(6))
    assert {item.months for item in seen} == {6}
    assert "site-ready" in seen[-1].milestones


def test_an_unknown_fidelity_is_refused() -> None:
    with pytest.raises(InputError, match='fidelity = "fluid" is not offered'):
        simulate(Alliance.model_validate(SMALL), fidelity="fluid")  # type: ignore[arg-type]


def test_when_money_ends_people_go_and_money_is_the_root() -> None:
    poor = run(funding__opening_balance__founders={"payer": "maker", "amount": "1 bn JPY"}, funding__tranches={})
    assert poor.months["headcount"].iloc[-1] == 0
    assert reached(poor)["site-ready"] is None
    assert poor.binding["constraint"].iloc[-1] == "money"
    assert (poor.months["cash_jpy"] >= 0).all()
    assert poor.months["unpaid_jpy"].iloc[-1] > 0


def test_late_payment_leaves_its_trace() -> None:
    # 4 bn: the tools' orders and the building cannot both be paid at once; the grant helps from April on.
    tight = run(funding__opening_balance__founders={"payer": "maker", "amount": "2500 M JPY"})
    slips = tight.slips
    assert (slips["days"] > 0).all()
    assert "money" in set(slips["root"])
    assert (slips["happened"] - slips["due"]).dt.days.equals(slips["days"].astype("int64"))


LEVERS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "money": (
        {"funding__opening_balance__founders": {"payer": "maker", "amount": "2500 M JPY"}},
        {"funding__opening_balance__founders": {"payer": "maker", "amount": "30 bn JPY"}},
    ),
    "site": ({"site__phases__one__build": "5 months"}, {"site__phases__one__build": "3 months"}),
    "tools": (
        {"equipment__lead_time": 9},
        {"equipment__lead_time": 3},
    ),
    "people": (
        {"workforce__roles__engineer__headcount": 4, "workforce__roles__engineer__max_hires": 0},
        {"workforce__roles__engineer__headcount": 80, "workforce__roles__engineer__max_hires": 0},
    ),
    "technology": ({"technology__learning__analysis_time": 40}, {"technology__learning__analysis_time": 10}),
    "demand": (
        {"market__channels": {}, "market__customers__first-buyer__since": "2024-12"},
        {"market__channels": {}, "market__customers__first-buyer__since": "2024-02"},
    ),
}


@pytest.mark.parametrize("lever", LEVERS)
def test_more_of_anything_is_never_later(lever: str) -> None:
    less, more = (reached(run(**change)) for change in LEVERS[lever])
    late = dt.date.max
    assert all((more[name] or late) <= (less[name] or late) for name in more)
    assert any((more[name] or late) < (less[name] or late) for name in more)


def test_the_real_floor_goes_all_the_way() -> None:
    made = simulate(Alliance.model_validate(changed(SMALL, end="2025-12")), seed=3)
    days = reached(made)
    assert None not in (days["site-ready"], days["tools-in"], days["first-silicon"], days["kit-out"])
    assert made.lot_steps > 1000
    assert made.engine_seconds > 0
    lots = made.lots[made.lots["purpose"] == "development"]
    assert lots["cycle_time_days"].min() > 0.3
    assert made.tool_groups["productive_minutes"].sum() > 0
    people = made.crews[made.crews["crew"] == "MT1"]
    assert people["busy_minutes"].sum() > 0
    again = simulate(Alliance.model_validate(changed(SMALL, end="2025-12")), seed=3)
    pd.testing.assert_frame_equal(again.lots, made.lots)
    pd.testing.assert_frame_equal(again.months, made.months)
