"""PY008: a conda environment for Intel on Apple silicon."""

from __future__ import annotations

import pytest

from interpreters import FOLDER_ONLY, INTEL_MAC, facts, interpreter
from judged import judged
from m1doctor.checks.engine import judge
from m1doctor.checks.py.py008_intel_conda import CHECK
from m1doctor.checks.registry import Registry, built_in_checks
from m1doctor.model.facts import Facts
from m1doctor.model.interpreter import CondaEnvironment, Interpreter
from m1doctor.model.report import SkipKind, Status
from m1doctor.model.unknown import not_applicable


def conda(subdir: str | None = "osx-64") -> Interpreter:
    environment = CondaEnvironment(
        prefix="/opt/anaconda3", subdir=subdir, python_version="3.8.18", python_build="h218abb5_0"
    )
    return interpreter(conda=environment, slices=("x86_64",), machine="x86_64", translated=True)


def test_osx_64_on_apple_silicon_is_an_error() -> None:
    result = judged(CHECK, facts(conda()))
    assert result.status is Status.ERROR
    assert "/opt/anaconda3 is for Intel Macs (osx-64), and this Mac has Apple M1 Pro" in result.summary
    assert "/opt/anaconda3/conda-meta: python 3.8.18 h218abb5_0, subdir osx-64" in result.findings[0].evidence


def test_one_cause_is_told_once() -> None:
    checks = [each for each in built_in_checks() if each.id in ("PY001", "PY002", "PY004", "PY008")]
    results = {each.id: each for each in judge(facts(conda()), Registry(checks))}
    assert results["PY008"].status is Status.ERROR
    for consequence in ("PY001", "PY002", "PY004"):
        assert (results[consequence].skip, results[consequence].root) == (SkipKind.EXPLAINED, "PY008")


@pytest.mark.parametrize("subdir", ["osx-arm64", "linux-64"])
def test_other_platforms_pass(subdir: str) -> None:
    assert judged(CHECK, facts(conda(subdir))).status is Status.PASS


def test_an_intel_mac_and_a_python_without_conda_are_not_concerned() -> None:
    assert judged(CHECK, facts(conda(), host=INTEL_MAC)).skip is SkipKind.NOT_APPLICABLE
    without = interpreter(unknown={"conda": not_applicable("this Python is not from conda")})
    assert judged(CHECK, facts(without)).skip is SkipKind.NOT_APPLICABLE


def test_an_unknown_platform_or_machine_is_not_a_pass() -> None:
    assert judged(CHECK, facts(conda(None))).skip is SkipKind.UNKNOWN
    assert judged(CHECK, facts(conda(), host=FOLDER_ONLY)).skip is SkipKind.NOT_ASKED
    assert judged(CHECK, Facts()).skip is SkipKind.UNKNOWN
