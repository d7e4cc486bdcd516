"""LOCK008 lock-not-exact."""

from __future__ import annotations

from environments.verdicts import result_of
from locked import facts, installed, lock, pin
from m1doctor.checks.lock.lock008_lock_not_exact import CHECK
from m1doctor.model.given_lock import Manager
from m1doctor.model.packages import CondaPackage
from m1doctor.model.report import SkipKind, Status


def test_what_the_lock_leaves_open_is_a_note_that_names_it_and_what_is_there() -> None:
    given = lock(
        pin("numpy", None, spec=">=1.26"),
        pin("zlib", None, spec="", manager=Manager.CONDA),
        pin("mine", None),
        pin("keras", "3.5"),
        unnamed=("-e .",),
    )
    there = CondaPackage(name="zlib", version="1.2.13", build="h_0", channel=None, subdir=None)
    result = result_of(CHECK, facts(given, installed("numpy", "1.26.4"), conda_packages=(there,)))
    assert result.status is Status.NOTE
    (finding,) = result.findings
    assert finding.message.startswith("The lock names no exact version of -e ., mine, numpy and 1 other, so ")
    assert finding.evidence == (
        "not pinned: -e .",
        "not pinned: mine by its address",
        "not pinned: numpy >=1.26, installed: 1.26.4",
        "not pinned: zlib, installed: 1.2.13",
    )


def test_exact_pins_pass_and_installers_need_none() -> None:
    given = lock(pin("numpy", "2.1.3"), pin("pip", None, spec="", manager=Manager.CONDA))
    result = result_of(CHECK, facts(given))
    assert (result.status, result.summary) == (Status.PASS, "The lock names one version of its one package.")


def test_without_a_lock_it_is_not_asked() -> None:
    assert result_of(CHECK, facts(None)).skip is SkipKind.NOT_ASKED
