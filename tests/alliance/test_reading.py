"""Reading alliances: places, cures, everything at once, scenarios, and no traceback whatever the text."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from renkei.alliance.reading import outline, read_alliance
from renkei.errors import InputError
from renkei.fab.builtin import load_fab
from renkei.fab.writing import write_fab
from tests.alliance.broken import SMALL, line_of, problems, replaced

STAY = "stay: 6 months"


@pytest.fixture
def small(tmp_path: Path) -> Path:
    file = tmp_path / "alliance.yaml"
    file.write_text(SMALL, encoding="utf-8")
    return file


def test_the_small_alliance_is_read_by_file_and_by_folder(small: Path) -> None:
    alliance = read_alliance(small)
    assert alliance.name == "small"
    assert float(alliance.workforce.cohorts["first"].stay) == 6
    assert read_alliance(str(small.parent)) == alliance


@pytest.mark.parametrize(
    ("old", "new", "at", "field", "message"),
    [
        (STAY, "stay: -6 months", "stay: -6", "workforce.cohorts.first.stay", "= -6 months; must be positive"),
        (STAY, "stay: 6 weks", "stay: 6", "workforce.cohorts.first.stay", 'is not a duration; write e.g. "18 months"'),
        (STAY, "stai: 6 months", "stai:", "workforce.cohorts.first.stai", 'is not a known field; did you mean "stay"?'),
        (STAY, "working: 0", "first:\n      role", "workforce.cohorts.first.stay", "is missing; write e.g."),
        (STAY, "stay:", "stay:\n", "workforce.cohorts.first.stay", "is empty; write a value, or leave the key out"),
        ("kind: full_loop", "kind: ful_loop", "kind: ful", "technology.development.loops.kind", '"full_loop"?'),
        ("country: NL", "country: Holland", "Holland", "partners.tools.country", "two capital letters, e.g. JP"),
        ("tool_places: 6", "tool_places: 0", "tool_places", "site.phases.one.bays.hall.tool_places", "at least 1"),
        ("tool_places: 6", "tool_places: six", "tool_places", "site.phases.one.bays.hall.tool_places", "whole number"),
        ("start: 2024-02", "start: 2024-13", "2024-13", "workforce.cohorts.first.start", "is not a date"),
        ("fiscal_year: 2024", "date: 2024-04, fiscal_year: 2024", "2024-04,", "funding.tranches.grant", "keep one"),
        ("end: 2025-12", "end: 2023-12", "end:", "end", "= 2023-12-01; must not be before start"),
        ("metric: wafers_out", "metric: wafer_out", "wafer_", "milestones.volume.when.any[0].metric", '"wafers_out"?'),
        ("[3, 4, 6]", "[4, 3, 6]", "[4, 3", "site.phases.one.build", "must rise from lowest to highest"),
        ("title: A small", "title: [A, small", "start: 2024-01\n", "", "is not valid YAML"),
        ("seats: 3", "seats: &three 3", "three", "", "anchor or alias"),
        ("seats: 3", "seats: !!python/object:os.system 3", "python", "", "uses the tag"),
        ("  late:", "  poor:", "  poor:\n    overrides:\n      site", "scenarios.poor", "is named twice, first in"),
        ("fab: minifab", "fab: minifap", "fab:", "fab", '= "minifap" is neither a folder nor a built-in fab; did you'),
        ("roles:\n    eng", "roles: none\n    eng", "", "", "is not valid YAML"),
        ("hall: {tool_places: 6}", "", "bays:", "site.phases.one.bays", "needs at least one entry"),
    ],
)  # fmt: skip
def test_each_problem_has_its_place_and_cure(
    tmp_path: Path, old: str, new: str, at: str, field: str, message: str
) -> None:
    text = replaced(old, new)
    found = problems(text, tmp_path)
    assert any(problem.field == field and message in problem.message for problem in found), found
    if at:
        assert {problem.line for problem in found if message in problem.message} == {line_of(at, text)}


def test_messages_look_as_designed(tmp_path: Path) -> None:
    text = replaced("Me: 1}", "Mee: 1}", replaced(STAY, "stay: -6 months"))
    lines = [f"alliance.yaml{str(problem).partition('alliance.yaml')[2]}" for problem in problems(text, tmp_path)]
    assert lines == [
        "alliance.yaml:46  workforce.cohorts.first.stay = -6 months; must be positive",
        'alliance.yaml:56  equipment.orders.all.tools.Mee is not a tool group of this fab; did you mean "Me"?',
    ]


def test_an_unknown_part_of_the_file_gets_the_nearest_name_or_all(tmp_path: Path) -> None:
    near, far = problems("fundng: {}\nzzz: 1\n" + SMALL, tmp_path)
    assert near.message == 'is not a known field; did you mean "funding"?'
    assert (far.line, far.field) == (2, "zzz")
    assert far.message.startswith("is not a known field; known: accounts, actuals, ")
    assert {"funding", "market", "workforce"} <= set(far.message.split("known: ")[1].split(", "))


def test_a_broken_block_hides_no_problem_and_invents_none(tmp_path: Path) -> None:
    """The cohort lacks its host, so it cannot be used; the clause that names it is right all the same."""
    text = replaced("      host: owner\n", "", replaced("Mab: 2,", "Mabb: 2,"))
    fields = [problem.field for problem in problems(text, tmp_path)]
    assert fields == ["workforce.cohorts.first.host", "equipment.orders.all.tools.Mabb"]


def test_scenarios_change_only_what_they_name(small: Path) -> None:
    base, poor, both = (read_alliance(small, names) for names in ("", "poor", ("poor", "late")))
    assert set(poor.funding.tranches) == {"grant"}
    assert (base.scenario, poor.scenario, both.scenario) == ((), ("poor",), ("poor", "late"))
    assert poor.model_copy(update={"funding": base.funding, "scenario": ()}) == base
    assert both.funding.tranches["grant"].fiscal_year == 2025
    assert set(both.funding.tranches) == {"grant"}
    build = both.site.phases["one"].build
    assert (float(build), build.uncertain) == (9, False)


def test_later_changes_win(small: Path) -> None:
    overrides = {"site": {"phases": {"one": {"build": "5 months"}}}}
    assert float(read_alliance(small, "late", overrides).site.phases["one"].build) == 5


def test_an_unknown_scenario_is_named(tmp_path: Path) -> None:
    (found,) = problems(SMALL, tmp_path, "por")
    assert (found.field, found.message) == (
        "scenario",
        '= "por" is not a scenario of this alliance; did you mean "poor"?',
    )


def test_what_a_scenario_breaks_is_shown_in_the_scenario(tmp_path: Path) -> None:
    text = replaced(
        "{fiscal_year: 2025}", "{fiscl_year: 2025, amount: much}", replaced("{reward: null}", "{rewart: null}")
    )
    found = problems(text, tmp_path, "poor,late")
    assert [(problem.line, problem.field) for problem in found] == [
        (line_of("rewart", text), "scenarios.poor.overrides.funding.tranches.rewart"),
        (line_of("much", text), "funding.tranches.grant.amount"),
        (line_of("much", text), "funding.tranches.grant.fiscl_year"),
    ]
    assert 'did you mean "reward"?' in found[0].message


def test_overrides_have_no_line(small: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_alliance(small, overrides={"end": "soon"})
    assert str(caught.value.problems[0]).startswith('overrides  end = "soon" is not a date')


def test_a_fab_beside_the_file_is_found_from_anywhere(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_fab(load_fab("minifab"), small.parent / "our-fab")
    small.write_text(replaced("fab: minifab", "fab: our-fab"), encoding="utf-8")
    alliance = read_alliance(small)
    assert load_fab(alliance.fab).tools == load_fab("minifab").tools
    monkeypatch.chdir(small.parent)
    assert read_alliance("alliance.yaml").fab == "our-fab"


def test_problems_of_the_fab_are_reported_with_the_alliance(small: Path) -> None:
    write_fab(load_fab("minifab"), small.parent / "our-fab")
    (small.parent / "our-fab" / "tool_groups.csv").write_text("tool_group,tools\nMab,many\n", encoding="utf-8")
    small.write_text(replaced("fab: minifab", "fab: our-fab"), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_alliance(small)
    text = str(caught.value)
    assert "has problems of its own" in text
    assert f"our-fab{os.sep}tool_groups.csv:2  tools" in text.replace("/", os.sep)


@pytest.mark.parametrize("name", ["japan-us-2nn", "no/such/file.yaml", "", "\0", "x" * 5000])
def test_what_is_not_there_is_said(name: str) -> None:
    with pytest.raises(InputError, match=r"built-in alliance|folder without"):
        read_alliance(name)


def test_the_nearest_built_in_name_is_offered() -> None:
    with pytest.raises(InputError, match='did you mean "japan-us-2nm"'):
        read_alliance("japan-us-2nn")


def test_bytes_that_are_no_text(small: Path) -> None:
    small.write_bytes(SMALL.encode() + b"\xff\xfe")
    with pytest.raises(InputError, match="is not UTF-8"):
        read_alliance(small)


@pytest.mark.parametrize(
    "text", ["", "- a\n", "a", "[" * 5000, "a: " + "{b: " * 5000, "a: 1\n---\nb: 2\n", "\t", "%YAML 9\n"]
)
def test_files_that_are_no_alliance(small: Path, text: str) -> None:
    small.write_text(text, encoding="utf-8")
    with pytest.raises(InputError):
        read_alliance(small)


def test_endless_files_are_refused(small: Path) -> None:
    small.write_text("# " + "x" * 2_100_000, encoding="utf-8")
    with pytest.raises(InputError, match="longer than 2,000,000 characters"):
        read_alliance(small)


def test_the_outline_needs_no_sound_alliance(small: Path) -> None:
    small.write_text(replaced(STAY, "stay: never"), encoding="utf-8")
    assert outline(small).title == "A small alliance on the Mini-Fab"
    assert list(outline(small).scenarios) == ["poor", "late"]


SCRAPS = [
    "",
    ":",
    "- ",
    "{",
    "}",
    "[",
    "]",
    "null",
    "-1",
    "1e999",
    "2024-99",
    "&a ",
    "*a",
    "!!x ",
    "'",
    '"',
    "\n",
    "  ",
]
JUNK = st.one_of(st.sampled_from(SCRAPS), st.text(max_size=6))


def answer(file: Path, scenarios: str = "", overrides: dict[str, object] | None = None) -> str:
    """What reading says: the alliance's name, or its problems."""
    try:
        return read_alliance(file, scenarios, overrides).name
    except InputError as error:
        return str(error) if error.problems else ""


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_text_makes_a_traceback(tmp_path: Path, data: st.DataObject) -> None:
    """Mutations of a sound file: whatever they break, it is read or refused with InputError."""
    text = SMALL
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = min(len(text), start + data.draw(st.integers(0, 30)))
        text = text[:start] + data.draw(JUNK) + text[end:]
    file = tmp_path / "alliance.yaml"
    file.write_text(text, encoding="utf-8", errors="replace")
    assert answer(file, data.draw(st.sampled_from(["", "poor", "late"])))


VALUES = st.recursive(
    st.one_of(st.none(), st.integers(), st.floats(), st.text(max_size=5), st.booleans()),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(st.text(max_size=3), inner, max_size=2)),
    max_leaves=3,
)
PLACES = [
    ("funding", "tranches", "grant"), ("site", "phases", "one", "bays"), ("partners",), ("fx", "USD"), ("fab",),
    ("milestones", "volume", "when"), ("equipment", "orders", "all", "tools"), ("clauses", "train", "implemented_by"),
    ("workforce", "cohorts", "first"), ("market", "funnel"), ("planning", "phases"), ("technology", "defects"),
]  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.sampled_from(PLACES), value=VALUES)
def test_no_value_makes_a_traceback(tmp_path: Path, place: tuple[str, ...], value: object) -> None:
    """Any value in any place is read or refused with InputError."""
    file = tmp_path / "alliance.yaml"
    file.write_text(SMALL, encoding="utf-8")
    for key in reversed(place):
        value = {key: value}
    assert isinstance(value, dict)
    assert answer(file, overrides=value)
