"""MAC008 command-line-tools-missing: neither Xcode nor its Command Line Tools are there."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level
from m1doctor.model.remedy import Remedy, run


def judge(facts: Facts) -> Iterator[Finding]:
    """Report a Mac without developer tools."""
    assert facts.host is not None  # noqa: S101 - declared in `needs`
    if facts.host.command_line_tools:
        return
    yield Finding(
        level=Level.NOTE,
        message="Apple's Command Line Tools are not installed: packages without a wheel cannot be built here.",
        expected="Command Line Tools or Xcode, where something has to be compiled",
        evidence=("xcode-select -p names no folder with developer tools in it",),
        remedy=Remedy(
            summary="Install the Command Line Tools, if something has to be compiled.",
            steps=(
                run(
                    "Ask macOS to install the Command Line Tools; a window opens.",
                    ("/usr/bin/xcode-select", "--install"),
                    reversible=True,
                ),
            ),
        ),
    )


def _passes(facts: Facts) -> str:
    tools = facts.host.command_line_tools if facts.host else None
    if not tools or not tools[0].isdigit():
        return f"Developer tools are installed ({tools})."
    return f"Command Line Tools {tools} are installed."


CHECK = Check(
    id="MAC008",
    slug="command-line-tools-missing",
    level=Level.NOTE,
    stage=Stage.HOST,
    needs=("host.command_line_tools",),
    judge=judge,
    passes=_passes,
    page=Page(
        what=(
            "There is no active developer folder with tools in it: neither the Command Line Tools nor Xcode. After an "
            "upgrade of macOS the folder may be chosen still and be empty."
        ),
        why=(
            "Wheels need no compiler, so TensorFlow works without. But a package that has no wheel for this Python is "
            "built from source, which fails without a compiler; and clang, git, otool and /usr/bin/python3 are stubs "
            "that open a dialog and do nothing else."
        ),
        see="Run `xcode-select -p`: it prints a folder, or `unable to get active developer directory`.",
        fix="Run `xcode-select --install`, or choose packages that have wheels.",
        sources=(
            Source("Apple: Technical Note TN2339", "https://developer.apple.com/library/archive/technotes/tn2339/"),
        ),
    ),
)
