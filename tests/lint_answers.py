"""An answer of the linter, made by hand, for what renders one."""

from __future__ import annotations

from dataclasses import replace

from m1doctor.lint.finding import Answer, LintFinding, Passed
from m1doctor.lint.rule import Repair
from m1doctor.lint.target import Versions
from m1doctor.model.finding import Level

ONE = LintFinding(
    rule="LOAD212",
    slug="fit-takes-no-workers",
    level=Level.ERROR,
    message="`workers`: 100% wrong, and it raises.",
    only_if="Keras is 3",
    path="my code/train.py",
    line=3,
    column=5,
    end_line=3,
    end_column=14,
    source_line="fit(é, workers=4)",
    repair=Repair(kind="drop-keywords", words=("workers",)),
)
IN_A_NOTEBOOK = replace(ONE, path="a.ipynb", cell=7, level=Level.WARNING, only_if=None, repair=None)
HINT = replace(ONE, path="b.py", level=Level.NOTE, only_if=None, repair=None, end_line=5)


def an_answer(*findings: LintFinding) -> Answer:
    """An answer with these findings, of a tree where one file was passed over."""
    return Answer(
        versions=Versions(tensorflow="2.18.1", why="the options of this command"),
        findings=findings,
        passed=(Passed(path="bad,file.py", reason="no source text:\na NUL"),),
        files=3,
        lines=1234,
        silenced=1,
        hints=False,
    )
