"""LOCK005 lock-incomplete."""

from __future__ import annotations

from dataclasses import replace

from environments.verdicts import result_of
from locked import MAC, facts, lock, pin
from m1doctor.checks.lock.lock005_lock_incomplete import CHECK
from m1doctor.model.report import SkipKind, Status

BAD = (pin("tensorflow", "2.14.0"),)
GOOD = (pin("tensorflow", "2.14.0"), pin("tensorflow-macos", "2.14.0"))


def test_it_is_told_with_its_reason() -> None:
    (finding,) = result_of(CHECK, facts(lock(*BAD))).findings
    assert finding.message.startswith("The lock pins an empty release: tensorflow 2.14.0 is an empty package")
    assert finding.level is CHECK.level
    assert finding.remedy is not None


def test_a_lock_without_it_passes() -> None:
    assert result_of(CHECK, facts(lock(*GOOD))).status is Status.PASS


def test_it_is_about_macos_on_apple_silicon() -> None:
    elsewhere = facts(lock(*BAD, system="Linux", machine="x86_64"))
    assert result_of(CHECK, elsewhere).skip is SkipKind.NOT_APPLICABLE
    silent = facts(lock(*BAD, system=None, machine=None), here=replace(MAC, system="Linux"))
    assert result_of(CHECK, silent).skip is SkipKind.NOT_APPLICABLE


def test_without_a_lock_it_is_not_asked() -> None:
    assert result_of(CHECK, facts(None)).skip is SkipKind.NOT_ASKED
