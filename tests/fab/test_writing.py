from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from renkei.errors import InputError
from renkei.fab import Fab, load_fab, read_fab, write_fab
from renkei.fab.outages import Outage, Transport
from renkei.fab.products import InitialLot, Order, Product
from renkei.fab.routes import Step
from renkei.fab.tools import Crew, Qualification, SetupChange, ToolGroup
from tests.fab.test_reading import SIZED


def test_what_is_written_is_read_back(folder, tmp_path):
    fab = read_fab(folder())
    assert write_fab(fab, tmp_path / "a" / "copy") == tmp_path / "a" / "copy"
    assert read_fab(tmp_path / "a" / "copy") == fab
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["copy"]


def test_the_built_in_fab_survives_writing(tmp_path):
    fab = load_fab("minifab")
    write_fab(fab, tmp_path / "copy")
    assert read_fab(tmp_path / "copy") == fab


def test_of_a_sized_fab_the_chosen_size_is_written(folder, tmp_path):
    fab = read_fab(folder(SIZED), size="volume")
    copy = read_fab(write_fab(fab, tmp_path / "copy"))
    assert copy == replace(fab, sizes=("volume",))


def test_rows_are_equal_wherever_they_stand():
    one, two = Crew(crew="a", file="x.csv", line=3), Crew(crew="a")
    assert one == two
    assert hash(one) == hash(two)
    assert one != Crew(crew="b")


def test_nothing_is_overwritten(folder, tmp_path):
    fab = read_fab(folder())
    (tmp_path / "there").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for name in ("there", "link"):
        with pytest.raises(InputError, match="exists already; nothing is overwritten"):
            write_fab(fab, tmp_path / name)
    assert list((tmp_path / "there").iterdir()) == []


def test_a_failed_writing_leaves_nothing(folder, tmp_path):
    fab = replace(read_fab(folder()), name="Not A Name")
    with pytest.raises(InputError, match="must be lower case"):
        write_fab(fab, tmp_path / "out")
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written"):
        write_fab(read_fab(folder()), tmp_path / "file" / "out")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "small"]


texts = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Z"), include_characters=' \n,"'), max_size=9
)
names = st.text("abcXYZ019-_ é", min_size=1, max_size=8).map(str.strip).filter(bool)
minutes = st.floats(0, 1e9).filter(lambda value: value == 0 or value > 1e-9)
percents = st.floats(0, 99)
spreads = st.just(("constant", 0.0)) | st.tuples(st.just("lognormal"), st.floats(0.01, 9))


@st.composite
def fabs(draw):
    """Small consistent fabs with odd texts and numbers."""
    groups = draw(st.lists(names, min_size=1, max_size=3, unique=True))
    crew = draw(names)
    tools = {
        name: ToolGroup(
            tool_group=name,
            area=draw(texts),
            tools=draw(st.integers(1, 9)),
            load=draw(minutes),
            repair_crew=draw(st.sampled_from(["", crew])),
            dispatch=draw(st.sampled_from([(), ("cr", "fifo"), ("priority", "-srpt + 2*fifo", "fifo")])),
            note=draw(texts),
            price_musd=draw(st.none() | st.floats(0, 400)),
        )
        for name in groups
    }
    count = draw(st.integers(1, 4))
    steps = []
    for number in range(1, count + 1):
        law, spread = draw(spreads)
        steps.append(
            Step(
                route="r",
                step=number,
                name=draw(texts),
                tool_group=draw(st.sampled_from(groups)),
                recipe=draw(st.sampled_from(["", "hot"])),
                distribution=law,
                process=draw(minutes),
                spread=spread,
                per=draw(st.sampled_from(["lot", "wafer"])),
                setup=draw(st.sampled_from(["", "on", "off"])),
                setup_time=draw(st.none() | minutes),
                sampling_percent=draw(st.floats(1, 100)),
                rework_step=draw(st.none() | st.integers(1, number)),
                scrap_percent=draw(percents),
                confidence=draw(st.sampled_from(["", "low"])),
            )
        )
    used = sorted({step.setup for step in steps if step.setup})
    kind, clock = draw(st.sampled_from(["pm", "breakdown"])), draw(st.sampled_from(["calendar", "wafers"]))
    outage = Outage(
        outage=draw(names), tool_group=groups[0], kind=kind, clock=clock, interval=2e9, duration=draw(minutes)
    )
    return Fab(
        name="odd-1",
        title=draw(texts).strip(),
        tool_groups=tools,
        routes={"r": tuple(steps)},
        products={"p": Product(product="p", route="r", family=draw(texts))},
        orders=(Order(order=draw(names), product="p", interval=draw(st.none() | st.floats(0.1, 9e9))),),
        setups=tuple(SetupChange(to_setup=name, time=draw(minutes)) for name in used),
        outages=(outage,),
        qualifications=tuple(
            Qualification(tool_group=name, recipe="hot", tools="50%")
            for name in groups
            if any(step.recipe and step.tool_group == name for step in steps)
        ),
        crews={crew: Crew(crew=crew, people=draw(st.none() | st.integers(0, 9)))},
        transports=(Transport(from_location="fab", to_location="fab", time=draw(minutes)),),
        initial_wip=(InitialLot(lot=draw(names), product="p", step=1, due=draw(st.none() | st.floats(-1e9, 1e9))),),
        left_out=tuple(draw(st.lists(texts.map(str.strip), max_size=3))),
        dispatch=draw(st.sampled_from([("fifo",), ("priority", "0.7*cr + 0.3*spt"), ("priority", "setup", "fifo")])),
    )


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(fab=fabs())
def test_any_fab_survives_writing(tmp_path_factory, fab):
    out = tmp_path_factory.mktemp("fabs") / "out"
    assert read_fab(write_fab(fab, out)) == fab
