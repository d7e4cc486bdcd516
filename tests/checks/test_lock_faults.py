"""LOCK004, LOCK005, LOCK007: the pins of a lock are held to the rules that every lock of ours is held to."""

from __future__ import annotations

from dataclasses import replace

import pytest

from environments.verdicts import result_of
from locked import MAC, facts, lock, pin
from m1doctor.checks.check import Check
from m1doctor.checks.lock.lock004_lock_cannot_link import CHECK as LOCK004
from m1doctor.checks.lock.lock005_lock_incomplete import CHECK as LOCK005
from m1doctor.checks.lock.lock007_lock_with_bad_companion import CHECK as LOCK007
from m1doctor.model.given_lock import LockedPackage
from m1doctor.model.report import SkipKind, Status

TENSORFLOW = pin("tensorflow", "2.19.1")
BAD = {
    LOCK004: (pin("tensorflow", "2.20.0"), pin("tensorflow-metal", "1.2.0")),
    LOCK005: (pin("tensorflow", "2.14.0"),),
    LOCK007: (TENSORFLOW, pin("setuptools", "82.0")),
}
GOOD = {
    LOCK004: (TENSORFLOW, pin("tensorflow-metal", "1.2.0")),
    LOCK005: (pin("tensorflow", "2.14.0"), pin("tensorflow-macos", "2.14.0")),
    LOCK007: (TENSORFLOW, pin("setuptools", "81.0")),
}
SAYS = {
    LOCK004: "The lock pins what cannot load: tensorflow-metal 1.2.0 cannot load beside TensorFlow 2.20.0",
    LOCK005: "The lock pins an empty release: tensorflow 2.14.0 is an empty package",
    LOCK007: "The lock pins a package that breaks what it is beside: setuptools 82.0",
}
each = pytest.mark.parametrize("check", BAD, ids=lambda check: check.id)
each_fault = pytest.mark.parametrize(("check", "pins"), BAD.items(), ids=[check.id for check in BAD])


@each_fault
def test_it_is_told_with_its_reason(check: Check, pins: tuple[LockedPackage, ...]) -> None:
    (finding,) = result_of(check, facts(lock(*pins))).findings
    assert finding.message.startswith(SAYS[check])
    assert finding.level is check.level
    assert finding.remedy is not None


@each
def test_a_lock_without_it_passes(check: Check) -> None:
    assert result_of(check, facts(lock(*GOOD[check]))).status is Status.PASS


@each_fault
def test_it_is_about_macos_on_apple_silicon(check: Check, pins: tuple[LockedPackage, ...]) -> None:
    elsewhere = facts(lock(*pins, system="Linux", machine="x86_64"))
    assert result_of(check, elsewhere).skip is SkipKind.NOT_APPLICABLE
    silent = facts(lock(*pins, system=None, machine=None), here=replace(MAC, system="Linux"))
    assert result_of(check, silent).skip is SkipKind.NOT_APPLICABLE


@each
def test_without_a_lock_it_is_not_asked(check: Check) -> None:
    assert result_of(check, facts(None)).skip is SkipKind.NOT_ASKED
