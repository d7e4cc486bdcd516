"""PKG013 archived-fork: the installed TensorFlow is Apple's alpha fork of 2.4."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.archived_fork import archived_fork
from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.checks.rebuild import native_environment
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level


def judge(facts: Facts) -> Iterator[Finding]:
    """Report the fork."""
    found = archived_fork(facts)
    if found is None:
        return
    distribution, fork = found
    yield Finding(
        level=Level.ERROR,
        message=f"{distribution.name} {distribution.version} is Apple's ML Compute fork of TensorFlow 2.4, archived in "
        "2021: it takes no Metal plugin, lists no GPU and gets no fixes.",
        expected="a released TensorFlow with a Metal plugin",
        evidence=(
            f"{distribution.name} {distribution.version} in {distribution.metadata_path}",
            f"{fork.source.title} ({fork.source.url})",
        ),
        remedy=native_environment(
            facts, "Build an environment with a released TensorFlow and its Metal plugin beside this one."
        ),
    )


CHECK = Check(
    id="PKG013",
    slug="archived-fork",
    level=Level.ERROR,
    stage=Stage.PACKAGES,
    needs=("packages",),
    judge=judge,
    passes="TensorFlow is not Apple's archived fork.",
    page=Page(
        what=(
            "From November 2020 to June 2021 Apple published alpha builds of a fork of TensorFlow 2.4 "
            "(`tensorflow_macos` 0.1a0 to 0.1a3, version 2.4.0rc0) that computed through ML Compute. The repository is "
            "archived; `tensorflow-metal` took its place."
        ),
        why=(
            "The fork lists no GPU (`list_physical_devices('GPU')` is empty by design), crashes with several gradient "
            "tapes, needs Python 3.8 and NumPy 1.19, and no setting mends that."
        ),
        see="Run `pip list | grep -i tensorflow`: a version 0.1a* or 2.4.0rc0.",
        fix="Make a new environment with a current native Python and install `tensorflow` and `tensorflow-metal`.",
        sources=(
            Source("apple/tensorflow_macos (archived)", "https://github.com/apple/tensorflow_macos"),
            Source("An empty GPU list is normal in the fork", "https://github.com/apple/tensorflow_macos/issues/70"),
            Source("Crashes with several gradient tapes", "https://github.com/apple/tensorflow_macos/issues/186"),
        ),
    ),
)
