"""What a comparison with a lock has established, where nothing spoke against the environment."""

from __future__ import annotations

from collections.abc import Sequence

from m1doctor.checks.pinned import SEEDS, exactly_pinned, given, not_exact, pinned_here
from m1doctor.model.facts import Facts
from m1doctor.model.given_lock import LockedPackage, Manager
from m1doctor.model.packages import Packages
from m1doctor.model.report import Result, Status

_COMPARED = ("LOCK001", "LOCK006")
"""Packages and their files: without these two nobody has compared."""


def as_locked(facts: Facts, results: Sequence[Result]) -> str | None:
    """The sentence for an environment that is as locked; `None` where other checks were chosen, or not these."""
    passed = {result.id for result in results if result.status is Status.PASS}
    if not passed.issuperset(_COMPARED) or any(not result.id.startswith("LOCK") for result in results):
        return None
    assert facts.packages is not None  # noqa: S101 - LOCK001 needs it
    exact = exactly_pinned(facts)
    open_entries = len(not_exact(facts)) + len(given(facts).unnamed)
    checked = _checked(facts, facts.packages)
    packages = f"{len(exact)} package{'' if len(exact) == 1 else 's'}"
    if not open_entries and _beside(facts):
        return (
            f"What conda installs is exactly as locked: {packages}, {checked}. Of pip's packages the lock says nothing."
        )
    if not open_entries:
        return f"The environment is exactly as locked: {packages}, {checked}."
    left = f"{open_entries} {'entry names' if open_entries == 1 else 'entries name'} no exact version"
    if not exact:
        return f"The lock pins nothing: what it names is there, {checked}, but {left}."
    return f"The environment is as locked as far as the lock pins it: {packages}, {checked}, but {left}."


def _beside(facts: Facts) -> bool:
    """Whether pip has installed something here and the lock is of conda alone."""
    assert facts.packages is not None  # noqa: S101 - as above
    here = {each.normalized_name for each in facts.packages.distributions if each.installer != "conda"}
    return not any(package.manager is Manager.PIP for package in given(facts).packages) and bool(here.difference(SEEDS))


def _checked(facts: Facts, packages: Packages) -> str:
    """How many files of the locked packages were compared, and with what."""
    wheels = pinned_here(facts, Manager.PIP)
    labels = {f"{each.name} {each.version}" for each in packages.distributions if each.normalized_name in wheels}
    if not packages.hashes_checked:
        files = sum(each.recorded_files or 0 for each in packages.distributions if each.normalized_name in wheels)
        return f"{files:,} files compared with RECORD by size alone"
    conda = pinned_here(facts, Manager.CONDA)
    numbers = (
        ("RECORD", sum(packages.compared_counts.get(label, 0) for label in labels), bool(wheels)),
        ("conda-meta", _of_conda(packages, conda), bool(conda and packages.conda_packages)),
    )
    return (
        " and ".join(
            f"{count:,} file{'' if count == 1 else 's'} checked against {record}"
            for record, count, asked in numbers
            if asked
        )
        or "no files to check"
    )


def _of_conda(packages: Packages, conda: dict[str, LockedPackage]) -> int:
    return sum(count for label, count in packages.conda_compared_counts.items() if label.rpartition(" ")[0] in conda)
