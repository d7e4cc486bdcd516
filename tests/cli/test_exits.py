from __future__ import annotations

from dataclasses import replace

import pytest

import reports
from m1doctor.checks.check import Check
from m1doctor.cli.exits import Exit, exit_status
from m1doctor.settings import FailOn

NOTE = reports.check("AA001", "note", findings=(reports.TOOLS,))
WARNING = reports.check("AA002", "warning", findings=(reports.VIRTUAL,))
ERROR = reports.check("AA003", "error", findings=(reports.SYMBOL,))
PASS = reports.check("AA004", "pass")
CRASH = replace(reports.check("AA005", "crash"), judge=reports.broken_judge)
SKIP = reports.check("AA006", "skip", needs=("memory",))


@pytest.mark.parametrize(
    ("checks", "at_note", "at_warning", "at_error", "at_never"),
    [
        ([PASS], 0, 0, 0, 0),
        ([SKIP], 0, 0, 0, 0),
        ([NOTE], 1, 0, 0, 0),
        ([WARNING], 1, 1, 0, 0),
        ([ERROR], 1, 1, 1, 0),
        ([NOTE, WARNING, ERROR], 1, 1, 1, 0),
        ([CRASH], 3, 3, 3, 3),
        ([CRASH, PASS, SKIP], 3, 3, 3, 3),
        ([CRASH, NOTE], 1, 3, 3, 3),
        ([CRASH, WARNING], 1, 1, 3, 3),
        ([CRASH, ERROR], 1, 1, 1, 3),
    ],
)
def test_the_exit_status_of_every_kind_of_report(
    checks: list[Check], at_note: int, at_warning: int, at_error: int, at_never: int
) -> None:
    report, _ = reports.report(reports.BROKEN_FACTS, checks)
    found = [exit_status(report, fail_on) for fail_on in FailOn]
    assert found == [at_note, at_warning, at_error, at_never]


@pytest.mark.parametrize(("checks", "status"), [([PASS], 3), ([WARNING], 3), ([ERROR], 1)])
def test_what_we_could_not_do_ourselves_is_3_unless_findings_make_it_1(checks: list[Check], status: int) -> None:
    report, _ = reports.report(reports.BROKEN_FACTS, checks, broken=("entry point x cannot be loaded",))
    assert exit_status(report, FailOn.ERROR) == status


def test_the_statuses_are_those_of_the_documents() -> None:
    assert {member.name: int(member) for member in Exit} == {
        "CLEAN": 0,
        "FINDINGS": 1,
        "USAGE": 2,
        "UNFINISHED": 3,
        "INTERRUPTED": 130,
    }
