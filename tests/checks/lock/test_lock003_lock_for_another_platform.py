"""LOCK003 lock-for-another-platform."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from environments.verdicts import result_of
from locked import MAC, facts, lock, pin
from m1doctor.checks.lock.lock003_lock_for_another_platform import CHECK
from m1doctor.model.facts import Facts
from m1doctor.model.given_lock import Manager
from m1doctor.model.host import Host
from m1doctor.model.interpreter import CondaEnvironment
from m1doctor.model.report import SkipKind, Status


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"system": "Linux"}, "system Linux in the lock, macOS here"),
        ({"machine": "x86_64"}, "architecture x86_64 in the lock, arm64 here"),
        ({"python": "3.11.2"}, "Python 3.11 in the lock, 3.12 here"),
    ],
)
def test_what_the_lock_says_against_what_is_here(said: dict[str, Any], reason: str) -> None:
    (finding,) = result_of(CHECK, facts(lock(**said))).findings
    assert finding.evidence == (reason,)
    assert finding.message == f"The lock is for another machine: {reason}."


def test_an_older_macos_than_the_lock_is_for() -> None:
    found = replace(facts(lock(macos="14.0")), host=Host(macos_version="13.6"))
    assert result_of(CHECK, found).findings[0].evidence == ("macOS 14.0 or later in the lock, 13.6 here",)
    assert result_of(CHECK, replace(found, host=Host(macos_version="14.0"))).status is Status.PASS


def test_wheels_of_another_platform_are_named() -> None:
    given = lock(
        pin("any", "1", tags=("py3-none-any",)),
        pin("here", "1", tags=("cp312-cp312-macosx_11_0_universal2",)),
        pin("away", "1", tags=("cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64",)),
        pin("both", "1", tags=("cp312-cp312-win_amd64", "cp312-cp312-macosx_11_0_arm64")),
        system=None,
    )
    assert result_of(CHECK, facts(given)).findings[0].evidence == (
        "away 1 is locked for manylinux_2_17_x86_64, manylinux2014_x86_64",
    )


def test_conda_packages_of_another_platform_are_named() -> None:
    given = lock(
        pin("python", "3.12", manager=Manager.CONDA, subdir="osx-64"),
        pin("tz", "1", manager=Manager.CONDA, subdir="noarch"),
    )
    here = replace(MAC, conda=CondaEnvironment(prefix="/env", subdir="osx-arm64"))
    assert result_of(CHECK, facts(given, here=here)).findings[0].evidence == (
        "python 3.12 is locked for osx-64, this environment is osx-arm64",
    )


def test_a_lock_that_says_nothing_and_an_unknown_environment() -> None:
    silent = lock(pin("numpy", "1"), system=None, machine=None, python=None, macos=None)
    assert result_of(CHECK, facts(silent)).status is Status.PASS
    assert result_of(CHECK, Facts(given_lock=silent)).skip is SkipKind.UNKNOWN
