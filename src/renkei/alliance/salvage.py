"""Going on after the first errors: an alliance with what is wrong taken out, only to find what else is wrong."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError

from renkei.alliance.alliance import Alliance
from renkei.alliance.explaining import explained
from renkei.alliance.fields import field_at, kind_at
from renkei.alliance.tree import Node, Path, plain

ROUNDS = 5


def salvaged(tree: Node, wrong: Iterable[Path]) -> tuple[Alliance | None, set[Path]]:
    """Return an alliance without what is wrong, and every path that was changed; None if nothing can be saved.

    A quantity becomes its kind's example; anything else goes, with its block when that cannot do without it. It is
    never used for anything but further checks.
    """
    data, changed = copy.deepcopy(plain(tree)), set(wrong)
    latest = set(changed)
    for _ in range(ROUNDS):
        changed |= {_mended(data, path) for path in latest}
        try:
            return Alliance.model_validate(data), changed
        except ValidationError as error:
            latest = {path for path, _ in explained(error, tree)}
    return None, changed


def _mended(data: Any, path: Path) -> Path:
    """Take what is wrong at a path out of the data; return the path of what was touched."""
    kind, info = kind_at(path), field_at(path)
    block = _at(data, path[:-1])
    if not path or block is None:
        return path
    if kind is not None and isinstance(block, dict):
        block[path[-1]] = kind.example
        return path
    needed = info is not None and info.is_required()
    if isinstance(block, dict) and path[-1] in block and not needed:
        del block[path[-1]]
        return path
    if isinstance(block, list) and isinstance(path[-1], int) and path[-1] < len(block):
        del block[path[-1]]
        return path
    return _mended(data, path[:-1]) if len(path) > 1 else path


def _at(data: Any, path: Path) -> Any:
    for key in path:
        if isinstance(data, dict):
            data = data.get(key)
        elif isinstance(data, list) and isinstance(key, int) and key < len(data):
            data = data[key]
        else:
            return None
    return data
