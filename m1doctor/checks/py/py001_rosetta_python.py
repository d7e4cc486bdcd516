"""PY001 rosetta-python: a Python that could run natively runs translated on Apple silicon."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.checks.interpreter_words import chip, kernel_lines, named
from m1doctor.checks.rebuild import NATIVE_SHELL, native_environment
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level


def judge(facts: Facts) -> Iterator[Finding]:
    """Report a translated target. Where it has no arm64 code at all, PY002 or PY008 has told so before."""
    assert facts.interpreter is not None  # noqa: S101 - declared in `needs`
    interpreter = facts.interpreter
    if not interpreter.translated:
        return
    slices = interpreter.slices or ()
    by_shell = any(each.startswith("arm64") for each in slices)
    why = ", because the shell that starts it is translated" if by_shell else ""
    yield Finding(
        level=Level.ERROR,
        message=f"{named(interpreter)} runs translated by Rosetta on this {chip(facts)}{why}.",
        expected="a native process: arm64",
        evidence=(
            f"architectures in the executable: {', '.join(slices) or 'unknown'}",
            f"the process would be {interpreter.machine}",
            *kernel_lines(facts),
        ),
        remedy=native_environment(
            facts,
            "Start a native shell, then rebuild the environment: its packages were chosen for x86_64.",
            before=(NATIVE_SHELL,) if by_shell else (),
        ),
    )


CHECK = Check(
    id="PY001",
    slug="rosetta-python",
    level=Level.ERROR,
    stage=Stage.INTERPRETER,
    needs=("interpreter.translated",),
    after=("PY002", "PY008"),
    judge=judge,
    passes="This Python runs natively.",
    page=Page(
        what=(
            "The Python of this environment runs as x86_64 on an Apple silicon Mac: Rosetta translates it. Its "
            "executable has an arm64 half too, but a universal program takes the architecture of the process that "
            "starts it, and the shell here is translated."
        ),
        why=(
            "pip then installs x86_64 wheels. TensorFlow's are built with AVX instructions, which Rosetta does not "
            "offer by default: the import dies with `illegal hardware instruction` (SIGILL). tensorflow-metal has no "
            "x86_64 library for the Apple GPU, so even what runs computes on the CPU, translated."
        ),
        see=(
            "`python -c 'import platform; print(platform.machine())'` prints x86_64 on a Mac with an M chip. "
            "`sysctl -n sysctl.proc_translated` prints 1 in a translated shell."
        ),
        fix=(
            "Start the terminal or the editor natively (clear Open using Rosetta in its Get Info window), then make "
            "the environment anew: the packages in it are x86_64. Another TensorFlow version cannot help."
        ),
        sources=(
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
            Source(
                "tensorflow#46178: Apple M1 chip - illegal hardware instruction",
                "https://github.com/tensorflow/tensorflow/issues/46178",
                "2021-01-05",
            ),
        ),
    ),
)
