"""Broken fabs: each is refused with file, line, field and cure, never with a traceback."""

import os

import pytest

from renkei.errors import InputError
from renkei.fab import read_fab
from tests.fab.conftest import SMALL, changed

BROKEN = {
    "unknown tool group": (
        changed("routes.csv", "main,3,etcher", "main,3,echter"),
        ("routes.csv", 4, "tool_group", '"echter" is not a tool group of this fab; did you mean "etcher"?'),
    ),
    "unknown column": (
        changed("routes.csv", "tool_group", "tool_goup"),
        ("routes.csv", 1, "tool_goup", 'is not a column of this table; did you mean "tool_group"?'),
    ),
    "missing column": (
        changed("products.csv", "product,route", "product,family"),
        ("products.csv", 1, "route", "is a missing column"),
    ),
    "column twice": (
        changed("crews.csv", "crew,people", "crew,crew"),
        ("crews.csv", 1, "crew", "named twice"),
    ),
    "no number": (
        changed("routes.csv", "main,4,rest,,240", "main,4,rest,,4h"),
        ("routes.csv", 5, "process", '"4h" is not a number'),
    ),
    "negative": (
        changed("routes.csv", "main,4,rest,,240", "main,4,rest,,-240"),
        ("routes.csv", 5, "process", "-240 must be at least 0"),
    ),
    "not finite": (
        changed("routes.csv", "main,4,rest,,240", "main,4,rest,,nan"),
        ("routes.csv", 5, "process", '"nan" is not a finite number'),
    ),
    "half a tool": (
        changed("tool_groups.csv", "Diffusion,2", "Diffusion,2.5"),
        ("tool_groups.csv", 2, "tools", '"2.5" is not a whole number'),
    ),
    "endless tools": (
        changed("tool_groups.csv", "Diffusion,2", "Diffusion,inf"),
        ("tool_groups.csv", 2, "tools", "only for kind = delay"),
    ),
    "billions of tools": (
        changed("tool_groups.csv", "Diffusion,2", "Diffusion,20000000"),
        ("tool_groups.csv", 2, "tools", "must be at most 100000"),
    ),
    "no tools": (
        changed("tool_groups.csv", "Litho,1", "Litho,0"),
        ("tool_groups.csv", 3, "tools", "2 steps need scanner, the first at routes.csv:3; give it at least one tool"),
    ),
    "tools missing": (
        changed("tool_groups.csv", "Litho,1", "Litho,"),
        ("tool_groups.csv", 3, "tools", "is missing; give a number of tools"),
    ),
    "unknown word": (
        changed("tool_groups.csv", "inf,delay", "3,delai"),
        ("tool_groups.csv", 5, "kind", '"delai" is not one of tool, delay; did you mean "delay"?'),
    ),
    "neither yes nor no": (
        changed("tool_groups.csv", "yes", "maybe"),
        ("tool_groups.csv", 4, "cascade", '"maybe" is neither yes nor no'),
    ),
    "group twice": (
        changed("tool_groups.csv", "rest,,inf,delay,,,,\n", "rest,,inf,delay,,,,\netcher,,0,,,,,\n"),
        ("tool_groups.csv", 6, "tool_group", '"etcher" stands in line 4 already'),
    ),
    "cells missing": (
        changed("routes.csv", "main,4,rest,,240,,,,,,,,,,,", "main,4,rest,,240"),
        ("routes.csv", 5, "", "has 5 cells where the header has 16"),
    ),
    "open quote": (
        changed("orders.csv", "regular", '"regular'),
        ("orders.csv", 2, "", "is no valid table row"),
    ),
    "gap": (
        changed("routes.csv", "main,4,rest", "main,14,rest"),
        ("routes.csv", 6, "step", "= 5 leaves a gap in route main; the next number is 4"),
    ),
    "step twice": (
        changed("routes.csv", "main,4,rest", "main,3,rest"),
        ("routes.csv", 5, "step", "stands at routes.csv:4 already"),
    ),
    "rework forward": (
        changed("routes.csv", "50,5,20", "50,7,20"),
        ("routes.csv", 7, "rework_step", "lies after step 6 itself"),
    ),
    "rework for ever": (
        changed("routes.csv", "50,5,20", "100,5,100"),
        ("routes.csv", 7, "rework_percent", "repeats the loop for ever"),
    ),
    "rework to nowhere": (
        changed("routes.csv", "50,5,20", "50,,20"),
        ("routes.csv", 7, "rework_step", "needs a step to go back to"),
    ),
    "limit backwards": (
        changed("routes.csv", ",,3,60", ",,1,60"),
        ("routes.csv", 3, "queue_limit_step", "= 1 must be a later step of route main, from 3 to 6"),
    ),
    "limit without minutes": (
        changed("routes.csv", ",,3,60", ",,3,"),
        ("routes.csv", 3, "queue_limit", "queue_limit_step = 3 needs minutes"),
    ),
    "dedicated elsewhere": (
        changed("routes.csv", "mask-1,5", "mask-1,6"),
        ("routes.csv", 3, "dedicate_step", "is done at etcher (routes.csv:7), not at scanner"),
    ),
    "never sampled": (
        changed("routes.csv", "50,5,20", "0,5,20"),
        ("routes.csv", 7, "sampling_percent", "never does the step"),
    ),
    "batch turned round": (
        changed("routes.csv", "20,30", "30,20"),
        ("routes.csv", 2, "batch_min", "= 30 must be at most batch_max = 20"),
    ),
    "batch of less than a lot": (
        changed("routes.csv", "20,30", "5,8"),
        ("routes.csv", 2, "batch_max", "must be at least a lot's 10 wafers"),
    ),
    "batch no lots make": (
        changed("routes.csv", "20,30", "25,29"),
        ("routes.csv", 2, "batch_min", "reached by no number of lots of 10 wafers"),
    ),
    "batch in a cascade": (
        changed("routes.csv", "main,3,etcher,,4,wafer,1.5,,", "main,3,etcher,,4,batch,,20,30"),
        ("routes.csv", 4, "batch_max", "at etcher, whose tools cascade"),
    ),
    "interval too long": (
        changed("routes.csv", "4,wafer,1.5", "4,wafer,4.5"),
        ("routes.csv", 4, "interval", "= 4.5 must be at most process = 4"),
    ),
    "interval outside a cascade": (
        changed("routes.csv", "light,3,wafer,", "light,3,wafer,1"),
        ("routes.csv", 6, "interval", "has no meaning at scanner; set cascade = yes"),
    ),
    "interval counts otherwise": (
        changed("routes.csv", "4,wafer,1.5", "4,lot,1.5"),
        ("routes.csv", 4, "interval_per", "= wafer must be as per = lot"),
    ),
    "spread too wide": (
        {"transport.csv": "from,to,distribution,time,spread\nfab,fab,uniform,4,5\n"},
        ("transport.csv", 2, "spread", "= 5 must be at most the mean, time = 4 (it is the half-width) for a uniform"),
    ),
    "unknown route": (
        changed("products.csv", "chip,main", "chip,mein"),
        ("products.csv", 2, "route", '"mein" is not a route of this fab; did you mean "main"?'),
    ),
    "unknown product": (
        changed("orders.csv", "regular,chip", "regular,chop"),
        ("orders.csv", 2, "product", '"chop" is not a product of this fab; did you mean "chip"?'),
    ),
    "unknown crew": (
        changed("tool_groups.csv", "fixers", "fixer"),
        ("tool_groups.csv", 2, "repair_crew", '"fixer" is not a crew of this fab; did you mean "fixers"?'),
    ),
    "unknown setup": (
        changed("setups.csv", "mask-1,mask-2", "mask-1,mask-3"),
        ("setups.csv", 2, "to", '"mask-3" is not the setup of a step; did you mean'),
    ),
    "unknown recipe": (
        changed("qualification.csv", "light", "lihgt"),
        ("qualification.csv", 2, "recipe", '"lihgt" is not the recipe of a step at scanner; did you mean "light"?'),
    ),
    "unknown location": (
        changed("transport.csv", "fab,fab", "fab,yard"),
        ("transport.csv", 2, "to", '"yard" is not the location of a tool group; known: fab'),
    ),
    "unknown area": (
        changed("outages.csv", ",Litho,", ",Lito,"),
        ("outages.csv", 3, "area", '"Lito" is not an area of this fab; did you mean "Litho"?'),
    ),
    "unknown size": (
        {"orders.csv": "order,product,interval,size\nregular,chip,120,pilot\n"},
        ("orders.csv", 2, "size", '"pilot" is not a size of this fab'),
    ),
    "outage of nothing": (
        changed("outages.csv", "broken,furnace", "broken,"),
        ("outages.csv", 2, "tool_group", "name a tool group or an area"),
    ),
    "outage without end": (
        changed("outages.csv", "1440,72", "1440,1440"),
        ("outages.csv", 3, "duration", "must be less than interval = 1440"),
    ),
    "tool that is not there": (
        changed("qualification.csv", "light,1", "light,1-3"),
        ("qualification.csv", 2, "tools", "names tool 3, but scanner has 1"),
    ),
    "no tool numbers": (
        changed("qualification.csv", "light,1", "light,first"),
        ("qualification.csv", 2, "tools", 'must be tool numbers like "1-3 7" or a share like "50%"'),
    ),
    "lot beyond the route": (
        changed("initial_wip.csv", "chip,3", "chip,9"),
        ("initial_wip.csv", 2, "step", "= 9 lies beyond the last step of route main, 6"),
    ),
    "releases at once": (
        changed("orders.csv", "120", "0"),
        ("orders.csv", 2, "interval", "must be more than 0 minutes"),
    ),
    "releases without an interval": (
        {"orders.csv": "order,product,releases\nregular,chip,7\n"},
        ("orders.csv", 2, "releases", "= 7 needs an interval or a wip_limit"),
    ),
    "a carrier too large": (
        changed("fab.yaml", "wafers_per_lot: 10", "wafers_per_lot: 40000"),
        ("fab.yaml", 2, "wafers_per_lot", "= 40000 must be at most 10000"),
    ),
    "unknown field": (
        changed("fab.yaml", "wafers_per_lot", "wafers_per_lott"),
        ("fab.yaml", 2, "wafers_per_lott", 'is not a field of a fab; did you mean "wafers_per_lot"?'),
    ),
    "unknown criterion": (
        {"fab.yaml": SMALL["fab.yaml"] + "dispatch: priority, fito\n"},
        ("fab.yaml", 3, "dispatch", 'has no criterion "fito"; did you mean "fifo"?'),
    ),
    "no name": (
        {"fab.yaml": "wafers_per_lot: 10\n"},
        ("fab.yaml", None, "name", "is missing"),
    ),
    "name with blanks": (
        changed("fab.yaml", "small", "Small Fab"),
        ("fab.yaml", 1, "name", "must be lower case letters, digits"),
    ),
    "no date": (
        {"fab.yaml": SMALL["fab.yaml"] + "start: soon\n"},
        ("fab.yaml", 3, "start", '"soon" is not a date like 2024-01-31'),
    ),
    "field twice": (
        {"fab.yaml": SMALL["fab.yaml"] + "name: other\n"},
        ("fab.yaml", 3, "name", "named twice, first in line 1"),
    ),
    "no YAML": (
        {"fab.yaml": "name: [small\n"},
        ("fab.yaml", 2, "", "is not valid YAML"),
    ),
    "YAML list": (
        {"fab.yaml": "- small\n"},
        ("fab.yaml", 1, "", "must be a mapping"),
    ),
    "YAML alias": (
        {"fab.yaml": "name: &a small\ntitle: *a\n"},
        ("fab.yaml", 1, "", "uses an anchor or alias"),
    ),
    "YAML code": (
        {"fab.yaml": "name: small\ntitle: !!python/object/apply:os.system ['true']\n"},
        ("fab.yaml", 2, "", "uses the tag"),
    ),
    "no UTF-8": (
        {"crews.csv": b"crew,people\nfix\xe9rs,2\n"},
        ("crews.csv", 2, "", "is not UTF-8 (byte 0xe9)"),
    ),
    "NUL": (
        {"crews.csv": b"crew,people\nfixers,\x00\n"},
        ("crews.csv", 2, "", "NUL character"),
    ),
    "empty file": (
        {"products.csv": ""},
        ("products.csv", None, "", "is empty; its first row must name columns, among product, route"),
    ),
    "no rows": (
        {"products.csv": "product,route\n", "orders.csv": None, "initial_wip.csv": None},
        ("products.csv", None, "", "has no rows"),
    ),
    "huge cell": (
        changed("crews.csv", "fixers", "x" * 200_000),
        ("crews.csv", 2, "", "field larger than field limit"),
    ),
    "huge number": (
        changed("crews.csv", "fixers,2", "fixers," + "9" * 5000),
        ("crews.csv", 2, "people", "is"),
    ),
    "releases within an instant": (
        changed("orders.csv", "120", "1e-300"),
        ("orders.csv", 2, "interval", "= 1e-300 minutes from one release to the next makes 1.44e+303 lots a day"),
    ),
    "millions of lots a day": (
        {"orders.csv": "order,product,interval,lots_per_release\none,chip,2,100\ntwo,chip,1,10000\n"},
        (
            "orders.csv",
            3,
            "interval",
            "= 1 minutes from one release of 10000 lots to the next makes 1.45e+07 lots a day",
        ),
    ),
    "a WIP level without time": (
        {
            "routes.csv": "route,step,tool_group,process\nmain,1,rest,0\n",
            "orders.csv": "order,product,wip_limit\na,chip,4\n",
        }
        | dict.fromkeys(("setups.csv", "qualification.csv", "initial_wip.csv")),
        ("orders.csv", 2, "wip_limit", "= 4 releases a lot for each that leaves, and route main takes no time"),
    ),
    "a WIP level with next to no time": (
        {
            "routes.csv": "route,step,tool_group,process\nmain,1,rest,1e-9\n",
            "orders.csv": "order,product,wip_limit\na,chip,4\n",
        }
        | dict.fromkeys(("setups.csv", "qualification.csv", "initial_wip.csv")),
        ("orders.csv", 2, "wip_limit", "takes next to no time: 5.76e+12 lots a day; must be at most 1,000,000"),
    ),
    "a WIP level without end": (
        {"orders.csv": "order,product,wip_limit\nregular,chip,1000000000\n"},
        ("orders.csv", 2, "wip_limit", "= 1000000000 must be at most 1,000,000 lots"),
    ),
    "rework next to for ever": (
        changed("routes.csv", "50,5,20", "100,5,99.9999999"),
        (
            "routes.csv",
            7,
            "rework_percent",
            "= 99.9999999 and other rework make a lot of route main do a step 1e+09 times",
        ),
    ),
    "a batch of a billion": (
        changed("routes.csv", "20,30", "20,1000000000"),
        ("routes.csv", 2, "batch_max", "= 1000000000 must be at most 1,000,000 wafers"),
    ),
    "outages within an instant": (
        changed("outages.csv", "1000,100", "1e-9,1e-9"),
        ("outages.csv", 2, "interval", "= 1e-09 minutes stops 2 tools 2.88e+12 times a day"),
    ),
    "outages of an area within an instant": (
        changed("outages.csv", "1440,72", "1e-9,0"),
        ("outages.csv", 3, "interval", "= 1e-09 minutes stops 1 tools 1.44e+12 times a day"),
    ),
    "too many tools in all": (
        {"tool_groups.csv": SMALL["tool_groups.csv"] + "".join(f"g{n},,90000,,,,,\n" for n in range(6))},
        ("tool_groups.csv", 6, "tools", "= 90000: with it the fab has 540,005 tools; must be at most 500,000 in all"),
    ),
    "shifts within an instant": (
        {"crews.csv": "crew,shifts,shift_hours\nfixers,2 1,1e-300\n"},
        ("crews.csv", 2, "shift_hours", "= 1e-300 must be at least a minute"),
    ),
    "missing file": (
        {"products.csv": None},
        ("products.csv", None, "", "is missing"),
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_fab_is_refused_with_place_and_cure(folder, case):
    changes, (file, line, field, said) = BROKEN[case]
    with pytest.raises(InputError) as error:
        read_fab(folder(changes))
    first = error.value.problems[0]
    assert (first.file, first.line, first.field) == (file, line, field), str(error.value)
    assert said in first.message


ALONE = sorted(set(BROKEN) - {"unknown column", "gap", "step twice", "no name", "batch in a cascade"})


@pytest.mark.parametrize("case", ALONE)
def test_one_fault_is_one_problem(folder, case):
    with pytest.raises(InputError) as error:
        read_fab(folder(BROKEN[case][0]))
    assert len(error.value.problems) == 1, str(error.value)


def test_folders_that_are_none(tmp_path, folder):
    (tmp_path / "file").write_text("name: small")
    for path in (tmp_path / "nowhere", tmp_path / "file", "a\0b", "x" * 5000):
        with pytest.raises(InputError, match="is not a folder"):
            read_fab(path)
    home = folder({"crews.csv": None})
    (home / "crews.csv").mkdir()
    with pytest.raises(InputError, match=r"crews\.csv  is a folder; a file is expected"):
        read_fab(home)


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_file_that_must_not_be_read(folder):
    home = folder()
    (home / "crews.csv").chmod(0)
    with pytest.raises(InputError, match=r"crews\.csv  cannot be read"):
        read_fab(home)


def test_yaml_bombs_do_not_go_off(folder):
    bomb = "a: &a [x]\n" + "".join(f"b{n}: &b{n} [*a, *a, *a]\n" for n in range(50))
    for text in (bomb, "name: " + "[" * 20_000, "{" * 20_000, "name: x\n" + "? " * 5000, "name: |\n" + "x" * 1_100_000):
        with pytest.raises(InputError):
            read_fab(folder({"fab.yaml": text}))


def test_thousands_of_faults_are_counted_not_listed(folder):
    rows = "\n".join(f"lot-{n},chip,0" for n in range(3000))
    with pytest.raises(InputError) as error:
        read_fab(folder({"initial_wip.csv": f"lot,product,step\n{rows}\n"}))
    assert len(error.value.problems) == 201
    assert "has 2800 more problems" in str(error.value)
