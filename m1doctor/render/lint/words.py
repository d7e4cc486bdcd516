"""Sentences that several formats of the linter's answer share."""

from __future__ import annotations

from collections import Counter

from m1doctor.lint.finding import Answer, LintFinding
from m1doctor.lint.target import Versions
from m1doctor.model.finding import Level

LEVEL_WORDS = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTE: "hint"}


def sentence(finding: LintFinding) -> str:
    """The message, and what it depends on."""
    return f"{finding.message} (If {finding.only_if}.)" if finding.only_if else finding.message


def place(finding: LintFinding) -> str:
    """Where it is, as editors and terminals make links of it; cells of a notebook are named."""
    cell = "" if finding.cell is None else f"cell {finding.cell}:"
    return f"{finding.path}:{cell}{finding.line}:{finding.column}"


def judged_for(versions: Versions) -> str:
    """Which versions the rules were judged for, and how these are known."""
    named = (
        ("TensorFlow", versions.tensorflow),
        ("Keras", versions.keras),
        ("tensorflow-metal", versions.plugin),
        ("", versions.chip),
    )
    known = [f"{name} {version}".strip() for name, version in named if version is not None]
    if not known:
        return f"Judged for no version in particular: {versions.why}."
    return f"Judged for {', '.join(known)}: {versions.why}."


def totals(answer: Answer) -> str:
    """What was found, in how much code."""
    count = Counter(finding.level for finding in answer.findings)
    found = [_number(count[level], LEVEL_WORDS[level]) for level in reversed(Level) if count[level]]
    files = _number(answer.files, "file")
    return f"{', '.join(found) or 'Nothing found'} in {files}, {_number(answer.lines, 'line')}"


def asides(answer: Answer) -> list[str]:
    """What was seen and is not told."""
    said = []
    fixable = sum(finding.repair is not None for finding in answer.findings)
    if fixable:
        said.append(f"{fixable} of them can be mended without changing any result: --diff shows how, --fix does it")
    if not answer.hints:
        said.append("Hints, for what may be right as it is, are told with --hints")
    if answer.silenced:
        said.append(f"{_number(answer.silenced, 'finding')} silenced by a comment in the source")
    return said


def _number(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"
