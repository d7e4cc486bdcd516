"""MAC008: no developer tools."""

from __future__ import annotations

import pytest

from judged import judged
from m1doctor.checks.mac.mac008_command_line_tools_missing import CHECK
from m1doctor.model.facts import Facts
from m1doctor.model.host import Host
from m1doctor.model.report import SkipKind, Status


def test_their_absence_is_a_note_with_the_command_that_brings_them() -> None:
    result = judged(CHECK, Facts(host=Host(command_line_tools="")))
    assert result.status is Status.NOTE
    remedy = result.findings[0].remedy
    assert remedy is not None
    assert remedy.steps[0].argv == ("/usr/bin/xcode-select", "--install")


@pytest.mark.parametrize(
    ("tools", "summary"),
    [
        ("16.4", "Command Line Tools 16.4 are installed."),
        ("Xcode", "Developer tools are installed (Xcode)."),
        ("installed without a receipt", "Developer tools are installed (installed without a receipt)."),
    ],
)
def test_they_pass_with_their_version(tools: str, summary: str) -> None:
    assert judged(CHECK, Facts(host=Host(command_line_tools=tools))).summary == summary


def test_unknown_tools_are_not_missing() -> None:
    assert judged(CHECK, Facts(host=Host())).skip is SkipKind.UNKNOWN
