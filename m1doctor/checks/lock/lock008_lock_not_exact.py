"""LOCK008 lock-not-exact: the lock names packages without one version."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Check, Page, Stage
from m1doctor.checks.pinned import exactly_pinned, given, listed, not_exact
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level, Location
from m1doctor.model.given_lock import LockedPackage, Manager
from m1doctor.model.remedy import Remedy, manual


def judge(facts: Facts) -> Iterator[Finding]:
    """Report everything that the lock leaves open, in one finding."""
    lock = given(facts)
    loose = not_exact(facts)
    lines = [*(_line(facts, package) for package in loose.values()), *lock.unnamed]
    if lines:
        yield Finding(
            level=Level.NOTE,
            message=f"The lock names no exact version of {listed([*loose, *lock.unnamed])}, so nothing proves what is "
            "installed to be what was tested.",
            expected="one version of every package",
            evidence=tuple(f"not pinned: {line}" for line in sorted(lines)),
            location=Location(path=lock.path),
            isolated=True,
            remedy=Remedy(
                summary="Pin what works now.",
                steps=(manual("Write a lock of the environment as it is with m1doctor lock --from-env."),),
            ),
        )


def _line(facts: Facts, package: LockedPackage) -> str:
    asked = f"{package.name} {package.spec}" if package.spec is not None else f"{package.name} by its address"
    version = _installed(facts, package)
    return f"{asked.strip()}, installed: {version}" if version else asked.strip()


def _installed(facts: Facts, package: LockedPackage) -> str | None:
    if facts.packages is None:
        return None
    if package.manager is Manager.CONDA:
        found = next((each.version for each in facts.packages.conda_packages if each.name == package.name), None)
        if found is not None:
            return found
    there = facts.packages.find(package.name)
    return there.version if there is not None else None


def passes(facts: Facts) -> str:
    """Say how many are exact."""
    count = len(exactly_pinned(facts))
    return f"The lock names one version of {'its one package' if count == 1 else f'each of its {count} packages'}."


CHECK = Check(
    id="LOCK008",
    slug="lock-not-exact",
    level=Level.NOTE,
    stage=Stage.PACKAGES,
    needs=("given_lock",),
    judge=judge,
    passes=passes,
    page=Page(
        what=(
            "The lock names packages without one exact version: alone, with a range, by an address, or as a folder. An "
            "`environment.yml` written by hand is mostly of this kind. conda's `python=3.12` counts as a pin, and "
            "`pip` and `uv` may stand without one."
        ),
        why=(
            "Whatever version is there agrees with such an entry, so that nothing proves the environment to be the one "
            "that worked; and whoever installs from the file next year gets others."
        ),
        see="Read the entries in the file: `numpy`, `numpy>=1.26`, `-e .`.",
        fix="Pin what works now with `m1doctor lock --from-env`, or write `name=version` in the file.",
    ),
)
