"""MAC001 not-a-mac: the examination runs on something else than macOS."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level


def judge(facts: Facts) -> Iterator[Finding]:
    """Report a system other than Darwin."""
    assert facts.host is not None  # noqa: S101 - declared in `needs`
    host = facts.host
    if host.system == "Darwin":
        return
    name = host.distribution or host.system
    yield Finding(
        level=Level.NOTE,
        message=f"This is {name}, not a Mac: the Metal checks do not apply, the rest still does.",
        expected="macOS on Apple silicon, for TensorFlow on an Apple GPU",
        evidence=(f"system {host.system}", f"machine {host.process_machine}", f"kernel {host.kernel}"),
    )


def _passes(facts: Facts) -> str:
    host = facts.host
    return f"This is a Mac with macOS {host.macos_version}." if host and host.macos_version else "This is a Mac."


CHECK = Check(
    id="MAC001",
    slug="not-a-mac",
    level=Level.NOTE,
    stage=Stage.HOST,
    needs=("host.system",),
    judge=judge,
    passes=_passes,
    page=Page(
        what="The examination runs on a system that is not macOS, so there is no Metal and no Apple GPU to look for.",
        why=(
            "TensorFlow reaches an Apple GPU through a plugin that exists for macOS alone. A Linux machine, a "
            "container "
            "on a Mac among them, runs TensorFlow on its processor or on another maker's GPU."
        ),
        see="Run `uname -s`: it prints Darwin on a Mac.",
        fix=(
            "Nothing to mend. To examine the environment of a Mac, run m1doctor on that Mac, or give the folder with "
            "its "
            "packages to `--site-packages`."
        ),
        sources=(
            Source("Apple: get started with tensorflow-metal", "https://developer.apple.com/metal/tensorflow-plugin/"),
        ),
    ),
)
