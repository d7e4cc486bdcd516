"""PKG015 duplicate-openmp: two OpenMP runtimes would be loaded into one process with TensorFlow."""

from __future__ import annotations

import re
from collections.abc import Iterator

from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.checks.tensorflow_packages import needed_for_tensorflow
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level
from m1doctor.model.names import normalized
from m1doctor.model.packages import OpenMPUse, Packages
from m1doctor.model.remedy import Remedy, manual

_INTEL = re.compile(r"(^|/)libiomp5\b")
_LLVM = re.compile(r"(^|/)libomp\b")


def judge(facts: Facts) -> Iterator[Finding]:
    """Report runtimes that TensorFlow's own dependencies bring in twice, and Intel's beside LLVM's."""
    packages = facts.packages
    assert packages is not None  # noqa: S101 - declared in `needs`
    with_tensorflow = _used_with_tensorflow(packages)
    runtimes = sorted({use.runtime for use in with_tensorflow})
    if len(runtimes) > 1:
        yield _finding("TensorFlow's own dependencies load", runtimes, with_tensorflow)
        return
    intel = sorted(path for path in packages.openmp_runtimes if _INTEL.search(path))
    llvm = sorted(path for path in packages.openmp_runtimes if _LLVM.search(path))
    if intel and llvm:
        yield _finding("Intel's and LLVM's OpenMP runtimes are both here:", [*intel, *llvm], packages.openmp_uses)


def _used_with_tensorflow(packages: Packages) -> tuple[OpenMPUse, ...]:
    """What TensorFlow and the packages that it requires ask for: these share a process with it, always."""
    needed = needed_for_tensorflow(packages)
    return tuple(
        use
        for use in packages.openmp_uses
        if use.distribution is not None and normalized(use.distribution.rpartition(" ")[0]) in needed
    )


def _finding(what: str, runtimes: list[str], uses: tuple[OpenMPUse, ...]) -> Finding:
    listed = " and ".join(runtimes)
    return Finding(
        level=Level.WARNING,
        message=f"{what} {listed}: two OpenMP runtimes in one process abort it or give wrong results.",
        expected="one OpenMP runtime a process",
        evidence=(
            *runtimes,
            *(f"{use.distribution or use.path} ({use.path}) asks for {use.runtime}" for use in uses),
        ),
        remedy=Remedy(
            summary="Take the packages that bring OpenMP from one source.",
            steps=(
                manual("Make a new environment and take these packages from one installer, pip or conda, not both."),
                manual(
                    "libiomp5 belongs to Intel's MKL: an arm64 environment has no use for the packages that bring it."
                ),
            ),
        ),
    )


CHECK = Check(
    id="PKG015",
    slug="duplicate-openmp",
    level=Level.WARNING,
    stage=Stage.PACKAGES,
    needs=("packages",),
    judge=judge,
    passes="No two OpenMP runtimes would meet in TensorFlow's process.",
    page=Page(
        what=(
            "An OpenMP runtime (LLVM's libomp, Intel's libiomp5, GNU's libgomp) manages the threads of a process and "
            "expects to be alone. TensorFlow's wheels for macOS use none. Here packages that TensorFlow always loads "
            "bring two, or Intel's and LLVM's are both installed. Packages that carry a copy of their own and are "
            "loaded only when asked for (scikit-learn, PyTorch, XGBoost) are common, mostly work, and are not told."
        ),
        why=(
            "The second runtime to start aborts the process with `OMP: Error #15`. The variable that the message "
            "names only hides the check: its own text warns of crashes and of wrong results."
        ),
        see="Run `find $PREFIX -name 'lib*omp*.dylib'` in the environment.",
        fix=(
            "Take the packages that bring OpenMP from one installer. libiomp5 in an arm64 environment comes from "
            "x86_64 packages: make the environment anew for arm64."
        ),
        sources=(
            Source(
                "threadpoolctl: several OpenMP runtimes in one process",
                "https://github.com/joblib/threadpoolctl/blob/master/multiple_openmp.md",
            ),
            Source("pytorch#78490: libiomp5 and libomp", "https://github.com/pytorch/pytorch/issues/78490"),
            Source("measured on scikit-learn 1.3.0 and TensorFlow 2.11 to 2.19 wheels", date="2026-11-24"),
        ),
    ),
)
