"""PY003: no GPU plugin exists for this Python version."""

from __future__ import annotations

import pytest

from interpreters import facts, interpreter
from judged import judged
from m1doctor.checks.py.py003_python_without_plugin_wheel import CHECK
from m1doctor.model.report import SkipKind, Status
from m1doctor.model.unknown import Unknown


@pytest.mark.parametrize("version", ["3.8.18", "3.9", "3.10.14", "3.11.9", "3.12.4"])
def test_a_python_with_a_wheel_passes(version: str) -> None:
    assert judged(CHECK, facts(interpreter(version=version))).status is Status.PASS


def test_python_3_13_has_no_wheel_of_apples_and_both_ways_out_are_told() -> None:
    result = judged(CHECK, facts(interpreter(version="3.13.1"), "tensorflow 2.20.0"))
    assert result.status is Status.ERROR
    assert "tensorflow-metal has no wheel for Python 3.13.1" in result.summary
    assert "3.8 to 3.12" in result.summary
    (finding,) = result.findings
    assert finding.remedy is not None
    assert ("uv", "python", "install", "cpython-3.12-macos-aarch64-none") in [
        step.argv for step in finding.remedy.steps
    ]
    assert "tensorflow-metal-plugin" in finding.remedy.steps[-1].text
    assert not any("sdist" in step.text for step in finding.remedy.steps)


def test_with_the_communitys_plugin_installed_there_is_nothing_to_say() -> None:
    installed = ("tensorflow 2.21.0", "tensorflow-metal-plugin 0.4.1")
    assert judged(CHECK, facts(interpreter(version="3.13.1"), *installed)).status is Status.PASS


@pytest.mark.parametrize("version", ["3.7.9", "3.14.0"])
def test_where_neither_plugin_serves_the_community_is_not_offered(version: str) -> None:
    result = judged(CHECK, facts(interpreter(version=version)))
    assert result.status is Status.ERROR
    assert "tensorflow-metal-plugin" not in str(result.findings)


def test_pypy_has_no_wheel_at_all() -> None:
    assert "(pypy)" in judged(CHECK, facts(interpreter(version="3.10.14", implementation="pypy"))).summary


def test_other_targets_are_not_concerned_unless_a_plugin_is_there() -> None:
    linux = interpreter(version="3.13.1", system="Linux", machine="x86_64")
    assert judged(CHECK, facts(linux)).skip is SkipKind.NOT_APPLICABLE
    assert judged(CHECK, facts(linux, "tensorflow-metal 1.2.0")).status is Status.ERROR


def test_an_unknown_version_is_not_a_pass() -> None:
    unknown = interpreter(version=None, unknown={"version": Unknown("no standard library was found")})
    assert judged(CHECK, facts(unknown)).skip is SkipKind.UNKNOWN
