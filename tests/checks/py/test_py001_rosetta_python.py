"""PY001: a Python that could run natively runs translated."""

from __future__ import annotations

from dataclasses import replace

from interpreters import M1, facts, interpreter
from judged import judged
from m1doctor.checks.engine import judge
from m1doctor.checks.py.py001_rosetta_python import CHECK
from m1doctor.checks.registry import Registry, built_in_checks
from m1doctor.model.remedy import StepKind
from m1doctor.model.report import SkipKind, Status
from m1doctor.model.unknown import Unknown, not_applicable

UNIVERSAL = interpreter(slices=("x86_64", "arm64"), machine="x86_64", translated=True)


def test_a_universal_python_under_a_translated_shell_is_an_error_that_blames_the_shell() -> None:
    result = judged(CHECK, facts(UNIVERSAL, host=replace(M1, parent_translated=True)))
    assert result.status is Status.ERROR
    assert "runs translated by Rosetta on this Apple M1 Pro" in result.summary
    assert "the shell that starts it is translated" in result.summary
    (finding,) = result.findings
    assert "architectures in the executable: x86_64, arm64" in finding.evidence
    assert finding.remedy is not None
    assert finding.remedy.steps[0].kind is StepKind.MANUAL
    assert ("uv", "python", "install", "cpython-3.11-macos-aarch64-none") in [
        step.argv for step in finding.remedy.steps
    ]


def test_the_remedy_never_touches_the_old_environment() -> None:
    (finding,) = judged(CHECK, facts(UNIVERSAL)).findings
    assert finding.remedy is not None
    for step in finding.remedy.steps:
        assert "/Users/someone/tf/bin/python" not in step.argv


def test_a_native_python_passes_also_under_a_translated_shell() -> None:
    assert judged(CHECK, facts(host=replace(M1, parent_translated=True))).status is Status.PASS


def test_unknown_translation_is_not_a_pass() -> None:
    unknown = interpreter(translated=None, unknown={"translated": Unknown("the shell could not be asked")})
    result = judged(CHECK, facts(unknown))
    assert (result.skip, result.reason) == (SkipKind.UNKNOWN, "the shell could not be asked")


def test_a_linux_python_is_not_concerned() -> None:
    linux = interpreter(translated=None, unknown={"translated": not_applicable("Rosetta translates only on a Mac")})
    assert judged(CHECK, facts(linux)).skip is SkipKind.NOT_APPLICABLE


def test_an_interpreter_without_arm64_code_is_the_one_cause_told() -> None:
    checks = [each for each in built_in_checks() if each.id in ("PY001", "PY002", "PY004", "PY008")]
    thin = interpreter(slices=("x86_64",), machine="x86_64", translated=True)
    results = {each.id: each for each in judge(facts(thin), Registry(checks))}
    assert results["PY002"].status is Status.ERROR
    assert (results["PY001"].skip, results["PY001"].root) == (SkipKind.EXPLAINED, "PY002")
    assert (results["PY004"].skip, results["PY004"].root) == (SkipKind.EXPLAINED, "PY002")
