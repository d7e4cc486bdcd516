"""RECORD: the list of files that an installer leaves behind, as text and as rows."""

from __future__ import annotations

import csv

Row = list[str]
"""Path, hash and size as written, in this order. Hash and size may be empty."""

_FIELDS = 3


def parse_record(text: str) -> list[Row]:
    """Read the lines of a RECORD; a line with fewer fields gets empty ones, one with more keeps the last two.

    Splitting is three times as fast as the `csv` module and does the same wherever nothing is quoted, which is nearly
    everywhere; a text with a quote in it is left to `csv`.
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if '"' in text:
        return [_three(row) for row in _quoted(text) if row]
    rows = [line.rsplit(",", 2) for line in text.split("\n") if line]
    if any(len(row) != _FIELDS for row in rows):
        return [_three(row) for row in rows]
    return rows


def _quoted(text: str) -> list[Row]:
    """Read with `csv`, line by line, so that one unbalanced quote or overlong field costs its own line only."""
    rows: list[Row] = []
    for line in text.split("\n"):
        if '"' not in line:
            rows.append(line.rsplit(",", 2) if line else [])
            continue
        try:
            rows.extend(csv.reader([line]))
        except csv.Error:
            rows.append([])
    return rows


def _three(row: Row) -> Row:
    if len(row) == _FIELDS:
        return row
    if len(row) < _FIELDS:
        return [*row, *[""] * (_FIELDS - len(row))]
    return [",".join(row[:-2]), row[-2], row[-1]]


def leaves_folder(path: str) -> bool:
    """Whether a path of a RECORD points outside the site folder: absolute, a drive, or upwards by ``..``."""
    return path.startswith(("/", "\\")) or path[1:2] == ":" or ".." in path.replace("\\", "/").split("/")
