"""TF002 import-crashes: the process dies by a signal before `import tensorflow` has come to an end."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.checks.target_run import (
    blamed_plugin,
    how_it_ended,
    imported,
    mending,
    plugins_in_words,
    quoted,
    recognise,
    signal_words,
)
from m1doctor.knowledge.signals import signal_meanings
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level
from m1doctor.model.remedy import Remedy, manual
from m1doctor.model.runtime import ChildEnd, ChildOutcome


def judge(facts: Facts) -> Iterator[Finding]:
    """Report a child that was killed before or while it imported TensorFlow."""
    assert facts.runtime is not None  # noqa: S101 - declared in `needs`
    outcome = facts.runtime.outcome
    if imported(facts) or outcome.end is not ChildEnd.DIED:
        return
    without = blamed_plugin(facts)
    failure = recognise(outcome)
    what = "import tensorflow" if outcome.stage == "import tensorflow" else "The target's Python"
    where = ""
    if without is not None:
        where = f" while {plugins_in_words(facts)} is loaded"
    elif outcome.stage != "import tensorflow":
        where = " before it imports anything"
    meaning = failure.meaning if failure is not None else signal_words(facts, outcome)
    message = f"{what} dies of {outcome.signal}{where}" + (f": {meaning.rstrip('.')}" if meaning else "")
    yield Finding(
        level=Level.ERROR,
        message=f"{message}.",
        expected="the process lives on",
        evidence=(how_it_ended(outcome), *quoted(outcome), *((without,) if without is not None else ())),
        remedy=mending(facts, failure) or _by_signal(facts, outcome),
    )


def _by_signal(facts: Facts, outcome: ChildOutcome) -> Remedy:
    known = signal_meanings().get(outcome.signal or "")
    steps = [manual(text) for text in (known.fix if known is not None else ())]
    if facts.interpreter is not None and facts.interpreter.system == "Darwin":
        steps.append(manual("Open the newest python report in ~/Library/Logs/DiagnosticReports: it names the library."))
    steps = steps or [manual("Run the import by hand and look for what the system's log says of the process.")]
    return Remedy(summary=steps[0].text, steps=tuple(steps))


CHECK = Check(
    id="TF002",
    slug="import-crashes",
    level=Level.ERROR,
    stage=Stage.IMPORT,
    needs=("runtime",),
    after=("PY001", "MAC009", "LNK005", "PKG004", "LNK008"),
    judge=judge,
    passes="import tensorflow does not crash.",
    page=Page(
        what=(
            "The child that imports TensorFlow was ended by a signal: no exception, no traceback of Python's own, only "
            "a process that is gone. The message names the signal and what it means; the evidence holds the Python "
            "stack at that moment and the last lines on standard error."
        ),
        why=(
            "A notebook shows this as a kernel that died, a script as `zsh: illegal hardware instruction`, `Abort "
            "trap: 6` or `killed`. Python's own tools cannot catch it."
        ),
        see="Run `python -X faulthandler -c 'import tensorflow'; echo $?`: it prints 128 plus the signal's number.",
        fix=(
            "SIGILL: the processor lacks an instruction, under Rosetta and in emulated containers mostly AVX; use an "
            "arm64 Python. SIGABRT: a library gave up, and its last line says why; two plugins for METAL, two OpenMP "
            "runtimes and colliding C++ libraries end so. SIGSEGV and SIGBUS: native code is at fault or cut short; "
            "the innermost frame or the crash report names it. SIGKILL: the system ended it, for want of memory or, on "
            "a Mac, for a broken code signature."
        ),
        sources=(
            Source(
                "Apple: Identifying the cause of common crashes",
                "https://developer.apple.com/documentation/xcode/identifying-the-cause-of-common-crashes",
                "2026-11-23",
            ),
            Source(
                "tensorflow#46178: SIGILL of an x86_64 TensorFlow on an M1",
                "https://github.com/tensorflow/tensorflow/issues/46178",
                "2026-11-23",
            ),
            Source(
                "pix-plot#268: abort when METAL is registered twice",
                "https://github.com/pleonard212/pix-plot/issues/268",
                "2026-11-23",
            ),
            Source(
                "tensorflow#98563: abort of TensorFlow 2.20 beside pyarrow",
                "https://github.com/tensorflow/tensorflow/issues/98563",
                "2026-11-23",
            ),
        ),
    ),
)
