"""Kernels: no recursion, one signature each, plain field names, the same with and without compiling."""

from __future__ import annotations

import ast
import importlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path
from types import ModuleType
from typing import Any

import numba
import numpy as np
import pytest

import renkei.floor
from renkei.floor import records

from .everything import everything
from .fabs import run_floor, trace_of

SOURCES = sorted(Path(renkei.floor.__file__).parent.glob("[a-z]*.py"))
CALLED_FROM_PYTHON = "chance."
"""Kernels that anybody may call with any numbers; the others are called by kernels only, or through `drive`."""


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    return (node for node in tree.body if isinstance(node, ast.FunctionDef))


def is_kernel(function: ast.FunctionDef) -> bool:
    names = {node.id for node in function.decorator_list if isinstance(node, ast.Name)}
    return bool(names & {"kernel", "small_kernel"})


def called(function: ast.FunctionDef) -> set[str]:
    calls = (node.func for node in ast.walk(function) if isinstance(node, ast.Call))
    return {call.id for call in calls if isinstance(call, ast.Name)}


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.stem)
def test_kernels_call_only_what_stands_above(source: Path) -> None:
    """Recursion, direct or through others, breaks Numba's cache."""
    defined: set[str] = set()
    tree = ast.parse(source.read_text())
    here = {function.name for function in functions(tree)}
    for function in functions(tree):
        below = (called(function) & here) - defined if is_kernel(function) else ()
        assert not below, f"{source.name}: {function.name} calls {below}, defined at or below it"
        defined.add(function.name)


def test_modules_import_one_way() -> None:
    graph: dict[str, set[str]] = {}
    for source in SOURCES:
        nodes = [node for node in ast.walk(ast.parse(source.read_text())) if isinstance(node, ast.ImportFrom)]
        names = {node.module for node in nodes if node.module and node.module.startswith("renkei.")}
        siblings = {name.removeprefix("renkei.floor.") for name in names}
        assert siblings <= {other.stem for other in SOURCES} | {"renkei.floor"}
        graph[source.stem] = siblings - {"renkei.floor"}
    assert list(TopologicalSorter(graph).static_order())


def test_no_field_hides_behind_an_attribute_of_arrays() -> None:
    """In plain Python `row.size` of a record would be its number of elements, not the field."""
    taken = set(dir(np.recarray)) | set(dir(np.record))
    for name, dtype in records.ALL.items():
        assert not taken & set(dtype.names), name
        for field in dtype.names:
            assert dtype[field].str[1:] in ("i1", "i2", "i4", "i8", "f8", "u8"), (name, field)


def kernels() -> Iterator[tuple[str, Any]]:
    modules: list[ModuleType] = [importlib.import_module(f"renkei.floor.{source.stem}") for source in SOURCES]
    for module in modules:
        for name, value in vars(module).items():
            if hasattr(value, "signatures") and value.py_func.__module__ == module.__name__:
                yield f"{module.__name__.rpartition('.')[-1]}.{name}", value


@pytest.mark.skipif(numba.config.DISABLE_JIT, reason="nothing is compiled")
def test_every_kernel_has_one_signature() -> None:
    """As found in the cache, where all processes leave them; a literal counts as its type."""
    run_floor(everything(exact=False), until=300)
    found = dict(kernels())
    assert len(found) > 80
    compiled = 0
    for name, kernel in found.items():
        if name.startswith(CALLED_FROM_PYTHON):
            continue
        index = kernel._cache._cache_file._load_index()
        signatures = {tuple(numba.types.unliteral(argument) for argument in key[0]) for key in index}
        compiled += bool(signatures)
        assert len(signatures) <= 1, f"{name}: {signatures}"
    assert compiled > 80


def told(until: float, seed: int) -> str:
    """What a run with everything in it does, as text."""
    fp, state = run_floor(everything(exact=False), until, seed)
    return json.dumps([int(state.clock[0].events), trace_of(fp, state)])


def test_compiled_and_plain_kernels_do_the_same() -> None:
    code = "from floor.test_kernels import told; print(told(200.0, 3))"
    flags = {**os.environ, "NUMBA_DISABLE_JIT": str(int(not numba.config.DISABLE_JIT))}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env=flags,
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    other = json.loads(done.stdout)
    mine = json.loads(told(200.0, 3))
    assert len(mine[1]) > 100
    assert other == mine
