"""RECORD: the list of files that an installer leaves behind, as text and as rows."""

from __future__ import annotations

Row = list[str]
"""Path, hash and size as written, in this order. Hash and size may be empty."""

_FIELDS = 3


def read_record(text: str, *, headers: bool = True) -> tuple[list[Row], int]:
    """The rows of a RECORD and how many files it lists.

    A line with fewer fields than three gets empty ones, one with more keeps its last two. Without `headers` the rows
    leave out what lies in `include` folders: C headers, which no import reads and only compilers need. Of the 13,634
    files of a full TensorFlow environment they are 7,785.
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = [line for line in text.split("\n") if line]
    count = len(lines)
    if not headers:
        lines = [line for line in lines if "/include/" not in line]
    # Splitting is three times as fast as the csv module and the same wherever nothing is quoted: nearly everywhere.
    if '"' in text:
        rows = [line.rsplit(",", 2) if '"' not in line else _quoted(line) for line in lines]
    else:
        rows = [line.rsplit(",", 2) for line in lines]
    if set(map(len, rows)) - {_FIELDS}:
        rows = [_three(row) for row in rows if row]
    return rows, count


def _quoted(line: str) -> Row:
    """Read one line with `csv`; an unbalanced quote or an overlong field costs that line only."""
    import csv  # noqa: PLC0415 - next to no RECORD quotes anything

    try:
        return next(csv.reader([line]), [])
    except csv.Error:
        return []


def _three(row: Row) -> Row:
    if len(row) == _FIELDS:
        return row
    if len(row) < _FIELDS:
        return [*row, *[""] * (_FIELDS - len(row))]
    return [",".join(row[:-2]), row[-2], row[-1]]


def leaves_folder(path: str) -> bool:
    """Whether a path of a RECORD points outside the site folder: absolute, a drive, or upwards by ``..``."""
    return path.startswith(("/", "\\")) or path[1:2] == ":" or ".." in path.replace("\\", "/").split("/")
