"""Renkei plans and simulates a semiconductor production alliance, from the agreement to single lots on the fab floor.

import renkei
run = renkei.run_floor(renkei.load_fab("minifab"), days=730, seed=1)
future = renkei.simulate(renkei.load("japan-us-2nm"), seed=7)
study = renkei.study(renkei.load("japan-us-2nm"), futures=100)
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from renkei.alliance.reading import read_alliance as load
    from renkei.comparison import compare_floors
    from renkei.curve import operating_curve
    from renkei.errors import InputError, RunError
    from renkei.fab.builtin import load_fab
    from renkei.live import start_floor
    from renkei.replicate import run_floor
    from renkei.simulate import simulate
    from renkei.study.run import study

__version__ = "0.1.0"
__all__ = [
    "InputError", "RunError", "compare_floors", "load", "load_fab", "operating_curve", "run_floor", "simulate",
    "start_floor", "study",
]  # fmt: skip

_HOMES = {
    "InputError": ("renkei.errors", "InputError"),
    "RunError": ("renkei.errors", "RunError"),
    "compare_floors": ("renkei.comparison", "compare_floors"),
    "load": ("renkei.alliance.reading", "read_alliance"),
    "load_fab": ("renkei.fab.builtin", "load_fab"),
    "operating_curve": ("renkei.curve", "operating_curve"),
    "run_floor": ("renkei.replicate", "run_floor"),
    "simulate": ("renkei.simulate", "simulate"),
    "start_floor": ("renkei.live", "start_floor"),
    "study": ("renkei.study.run", "study"),
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'renkei' has no attribute {name!r}")
    module, attribute = _HOMES[name]
    return getattr(importlib.import_module(module), attribute)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]


class _Package(ModuleType):
    """Importing the module `renkei.simulate` binds it to the package; the function of that name must stay in sight."""

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in _HOMES or not isinstance(value, ModuleType):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
