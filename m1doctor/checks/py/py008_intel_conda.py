"""PY008 intel-conda: a conda environment for Intel on Apple silicon."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.checks.interpreter_words import chip, kernel_lines
from m1doctor.checks.rebuild import native_environment
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level
from m1doctor.model.remedy import Remedy, manual

_INTEL = "osx-64"
_NATIVE = "osx-arm64"


def applies(facts: Facts) -> str | None:
    """On Apple silicon."""
    assert facts.host is not None  # noqa: S101 - declared in `needs`
    return None if facts.host.apple_silicon else "the hardware is not Apple silicon"


def judge(facts: Facts) -> Iterator[Finding]:
    """Report a conda environment whose packages are for Intel."""
    assert facts.interpreter is not None  # noqa: S101 - declared in `needs`
    conda = facts.interpreter.conda
    assert conda is not None  # noqa: S101 - declared in `needs`
    if conda.subdir != _INTEL:
        return
    build = f"python {conda.python_version} {conda.python_build}" if conda.python_version else "its packages"
    remedy = native_environment(facts, "Build a native environment beside this one, with uv or with a native conda.")
    yield Finding(
        level=Level.ERROR,
        message=f"The conda environment {conda.prefix} is for Intel Macs ({_INTEL}), and this Mac has {chip(facts)}.",
        expected=f"conda packages of {_NATIVE}",
        evidence=(f"{conda.prefix}/conda-meta: {build}, subdir {conda.subdir}", *kernel_lines(facts)),
        remedy=Remedy(
            summary=remedy.summary,
            steps=(
                *remedy.steps,
                manual(
                    "Or, to stay with conda: install Miniforge from the file Miniforge3-MacOSX-arm64.sh (named so, "
                    "whatever the shell's architecture), and create the environment with it. In an existing native "
                    "conda remove a CONDA_SUBDIR variable or a subdir line in .condarc."
                ),
            ),
        ),
    )


CHECK = Check(
    id="PY008",
    slug="intel-conda",
    level=Level.ERROR,
    stage=Stage.INTERPRETER,
    needs=("interpreter.conda", "interpreter.conda.subdir", "host.apple_silicon"),
    applies=applies,
    judge=judge,
    passes="The conda environment is for the architecture of this Mac.",
    page=Page(
        what=(
            "The packages of this conda environment are of the platform osx-64: x86_64 code for Intel Macs. conda "
            "keeps an environment to one platform, so its Python and all its libraries run translated by Rosetta here."
        ),
        why=(
            "Apple's own packages exist for osx-arm64 only: `PackagesNotFoundError: tensorflow-deps`. pip in such an "
            "environment finds no tensorflow-macos and no tensorflow-metal, and an x86_64 TensorFlow dies with SIGILL "
            "because Rosetta does not offer AVX by default. These are one cause, not several."
        ),
        see=(
            "`conda info` prints `platform : osx-64`; the `subdir` in `conda-meta/python-*.json` of the environment is "
            "the truth about it."
        ),
        fix=(
            "Install a native conda (Miniforge for arm64) or uv, and create the environment anew; an osx-64 "
            "environment cannot be converted. Another TensorFlow version does not help."
        ),
        sources=(
            Source(
                "conda documentation: managing the platform of environments",
                "https://docs.conda.io/projects/conda/en/stable/user-guide/configuration/settings.html",
                "2026-11-23",
            ),
            Source("Miniforge", "https://github.com/conda-forge/miniforge", "2026-11-23"),
            Source(
                "tensorflow#53426: comments on Anaconda under Rosetta",
                "https://github.com/tensorflow/tensorflow/issues/53426",
                "2022-01-15",
            ),
        ),
    ),
)
