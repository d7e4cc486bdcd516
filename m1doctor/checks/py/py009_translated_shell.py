"""PY009 translated-shell: the shell is translated, and so will be what it starts."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.checks.interpreter_words import chip, kernel_lines
from m1doctor.checks.rebuild import NATIVE_SHELL
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level
from m1doctor.model.remedy import Remedy, manual


def judge(facts: Facts) -> Iterator[Finding]:
    """Report a shell that Rosetta translates."""
    assert facts.host is not None  # noqa: S101 - declared in `needs`
    if not facts.host.parent_translated:
        return
    interpreter = facts.interpreter
    slices = (interpreter.slices if interpreter else None) or ()
    effect = "universal programs that it starts run as x86_64"
    if slices and all(each.startswith("arm64") for each in slices):
        effect += "; this Python has arm64 code only and stays native"
    yield Finding(
        level=Level.WARNING,
        message=f"The shell that started m1doctor runs translated by Rosetta on this {chip(facts)}: {effect}.",
        expected="a native shell",
        evidence=("the process table marks the parent process as translated", *kernel_lines(facts)),
        remedy=Remedy(
            summary="Start the terminal or the editor natively.",
            steps=(
                NATIVE_SHELL,
                manual("Check with `sysctl -n sysctl.proc_translated`: it prints 0 in a native shell."),
            ),
        ),
    )


CHECK = Check(
    id="PY009",
    slug="translated-shell",
    level=Level.WARNING,
    stage=Stage.HOST,
    needs=("host.parent_translated",),
    judge=judge,
    passes="The shell runs natively.",
    page=Page(
        what=(
            "The terminal or editor from which m1doctor was started runs as x86_64, translated by Rosetta. A universal "
            "program takes the architecture of the process that starts it, so the choice is handed down."
        ),
        why=(
            "A universal Python becomes an x86_64 Python in such a shell, `pip install` fetches x86_64 wheels, pyenv "
            "and Homebrew compile for x86_64, and installers that ask `uname -m` choose Intel files. The same commands "
            "in another window give another result."
        ),
        see="`sysctl -n sysctl.proc_translated` prints 1, and `arch` prints i386.",
        fix=(
            "Quit the program, clear Open using Rosetta in its Get Info window, and start it again. Look for `arch "
            "-x86_64` in shell start-up files and for an Intel build of the editor. `arch -arm64 zsh` gives a native "
            "shell for once."
        ),
        sources=(
            Source(
                "Apple: If you need to install Rosetta on your Mac",
                "https://support.apple.com/102527",
                "2026-11-23",
            ),
            Source(
                "Apple: About the Rosetta translation environment",
                "https://developer.apple.com/documentation/apple-silicon/about-the-rosetta-translation-environment",
                "2026-11-23",
            ),
            Source(
                "apple/tensorflow_macos#81: Illegal instruction: 4",
                "https://github.com/apple/tensorflow_macos/issues/81",
                "2020-12-15",
            ),
        ),
    ),
)
