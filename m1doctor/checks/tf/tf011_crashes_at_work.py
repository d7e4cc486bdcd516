"""TF011 crashes-at-work: TensorFlow imports, and then dies, hangs or raises when it is given work."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.checks.target_run import (
    exception_line,
    how_it_ended,
    imported,
    other_plugin,
    quoted,
    signal_words,
)
from m1doctor.knowledge.parts import part_words, works_on_device
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level
from m1doctor.model.remedy import Remedy, Step, manual
from m1doctor.model.runtime import ChildEnd, ChildOutcome

_STAGES = {
    "devices": "listing the devices",
    "placement": "starting the device and multiplying two small matrices",
    "exit": "leaving Python after the work",
}


def judge(facts: Facts) -> Iterator[Finding]:
    """Report the first part of the work that failed; further parts that failed likewise are its evidence."""
    assert facts.runtime is not None  # noqa: S101 - declared in `needs`
    if not imported(facts):
        return
    outcomes = (facts.runtime.outcome, *facts.runtime.parts)
    failed = [outcome for outcome in outcomes if outcome.end is not ChildEnd.FINISHED and not outcome.out_of_memory]
    unique = list({(outcome.stage, outcome.end): outcome for outcome in reversed(failed)}.values())[::-1]
    if not unique:
        return
    first, *others = unique
    what = _words(first)
    on_gpu = bool(facts.runtime.visible_gpus) and (first.stage == "placement" or works_on_device(first.stage or ""))
    yield Finding(
        level=Level.WARNING if first.stage == "exit" else Level.ERROR,
        message=f"TensorFlow imports, but {_how(facts, first)} while {what}{' on the GPU' if on_gpu else ''}"
        f"{_because(facts, first)}.",
        expected="the part comes to its end",
        evidence=(
            how_it_ended(first),
            *quoted(first),
            *(f"then, in a process of its own: {_again(facts, other)}" for other in others),
        ),
        remedy=_remedy(facts, first),
    )


def _how(facts: Facts, outcome: ChildOutcome) -> str:
    del facts
    match outcome.end:
        case ChildEnd.DIED:
            return f"the process dies of {outcome.signal}"
        case ChildEnd.HUNG:
            return f"gives no answer in {outcome.seconds:.0f} s"
        case ChildEnd.RAISED:
            return f"raises {outcome.exception_type}"
        case _:
            return f"the process leaves with status {outcome.returncode}"


def _because(facts: Facts, outcome: ChildOutcome) -> str:
    words = exception_line(outcome) if outcome.end is ChildEnd.RAISED else signal_words(facts, outcome)
    return f": {words.rstrip('.')}" if words else ""


def _again(facts: Facts, outcome: ChildOutcome) -> str:
    return f"{_how(facts, outcome)} while {_words(outcome)}"


def _words(outcome: ChildOutcome) -> str:
    """What was being done."""
    stage = outcome.stage or "an unknown part"
    return _STAGES.get(stage) or part_words(stage) or stage


def _remedy(facts: Facts, outcome: ChildOutcome) -> Remedy:
    steps: list[Step] = []
    on_gpu = facts.runtime is not None and bool(facts.runtime.gpus)
    if on_gpu:
        steps += other_plugin(facts)
        steps.append(
            manual("Run `tf.config.set_visible_devices([], 'GPU')` first in a script to see whether the CPU does it.")
        )
    if facts.interpreter is not None and facts.interpreter.system == "Darwin" and outcome.end is ChildEnd.DIED:
        steps.append(manual("Open the newest python report in ~/Library/Logs/DiagnosticReports: it names the library."))
    if outcome.signal == "SIGKILL":
        steps.append(manual("Look at memory first: a process that the system ends for want of it dies of SIGKILL."))
    if not on_gpu:
        steps.append(manual("Install TensorFlow again, and run the part by hand to see more."))
    summary = "Keep the work on the CPU, or change the plugin." if on_gpu else "Install TensorFlow again."
    return Remedy(summary=summary, steps=tuple(steps))


CHECK = Check(
    id="TF011",
    slug="crashes-at-work",
    level=Level.ERROR,
    stage=Stage.RESULTS,
    needs=("runtime",),
    after=("TF001", "TF002", "TF003"),
    judge=judge,
    passes="TensorFlow does its work without a crash.",
    decisive=True,
    page=Page(
        what=(
            "The import is well, and then the process dies by a signal, gives no answer, or raises, in the part that "
            "the message names: listing devices, the first small product (which starts the device), a larger product, "
            "a tf.data pipeline, or the end of the interpreter. Each part is announced before it begins, so that the "
            "death is attributed; what comes after it is run in a process of its own."
        ),
        why=(
            "A listed GPU and a good import prove nothing about the kernels. A fault in a plugin's kernel takes the "
            "whole process along: a notebook's kernel dies without a traceback."
        ),
        see="Run the part with `python -X faulthandler`, for instance `tf.matmul` of two 1024 x 1024 matrices.",
        fix=(
            "Use another version of the plugin, or keep the work on the CPU until there is one. On a Mac the newest "
            "report in ~/Library/Logs/DiagnosticReports names the library and the function. A crash only at the end of "
            "the interpreter loses no results, but makes scripts end with an error."
        ),
        sources=(
            Source(
                "tensorflow#60395: segmentation fault on Metal after a good import",
                "https://github.com/tensorflow/tensorflow/issues/60395",
                "2026-11-23",
            ),
            Source("Python documentation: faulthandler", "https://docs.python.org/3/library/faulthandler.html"),
        ),
    ),
)
