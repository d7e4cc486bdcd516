"""PKG003 dependency-conflict: installed versions break requirements that the installed packages declare."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.checks.empty_release import empty_release
from m1doctor.checks.install_steps import install
from m1doctor.checks.keras_lines import keras_mismatches
from m1doctor.checks.numpy_refused import refusing_numpy
from m1doctor.checks.tensorflow_packages import needed_for_tensorflow, overlapping_tensorflows
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level
from m1doctor.model.packages import Packages
from m1doctor.model.remedy import Remedy, Step, manual

if TYPE_CHECKING:
    from m1doctor.checks.requirements import Conflict, Judgement


def _judged(facts: Facts) -> Judgement:
    # `packaging` takes 40 ms to import: only where requirements are really judged.
    from m1doctor.checks.requirements import judge_requirements  # noqa: PLC0415 - as above

    assert facts.packages is not None  # noqa: S101 - declared in `needs`
    assert facts.interpreter is not None  # noqa: S101 - declared in `needs`
    return judge_requirements(facts.packages, facts.interpreter.marker_environment)


def judge(facts: Facts) -> Iterator[Finding]:
    """Report each requirement that does not hold: an error where TensorFlow stands on it, else a warning.

    What another check tells with its reason is left to that.
    """
    assert facts.packages is not None  # noqa: S101 - declared in `needs`
    needed = needed_for_tensorflow(facts.packages)
    for conflict in _judged(facts).conflicts:
        owner = conflict.required_by
        if _told_by(facts.packages, conflict) is not None:
            continue
        if _holds_the_code(facts, conflict):
            yield _empty(facts, conflict)
            continue
        yield Finding(
            level=Level.ERROR if owner.normalized_name in needed else Level.WARNING,
            message=f"{owner.name} {owner.version} requires {conflict.requirement}, which is not installed."
            if conflict.installed is None
            else f"{owner.name} {owner.version} requires {conflict.requirement}, but "
            f"{conflict.installed.name} {conflict.installed.version} is installed.",
            expected=conflict.requirement,
            evidence=(
                f"{owner.metadata_path}: Requires-Dist: {conflict.requirement}",
                "nothing of that name is installed"
                if conflict.installed is None
                else f"{conflict.installed.metadata_path}: Version: {conflict.installed.version}",
            ),
            isolated=True,  # whether an import fails for it is not known; only an empty release proves that
            remedy=Remedy(
                summary=f"Install {conflict.requirement}.",
                steps=(_from_outside(facts, conflict) or _step(facts, conflict),),
            ),
        )


def _from_outside(facts: Facts, conflict: Conflict) -> Step | None:
    """What to do where the wrong version is found in front of the environment, which installing does not change."""
    for leak in (facts.interpreter.leaks or ()) if facts.interpreter else ():
        if conflict.installed is not None and leak.folder == conflict.installed.folder:
            return manual(
                f"Take {leak.folder} out of the search path: {leak.source} puts it in front of the environment, "
                "so that what is installed there comes second (PY006)."
            )
    return None


def _told_by(packages: Packages, conflict: Conflict) -> str | None:
    """The check that tells this conflict with its reason; `None` where there is none."""
    owner = f"{conflict.required_by.name} {conflict.required_by.version}"
    if owner in overlapping_tensorflows(packages):
        return "PKG005"
    if conflict.name == "numpy" and conflict.installed is not None and owner in refusing_numpy(packages):
        return "PKG006"
    for mismatch in keras_mismatches(packages):
        if mismatch.tensorflow is conflict.required_by and mismatch.keras is conflict.installed:
            return "PKG007"
    return None


def passes(facts: Facts) -> str:
    """Say that all hold, and which are left to other checks."""
    assert facts.packages is not None  # noqa: S101 - declared in `needs`
    packages = facts.packages
    holds = "Every declared requirement that can be judged here holds"
    if not (overlapping_tensorflows(packages) or refusing_numpy(packages) or keras_mismatches(packages)):
        return f"{holds}."  # the usual end, without judging all of them a second time
    told = {_told_by(packages, conflict) for conflict in _judged(facts).conflicts}
    others = ", ".join(sorted(name for name in told if name))
    return f"{holds}, apart from what is left to {others}." if others else f"{holds}."


def _holds_the_code(facts: Facts, conflict: Conflict) -> bool:
    """Whether an empty release of TensorFlow asks for the missing one that holds its code."""
    shim = empty_release(facts, conflict.required_by)
    return shim is not None and shim.requires_it and conflict.installed is None and conflict.name == shim.provided_by


def _empty(facts: Facts, conflict: Conflict) -> Finding:
    owner = conflict.required_by
    return Finding(
        level=Level.ERROR,
        message=f"{owner.name} {owner.version} is an empty package on Apple silicon: its code is in "
        f"{conflict.requirement}, which it requires and which is not installed.",
        expected=conflict.requirement,
        evidence=(
            f"{owner.metadata_path}: Requires-Dist: {conflict.requirement}",
            "nothing of that name is installed",
        ),
        remedy=Remedy(
            summary=f"Install {conflict.requirement}, which holds the code.",
            steps=(install(facts, "Install the distribution that holds the code.", conflict.requirement),),
        ),
    )


def _step(facts: Facts, conflict: Conflict) -> Step:
    if " @ " in conflict.requirement:
        return manual(f"Install {conflict.requirement}: an address of its own is not pasted from here.")
    return install(facts, "Install the version that is required.", conflict.requirement)


CHECK = Check(
    id="PKG003",
    slug="dependency-conflict",
    level=Level.ERROR,
    stage=Stage.PACKAGES,
    needs=("packages", "interpreter"),
    judge=judge,
    passes=passes,
    page=Page(
        what=(
            "An installed package requires another that is missing or does not fit. "
            "Every distribution states in its metadata which others it needs and in which versions. Each of these "
            "requirements was judged for this Python (its version, system and architecture), and at least one does "
            "not hold. It is an error where TensorFlow, its plugin or one of their own dependencies asks, and a "
            "warning elsewhere."
        ),
        why=(
            "pip checks requirements only while it installs, and lets a later install break an earlier one. The "
            "usual results are an ImportError, an AttributeError from a module that has moved on, or a wrong number "
            "without any error."
        ),
        see="Run `python -m pip check` (or `uv pip check`) in the environment.",
        fix=(
            "Install what is required, naming TensorFlow in the same command so that the resolver sees both: "
            "`python -m pip install 'tensorflow==…' 'package…'`. A new environment from a lock file is surer."
        ),
        sources=(
            Source(
                "Dependency specifiers", "https://packaging.python.org/en/latest/specifications/dependency-specifiers/"
            ),
            Source("pip check", "https://pip.pypa.io/en/stable/cli/pip_check/"),
        ),
    ),
)
