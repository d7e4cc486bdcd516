"""LOCK001 drift."""

from __future__ import annotations

from dataclasses import replace

import pytest

from environments.verdicts import result_of
from locked import MAC, facts, installed, lock, pin
from m1doctor.checks.lock.lock001_drift import CHECK
from m1doctor.model.facts import Facts
from m1doctor.model.given_lock import Manager
from m1doctor.model.packages import CondaPackage, DirectOrigin
from m1doctor.model.report import SkipKind, Status


def told(found: Facts) -> list[str]:
    return [line for finding in result_of(CHECK, found).findings for line in finding.evidence]


def test_what_is_as_locked_passes() -> None:
    result = result_of(CHECK, facts(lock(pin("numpy", "2.1.3")), installed("numpy", "2.1.3")))
    assert result.status is Status.PASS
    assert result.summary == "The package that the lock pins is installed as it says, and no others."


def test_missing_different_and_extra_are_told_apart() -> None:
    result = result_of(
        CHECK,
        facts(
            lock(pin("numpy", "2.1.3"), pin("keras", "3.5"), pin("wrapt", "2.5")),
            installed("numpy", "2.0.2"),
            installed("keras", "3.5.0"),
            installed("torch", "2.4"),
        ),
    )
    assert [finding.message for finding in result.findings] == [
        "wrapt is locked and not installed.",
        "numpy is installed otherwise than the lock says.",
        "torch is installed and not in the lock.",
    ]
    assert [line for finding in result.findings for line in finding.evidence] == [
        "missing: wrapt 2.5",
        "different: numpy 2.0.2, locked 2.1.3",
        "extra: torch 2.4",
    ]
    assert result.status is Status.ERROR


def test_another_build_of_the_same_version_is_drift() -> None:
    pinned = lock(pin("numpy", "2.1.3", tags=("cp312-cp312-macosx_11_0_arm64",)))
    assert told(facts(pinned, installed("numpy", "2.1.3", "cp312-cp312-macosx_14_0_arm64"))) == [
        "different: numpy 2.1.3 as cp312-cp312-macosx_14_0_arm64, locked as cp312-cp312-macosx_11_0_arm64"
    ]
    assert told(facts(pinned, installed("numpy", "2.1.3", "cp312-cp312-macosx_11_0_arm64"))) == []
    assert told(facts(pinned, installed("numpy", "2.1.3"))) == []


def test_a_pin_whose_marker_does_not_hold_here_does_not_count() -> None:
    pinned = lock(
        pin("numpy", "1.26.4", marker="python_version < '3.12'"),
        pin("numpy", "2.1.3", marker="python_version >= '3.12'"),
        pin("pywin32", "3", marker="sys_platform == 'win32'"),
        pin("odd", "1", marker="nonsense =="),
    )
    assert told(facts(pinned, installed("numpy", "2.1.3"))) == ["missing: odd 1"]


@pytest.mark.parametrize(("version", "seeds"), [("3.11.4", True), ("3.12.1", False)])
def test_what_environments_are_made_with_is_not_extra(version: str, seeds: bool) -> None:  # noqa: FBT001 - a case
    here = replace(MAC, version=version)
    found = facts(
        lock(pin("numpy", "2.1.3")),
        installed("numpy", "2.1.3"),
        installed("pip", "24"),
        installed("setuptools", "70"),
        here=here,
    )
    pinned = replace(found, given_lock=lock(pin("numpy", "2.1.3"), python=None))
    assert told(pinned) == ([] if seeds else ["extra: setuptools 70"])


def test_a_project_that_is_worked_on_is_not_extra() -> None:
    mine = installed("mine", "0.1", direct_origin=DirectOrigin.EDITABLE)
    assert told(facts(lock(pin("numpy", "2.1.3")), installed("numpy", "2.1.3"), mine)) == []


