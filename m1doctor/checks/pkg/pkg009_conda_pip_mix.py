"""PKG009 conda-pip-mix: TensorFlow's own dependencies come from two installers."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.checks.tensorflow_packages import needed_for_tensorflow, tensorflow_distribution
from m1doctor.knowledge.known_faults import known_faults
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level
from m1doctor.model.names import normalized
from m1doctor.model.packages import CondaPackage, Packages
from m1doctor.model.remedy import Remedy, manual


def applies(facts: Facts) -> str | None:
    """Only where both installers have been at work can there be a mix."""
    assert facts.packages is not None  # noqa: S101 - declared in `needs`
    if not facts.packages.conda_packages:
        return "the target is not a conda environment"
    return None if tensorflow_distribution(facts.packages) else "TensorFlow is not installed"


def judge(facts: Facts) -> Iterator[Finding]:
    """Report dependencies that pip has laid over conda's, and native ones of conda under pip's TensorFlow."""
    packages = facts.packages
    assert packages is not None  # noqa: S101 - declared in `needs`
    needed = needed_for_tensorflow(packages)
    conda = {normalized(each.name): each for each in packages.conda_packages if normalized(each.name) in needed}
    overlaid = _overlaid(packages, conda)
    mixed = [] if overlaid else _mixed(packages, conda)
    if not overlaid and not mixed:
        return
    lines = overlaid or mixed
    yield Finding(
        level=Level.WARNING,
        message=(
            f"conda and pip disagree on what is installed: {lines[0]}."
            if overlaid
            else f"TensorFlow comes from pip, but native packages that it needs come from conda: {', '.join(mixed)}."
        ),
        expected="TensorFlow and all that it requires from one installer",
        evidence=tuple(lines),
        remedy=Remedy(
            summary="Make a conda environment with Python and pip only, and install TensorFlow with pip there.",
            steps=(
                manual("Make a new conda environment: conda create -n tensorflow python=3.11 pip."),
                manual("Activate it and install with pip alone: python -m pip install tensorflow tensorflow-metal."),
            ),
        ),
    )


def _overlaid(packages: Packages, conda: dict[str, CondaPackage]) -> list[str]:
    """Names that conda records in another version than the files that are there."""
    lines = []
    for name, package in sorted(conda.items()):
        there = packages.find(name)
        if there is not None and there.installer != "conda" and there.version != package.version:
            installer = there.installer or "another installer"
            lines.append(f"{name} is {package.version} for conda, and {there.version} by {installer} in the files")
    return lines


def _mixed(packages: Packages, conda: dict[str, CondaPackage]) -> list[str]:
    """Native packages that conda provides to a TensorFlow that pip installed, unless Apple's channel meant it so."""
    faults = known_faults()
    tensorflow = tensorflow_distribution(packages)
    if tensorflow is None or tensorflow.installer in (None, "conda"):
        return []
    if any(each.name == faults.apple_conda_dependencies for each in packages.conda_packages):
        return []
    mixed = []
    for name in faults.native_dependencies:
        there = packages.find(name)
        if name in conda and there is not None and there.installer == "conda":
            mixed.append(f"{name} {there.version}")
    return mixed


CHECK = Check(
    id="PKG009",
    slug="conda-pip-mix",
    level=Level.WARNING,
    stage=Stage.PACKAGES,
    needs=("packages",),
    applies=applies,
    judge=judge,
    passes="TensorFlow and its dependencies come from one installer.",
    page=Page(
        what=(
            "In this conda environment pip installed TensorFlow while conda installed native packages that it needs "
            "(NumPy, h5py, protobuf, gRPC), or pip has replaced files of packages that conda still records in "
            "another version. Python itself, pip and pure Python packages from conda are no mix, and neither is "
            "Apple's own `tensorflow-deps`, which was made for it."
        ),
        why=(
            "Neither installer sees the other's requirements. The next `conda update` or `pip install` breaks what "
            "the other one laid down, and libraries built against different compilers' runtimes meet in one process."
        ),
        see="Run `conda list`: the channel column says `pypi` for what pip installed, another channel for the rest.",
        fix="Make a conda environment with Python and pip only, and install TensorFlow and its dependencies with pip.",
        sources=(
            Source(
                "conda: Using pip in a conda environment",
                "https://docs.conda.io/projects/conda/en/latest/user-guide/tasks/manage-environments.html",
            ),
            Source("Apple: Get started with tensorflow-metal", "https://developer.apple.com/metal/tensorflow-plugin/"),
        ),
    ),
)
