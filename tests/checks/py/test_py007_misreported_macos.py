"""PY007: Python is told another macOS than the real one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from interpreters import FOLDER_ONLY, M1, facts, interpreter
from judged import judged
from m1doctor.checks.py.py007_misreported_macos import CHECK
from m1doctor.model.report import Result, SkipKind, Status


def result_of(real: str, *installed: str, reported: str | None = None, sdk: str | None = None) -> Result:
    found = interpreter(reported_macos=reported, sdk=sdk)
    return judged(CHECK, facts(found, *installed, host=replace(M1, macos_version=real)))


@pytest.mark.parametrize(("real", "reported"), [("15.5", "15.5"), ("15.5", "15.6.1"), ("26.1", "26.0")])
def test_the_same_major_version_is_the_truth(real: str, reported: str) -> None:
    assert result_of(real, "pip 21.0", reported=reported).status is Status.PASS


@pytest.mark.parametrize("pip", ["pip 20.0.2", "pip 23.2.1", "pip 24.0"])
def test_10_16_makes_an_old_pip_refuse_tensorflow(pip: str) -> None:
    result = result_of("14.4.1", pip, reported="10.16")
    assert result.status is Status.WARNING
    assert "believes that macOS 14.4.1 is 10.16" in result.summary
    assert f"{pip} refuses wheels for macOS 12.0 and later" in result.summary
    (finding,) = result.findings
    assert finding.remedy is not None
    assert finding.remedy.steps[0].argv[-1] == "pip>=24.1"


def test_a_pip_that_asks_again_is_not_misled() -> None:
    result = result_of("14.4.1", "pip 24.1", reported="10.16")
    assert result.status is Status.PASS
    assert "the same wheels" in result.summary


def test_an_environment_without_pip_has_nobody_to_mislead() -> None:
    assert result_of("14.4.1", reported="10.16").status is Status.PASS


def test_16_0_in_the_place_of_26_costs_nothing_that_tensorflow_needs() -> None:
    assert result_of("26.1", "pip 26.0", reported="16.0").status is Status.PASS
    assert result_of("26.1", "pip 23.0", sdk="15.2").status is Status.PASS


@pytest.mark.parametrize(
    ("real", "sdk", "status"),
    [
        ("14.4", "10.15", Status.WARNING),
        ("14.4", "11.0", Status.PASS),
        ("14.4", "14.5", Status.PASS),
        ("10.15.7", "10.15", Status.PASS),
    ],
)
def test_without_a_run_the_sdk_of_the_executable_tells(real: str, sdk: str, status: Status) -> None:
    result = result_of(real, "pip 23.0", sdk=sdk)
    assert result.status is status
    if status is Status.WARNING:
        assert any(f"SDK {sdk}" in line for line in result.findings[0].evidence)


def test_a_newer_version_than_the_real_one_lets_wheels_in_that_cannot_load() -> None:
    result = result_of("13.6", "pip 24.2", reported="15.0")
    assert result.status is Status.WARNING
    assert "accepts wheels that are built for a newer macOS" in result.summary


def test_nothing_said_and_no_sdk_is_not_called_true() -> None:
    result = result_of("15.5", "pip 24.2")
    assert result.status is Status.SKIPPED


def test_other_systems_and_unknown_ones_are_not_judged() -> None:
    assert judged(CHECK, facts(interpreter(system="Linux"))).skip is SkipKind.NOT_APPLICABLE
    assert judged(CHECK, facts(host=FOLDER_ONLY)).skip is SkipKind.NOT_ASKED
