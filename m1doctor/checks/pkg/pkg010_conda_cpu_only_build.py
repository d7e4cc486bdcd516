"""PKG010 conda-cpu-only-build: TensorFlow comes from a conda channel whose macOS builds know no GPU."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.checks.cpu_only_conda import cpu_only_conda_build
from m1doctor.checks.rebuild import native_environment
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level


def applies(facts: Facts) -> str | None:
    """Only a conda environment has conda builds."""
    assert facts.packages is not None  # noqa: S101 - declared in `needs`
    return None if facts.packages.conda_packages else "the target is not a conda environment"


def judge(facts: Facts) -> Iterator[Finding]:
    """Report the build in use."""
    found = cpu_only_conda_build(facts)
    if found is None:
        return
    package, build = found
    yield Finding(
        level=Level.ERROR,
        message=f"{package.name} {package.version} from the conda channel {package.channel} is built for the CPU only; "
        "no GPU will be listed.",
        expected="TensorFlow from the Python Package Index with a Metal plugin",
        evidence=(
            f"conda-meta: {package.name}-{package.version}-{package.build}, {package.subdir}, {package.channel}",
            *(f"{source.title} ({source.url})" for source in build.sources),
        ),
        remedy=native_environment(
            facts, "Build an environment with TensorFlow from the Python Package Index and its Metal plugin beside it."
        ),
    )


CHECK = Check(
    id="PKG010",
    slug="conda-cpu-only-build",
    level=Level.ERROR,
    stage=Stage.PACKAGES,
    needs=("packages",),
    applies=applies,
    judge=judge,
    passes="TensorFlow does not come from a CPU-only conda build.",
    page=Page(
        what=(
            "conda-forge and Anaconda build TensorFlow for macOS without Metal, and neither offers a plugin. Their "
            "libraries are linked against shared protobuf and Abseil packages, so they are not the ones that Apple's "
            "plugin was built for."
        ),
        why="The GPU list is empty whatever is configured, and work runs on the CPU.",
        see="Run `conda list tensorflow`: the channel column names conda-forge or pkgs/main.",
        fix=(
            "Make a conda environment with an arm64 Python only, and install `tensorflow` and `tensorflow-metal` in "
            "it with pip, as Apple's instructions do."
        ),
        sources=(
            Source(
                "conda-forge.github.io#1537: Support for Apple GPU builds",
                "https://github.com/conda-forge/conda-forge.github.io/issues/1537",
                "2021-10-25",
            ),
            Source(
                "tensorflow-feedstock#259",
                "https://github.com/conda-forge/tensorflow-feedstock/issues/259",
                "2022-08-15",
            ),
            Source("Apple: Get started with tensorflow-metal", "https://developer.apple.com/metal/tensorflow-plugin/"),
        ),
    ),
)
