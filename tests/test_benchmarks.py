"""The benchmarks: every case and engine does its work, and one that does not is told. No time is asserted."""

from __future__ import annotations

import json
import statistics
from dataclasses import replace
from pathlib import Path

import pytest
from benchmarks.__main__ import main
from benchmarks.cases import CASES, SYNTHETIC
from benchmarks.engines import ENGINES, RENKEI
from benchmarks.measuring import measure, ratio
from benchmarks.network import MM1, REENTRANT
from benchmarks.outcome import Outcome
from benchmarks.peers.pyscfabsim import PySCFabSim
from benchmarks.studies import STUDIES
from benchmarks.synthetic import lot_steps_per_day, synthetic
from benchmarks.table import as_markdown, as_text

from renkei.fab.capacity import load
from renkei.fab.rules import check

PYSCFABSIM = """
import json, sys
given = dict(zip(sys.argv[1::2], sys.argv[2::2]))
days = given["--days"]
print(days, " days simulated in ", "1 day, 0:02:03.500000")
name = f"greedy/greedy_seed{given['--seed']}_{days}days_{given['--dataset']}_{given['--dispatcher']}.json"
with open(name, "w") as file:
    json.dump({"lots": {"Lot_3": {"throughput": 40}, "Lot_4": {"throughput": 2}}}, file)
"""


class Lazy:
    """An engine that does a third of the work in no time."""

    name = "Lazy"

    def absent(self):
        return None

    def unfit(self, _case):
        return None

    def run(self, case, length, seed):
        honest = RENKEI.run(case, length, seed)
        waits = {stream: 3 * minutes for stream, minutes in honest.time_in_fab.items()}
        return Outcome(1e-6, honest.lot_steps // 3, waits)


def case_of(name):
    return next(case for case in CASES if case.name == name)


def test_every_case_and_engine_does_its_work(capsys):
    assert main(["--smoke", "--repeat", "1", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    done = {(row["case"], row["engine"]): row for row in told["cases"]}
    for case in CASES:
        assert done[case.name, "Renkei"]["skipped"] == case.absent()
    for engine in ENGINES[1:]:
        for case in CASES:
            if case.network and case.peers and engine.name != "PySCFabSim":
                row = done[case.name, engine.name]
                assert row["skipped"] == engine.absent()
                assert row["skipped"] or row["ratio"][0] > 0
    assert {study["name"] for study in told["studies"]} == {"growth", *STUDIES}


def test_less_work_is_told():
    case = case_of("re-entrant")
    honest, lazy = measure(case, case.smoke, [RENKEI, Lazy()], 2, lambda _: None)
    assert honest.faults == ()
    assert [fault.partition(" ")[0] for fault in lazy.faults] == ["did", "did", "mean", "mean"]


def test_other_waits_are_told_apart_from_luck():
    assert MM1.tolerance("all", MM1.days(50_000), 3) < 0.2 < MM1.tolerance("all", MM1.days(1_000), 3)


@pytest.mark.parametrize("network", [MM1, REENTRANT], ids=lambda network: network.name)
def test_networks_are_consistent_fabs_of_the_same_load(network):
    fab = network.fab()
    assert not check(fab)
    per_minute = network.lots(1.0) / 1440
    loads = {
        name: per_minute * network.route.count(name) * station.service / station.servers
        for name, station in network.stations.items()
    }
    assert dict(load(fab)[["tool_group", "total_percent"]].values) == pytest.approx(
        {name: 100 * share for name, share in loads.items()}
    )
    assert all(0.65 < share < 0.85 for share in loads.values())


def test_synthetic_fabs_differ_only_in_size():
    small, large = (load(synthetic(starts)) for starts in (1_000, 100_000))
    assert not check(synthetic(1_000))
    assert (large["tools"] == 100 * small["tools"]).all()
    shares = [name for name in small.columns if name.endswith("percent")]
    for name in shares:
        assert list(large[name]) == pytest.approx(list(small[name]))
    assert small["total_percent"].max() < 90
    kinds = {name.partition("-")[0] for name in small["tool_group"]}
    assert kinds == {"cascade", "batch", "setup", "plain"}
    work = {case.length.days * lot_steps_per_day(int(case.name.split("-")[1])) for case in SYNTHETIC}
    assert max(work) == pytest.approx(min(work))


def test_synthetic_fab_refuses_broken_sizes():
    with pytest.raises(ValueError, match="multiple of 1,000"):
        synthetic(1_500)


def test_ratio_is_of_medians_with_the_spread_of_pairs():
    assert ratio([4.0, 9.0, 8.0], [2.0, 3.0, 8.0]) == (8.0 / 3.0, 1.0, 3.0)


def checkout(folder: Path, main_py: str) -> Path:
    (folder / "datasets" / "SMT2020_HVLM").mkdir(parents=True)
    (folder / "main.py").write_text(main_py, encoding="utf-8")
    return folder


def test_pyscfabsim_is_called_and_read_as_its_source_says(tmp_path, monkeypatch):
    monkeypatch.setenv("PYSCFABSIM", str(checkout(tmp_path, PYSCFABSIM)))
    case = case_of("hvlm")
    assert PySCFabSim().unfit(case) is None
    assert PySCFabSim().run(case, case.smoke, 7) == Outcome(86_523.5, None, lots=42)


def test_a_peer_that_fails_is_skipped_with_its_message(tmp_path, monkeypatch):
    monkeypatch.setenv("PYSCFABSIM", str(checkout(tmp_path, "raise SystemExit('needs torch')")))
    (row,) = measure(replace(case_of("mm1"), dataset="hvlm"), case_of("mm1").smoke, [PySCFabSim()], 1, lambda _: None)
    assert row.skipped
    assert "needs torch" in row.skipped


def test_absent_peers_say_what_to_do(monkeypatch):
    monkeypatch.delenv("PYSCFABSIM", raising=False)
    assert "$PYSCFABSIM" in str(PySCFabSim().absent())


def test_tables_show_what_was_measured_and_why_not():
    case = case_of("mm1")
    rows = measure(case, case.smoke, [RENKEI, PySCFabSim()], 3, lambda _: None)
    assert rows[0].lot_steps_per_second
    speed = f"{rows[0].lot_steps_per_second:,.0f}"
    text, page = as_text(rows, []), as_markdown(rows, [])
    assert f"{statistics.median(rows[0].seconds):.3g}" in text
    assert speed in text
    assert "skipped, PySCFabSim: reads" in text or "skipped, PySCFabSim: $PYSCFABSIM" in text
    assert len({line.count("|") for line in page.splitlines()}) == 1
    assert "PySCFabSim" not in page


@pytest.mark.parametrize("wrong", [["--repeat", "0"], ["--case", "mm2"], ["--json", "--markdown"]])
def test_wrong_arguments_are_exit_code_2(wrong, capsys):
    with pytest.raises(SystemExit, match="2"):
        main(wrong)
    assert "usage" in capsys.readouterr().err
