"""PKG006 numpy-abi-mismatch: extension modules were built for another NumPy than the installed one."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.checks.install_steps import install
from m1doctor.checks.numpy_refused import wanted_numpy
from m1doctor.checks.tensorflow_packages import needed_for_tensorflow
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level
from m1doctor.model.names import normalized
from m1doctor.model.remedy import Remedy


def applies(facts: Facts) -> str | None:
    """There is something to compare with only where NumPy is installed."""
    assert facts.packages is not None  # noqa: S101 - declared in `needs`
    return None if facts.packages.find("numpy") else "NumPy is not installed"


def judge(facts: Facts) -> Iterator[Finding]:
    """Report each distribution whose modules the installed NumPy refuses."""
    packages = facts.packages
    assert packages is not None  # noqa: S101 - declared in `needs`
    numpy = packages.find("numpy")
    assert numpy is not None  # noqa: S101 - `applies` has looked
    needed = needed_for_tensorflow(packages)
    for need in sorted(packages.numpy_needs, key=lambda need: "tensorflow" not in (need.distribution or "")):
        wanted = wanted_numpy(need, numpy.version)
        if wanted is None:
            continue
        owner = need.distribution or need.path
        name = normalized(owner.rpartition(" ")[0])
        built = f"was built for NumPy {need.built_for}" if need.built_for == "1" else f"needs NumPy {need.least}"
        yield Finding(
            level=Level.ERROR if name in needed else Level.WARNING,
            message=f"{owner} {built}, but NumPy {numpy.version} is installed: its extension modules refuse it.",
            expected=wanted,
            isolated=name not in needed,
            evidence=(f"{need.path}: {need.evidence}", f"{numpy.metadata_path}: Version: {numpy.version}"),
            remedy=Remedy(
                summary=f"Install {wanted}, or a release of the package that was built for NumPy {numpy.version}.",
                steps=(install(facts, "Install the NumPy that it was built for.", wanted),),
            ),
        )


def passes(facts: Facts) -> str:
    """Count what was looked at."""
    assert facts.packages is not None  # noqa: S101 - declared in `needs`
    numpy = facts.packages.find("numpy")
    count = len(facts.packages.numpy_needs)
    return f"The extension modules of {count} distributions take NumPy {numpy.version if numpy else ''}."


CHECK = Check(
    id="PKG006",
    slug="numpy-abi-mismatch",
    level=Level.ERROR,
    stage=Stage.PACKAGES,
    needs=("packages",),
    applies=applies,
    judge=judge,
    passes=passes,
    page=Page(
        what=(
            "A compiled module was built for another NumPy than the one that is installed. "
            "Compiled modules carry the start-up code of the NumPy headers they were built with. NumPy 1 headers make "
            "a module import `numpy.core._multiarray_umath` and nothing else; such a module refuses NumPy 2. NumPy 2 "
            "headers make one that runs with both and states the oldest NumPy it accepts. Both are read from the "
            "files here. One module a distribution is looked at (all with `--deep`), and of those only the ones "
            "under 8 MB in all; a distribution without a statement is not judged."
        ),
        why=(
            "`import tensorflow` ends in `_ARRAY_API not found`, `numpy.core.multiarray failed to import` or "
            "`numpy.dtype size changed`. TensorFlow up to 2.11 and tensorflow-macos 2.14.0 set no upper limit to "
            "NumPy, so pip installs NumPy 2 beside them without a word."
        ),
        see="Run `python -c 'import numpy, h5py'` and the like: the message names the NumPy that the module wants.",
        fix="Install the NumPy that TensorFlow was built for (`numpy<2` up to TensorFlow 2.17), or newer packages.",
        sources=(
            Source("NumPy 2.0 release notes", "https://numpy.org/doc/stable/release/2.0.0-notes.html", "2024-06-16"),
            Source(
                "NumPy: the import check in the generated header",
                "https://github.com/numpy/numpy/blob/main/numpy/_core/code_generators/generate_numpy_api.py",
            ),
            Source("measured on h5py 3.8 and 3.16, ml-dtypes 0.2 and 0.6, TensorFlow 2.11 and 2.18", date="2026-11-24"),
        ),
    ),
)
