"""Repairs of the source that cannot change what a program computes, made so that nothing else of it changes.

Only what raises today is taken away (no run of it has a result), and only what passes elements on as they are is added.
LibCST keeps every space and comment; a file or cell that it cannot read is left as it is, and so is a notebook whose
JSON could not be written again letter for letter.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from m1doctor.errors import UserError
from m1doctor.files import write_atomically
from m1doctor.lint.finding import LintFinding, Passed
from m1doctor.lint.rule import Edit
from m1doctor.lint.source import NOTEBOOK_SUFFIX, PassedOver, encoding_of, read_bytes
from m1doctor.model.record import record


@record(frozen=True, slots=True, kw_only=True)
class Mended:
    """A file as it is and as it would be."""

    path: Path
    before: str
    after: str
    encoding: str
    repairs: int

    def write(self) -> None:
        """Put the mended text in the place of the old one, whole or not at all. Raises `OSError`."""
        write_atomically(self.path, self.after.encode(self.encoding))


def mend(findings: Iterable[LintFinding]) -> tuple[list[Mended], list[Passed]]:
    """Mend every finding that can be: the files that change, and those that could not be mended, each with its reason.

    Nothing is written. Raises `UserError` where LibCST is not installed.
    """
    mended_text = _mended_text()
    changed: list[Mended] = []
    left: list[Passed] = []
    every = [each for each in findings if each.repair is not None]
    for path, group in groupby(every, key=lambda each: each.path):
        try:
            mended = _file(Path(path), list(group), mended_text)
        except PassedOver as reason:
            left.append(Passed(path=path, reason=f"not mended: {reason}"))
            continue
        if mended.after != mended.before:
            changed.append(mended)
    return changed, left


_Mender = Callable[[str, Sequence[Edit]], str]


def _mended_text() -> _Mender:
    try:
        from m1doctor.lint.mending import mended_text  # noqa: PLC0415 - only repairs need LibCST, and few ask for any
    except ImportError as error:
        raise UserError("--fix: needs LibCST, which this Python has no wheel of; install libcst>=1.8") from error
    return mended_text


def _file(path: Path, findings: Sequence[LintFinding], mended_text: _Mender) -> Mended:
    content = read_bytes(path)
    if path.suffix == NOTEBOOK_SUFFIX:
        before, encoding = content.decode("utf-8"), "utf-8"
        after = _notebook(before, findings, mended_text)
    else:
        encoding = encoding_of(content)
        before = content.decode(encoding)
        after = mended_text(before, _edits(findings))
    if content.startswith(codecs.BOM_UTF8):
        encoding = "utf-8-sig"
    return Mended(path=path, before=before, after=after, encoding=encoding, repairs=len(findings))


def _edits(findings: Iterable[LintFinding]) -> list[Edit]:
    return [
        Edit(line=each.line, column=each.column - 1, repair=each.repair) for each in findings if each.repair is not None
    ]


def _notebook(text: str, findings: Sequence[LintFinding], mended_text: _Mender) -> str:
    """The JSON with the repaired cells, where writing it changes nothing else."""
    document = json.loads(text)
    written = next((form for form in _FORMS if _dumped(document, form) == text), None)
    if written is None:
        raise PassedOver("this notebook was not written as Jupyter writes, so more than the cell would change")
    cells = document["cells"]
    for number, group in groupby(findings, key=lambda each: each.cell):
        cell = cells[(number or 1) - 1]
        source = cell["source"]
        joined = "".join(source) if isinstance(source, list) else source
        after = mended_text(joined, _edits(group))
        cell["source"] = after.splitlines(keepends=True) if isinstance(source, list) else after
    return _dumped(document, written)


_FORMS: tuple[dict[str, Any], ...] = tuple(
    {"indent": indent, "ensure_ascii": escaped, "end": end}
    for indent in (1, 2, 4, None)
    for escaped in (False, True)
    for end in ("\n", "")
)
"""Ways in which notebooks are written; Jupyter's own first."""


def _dumped(document: Any, form: dict[str, Any]) -> str:
    return json.dumps(document, indent=form["indent"], ensure_ascii=form["ensure_ascii"]) + str(form["end"])
