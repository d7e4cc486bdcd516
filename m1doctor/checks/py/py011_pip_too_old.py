"""PY011 pip-too-old: the environment's pip does not know the wheel tags of Apple silicon."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.checks.install_steps import install
from m1doctor.knowledge import interpreters
from m1doctor.knowledge.pairings import at_least
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level
from m1doctor.model.remedy import Remedy


def applies(facts: Facts) -> str | None:
    """For a native Python on Apple silicon that has a pip."""
    assert facts.interpreter is not None  # noqa: S101 - declared in `needs`
    assert facts.packages is not None  # noqa: S101 - declared in `needs`
    if not facts.interpreter.apple_silicon_target:
        return "this is no environment for Apple silicon"
    return None if facts.packages.find("pip") else "this environment has no pip"


def judge(facts: Facts) -> Iterator[Finding]:
    """Report a pip from before macOS 11."""
    assert facts.packages is not None  # noqa: S101 - declared in `needs`
    pip = facts.packages.find("pip")
    first = interpreters.load().pip_knows_macos_11
    if pip is None or at_least(pip.version, first):
        return
    yield Finding(
        level=Level.WARNING,
        message=f"pip {pip.version} does not know the wheel tags of macOS 11 and later, nor of arm64.",
        expected=f"pip {first} or later",
        evidence=(f"pip {pip.version} in {pip.folder}",),
        remedy=Remedy(summary="Update pip.", steps=(install(facts, "Update pip.", f"pip>={first}"),)),
    )


CHECK = Check(
    id="PY011",
    slug="pip-too-old",
    level=Level.WARNING,
    stage=Stage.INTERPRETER,
    needs=("interpreter.machine", "packages"),
    after=("PY007",),
    applies=applies,
    judge=judge,
    passes="pip knows the wheel tags of this Mac.",
    page=Page(
        what=(
            "pip is too old to know the wheels for Apple silicon. "
            "Wheels for Apple silicon carry tags such as macosx_12_0_arm64. A pip from before version 20.3 was made "
            "when macOS ended at 10.16 and Macs had Intel processors; it holds every such wheel for one of another "
            "machine."
        ),
        why=(
            "`is not a supported wheel on this platform` and `Could not find a version that satisfies the requirement "
            "tensorflow-macos` then come from pip itself. The same words come from a translated Python or from a "
            "Python version without wheels, so it is worth ruling this out."
        ),
        see="`python -m pip --version`, and `python -m pip debug --verbose` for the tags that it accepts.",
        fix="Update pip inside the environment: `python -m pip install --upgrade pip`. Its own wheel fits everywhere.",
        sources=(
            Source("measured on the wheels of pip 20.2.4 and 20.3", date="2026-11-23"),
            Source(
                "ANTsPyNet#43: upgrading pip made the wheel installable",
                "https://github.com/ANTsX/ANTsPyNet/issues/43",
                "2021-11-05",
            ),
        ),
    ),
)
