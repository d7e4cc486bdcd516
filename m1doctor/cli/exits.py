"""How the command ends: the only place that decides an exit status."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    from m1doctor.lint.finding import Answer
    from m1doctor.model.report import Report
    from m1doctor.settings import FailOn


class Exit(IntEnum):
    """Exit statuses, the same for every verb and format."""

    CLEAN = 0
    """Nothing at or above `--fail-on`."""
    FINDINGS = 1
    USAGE = 2
    """Wrong usage or unreadable input."""
    UNFINISHED = 3
    """m1doctor could not finish: a check or a collector of its own failed."""
    INTERRUPTED = 130


def exit_status(report: Report, fail_on: FailOn) -> Exit:
    """Reduce a report to an exit status: findings first, then what m1doctor itself could not do."""
    from m1doctor.model.report import Status  # noqa: PLC0415 - most verbs make no report

    if any(finding.level.weight >= fail_on.weight for result in report.results for finding in result.findings):
        return Exit.FINDINGS
    if report.failures or any(result.status is Status.CRASHED for result in report.results):
        return Exit.UNFINISHED
    return Exit.CLEAN


def lint_status(answer: Answer, fail_on: FailOn, named: Collection[str]) -> Exit:
    """Reduce what linting found; a file that was named and cannot be read is wrong input, one of a folder is not."""
    if any(finding.level.weight >= fail_on.weight for finding in answer.findings):
        return Exit.FINDINGS
    if answer.crashes:
        return Exit.UNFINISHED
    if any(each.path in named for each in answer.passed):
        return Exit.USAGE
    return Exit.CLEAN
