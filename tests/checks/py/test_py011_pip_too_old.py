"""PY011: a pip from before Apple silicon."""

from __future__ import annotations

import pytest

from interpreters import PYTHON, facts, interpreter
from judged import judged
from m1doctor.checks.py.py011_pip_too_old import CHECK
from m1doctor.model.facts import Facts
from m1doctor.model.report import SkipKind, Status


@pytest.mark.parametrize("version", ["19.2.3", "20.0.2", "20.2.4"])
def test_a_pip_before_macos_11_is_a_warning(version: str) -> None:
    result = judged(CHECK, facts(None, f"pip {version}"))
    assert result.status is Status.WARNING
    assert result.summary.startswith(f"pip {version} does not know")
    remedy = result.findings[0].remedy
    assert remedy is not None
    assert remedy.steps[0].argv == (PYTHON, "-m", "pip", "install", "pip>=20.3")


@pytest.mark.parametrize("version", ["20.3", "20.3.4", "21.0", "26.0"])
def test_a_newer_pip_passes(version: str) -> None:
    assert judged(CHECK, facts(None, f"pip {version}")).status is Status.PASS


def test_other_targets_and_environments_without_pip_are_not_concerned() -> None:
    assert judged(CHECK, facts(interpreter(machine="x86_64"), "pip 19.0")).skip is SkipKind.NOT_APPLICABLE
    assert judged(CHECK, facts()).skip is SkipKind.NOT_APPLICABLE


def test_unknown_packages_are_not_a_pass() -> None:
    assert judged(CHECK, Facts(interpreter=interpreter())).skip is SkipKind.UNKNOWN