def test_packages_of_conda_are_compared_with_their_builds() -> None:
    pinned = lock(
        pin("python", "3.12.4", manager=Manager.CONDA, build="h1_0"),
        pin("bzip2", "1.0", manager=Manager.CONDA, build="h2_0"),
        pin("zlib", "1.3", manager=Manager.CONDA),
    )

    def conda(name: str, version: str, build: str) -> CondaPackage:
        return CondaPackage(name=name, version=version, build=build, channel=None, subdir="osx-arm64")

    found = facts(
        pinned,
        installed("numpy", "2.1.3", installer="conda"),
        conda_packages=(conda("python", "3.12.4", "h9_9"), conda("zlib", "1.3", "x"), conda("xz", "5", "y")),
    )
    assert told(found) == [
        "missing: bzip2 1.0 h2_0",
        "different: python 3.12.4 h9_9, locked 3.12.4 h1_0",
        "extra: xz 5 y",
    ]


def test_without_a_lock_it_is_not_asked_and_with_unknown_packages_not_a_pass() -> None:
    assert result_of(CHECK, facts(None)).skip is SkipKind.NOT_ASKED
    assert result_of(CHECK, Facts(given_lock=lock())).skip is SkipKind.UNKNOWN


def test_a_package_that_is_only_named_has_to_be_there_and_in_its_range() -> None:
    given = lock(pin("numpy", None, spec=">=2"), pin("wrapt", None, spec=""), pin("six", None, spec="1.2|1.3"))
    assert told(facts(given, installed("numpy", "1.26.4"), installed("six", "1.17.0"))) == [
        "missing: wrapt",
        "different: numpy 1.26.4, locked >=2",
    ]


def test_condas_single_equals_sign_pins_the_beginning_of_a_version() -> None:
    for version, lines in (("3.12", []), ("3.1", ["different: python 3.12.4 h1, locked 3.1"])):
        given = lock(pin("python", version, fuzzy=True, manager=Manager.CONDA))
        there = CondaPackage(name="python", version="3.12.4", build="h1", channel=None, subdir=None)
        assert told(facts(given, conda_packages=(there,))) == lines


def test_an_environment_that_conda_did_not_make_is_compared_by_versions() -> None:
    pins = (
        pin("python", "3.12", fuzzy=True, manager=Manager.CONDA),
        pin("numpy", "2.1.3", build="py312_0", manager=Manager.CONDA),
        pin("pip", None, spec="", manager=Manager.CONDA),
    )
    given = lock(*pins, whole=(), python=None)
    assert told(facts(given, installed("numpy", "2.1.3"))) == []
    assert told(facts(given, installed("numpy", "2.1.2"))) == ["different: numpy 2.1.2, locked 2.1.3 py312_0"]
    other = replace(MAC, version="3.11.7")
    assert told(facts(given, installed("numpy", "2.1.3"), here=other)) == ["different: python 3.11.7, locked 3.12"]


def test_what_a_file_does_not_claim_to_name_is_not_called_extra() -> None:
    zlib = CondaPackage(name="zlib", version="1", build="h0", channel=None, subdir=None)
    python = CondaPackage(name="python", version="3.12.4", build="h1", channel=None, subdir=None)
    pins = (pin("python", "3.12", fuzzy=True, manager=Manager.CONDA), pin("six", "1"))
    there = (installed("six", "1"), installed("wrapt", "2"))
    assert told(facts(lock(*pins, whole=()), *there, conda_packages=(python, zlib))) == []
    assert told(facts(lock(*pins, whole=(Manager.PIP,)), *there, conda_packages=(python, zlib))) == ["extra: wrapt 2"]
    assert told(facts(lock(*pins), *there, conda_packages=(python, zlib))) == ["extra: wrapt 2", "extra: zlib 1 h0"]


def test_a_release_that_conda_brought_before_pip_is_there() -> None:
    given = lock(pin("numpy", "2.1.3"))
    assert told(facts(given, installed("numpy", "2.1.3", installer="conda"))) == []
