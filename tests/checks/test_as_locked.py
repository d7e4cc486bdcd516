"""The sentence of a comparison that found nothing."""

from __future__ import annotations

from typing import Any

import pytest

from environments.verdicts import family
from locked import facts, installed, lock, pin
from m1doctor.checks.as_locked import as_locked
from m1doctor.model.facts import Facts
from m1doctor.model.given_lock import LockedPackage, Manager
from m1doctor.model.packages import CondaPackage

SIX = installed("six", "1.17.0", recorded_files=9)
PYTHON = CondaPackage(name="python", version="3.12.4", build="h1", channel=None, subdir="osx-arm64")
DEEP: dict[str, Any] = {"hashes_checked": True, "compared_counts": {"six 1.17.0": 1007, "other 1": 5}}
BY_CONDA: dict[str, Any] = {"conda_packages": (PYTHON,), "conda_compared_counts": {"python 3.12.4": 1, "zlib 1": 3}}


def told(given: Facts, prefix: str = "LOCK") -> str | None:
    return as_locked(given, tuple(family(given, prefix).values()))


@pytest.mark.parametrize(
    ("pins", "more", "sentence"),
    [
        ((pin("six", "1.17.0"),), DEEP, "exactly as locked: 1 package, 1,007 files checked against RECORD."),
        ((pin("six", "1.17.0"),), {}, "exactly as locked: 1 package, 9 files compared with RECORD by size alone."),
        (
            (pin("six", "1.17.0"), pin("python", "3.12", fuzzy=True, manager=Manager.CONDA)),
            {**DEEP, **BY_CONDA},
            "exactly as locked: 2 packages, 1,007 files checked against RECORD and 1 file checked against conda-meta.",
        ),
        (
            (pin("six", "1.17.0"), pin("wrapt", None, spec="", marker="python_version < '3'")),
            DEEP,
            "exactly as locked: 1 package, 1,007 files checked against RECORD.",
        ),
    ],
)
def test_it_says_how_much_was_compared(pins: tuple[LockedPackage, ...], more: dict[str, Any], sentence: str) -> None:
    assert told(facts(lock(*pins), SIX, **more)) == f"The environment is {sentence}"


def test_what_is_not_pinned_is_never_called_as_locked() -> None:
    both = lock(pin("six", "1.17.0"), pin("wrapt", None, spec=">=1"))
    assert told(facts(both, SIX, installed("wrapt", "1.2"), **DEEP)) == (
        "The environment is as locked as far as the lock pins it: 1 package, 1,007 files checked against RECORD, "
        "but 1 entry names no exact version."
    )
    nothing = lock(pin("six", None, spec=""), unnamed=("-e .",))
    assert told(facts(nothing, SIX, **DEEP)) == (
        "The lock pins nothing: what it names is there, 1,007 files checked against RECORD, "
        "but 2 entries name no exact version."
    )


def test_it_says_nothing_where_drift_was_found_or_other_checks_were_chosen() -> None:
    assert told(facts(lock(pin("six", "1.16.0")), SIX, **DEEP)) is None
    assert told(facts(lock(pin("six", "1.17.0")), SIX, **DEEP), prefix="") is None
    assert told(facts(lock(pin("six", "1.17.0")), SIX, **DEEP), prefix="LOCK00") is not None
    assert told(facts(None, SIX)) is None


def test_a_lock_of_conda_alone_claims_nothing_of_what_pip_installed() -> None:
    python = pin("python", "3.12.4", build="h1", manager=Manager.CONDA)
    alone = told(facts(lock(python), installed("pip", "24"), **DEEP, **BY_CONDA))
    assert alone == "The environment is exactly as locked: 1 package, 1 file checked against conda-meta."
    assert told(facts(lock(python), SIX, **DEEP, **BY_CONDA)) == (
        "What conda installs is exactly as locked: 1 package, 1 file checked against conda-meta. "
        "Of pip's packages the lock says nothing."
    )
