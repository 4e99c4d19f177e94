"""A tiny folder of AutoSched tables of our own, of other shapes than the public ones."""

from __future__ import annotations

TOOL_HEAD = (
    "STNFAM STN RULE FWLRANK WAKERESRANK BATCHCRITF BATCHPER LTIME LTUNITS ULTIME ULTUNITS STNCAP STNQTY STNGRP "
    "STNFAMSTEP_ACTLIST STNFAMLOC PRERULERWL SETUPGRP"
)
ROUTE_HEAD = (
    "ROUTE STEP DESC STNFAM PDIST PTIME PTIME2 PTUNITS PTPER BATCHMN BATCHMX SETUP WHEN STIME STUNITS SVESTN FORSTEP "
    "BatchInterval BatchIntUnits PartInterval PartIntUnits RWKSTEP REWORK RWKTYPE StepPercent STEP_CQT CQT CQTUNITS "
    "IGNORE"
)
ORDER_HEAD = "LOT PART PRIOR PIECES START RDIST REPEAT RUNITS RPT# LOTSPERRPT DUE ORDER HOTLOT"
RANK = "rank_HP;rank_RSETUP;rank_CR"


def table(head: str, *rows: dict[str, object] | str) -> str:
    """Return a tab separated table; a row is a dict by column."""
    columns = head.split()
    lines = [[str(row.get(column, "")) for column in columns] for row in rows]
    return "".join("\t".join(line) + "\n" for line in [columns, *lines])


def tool(name: str, **more: object) -> dict[str, object]:
    minute = {"LTIME": 1, "LTUNITS": "min", "ULTIME": 30, "ULTUNITS": "sec"}
    usual = {
        "STNFAM": name,
        "STN": name,
        "RULE": "rule_HotLotFIRST",
        "FWLRANK": RANK,
        "STNQTY": "2.0",
        "STNGRP": "Area_A",
    }
    return {**usual, **minute, "STNFAMLOC": "Fab", "PRERULERWL": "no", **more}


def step(number: object, family: str, time: object = 10, per: str = "per_lot", **more: object) -> dict[str, object]:
    return {
        "STEP": number,
        "STNFAM": family,
        "PDIST": "constant",
        "PTIME": time,
        "PTUNITS": "min",
        "PTPER": per,
        **more,
    }


def order(lot: str, part: str, **more: object) -> dict[str, object]:
    usual = {"LOT": lot, "PART": part, "PRIOR": 10, "PIECES": 25, "START": "03/01/19 06:00:00", "HOTLOT": "no"}
    return {**usual, "ORDER": f"O_{lot}", **more}


