from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import m1doctor as package

Command = Callable[..., Any]


def test_the_version_is_told(m1doctor: Command) -> None:
    assert m1doctor("--version").out == f"m1doctor {package.__version__}\n"


@pytest.mark.parametrize("arguments", [[], ["--help"], ["-h"]])
def test_help_lists_the_verbs_and_the_exit_statuses(m1doctor: Command, arguments: list[str]) -> None:
    answer = m1doctor(*arguments)
    assert answer.status == 0
    for word in ("diagnose", "checks", "explain", "schema", "130 interrupted"):
        assert word in answer.out
    assert "..." not in answer.out.partition("Commands:")[2], "what a verb does is told in a whole sentence"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nonsense"], "No such command 'nonsense'"),
        (["diagnose", "--nonsense"], "No such option: --nonsense"),
        (["lock", "--format", "yaml"], "(see m1doctor lock --help)"),
        (["diagnose", "extra"], "unexpected extra argument"),
        (["diagnose", "--format", "yaml"], "'yaml' is not one of 'text', 'json'"),
        (["diagnose", "--fail-on", "fatal"], "--fail-on"),
        (["diagnose", "--limit", "soon"], "--limit"),
        (["diagnose", "--limit", "0"], "--limit: a number of seconds above 0 is expected, not 0"),
        (["diagnose", "--limit", "nan"], "--limit: a number of seconds above 0"),
        (["diagnose", "--python"], "--python"),
        (["explain"], "CHECK"),
        (["explain", "MAC03"], "there is no check 'MAC03'; did you mean MAC003"),
        (["explain", "LNK"], "there is no check 'LNK'"),
        (["explain", "bad\x1b[2Jname"], r"there is no check 'bad\x1b[2Jname'"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_status_2(m1doctor: Command, arguments: list[str], told: str) -> None:
    answer = m1doctor(*arguments)
    assert answer.status == 2
    assert answer.out == ""
    assert told in answer.err
    assert answer.err.startswith("m1doctor: ")
    assert answer.err.count("\n") == 1
    assert "\x1b" not in answer.err


def _fall_over(arguments: object, **more: object) -> None:
    del arguments, more
    raise ZeroDivisionError("of our own")


def test_a_defect_of_our_own_is_3_and_says_how_to_report_it(m1doctor: Command) -> None:
    answer = m1doctor("diagnose", app=_fall_over)
    assert answer.status == 3
    assert answer.err.startswith("m1doctor: could not finish: ZeroDivisionError: of our own\n")
    assert "M1DOCTOR_TRACEBACK=1" in answer.err
    assert "Traceback" not in answer.err


def test_the_traceback_of_our_own_defect_is_there_for_who_asks(
    m1doctor: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Traceback" in m1doctor("diagnose", "--verbose", app=_fall_over).err
    monkeypatch.setenv("M1DOCTOR_TRACEBACK", "1")
    assert "Traceback" in m1doctor("diagnose", app=_fall_over).err


def _interrupt(arguments: object, **more: object) -> None:
    del arguments, more
    raise KeyboardInterrupt


def test_an_interrupt_is_130(m1doctor: Command) -> None:
    answer = m1doctor("diagnose", app=_interrupt)
    assert (answer.status, answer.out, answer.err) == (130, "", "m1doctor: interrupted\n")
