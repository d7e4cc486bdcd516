"""PKG003 dependency-conflict: installed versions break requirements that the installed packages declare."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.checks.install_steps import install
from m1doctor.checks.tensorflow_packages import needed_for_tensorflow
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level
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
    """Report each requirement that does not hold: an error where TensorFlow stands on it, else a warning."""
    assert facts.packages is not None  # noqa: S101 - declared in `needs`
    needed = needed_for_tensorflow(facts.packages)
    for conflict in _judged(facts).conflicts:
        owner = conflict.required_by
        seen = (
            "is not installed"
            if conflict.installed is None
            else f"is there as {conflict.installed.name} {conflict.installed.version}"
        )
        yield Finding(
            level=Level.ERROR if owner.normalized_name in needed else Level.WARNING,
            message=f"{owner.name} {owner.version} requires {conflict.requirement}, which {seen}."
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
            remedy=Remedy(
                summary=f"Install {conflict.requirement}.",
                steps=(_step(facts, conflict),),
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
    passes="Every declared requirement that can be judged here holds.",
    page=Page(
        what=(
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