def files() -> dict[str, str]:
    """Return the tables: two routes, three parts of two families (one of engineering lots), every kind of row."""
    every = {"RDIST": "constant", "REPEAT": 2, "RUNITS": "hr", "RPT#": 500, "LOTSPERRPT": 1}
    return {
        "tool.txt": table(
            TOOL_HEAD,
            tool("Etch_1", WAKERESRANK="wake_LeastSetupTime"),
            tool("Implant_1", RULE="rule_LSSU", STNCAP="2.0", SETUPGRP="Gas"),
            tool("Furnace_1", STNGRP="Area_B", BATCHCRITF="crit_sameroutestep", BATCHPER="piece"),
            tool("Wait_1", STNQTY=400, STNGRP="Wait_1", STNFAMLOC="Delay", LTIME=0, ULTIME=0),
        ),
        "part.txt": table(
            "PARTGRP PARTFAM PART ROUTEFILE ROUTE",
            {"PARTGRP": "Saleable", "PARTFAM": "fam_1", "PART": "part_1", "ROUTEFILE": "route_a.txt", "ROUTE": "r_1"},
            {"PARTGRP": "Engineering", "PARTFAM": "fam_1", "PART": "eng_1", "ROUTEFILE": "route_a.txt", "ROUTE": "r_1"},
            {"PARTGRP": "Saleable", "PARTFAM": "fam_2", "PART": "part_2", "ROUTEFILE": "route_b.txt", "ROUTE": "r_2"},
        ),
        "route_a.txt": table(
            ROUTE_HEAD,
            {"ROUTE": "r_1"} | step(10, "Etch_1", 0.5, "per_piece", PDIST="uniform", PTIME2=0.025, DESC="first"),
            step(20, "Implant_1", 1.2, "per_piece", PartInterval=54, PartIntUnits="sec", SETUP="As", WHEN="need"),
            step(30, "Furnace_1", 4, "per_batch", PTUNITS="hr", BATCHMN=75, BATCHMX=100),
            step(40, "Etch_1", 12, SVESTN="yes", FORSTEP=60, STEP_CQT=60, CQT=4, CQTUNITS="hr"),
            step(50, "Wait_1", 120),
            step(
                60,
                "Etch_1",
                9,
                RWKSTEP=40,
                REWORK=2.5,
                RWKTYPE="lot",
                StepPercent=40,
                SETUP="slow",
                STIME=8,
                STUNITS="min",
            ),
        ),
        "route_b.txt": table(
            ROUTE_HEAD,
            {"ROUTE": "r_2"}
            | step(1, "Implant_1", 40, BatchInterval=34, BatchIntUnits="min", SETUP="B", WHEN="always"),
        ),
        "order.txt": table(
            ORDER_HEAD,
            order("Lot_1", "part_1", DUE="03/03/19 06:00:00", **every),
            order("Hot_2", "part_2", PRIOR=20, START="03/01/19 08:00:00", DUE="03/01/2019 20:00:00", **every),
        ),
        "setup.txt": table(
            "CURSETUP NEWSETUP STIME STUNITS IGNORE",
            {"NEWSETUP": "As", "STIME": 1.2, "STUNITS": "hr"},
            {"CURSETUP": "As", "NEWSETUP": "B", "STIME": 15, "STUNITS": "min"},
            {"NEWSETUP": "P", "STIME": 99, "STUNITS": "min"},
        ),
        "setupgrp.txt": table(
            "SETUPGRP SETUP MINRUN IGNORE",
            {"SETUPGRP": "Gas", "SETUP": "As", "MINRUN": 5},
            {"SETUP": "B", "MINRUN": 5},
        ),
        "downcal.txt": table(
            "DOWNCALNAME DOWNCALTYPE MTTFDIST MTTF MTTFUNITS MTTRDIST MTTR MTTRUNITS IGNORE",
            {
                "DOWNCALNAME": "DOWN_A",
                "DOWNCALTYPE": "mttf_by_cal",
                "MTTFDIST": "exponential",
                "MTTF": 7,
                "MTTFUNITS": "day",
            }
            | {"MTTRDIST": "exponential", "MTTR": 2, "MTTRUNITS": "hr"},
        ),
        "pmcal.txt": table(
            "PMCALNAME PMCALTYPE MTBPM MTBPMUNITS MTTRDIST MTTR MTTR2 MTTRUNITS IGNORE",
            {
                "PMCALNAME": "WK",
                "PMCALTYPE": "mtbpm_by_pieces",
                "MTBPM": 2000,
                "MTBPMUNITS": "pieces",
                "MTTRDIST": "uniform",
            }
            | {"MTTR": 8, "MTTR2": 1.5, "MTTRUNITS": "hr"},
            {"PMCALNAME": "QT", "PMCALTYPE": "mtbpm_by_cal", "MTBPM": 91, "MTBPMUNITS": "day", "MTTRDIST": "constant"}
            | {"MTTR": 90, "MTTRUNITS": "min"},
            {"PMCALNAME": "LOOSE", "PMCALTYPE": "mtbpm_by_cal", "MTBPM": 9, "MTBPMUNITS": "day", "MTTRDIST": "constant"}
            | {"MTTR": 90, "MTTRUNITS": "min"},
        ),
        "attach.txt": table(
            "CALNAME CALTYPE RESTYPE RESNAME FOADIST FOA FOAUNITS",
            {"CALNAME": "DOWN_A", "CALTYPE": "down", "RESTYPE": "stngrp", "RESNAME": "Area_A"}
            | {"FOADIST": "exponential", "FOA": 5, "FOAUNITS": "day"},
            {"CALNAME": "DOWN_A", "CALTYPE": "down", "RESTYPE": "stnfam", "RESNAME": "Furnace_1"},
            {
                "CALNAME": "WK",
                "CALTYPE": "pm",
                "RESTYPE": "stnfam",
                "RESNAME": "Etch_1",
                "FOADIST": "constant",
                "FOA": 1800,
            },
            {"CALNAME": "QT", "CALTYPE": "pm", "RESTYPE": "stngrp", "RESNAME": "Area_B"}
            | {"FOADIST": "constant", "FOA": 80, "FOAUNITS": "day"},
        ),
        "fromto.txt": table(
            "FROMLOC TOLOC DDIST DTIME DTIME2 DUNITS",
            {"FROMLOC": "Fab", "TOLOC": "Fab", "DDIST": "uniform", "DTIME": 7.5, "DTIME2": 2.5, "DUNITS": "min"},
            {"FROMLOC": "Fab", "TOLOC": "Yard", "DDIST": "constant", "DTIME": 60, "DUNITS": "min"},
        ),
        "WIP.txt": table(
            "LOT PART PRIOR PIECES START CURSTEP DUE ORDER HOTLOT TRACE",
            order("old", "part_1", START="02/28/19 06:00:00", CURSTEP=40, DUE="03/01/19 07:00:00", ORDER=""),
        )
        + "now\teng_1\t10\t25\t03/01/19 06:00:00\t10\t03/02/19 06:00:00\tO_WIP\n",
    }


def replaced(name: str, old: str, new: str) -> dict[str, str]:
    text = files()[name]
    assert text.count(old) == 1, f"{old!r} occurs {text.count(old)} times in {name}"
    return {name: text.replace(old, new)}
