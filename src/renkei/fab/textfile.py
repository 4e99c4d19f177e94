"""Reading text files that may be broken in every way: problems are collected, never raised."""

from __future__ import annotations

import codecs
import csv
import io
from pathlib import Path

from renkei.errors import Problem

MEGABYTES = 64
"""Larger files are refused: the fab of 100,000 wafer starts a month stays below a tenth of it."""

MOST_ROWS = 500_000


def read_text(path: Path, shown: str, problems: list[Problem], utf16: bool = False) -> str | None:
    """Return the text of a file, or None after adding to `problems` why it cannot be read.

    `shown` is the file's name in messages. The file is UTF-8; with `utf16` a byte order mark may say that it is UTF-16.
    """
    try:
        if not path.is_file():
            what = "is a folder; a file is expected" if path.is_dir() else "is missing"
            problems.append(Problem(shown, None, "", what))
            return None
        if path.stat().st_size > MEGABYTES * 2**20:
            problems.append(Problem(shown, None, "", f"is larger than {MEGABYTES} MB, the most that is read"))
            return None
        raw = path.read_bytes()
        wide = utf16 and raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        return _decode(raw, "utf-16" if wide else "utf-8-sig", shown, problems)
    except (OSError, ValueError) as error:  # ValueError: NUL in the path
        problems.append(Problem(shown, None, "", f"cannot be read: {getattr(error, 'strerror', None) or error}"))
        return None


def _decode(raw: bytes, encoding: str, shown: str, problems: list[Problem]) -> str | None:
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        if encoding == "utf-16":
            problems.append(Problem(shown, line, "", "is not UTF-16, as its first bytes say; save the file as UTF-8"))
            return None
        byte = f"0x{raw[error.start]:02x}"
        problems.append(Problem(shown, line, "", f"is not UTF-8 (byte {byte}); save the file as UTF-8"))
        return None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        problems.append(Problem(shown, line, "", "contains a NUL character; the file is no text, or damaged"))
        return None
    return text


def split_rows(
    text: str, shown: str, problems: list[Problem], delimiter: str = ","
) -> tuple[list[tuple[int, list[str]]], bool]:
    """Return (line, stripped cells) of each row that is not blank, and whether the text could be read to its end.

    A row over several lines has the number of its first.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for cells in reader:
            if any(stripped := [cell.strip() for cell in cells]):
                rows.append((line, stripped))
            line = reader.line_num + 1
            if len(rows) > MOST_ROWS:
                problems.append(Problem(shown, line, "", f"comes after the {MOST_ROWS} rows that are read at most"))
                return rows, False
    except csv.Error as error:
        problems.append(Problem(shown, line, "", f"is no valid table row: {error}"))
        return rows, False
    return rows, True
