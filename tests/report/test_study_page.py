"""The page of a study: it tells what the tables hold, draws, is rebuilt from its folder, and asks no network."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import vl_convert
from typer.testing import CliRunner

import renkei
from renkei.alliance import Alliance
from renkei.cli import app
from renkei.errors import InputError
from renkei.months.binding import CONSTRAINTS
from renkei.report import study_tables as tables
from renkei.report.asked import StudyAsked
from renkei.report.figures import Figure
from renkei.report.result import load_study
from renkei.report.script import VEGA_LITE
from renkei.report.study_folder import rewrite_study_report, save_study, study_manifest
from renkei.report.study_page import headline, sections, study_page
from renkei.report.words import billions, month, percent
from renkei.study import Study
from tests.months.conftest import SMALL, changed
from tests.report.test_page import Reader
from tests.test_simulate import belt

UNSURE = {
    "site__phases__one__build": {"triangular": [2, 4, 9], "unit": "months", "source": "a <b>guess</b>"},
    "equipment__lead_time": {"uniform": [1, 9]},
    "funding__tranches__grant__probability": 0.5,
    "end": "2025-12",
}
ASKED = StudyAsked("small.yaml", (), seed=5, futures=8)


@pytest.fixture(scope="module")
def study() -> Study:
    alliance = Alliance.model_validate(changed(SMALL, **UNSURE))
    return renkei.study(alliance, futures=8, seed=5, workers=1, start_floor=belt)


@pytest.fixture(scope="module")
def html(study: Study) -> str:
    return study_page(study, study_manifest(study, ASKED))


@pytest.fixture(scope="module")
def folder(study: Study, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("studies") / "out"
    save_study(study, ASKED, out)
    return out


def drawn(study: Study) -> dict[str, Figure]:
    return {figure.id: figure for part in sections(study) for figure in part.figures}


def rows_of(figure: Figure) -> list[dict[str, Any]]:
    assert figure.spec is not None
    return list(figure.spec["datasets"]["rows"])


def test_every_figure_draws(study: Study) -> None:
    found = drawn(study)
    assert {"curves", "binding", "cash", "tools", "d0", "die-yield", "dies", "revenue"} <= set(found)
    for name, figure in found.items():
        if figure.spec is not None:
            text = str(vl_convert.vegalite_to_svg(figure.spec | {"width": 600}, vl_version=VEGA_LITE))
            assert "aria-roledescription" in text, name
            assert "NaN" not in text, name


def test_curves_are_the_shares_by_each_months_end(study: Study) -> None:
    rows = [row for row in rows_of(drawn(study)["curves"]) if "marked" not in row]
    assert len(rows) == 24
    for milestone in study.alliance.milestones.values():
        if milestone.headline:
            told = [row[milestone.name] for row in rows]
            assert told == sorted(told)
            expected = [100 * study.probability(milestone.id, row["month"][:7]) for row in rows]
            assert told == pytest.approx(expected, rel=1e-3)


def test_diamonds_stand_at_the_promise_at_the_share_in_time(study: Study) -> None:
    marks = {row["marked"]: row for row in rows_of(drawn(study)["curves"]) if "marked" in row}
    table = study.milestone_quantiles
    promised = table[table["headline"] & table["promised"].notna()]
    assert set(marks) == set(promised["name"])
    for row in promised.to_dict("records"):
        assert marks[row["name"]]["month"].startswith(f"{row['promised_until']:%Y-%m-%d}")
        assert marks[row["name"]]["at"] == pytest.approx(100 * row["by_promised"], rel=1e-3)


@pytest.mark.parametrize(
    ("id_", "measure", "scale"), [("cash", "cash_jpy", 1e-9), ("tools", "tools", 1), ("d0", "d0_per_cm2", 1)]
)
def test_fans_hold_the_quantiles_of_the_months(study: Study, id_: str, measure: str, scale: float) -> None:
    table = study.month_quantiles[study.month_quantiles["measure"] == measure].to_dict("records")
    rows = rows_of(drawn(study)[id_])
    assert len(rows) == len(table)
    for row, expected in zip(rows, table, strict=True):
        assert row["futures"] == expected["measured"]
        for name in ("p10", "p50", "p90"):
            if expected["measured"]:
                assert row[name.upper()] == pytest.approx(expected[name] * scale, rel=1e-3)
            else:
                assert name.upper() not in row


def test_shares_of_constraints_are_those_of_the_table(study: Study) -> None:
    rows = rows_of(drawn(study)["binding"])
    for row, expected in zip(rows, study.binding_shares.to_dict("records"), strict=True):
        assert row["period"] == str(expected["year"])
        assert [row[name] for name in CONSTRAINTS] == pytest.approx([100 * expected[n] for n in CONSTRAINTS], rel=1e-3)


def test_the_table_of_milestones_tells_dates_and_shares(study: Study) -> None:
    table = tables.milestones(study, headline=False)
    assert len(table.rows) == len(study.alliance.milestones)
    for row, expected in zip(table.rows, study.milestone_quantiles.to_dict("records"), strict=True):
        assert row[2:5] == tuple(month(expected[q]).replace("–", "later or never") for q in ("p10", "p50", "p90"))
        assert (row[7], row[9]) == (percent(expected["reached"]), percent(1 - expected["reached"]))
        assert row[5] == percent(expected["by_promised"])


def test_years_and_tiles_hold_the_quantiles(study: Study) -> None:
    cash = study.year_quantiles.set_index(["measure", "year"]).loc[("cash_jpy", 2025)]
    row = next(row for row in tables.years(study).rows if row[0] == "2025")
    assert row[1] == " / ".join(billions(cash[name]) for name in ("p10", "p50", "p90"))
    tile = next(tile for tile in headline(study).tiles if tile.name.startswith("cash"))
    last = study.months[study.months["month"] == study.months["month"].max()]["cash_jpy"]
    assert tile.value == billions(last.median())


def test_uncertain_numbers_are_listed_with_what_was_drawn(study: Study, html: str) -> None:
    rows = {row[0]: row for row in tables.assumptions(study).rows}
    assert set(rows) >= {"site.phases.one.build", "equipment.lead_time"}
    build = study.drawn[study.drawn["path"] == "site.phases.one.build"]["value"]
    assert float(rows["site.phases.one.build"][3]) == float(f"{build.median():.4g}")
    assert "a &lt;b&gt;guess&lt;/b&gt;" in html


def test_the_page_names_scenario_seed_and_command(study: Study, html: str) -> None:
    text = " ".join(html.split("<script")[0].split())
    assert "A study of 8 futures</strong> from seed 5" in text
    assert "Scenario: default." in text
    assert "renkei study small.yaml --seed 5 --futures 8" in text
    few = study_page(study, {**study_manifest(study, ASKED), "futures_asked": 100})
    assert "It was interrupted: 100 were asked for." in " ".join(few.split("<script")[0].split())


def test_the_page_has_a_place_for_every_figure_and_asks_nobody(html: str) -> None:
    reader = Reader()
    reader.feed(html)
    assert reader.open == []
    assert not {tag for tag, _ in reader.elements} & {"link", "img", "iframe", "object", "embed", "base"}
    assert not any({"src", "srcset"} & set(attributes) for _, attributes in reader.elements)
    policy = next(a["content"] for _, a in reader.elements if a.get("http-equiv") == "Content-Security-Policy")
    assert str(policy).startswith("default-src 'none';")
    embedded = re.search(r'<script type="application/json" id="figures">(.*?)</script>', html, re.DOTALL)
    assert embedded is not None
    assert set(json.loads(embedded[1])) == set(re.findall(r'id="figure-([\w-]+)"', html.split("<script")[0]))
    assert "http" not in embedded[1]


def test_a_saved_study_gives_the_same_page(folder: Path, html: str, study: Study) -> None:
    assert (folder / "report.html").read_text(encoding="utf-8") == html
    facts, again = load_study(folder)
    assert study_page(again, facts) == html
    assert (again.seed, again.asked, len(again)) == (5, 8, 8)
    assert again.milestone_quantiles.equals(study.milestone_quantiles)


def test_renkei_report_writes_it_anew(folder: Path, html: str, tmp_path: Path) -> None:
    own = shutil.copytree(folder, tmp_path / "own")
    (own / "report.html").write_text("spoilt")
    done = CliRunner().invoke(app, ["report", str(own)])
    assert (done.exit_code, done.stdout.strip()) == (0, str(own / "report.html"))
    assert (own / "report.html").read_text(encoding="utf-8") == html


def test_what_is_missing_in_a_study_is_said_at_once(folder: Path, tmp_path: Path) -> None:
    own = shutil.copytree(folder, tmp_path / "own")
    for name in ("months", "drawn"):
        (own / f"{name}.parquet").unlink()
    with pytest.raises(InputError, match=r"name a folder that renkei study wrote") as error:
        rewrite_study_report(own)
    assert len(error.value.problems) == 2
