"""A small AutoSched model with what public ones of many products and development lots have.

An `options.def`, lists of single lots in several order files, ranks on rows of their own, batches by family, setup
times that vary, comments.
"""

from __future__ import annotations

from tests.fab.autosched import ORDER_HEAD, ROUTE_HEAD, TOOL_HEAD, order, step, table, tool

LIST_HEAD = "LOT PART PRIOR PIECES START DUE ORDER HOTLOT"
"""An order list has no columns of repetition."""

OPTIONS = """\
~ A model for tests
COMMENT_CHARACTER\t~
SIM_START\t01/01/18 00:00:00
SEQ_ADDS_SETUP_DELAYS\tN
USE_CALENDARS(Y/N)\tY
REPORT_CHARS\t132\t~ of a line
SETUPGROUP_FILES\tnone
STATION_FILES\tfile\ttool.txt
SETUP_FILES\tfile\tsetup.txt
PRODUCT_FILES\tfile\tpart.txt
DOWNCAL_FILES\tfile\tdowncal.txt
PMCAL_FILES\tfile\t~pmcal.txt
ATTACH_FILES\tfile\tattach.txt
FROMTO_FILES\tnone
ORDER_FILES\tfile\tE_order_high.txt
\tfile\t~order.txt
\tfile\torder_high.txt
~\tfile\torder_low.txt
\tfile\tWIP.txt
PERIOD_FILE\tfile\tperiod.txt
"""


def stations() -> str:
    """Return the station table: rank by rank on rows of their own, as AutoSched writes them."""
    furnace = {"BATCHCRITF": "crit_samepartfam|crit_samestepname", "BATCHPER": "piece", "STNQTY": ""}
    return table(
        TOOL_HEAD,
        tool("Furnace", FWLRANK="rank_HP", **furnace),
        {"FWLRANK": "rank_RSETUP"},
        {"FWLRANK": "rank_CR"},
        tool("Litho", FWLRANK="rank_HP", WAKERESRANK="wake_LeastSetupTime"),
        {"FWLRANK": "rank_CR"},
        tool("Planar", FWLRANK="rank_HP;rank_FIFO"),
    )


def route(name: str, setup: str, **more: object) -> str:
    """Return a route; those of development lots differ in SETUP, WHEN and STIME only."""
    return table(
        ROUTE_HEAD.replace("STIME", "SDIST STIME STIME2"),
        {"ROUTE": name} | step(1, "Furnace", 240, "per_batch", BATCHMN=75, BATCHMX=100, DESC="001_Diffusion"),
        step(2, "Litho", 0.5, "per_piece", DESC="002_Litho", SETUP=setup, WHEN="need") | more,
        step(3, "Planar", 12, DESC="003_Planar", StepPercent="40 %", REWORK="2.5%", RWKSTEP=2, RWKTYPE="lot"),
    )


def lots(prefix: str, part: str, count: int, **more: object) -> list[dict[str, object]]:
    """Return a list of lots, one every four hours, each with a due date of its own."""
    usual = {"ORDER": f"O_{prefix}", **more}
    return [
        order(f"{prefix}_{n}", part, START=f"01/{1 + n // 6:02}/18 {4 * (n % 6):02}:00:00", **usual)
        | {"DUE": f"01/{2 + n // 6 + n % 3:02}/18 {4 * (n % 6):02}:10:30"}
        for n in range(count)
    ]


def development_lots() -> list[dict[str, object]]:
    """Return lots of 1 to 10 wafers, two at a time at eight o'clock, every second one hot."""
    return [
        order(f"E_{n}", "part_E1", PIECES=1 + n % 10, PRIOR=10 + 10 * (n % 2), ORDER=f"O_E{n % 2}")
        | {"START": f"01/{1 + n // 2:02}/18 08:00:00", "DUE": f"01/{9 + n // 2:02}/18 09:01:04"}
        for n in range(20)
    ]


def model() -> dict[str, str | bytes]:
    """Return the files of the model."""
    return {
        "options.def": OPTIONS,
        "tool.txt": stations(),
        "part.txt": table(
            "PARTGRP PARTFAM PART ROUTEFILE ROUTE",
            {
                "PARTGRP": "Saleable",
                "PARTFAM": "product_1",
                "PART": "part_1",
                "ROUTEFILE": "route_1.txt",
                "ROUTE": "r_1",
            },
            {"PARTGRP": "Engineering", "PARTFAM": "product_1", "PART": "part_E1", "ROUTEFILE": "route_E1.txt"}
            | {"ROUTE": "r_E1"},
        ),
        "route_1.txt": route("r_1", "mask"),
        "route_E1.txt": route("r_E1", "E_mask", WHEN="always", SDIST="uniform", STIME=24, STIME2=8, STUNITS="min"),
        "setup.txt": table(
            "CURSETUP NEWSETUP SDIST STIME STIME2 STUNITS IGNORE",
            {"NEWSETUP": "mask", "SDIST": "constant", "STIME": 15, "STUNITS": "min"},
            {"CURSETUP": "mask", "NEWSETUP": "E_mask", "SDIST": "uniform", "STIME": 1, "STIME2": 0.5, "STUNITS": "hr"},
        ),
        "order_high.txt": table(LIST_HEAD, *lots("Lot", "part_1", 12), *lots("Hot", "part_1", 2, PRIOR=20)),
        "order_low.txt": table(LIST_HEAD, *lots("Late", "part_1", 9)),
        "order.txt": table(ORDER_HEAD, order("Lot", "part_1", REPEAT=4, RUNITS="hr", **{"RPT#": 100})),
        "E_order_high.txt": table(LIST_HEAD, *development_lots()),
        "WIP.txt": table(
            LIST_HEAD + " CURSTEP TRACE",
            order("Init_1", "part_1", START="01/01/18 00:00:00", CURSTEP=2, DUE="12/30/17 00:00:00", ORDER="O_WIP"),
            order("Init_2", "part_E1", START="01/01/18 00:00:00", CURSTEP=3, PIECES=4, ORDER="O_WIP"),
        ),
        "downcal.txt": table(
            "DOWNCALNAME DOWNCALTYPE MTTFDIST MTTF MTTFUNITS MTTRDIST MTTR MTTRUNITS",
            {"DOWNCALNAME": "DOWN", "DOWNCALTYPE": "mttf_by_cal", "MTTFDIST": "exponential", "MTTF": 7}
            | {"MTTFUNITS": "day", "MTTRDIST": "exponential", "MTTR": 2, "MTTRUNITS": "hr"},
        ),
        "pmcal.txt": "PMCALNAME\tPMCALTYPE\nnot active\tnonsense\n",
        "attach.txt": table(
            "CALNAME CALTYPE RESTYPE RESNAME",
            {"CALNAME": "DOWN", "CALTYPE": "down", "RESTYPE": "stngrp", "RESNAME": "Area_A"},
        ),
        "period.txt": "PERIOD\tPERIODSTART\tREPORT\tRESET\nWarmUp\t01/01/18 00:00:00\tyes\tyes\n",
    }
