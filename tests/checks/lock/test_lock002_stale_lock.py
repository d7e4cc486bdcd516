"""LOCK002 stale-lock."""

from __future__ import annotations

from environments.verdicts import result_of
from locked import facts, lock, pin
from m1doctor.checks.lock.lock002_stale_lock import CHECK
from m1doctor.model.given_lock import LockInput
from m1doctor.model.report import SkipKind, Status


def source(recorded: tuple[str, ...], current: tuple[str, ...] | None) -> LockInput:
    return LockInput(file="asked.in", recorded=recorded, current=current)


def test_changed_inputs_are_named() -> None:
    given = lock(pin("numpy", "1.0"), asked=("numpy",), inputs=(source(("numpy",), ("numpy<1", "keras")),))
    (finding,) = result_of(CHECK, facts(given)).findings
    assert finding.evidence == (
        "asked.in: new: numpy<1",
        "asked.in: new: keras",
        "asked.in: gone: numpy",
    )


def test_a_pin_that_was_edited_against_what_was_asked_is_named() -> None:
    given = lock(pin("numpy", "2.0"), asked=("numpy<2", "keras", "pywin32; sys_platform == 'win32'", "./mine"))
    (finding,) = result_of(CHECK, facts(given)).findings
    assert finding.evidence == ("numpy<2: pinned at 2.0", "keras: not pinned")


def test_a_lock_that_answers_its_inputs_passes() -> None:
    given = lock(pin("numpy", "1.26"), asked=("numpy<2",), inputs=(source(("numpy<2",), ("numpy<2",)),))
    assert result_of(CHECK, facts(given)).status is Status.PASS


def test_a_lock_that_does_not_say_what_it_answers_is_not_a_pass() -> None:
    assert result_of(CHECK, facts(lock(pin("numpy", "1.26")))).skip is SkipKind.UNKNOWN
