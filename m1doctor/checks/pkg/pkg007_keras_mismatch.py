"""PKG007 keras-mismatch: the installed Keras is of another line than this TensorFlow takes."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.checks.install_steps import install
from m1doctor.checks.keras_lines import KerasMismatch, keras_mismatches
from m1doctor.checks.tensorflow_packages import tensorflow_distribution
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level
from m1doctor.model.remedy import Remedy


def applies(facts: Facts) -> str | None:
    """Both must be installed: a Keras that is missing is a requirement that does not hold (PKG003)."""
    assert facts.packages is not None  # noqa: S101 - declared in `needs`
    if tensorflow_distribution(facts.packages) is None:
        return "TensorFlow is not installed"
    if facts.packages.find("keras") is None and facts.packages.find("tf-keras") is None:
        return "Keras is not installed"
    return None


def judge(facts: Facts) -> Iterator[Finding]:
    """Report a `keras` of the wrong line, and a `tf_keras` of another minor than TensorFlow."""
    assert facts.packages is not None  # noqa: S101 - declared in `needs`
    for mismatch in keras_mismatches(facts.packages):
        yield _finding(facts, mismatch)


def _finding(facts: Facts, mismatch: KerasMismatch) -> Finding:
    tensorflow, keras, wanted, line = mismatch
    shown = wanted.replace(".0.dev0", "").replace(".dev0", "")
    why = (
        f"{line.source.title}{f' ({line.source.url})' if line.source.url else ''}"
        if line is not None
        else "tf_keras is released with each minor of TensorFlow and works with that one"
    )
    return Finding(
        level=Level.ERROR,
        message=f"{tensorflow.name} {tensorflow.version} takes {keras.name}{shown}, "
        f"but {keras.name} {keras.version} is installed.",
        expected=f"{keras.name}{shown}",
        evidence=(
            f"{tensorflow.metadata_path}: Version: {tensorflow.version}",
            f"{keras.metadata_path}: Version: {keras.version}",
            why,
        ),
        remedy=Remedy(
            summary=f"Install {keras.name}{shown}.",
            steps=(install(facts, "Install the Keras that goes with this TensorFlow.", f"{keras.name}{shown}"),),
        ),
    )


CHECK = Check(
    id="PKG007",
    slug="keras-mismatch",
    level=Level.ERROR,
    stage=Stage.PACKAGES,
    needs=("packages",),
    after=("PKG005",),
    applies=applies,
    judge=judge,
    passes="Keras is of the line that this TensorFlow takes.",
    page=Page(
        what=(
            "The installed Keras is not the one that this TensorFlow takes. "
            "TensorFlow 2.6 to 2.15 each take the Keras 2 of their own minor version; from 2.16 on TensorFlow takes "
            "Keras 3. Keras 2 lives on as `tf_keras`, released with each minor of TensorFlow. The installed Keras, or "
            "tf_keras, is of another line."
        ),
        why=(
            "`tf.keras` is that package: with the wrong line it fails to import, or models load with missing layers, "
            "changed defaults and optimizers of another interface."
        ),
        see="Run `pip list | grep -i -E 'keras|tensorflow '` and compare the versions.",
        fix=(
            "Install the Keras of TensorFlow's line. Code that was written for Keras 2 runs on TensorFlow 2.16 and "
            "later with `tf_keras` of the same minor and TF_USE_LEGACY_KERAS=1."
        ),
        sources=(
            Source("Keras: getting started, TensorFlow and Keras 2", "https://keras.io/getting_started/", "2026-11-23"),
            Source("tensorflow#62825", "https://github.com/tensorflow/tensorflow/issues/62825", "2024-01-20"),
        ),
    ),
)
