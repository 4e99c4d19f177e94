"""Result folders: whole or not at all, whatever happens while they are written."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pandas as pd
import pytest

from renkei.errors import InputError
from renkei.outcome.folder import write_folder

TABLE = pd.DataFrame({"a": [1, 2]})


def test_everything_is_there(tmp_path: Path) -> None:
    write_folder(tmp_path / "deep" / "out", {"kind": "x"}, {"t": TABLE}, {"note.txt": "n"})
    assert {path.name for path in (tmp_path / "deep" / "out").iterdir()} == {"manifest.json", "t.parquet", "note.txt"}
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["out"]


def test_a_full_disk_is_said_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object, **_named: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(pd.DataFrame, "to_parquet", full)
    with pytest.raises(InputError, match="out  cannot be written: No space left on device"):
        write_folder(tmp_path / "out", {}, {"t": TABLE})
    assert list(tmp_path.iterdir()) == []
