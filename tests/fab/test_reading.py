import time

import pytest

from renkei.errors import InputError
from renkei.fab import read_fab
from renkei.fab.outages import Outage
from tests.fab.conftest import SMALL, changed


def test_a_folder_becomes_a_fab(folder):
    fab = read_fab(folder())
    assert repr(fab) == "<Fab small: 4 tool groups, 5 tools, 1 routes, 6 steps, 1 products>"
    furnace, rest = fab.tool_groups["furnace"], fab.tool_groups["rest"]
    assert (furnace.tools, furnace.load, furnace.unload, furnace.repair_crew) == (2, 3.0, 2.0, "fixers")
    assert (rest.kind, fab.tool_groups["etcher"].cascade) == ("delay", True)
    step = fab.routes["main"][1]
    assert (step.setup, step.dedicate_step, step.queue_limit_step, step.queue_limit) == ("mask-1", 5, 3, 60.0)
    assert (step.file, step.line) == ("routes.csv", 3)
    assert fab.crews["fixers"].people == 2
    assert fab.initial_wip[0].order == "chip"
    assert fab.setups[0].from_setup == "mask-1"
    assert fab.transports[0].to_location == "fab"


def test_outages_follow_their_kind(folder):
    broken, monthly, _ = read_fab(folder()).outages
    assert (broken.interval_distribution, broken.first_rule, broken.first) == ("exponential", "exponential", 1000.0)
    assert broken.duration_distribution == "exponential"
    assert (monthly.interval_distribution, monthly.first_rule, monthly.first) == ("constant", "staggered", 1440.0)
    assert monthly.duration_distribution == "constant"
    assert Outage(outage="x", tool_group="furnace", kind="pm", interval=9, duration=1, first=4).first == 4


def test_order_of_rows_blanks_and_lines_do_not_matter(folder):
    header, *rows = SMALL["routes.csv"].splitlines()
    shuffled = "\r\n".join([header.replace(",", " , "), "", *(row.replace(",", ", ") for row in reversed(rows)), ",,"])
    shuffled = shuffled.removesuffix(",,")
    fab = read_fab(folder({"routes.csv": "\ufeff" + shuffled}))
    assert [step.step for step in fab.routes["main"]] == [1, 2, 3, 4, 5, 6]
    assert fab.routes["main"][5].line == 3
    assert fab.routes["main"] == read_fab(folder()).routes["main"]


def test_routes_may_be_several_files(folder):
    header, *rows = SMALL["routes.csv"].splitlines()
    other = "\n".join([header, *(row.replace("main", "other") for row in rows)])
    fab = read_fab(
        folder({"routes/b.csv": other, "products.csv": "product,route,kind\nchip,main,\nprobe,other,engineering\n"})
    )
    assert list(fab.routes) == ["main", "other"]
    assert fab.routes["other"][0].file == "routes/b.csv"


SIZED = {
    "fab.yaml": "name: small\nwafers_per_lot: 10\nsizes: [pilot, volume]\n",
    "tool_groups.csv": SMALL["tool_groups.csv"]
    .replace("tools,kind", "tools@pilot,tools@volume,kind")
    .replace("Diffusion,2", "Diffusion,2,20")
    .replace("Litho,1", "Litho,1,10")
    .replace("Etch,2", "Etch,2,20")
    .replace("inf", "inf,inf"),
    "orders.csv": "order,product,interval,size\nregular,chip,120,pilot\nregular,chip,12,volume\nhot,chip,9000,\n",
}


def test_a_size_chooses_tools_and_orders(folder):
    pilot, volume = read_fab(folder(SIZED)), read_fab(folder(SIZED), size="volume")
    assert (pilot.size, pilot.tools, volume.tools) == ("pilot", 5, 50)
    assert [order.interval for order in volume.orders] == [12.0, 9000.0]
    with pytest.raises(InputError, match='"volum" is not a size of this fab; did you mean "volume"'):
        read_fab(folder(SIZED), size="volum")
    with pytest.raises(InputError, match="only one size"):
        read_fab(folder({"fab.yaml": SMALL["fab.yaml"], "tool_groups.csv": SMALL["tool_groups.csv"]}), size="pilot")


def test_problems_of_all_files_come_together(folder):
    broken = {
        **changed("tool_groups.csv", "scanner,Litho,1", "scanner,Litho,one"),
        **changed("orders.csv", "regular,chip,120", "regular,chipp,-5"),
        **changed("fab.yaml", "10", "ten"),
        "crews.csv": None,
        "notes.txt": "other files mean nothing",
    }
    with pytest.raises(InputError) as error:
        read_fab(folder(broken))
    found = [(problem.file, problem.line, problem.field) for problem in error.value.problems]
    assert found == [
        ("fab.yaml", 2, "wafers_per_lot"),
        ("tool_groups.csv", 3, "tools"),
        ("orders.csv", 2, "interval"),
        ("tool_groups.csv", 2, "repair_crew"),
    ]
    assert str(error.value).startswith(f"{folder(broken)}: 4 problems\n  fab.yaml:2  wafers_per_lot = ")


def test_a_route_of_2500_steps_is_read_at_once(folder):
    header = SMALL["routes.csv"].splitlines()[0]
    rows = [f"main,{step},scanner,light,{step % 7 + 1},wafer,,,,mask-{step % 2 + 1},,,,,," for step in range(1, 2501)]
    home = folder({"routes.csv": "\n".join([header, *rows])} | {"initial_wip.csv": None, "outages.csv": None})
    start = time.process_time()
    fab = read_fab(home)
    assert len(fab.routes["main"]) == 2500
    assert time.process_time() - start < 1.0  # 0.1 s alone on a slow machine
