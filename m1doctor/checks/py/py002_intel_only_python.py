"""PY002 intel-only-python: the interpreter has no arm64 code, on a Mac that needs it."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.checks.interpreter_words import chip, kernel_lines, named
from m1doctor.checks.rebuild import native_environment
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level
from m1doctor.model.interpreter import Vendor

_WHERE_FROM = {
    Vendor.HOMEBREW: "the Homebrew in /usr/local is the one for Intel; that for Apple silicon lives in /opt/homebrew",
    Vendor.PYENV: "pyenv compiled it in a translated shell",
    Vendor.UV: "an x86_64 uv, or a request that named x86_64, installed it",
    Vendor.PYTHON_ORG: "it is an installer for Intel Macs only; the universal2 installers have both",
}


def applies(facts: Facts) -> str | None:
    """On Apple silicon, for a Python of macOS."""
    assert facts.host is not None  # noqa: S101 - declared in `needs`
    assert facts.interpreter is not None  # noqa: S101 - declared in `needs`
    if facts.interpreter.system != "Darwin":
        return "this is not a Python for macOS"
    return None if facts.host.apple_silicon else "the hardware is not Apple silicon"


def judge(facts: Facts) -> Iterator[Finding]:
    """Report an executable without an arm64 slice."""
    assert facts.interpreter is not None  # noqa: S101 - declared in `needs`
    interpreter = facts.interpreter
    slices = interpreter.slices or ()
    if any(each.startswith("arm64") for each in slices):
        return
    origin = _WHERE_FROM.get(interpreter.vendor) if interpreter.vendor else None
    yield Finding(
        level=Level.ERROR,
        message=f"{named(interpreter)} has only {' and '.join(slices)} code, and this Mac has {chip(facts)}.",
        expected="arm64 among the architectures of the executable",
        evidence=(
            f"{interpreter.real_executable}: {', '.join(slices)}",
            *((f"where it comes from: {origin}",) if origin else ()),
            *kernel_lines(facts),
        ),
        remedy=native_environment(facts, "Build a new environment beside this one, from a native Python."),
    )


CHECK = Check(
    id="PY002",
    slug="intel-only-python",
    level=Level.ERROR,
    stage=Stage.INTERPRETER,
    needs=("host.apple_silicon", "interpreter.slices"),
    after=("PY008",),
    applies=applies,
    judge=judge,
    passes="The interpreter has arm64 code.",
    page=Page(
        what=(
            "The executable of this Python holds x86_64 code and no arm64 code. On Apple silicon it can only run "
            "translated by Rosetta, from whatever shell it is started."
        ),
        why=(
            "All that pip installs for it is x86_64: TensorFlow wheels that need AVX, which Rosetta does not offer by "
            "default (the import dies with SIGILL), and no plugin for the Apple GPU. arm64 wheels are refused as "
            "`not a supported wheel on this platform`."
        ),
        see=(
            "`file -L $(which python3)` names the architectures. Typical sources: a Homebrew in /usr/local that was "
            "brought over from an Intel Mac, pyenv run in a translated terminal, an Intel-only installer."
        ),
        fix=(
            "Install a native Python and make a new environment with it. An environment cannot be converted: every "
            "compiled package in it is for x86_64. Nothing needs to be removed before the new one works."
        ),
        sources=(
            Source(
                "apple/tensorflow_macos#48: not a supported wheel on this platform",
                "https://github.com/apple/tensorflow_macos/issues/48",
                "2020-12-01",
            ),
            Source(
                "Homebrew documentation: installation prefixes",
                "https://docs.brew.sh/Installation",
                "2026-11-23",
            ),
            Source(
                "uv documentation: Python versions",
                "https://docs.astral.sh/uv/concepts/python-versions/",
                "2026-11-23",
            ),
        ),
    ),
)
