"""PKG008 native-library-clash: a package is installed that is known to abort or hang beside this TensorFlow."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.checks.install_steps import install, uninstall
from m1doctor.checks.tensorflow_packages import tensorflow_distribution
from m1doctor.knowledge.known_faults import Clash, in_range, known_faults
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level
from m1doctor.model.packages import Distribution
from m1doctor.model.remedy import Remedy, manual


def applies(facts: Facts) -> str | None:
    """The known clashes come from how macOS binds symbols."""
    assert facts.interpreter is not None  # noqa: S101 - declared in `needs`
    assert facts.packages is not None  # noqa: S101 - declared in `needs`
    if facts.interpreter.system != "Darwin":
        return "the known clashes are those of macOS"
    return None if tensorflow_distribution(facts.packages) else "TensorFlow is not installed"


def judge(facts: Facts) -> Iterator[Finding]:
    """Report each known clash of what is installed."""
    packages = facts.packages
    assert packages is not None  # noqa: S101 - declared in `needs`
    tensorflow = tensorflow_distribution(packages)
    assert tensorflow is not None  # noqa: S101 - `applies` has looked
    for clash in known_faults().clashes:
        other = packages.find(clash.package)
        if other is None or not in_range(tensorflow.version, clash.tensorflow):
            continue
        if in_range(other.version, clash.versions):
            yield _finding(facts, tensorflow, other, clash)


def _finding(facts: Facts, tensorflow: Distribution, other: Distribution, clash: Clash) -> Finding:
    return Finding(
        level=Level.WARNING,
        message=f"{other.name} {other.version} is known to clash with TensorFlow {tensorflow.version} in one process "
        f"on macOS: {clash.symptom}.",
        expected=f"TensorFlow {clash.instead}, or no {clash.package} in the same process",
        evidence=(clash.why, *(f"{source.title} ({source.url}, {source.date})" for source in clash.sources)),
        remedy=Remedy(
            summary=clash.remedy,
            steps=(
                install(
                    facts, "Either go back to a TensorFlow without the clash,", f"{tensorflow.name}{clash.instead}"
                ),
                uninstall(facts, f"or remove {other.name} where nothing needs it,", other.name),
                manual(f"or keep {other.name} out of the processes that import TensorFlow."),
            ),
        ),
    )


CHECK = Check(
    id="PKG008",
    slug="native-library-clash",
    level=Level.WARNING,
    stage=Stage.PACKAGES,
    needs=("packages", "interpreter.system"),
    applies=applies,
    judge=judge,
    passes="No package is installed that is known to clash with this TensorFlow.",
    page=Page(
        what=(
            "Two packages each bring a copy of one C++ library (protobuf, Abseil) and export its symbols. macOS binds "
            "some of one copy's symbols to the other copy, so that code meets data of another layout. Reports name "
            "PyArrow beside TensorFlow 2.20 and later; 2.19 is free of it."
        ),
        why=(
            "The second import aborts the process (`mutex lock failed: Invalid argument`) or waits for ever "
            "(`RAW: Lock blocking`). pandas, datasets, ray and others import PyArrow without being asked. Changing the "
            "order of the imports only changes the symptom."
        ),
        see="Run `python -c 'import tensorflow, pyarrow'` in the environment.",
        fix="Use a TensorFlow without the clash, remove the other package, or keep the two in different processes.",
        sources=(
            Source("tensorflow#98563", "https://github.com/tensorflow/tensorflow/issues/98563", "2025-08-08"),
            Source("tensorflow#99464", "https://github.com/tensorflow/tensorflow/issues/99464", "2025-08-27"),
            Source("apache/arrow#40088", "https://github.com/apache/arrow/issues/40088", "2025-08-17"),
        ),
    ),
)
