"""PY009: the shell is translated."""

from __future__ import annotations

from dataclasses import replace

from interpreters import M1, facts, interpreter
from judged import judged
from m1doctor.checks.py.py009_translated_shell import CHECK
from m1doctor.model.facts import Facts
from m1doctor.model.report import SkipKind, Status
from m1doctor.model.unknown import not_applicable

TRANSLATED = replace(M1, parent_translated=True)


def test_a_translated_shell_is_a_warning() -> None:
    universal = interpreter(slices=("x86_64", "arm64"))
    result = judged(CHECK, facts(universal, host=TRANSLATED))
    assert result.status is Status.WARNING
    assert "universal programs that it starts run as x86_64" in result.summary
    assert "stays native" not in result.summary


def test_a_python_without_x86_64_code_is_said_to_stay_native() -> None:
    assert "stays native" in judged(CHECK, facts(host=TRANSLATED)).summary


def test_it_is_told_without_an_interpreter_too() -> None:
    assert judged(CHECK, Facts(host=TRANSLATED)).status is Status.WARNING


def test_a_native_shell_passes() -> None:
    assert judged(CHECK, facts()).status is Status.PASS


def test_an_unknown_shell_is_not_a_pass() -> None:
    assert judged(CHECK, Facts(host=replace(M1, parent_translated=None))).skip is SkipKind.UNKNOWN
    linux = replace(M1, parent_translated=None, unknown={"parent_translated": not_applicable("not macOS")})
    assert judged(CHECK, Facts(host=linux)).skip is SkipKind.NOT_APPLICABLE
