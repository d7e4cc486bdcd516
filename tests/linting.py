"""Code to lint, written to a folder and judged."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent
from typing import Any

from m1doctor.lint.engine import Wanted, lint_paths
from m1doctor.lint.finding import Answer, LintFinding
from m1doctor.lint.registry import load_rules
from m1doctor.lint.target import Versions

ALL_RULES = frozenset(rule.id for rule in load_rules())
A_MAC = Versions(tensorflow="2.18.1", keras="3.8.0", plugin="1.2.0", chip="Apple M2", why="a test")
KERAS_2 = Versions(tensorflow="2.15.1", keras="2.15.0", plugin="1.1.0", chip="Apple M1", why="a test")
NOTHING_KNOWN = Versions()


def answer(folder: Path, files: dict[str, str], versions: Versions = A_MAC, *, hints: bool = True) -> Answer:
    """Write the files into a folder and judge all of them."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")
    found = lint_paths([str(folder)], versions, wanted=Wanted(ids=ALL_RULES, hints=hints), processes=1)
    assert found.crashes == ()
    return found


def findings(folder: Path, text: str, rule: str, versions: Versions = A_MAC, **beside: str) -> list[LintFinding]:
    """What one rule finds in `train.py` of that text, with other modules beside it."""
    files = {"train.py": text, **{f"{name}.py": content for name, content in beside.items()}}
    everything = answer(folder, files, versions).findings
    return [each for each in everything if each.rule == rule and each.path.endswith("train.py")]


def lines(folder: Path, text: str, rule: str, versions: Versions = A_MAC, **beside: str) -> list[str]:
    """The marked part of each finding of one rule, hints with a ``?`` in front."""
    marked = []
    for each in findings(folder, text, rule, versions, **beside):
        end = each.end_column - 1 if each.end_line == each.line else None
        sign = "?" if each.level.value == "note" else ""
        marked.append(sign + each.source_line[each.column - 1 : end])
    return marked


def notebook(*cells: str, **metadata: Any) -> str:
    """A notebook of format 4 as Jupyter writes it, each cell a list of lines."""
    document = {
        "cells": [
            {
                "cell_type": "code",
                "execution_count": None,
                "metadata": {},
                "outputs": [],
                "source": dedent(cell).splitlines(keepends=True),
            }
            for cell in cells
        ],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python", "version": "3.11.7"},
            **metadata,
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"
