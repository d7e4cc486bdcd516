"""Python source as people have it: files in any declared encoding, and the code cells of notebooks."""

from __future__ import annotations

import ast
import codecs
import io
import json
import re
import sys
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from m1doctor.model.record import record

LARGEST_BYTES = 16 * 2**20
"""Nobody's training script comes near this; a notebook with pictures in it can."""
NOTEBOOK_SUFFIX = ".ipynb"
_DECLARED_WITHIN = 4096
"""Bytes in which the two lines end that may declare an encoding."""
_VERSION = ".".join(map(str, sys.version_info[:2]))
"""Of the grammar that source is parsed with: our own Python's."""


class PassedOver(Exception):  # noqa: N818 - no error of ours: a file that nothing can be said of
    """A file that is not judged; the message says why, in one clause."""


@record(frozen=True, slots=True, kw_only=True)
class Cell:
    """One code cell of a notebook."""

    number: int
    """Among all cells of the notebook, from 1, as Jupyter shows them from top to bottom."""
    first_line: int
    """The line of the joined text that its first line is."""
    lines: int


@dataclass(frozen=True, kw_only=True)
class Source:
    """The text of one file."""

    text: str
    """What is parsed: of a notebook the code cells one below the other, without magics and shell lines."""
    written: str
    """The same, line for line, as its author wrote it."""
    cells: tuple[Cell, ...] = ()
    """Empty for what is no notebook."""
    broken_cells: tuple[tuple[int, str], ...] = ()
    """Cells that are no Python, by number, each with the reason; they are left out of `text`."""

    @cached_property
    def shown(self) -> list[str]:
        """The lines as their author wrote them; most files are never asked for them."""
        return split_lines(self.written)

    def place(self, line: int) -> tuple[int | None, int]:
        """The cell and the line in it of a line of `text`; no cell in what is no notebook."""
        for cell in reversed(self.cells):
            if line >= cell.first_line:
                return cell.number, line - cell.first_line + 1
        return None, line


def read_source(path: Path) -> Source:
    """Read a file. Raises `PassedOver` for one that is not there, too large, or no text in the encoding it declares."""
    content = read_bytes(path)
    if path.suffix == NOTEBOOK_SUFFIX:
        return _notebook(content)
    text = decoded(content)
    return Source(text=text, written=text)


def read_bytes(path: Path) -> bytes:
    """The content of a regular file. Raises `PassedOver`."""
    try:
        if not path.is_file():
            raise PassedOver("not a regular file" if path.exists() else "no such file")
        with path.open("rb") as stream:
            content = stream.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise PassedOver(error.strerror or str(error)) from error
    if len(content) > LARGEST_BYTES:
        message = f"larger than {LARGEST_BYTES // 2**20} MiB"
        raise PassedOver(message)
    return content


def decoded(content: bytes) -> str:
    """Source text by its byte order mark or its declaration (PEP 263), else UTF-8. Raises `PassedOver`."""
    if b"\0" in content:
        message = f"no source text: a NUL at byte {content.index(0)}"
        raise PassedOver(message)
    encoding = encoding_of(content)
    try:
        return content.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        raise PassedOver(_encoding_fault(content, error)) from error


def encoding_of(content: bytes) -> str:
    """The encoding of source by its byte order mark or its declaration, else UTF-8. Raises `PassedOver`."""
    if not content.startswith(codecs.BOM_UTF8) and b"coding" not in content[:_DECLARED_WITHIN]:
        return "utf-8"
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
    except (SyntaxError, UnicodeDecodeError) as error:
        raise PassedOver(_encoding_fault(content, error)) from error
    return encoding


def _encoding_fault(content: bytes, error: Exception) -> str:
    if isinstance(error, SyntaxError) and "invalid or missing" not in str(error):
        return str(error.msg)
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as fault:
        line = content.count(b"\n", 0, fault.start) + 1
        return f"not UTF-8 (line {line}, byte {fault.start}), and no encoding is declared that fits"
    return str(error)


_LINE_END = re.compile(r"\r\n|\r|\n")


def split_lines(text: str) -> list[str]:
    """Lines as Python counts them: form feeds and Unicode's separators end none."""
    return _LINE_END.split(text)


def parse(source: Source) -> ast.Module:
    """Parse the text. Raises `PassedOver` that says where it is no Python."""
    try:
        return ast.parse(source.text)
    except SyntaxError as error:
        if error.lineno is None:
            raise PassedOver(f"no Python: {error.msg}") from error
        cell, line = source.place(error.lineno)
        where = f"line {line}" if cell is None else f"cell {cell}, line {line}"
        raise PassedOver(f"no valid Python {_VERSION} ({where}: {error.msg})") from error
    except (RecursionError, MemoryError) as error:
        raise PassedOver("nested too deeply to be parsed") from error
    except ValueError as error:
        raise PassedOver(f"no Python: {error}") from error


