"""Compiled or run as plain Python, the floor does the same to the bit."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import numba
import pandas as pd
import pytest

import renkei

CODE = """
import json, renkei
run = renkei.run_floor(renkei.load_fab("minifab"), days=4, warmup=1, seed=5)
print(json.dumps([run.lots.to_dict("list"), run.daily.to_dict("list"), run.replications[0]]))
"""


def told_by_another_process(plain: bool) -> Any:
    """What a run of the Mini-Fab tells with kernels as plain Python or compiled; warnings are errors there too."""
    flags = {**os.environ, "NUMBA_DISABLE_JIT": str(int(plain))}
    command = [sys.executable, "-W", "error", "-c", CODE]
    done = subprocess.run(command, env=flags, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.tiny
def test_compiled_and_plain_python_agree() -> None:
    """This process does one, another process the other."""
    run = renkei.run_floor(renkei.load_fab("minifab"), days=4, warmup=1, seed=5)
    lots, daily, measures = told_by_another_process(plain=not numba.config.DISABLE_JIT)
    assert len(lots["number"]) > 20
    assert run.lots.to_dict("list") == lots
    pd.testing.assert_frame_equal(run.daily, pd.DataFrame(daily), check_exact=True)
    assert {**run.replications[0], "engine_seconds": 0} == {**measures, "engine_seconds": 0}
