"""A small fab whose load can be computed by hand, and where the public SMT2020 files may be found."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from renkei.fab import Fab, import_smt2020
from tests.fab.autosched import files as autosched_files
from tests.fab.autosched_model import model

SMALL = {
    "fab.yaml": "name: small\nwafers_per_lot: 10\n",
    "tool_groups.csv": (
        "tool_group,area,tools,kind,load,unload,cascade,repair_crew\n"
        "furnace,Diffusion,2,,3,2,,fixers\n"
        "scanner,Litho,1,,1,1,,\n"
        "etcher,Etch,2,,1,1,yes,\n"
        "rest,,inf,delay,,,,\n"
    ),
    "routes.csv": (
        "route,step,tool_group,recipe,process,per,interval,batch_min,batch_max,setup,dedicate_step,sampling_percent,"
        "rework_step,rework_percent,queue_limit_step,queue_limit\n"
        "main,1,furnace,,100,batch,,20,30,,,,,,,\n"
        "main,2,scanner,light,2,wafer,,,,mask-1,5,,,,3,60\n"
        "main,3,etcher,,4,wafer,1.5,,,,,,,,,\n"
        "main,4,rest,,240,,,,,,,,,,,\n"
        "main,5,scanner,light,3,wafer,,,,mask-2,,,,,,\n"
        "main,6,etcher,,5,wafer,2,,,,,50,5,20,,\n"
    ),
    "products.csv": "product,route\nchip,main\n",
    "orders.csv": "order,product,interval\nregular,chip,120\n",
    "setups.csv": "from,to,time\nmask-1,mask-2,7\nmask-2,mask-1,9\n",
    "outages.csv": (
        "outage,tool_group,area,kind,clock,interval,duration\n"
        "broken,furnace,,,,1000,100\n"
        "monthly,,Litho,pm,,1440,72\n"
        "count,etcher,,pm,wafers,500,60\n"
    ),
    "qualification.csv": "tool_group,recipe,tools\nscanner,light,1\n",
    "crews.csv": "crew,people\nfixers,2\n",
    "transport.csv": "from,to,time\nfab,fab,4\n",
    "initial_wip.csv": "lot,product,step,start,due\nold,chip,3,-100,900\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes the small fab; each argument replaces a file (None: leaves it out)."""

    def write(changes: dict[str, str | bytes | None] | None = None) -> Path:
        home = tmp_path / "small"
        for name, text in (SMALL | (changes or {})).items():
            if text is None:
                continue
            path = home / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return home

    return write


def changed(file: str, old: str, new: str) -> dict[str, str]:
    """Return the change of one file of the small fab; `old` must occur in it once."""
    assert SMALL[file].count(old) == 1, f"{old!r} occurs {SMALL[file].count(old)} times"
    return {file: SMALL[file].replace(old, new)}


@pytest.fixture
def autosched(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes the tables with changes (None: without that file)."""

    def write(changes: dict[str, str | None] | None = None) -> Path:
        home = tmp_path / "tables"
        home.mkdir(exist_ok=True)
        for name, text in (autosched_files() | (changes or {})).items():
            if text is not None:
                (home / name).write_text(text)
        return home

    return write


@pytest.fixture
def asd(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes the model with order lists and development lots, with changes."""

    def write(changes: dict[str, str | bytes | None] | None = None) -> Path:
        home = tmp_path / "LVHM_E.asd"
        home.mkdir(exist_ok=True)
        for name, text in (model() | (changes or {})).items():
            if text is not None:
                (home / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        return home

    return write


@pytest.fixture(scope="session")
def smt2020_folder() -> Path:
    """Return the folder of the SMT2020 HVLM tables, or skip."""
    places = [os.environ.get("RENKEI_SMT2020", ""), str(Path(__file__).parents[3] / "shared" / "smt2020" / "hvlm")]
    for place in filter(None, places):
        if (Path(place) / "order.txt").is_file():
            return Path(place)
    pytest.skip("no SMT2020 files: put them in ../shared/smt2020/hvlm or name their folder in RENKEI_SMT2020")


@pytest.fixture(scope="session")
def hvlm(smt2020_folder: Path) -> Fab:
    """Return the SMT2020 high-volume, low-mix fab."""
    return import_smt2020(smt2020_folder)