# Notebooks


def _notebook(content: bytes) -> Source:
    try:
        document = json.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise PassedOver(f"no notebook: {_json_fault(error)}") from error
    texts: list[str] = []
    shown: list[str] = []
    cells: list[Cell] = []
    broken: list[tuple[int, str]] = []
    for number, written in code_cells(document):
        text = _without_margin(written)
        lines = split_lines(text)
        plain = without_magics(text)
        try:
            if plain != text:
                parse(Source(text=plain, written=""))
        except PassedOver as reason:
            broken.append((number, str(reason)))
            plain = "\n" * (len(lines) - 1)
        cells.append(Cell(number=number, first_line=len(shown) + 1, lines=len(lines)))
        texts.append(plain)
        shown += lines
    joined = "\n".join(texts)
    try:
        parse(Source(text=joined, written=""))
    except PassedOver:
        for at, cell in enumerate(cells):
            try:
                parse(Source(text=texts[at], written=""))
            except PassedOver as reason:
                broken.append((cell.number, str(reason)))
                texts[at] = "\n" * (cell.lines - 1)
        joined = "\n".join(texts)
    return Source(text=joined, written="\n".join(shown), cells=tuple(cells), broken_cells=tuple(sorted(broken)))


def _without_margin(text: str) -> str:
    """The cell without the indent of its first line, which IPython takes from every line that has it."""
    first = next((line for line in split_lines(text) if line.strip()), "")
    margin = first[: len(first) - len(first.lstrip())]
    return re.sub(rf"(?m)^{margin}", "", text) if margin else text


def _json_fault(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "JSON that is nested too deeply"
    if isinstance(error, json.JSONDecodeError):
        return f"JSON is expected (line {error.lineno}: {error.msg})"
    return str(error)


def code_cells(document: Any) -> Iterator[tuple[int, str]]:
    """The code cells of a notebook of format 3 or 4: their numbers and their texts. Raises `PassedOver`."""
    if not isinstance(document, dict):
        raise PassedOver("no notebook: its JSON is no object")
    cells = document.get("cells")
    if cells is None and isinstance(document.get("worksheets"), list):
        sheets = [sheet for sheet in document["worksheets"] if isinstance(sheet, dict)]
        cells = [cell for sheet in sheets for cell in sheet.get("cells", ()) if isinstance(sheet.get("cells"), list)]
    if not isinstance(cells, list):
        raise PassedOver("no notebook: it has no list of cells")
    language = _language(document)
    if language not in (None, "python", "ipython"):
        message = f"a notebook of {language}, not of Python"
        raise PassedOver(message)
    for number, cell in enumerate(cells, 1):
        if isinstance(cell, dict) and cell.get("cell_type") == "code":
            source = cell.get("source", cell.get("input", ""))
            if isinstance(source, list):
                source = "".join(line for line in source if isinstance(line, str))
            if isinstance(source, str):
                yield number, source


def _language(document: dict[str, Any]) -> str | None:
    metadata = document.get("metadata")
    for key, name in (("language_info", "name"), ("kernelspec", "language")):
        part = metadata.get(key) if isinstance(metadata, dict) else None
        if isinstance(part, dict) and isinstance(part.get(name), str):
            return str(part[name]).lower()
    return None


_PYTHON_CELLS = ("time", "timeit", "capture", "prun", "tensorflow_version")
"""Magics of a whole cell that run the rest of it as Python."""
_MAGIC_LINE = re.compile(r"(\s*)(?:[%!?]|\S[^'\"#]*\?\s*$)")
_ASSIGNED = re.compile(r"(\s*[\w.,\s]+=\s*)(?:![^=]|%\w)")


def without_magics(text: str) -> str:
    """The cell with what only IPython understands replaced by nothing of effect, line for line."""
    if not re.search(r"[%!?]", text):
        return text
    try:
        ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        pass
    else:
        return text  # `%` and `!` of Python's own
    lines = split_lines(text)
    head = next((line for line in lines if line.strip()), "")
    if head.lstrip().startswith("%%"):
        name = re.match(r"%%(\w*)", head.lstrip())
        if name is None or name[1] not in _PYTHON_CELLS:
            return "\n" * (len(lines) - 1)
        lines[lines.index(head)] = ""
    continued = False
    for number, line in enumerate(lines):
        assigned = _ASSIGNED.match(line)
        magic = _MAGIC_LINE.match(line)
        if continued:
            continued = line.rstrip().endswith("\\")
            lines[number] = ""
        elif assigned:
            continued = line.rstrip().endswith("\\")
            lines[number] = f"{assigned[1]}None"
        elif magic:
            continued = line.rstrip().endswith("\\")
            lines[number] = f"{magic[1]}pass"
    return "\n".join(lines)
