"""PY005: what a virtual environment was made from is gone."""

from __future__ import annotations

from typing import Any

import pytest

from interpreters import VENV, facts, interpreter
from judged import judged
from m1doctor.checks.py.py005_broken_virtualenv import CHECK
from m1doctor.model.facts import Facts
from m1doctor.model.interpreter import VirtualEnvironment
from m1doctor.model.report import SkipKind, Status
from m1doctor.model.unknown import not_applicable


def environment(found: dict[str, Any] | None = None, **facts_of: Any) -> Facts:
    usual: dict[str, Any] = {
        "path": VENV,
        "home": "/opt/python/bin",
        "home_exists": True,
        "base_executable": "/opt/python/bin/python3.11",
        "base_executable_exists": True,
        "creator": "venv",
        "made_for": "3.11.9",
        "library_folders": ("3.11",),
    }
    return facts(interpreter(virtual_environment=VirtualEnvironment(**{**usual, **facts_of}), **(found or {})))


def test_a_whole_environment_passes() -> None:
    assert judged(CHECK, environment()).status is Status.PASS


def test_a_newer_patch_of_the_base_is_no_fault() -> None:
    assert judged(CHECK, environment({"version": "3.11.14"})).status is Status.PASS


@pytest.mark.parametrize(
    ("found", "environment_facts", "says"),
    [
        ({"executable_exists": False}, {"exists": False}, "does not exist any more"),
        (
            {"executable_exists": False},
            {"base_executable_exists": False, "home_exists": False},
            "was made from is gone: /Users/someone/tf/bin/python leads to /opt/python/bin/python3.11",
        ),
        ({"executable_exists": False}, {}, "has no interpreter"),
        ({}, {"home_exists": False}, "home = /opt/python/bin"),
        ({}, {"home": None, "home_exists": None}, "does not say which Python"),
        ({"version": "3.13.5"}, {}, "holds packages for Python 3.11, but its interpreter is now 3.13"),
    ],
)
def test_what_is_gone_is_named(found: dict[str, Any], environment_facts: dict[str, Any], says: str) -> None:
    result = judged(CHECK, environment(found, **environment_facts))
    assert result.status is Status.ERROR
    assert says in result.summary
    assert len(result.findings) == 1


def test_the_remedy_builds_beside_with_the_same_version() -> None:
    (finding,) = judged(CHECK, environment(home_exists=False)).findings
    assert finding.remedy is not None
    assert [step.argv for step in finding.remedy.steps if step.argv] == [
        ("uv", "python", "install", "cpython-3.11-macos-aarch64-none"),
        ("uv", "venv", "--python", "cpython-3.11-macos-aarch64-none", f"{VENV}-native"),
    ]


def test_a_python_outside_of_environments_is_not_concerned() -> None:
    plain = interpreter(unknown={"virtual_environment": not_applicable("this Python is in none")})
    assert judged(CHECK, facts(plain)).skip is SkipKind.NOT_APPLICABLE


def test_no_interpreter_facts_is_not_a_pass() -> None:
    assert judged(CHECK, Facts()).skip is SkipKind.UNKNOWN
