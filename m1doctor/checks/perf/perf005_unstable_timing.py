"""PERF005 unstable-timing: the samples differ too much to judge by them."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.bench.verdicts import unsure
from m1doctor.checks.bench_words import applies_on_gpu
from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level
from m1doctor.model.remedy import Remedy, manual


def judge(facts: Facts) -> Iterator[Finding]:
    """Report what the measurements leave open."""
    open_questions = unsure(facts)
    if not open_questions:
        return
    yield Finding(
        level=Level.NOTE,
        message=f"The timings are too unsteady to judge all of them by: {open_questions[0]}.",
        expected="intervals that do not cross the line",
        evidence=open_questions,
        remedy=Remedy(
            summary="Measure longer, on a quiet machine.",
            steps=(
                manual("Close other programs, connect mains power, wait until the machine is cool."),
                manual("Run `m1doctor bench --thorough`: more samples make the intervals narrower."),
            ),
        ),
    )


CHECK = Check(
    id="PERF005",
    slug="unstable-timing",
    level=Level.NOTE,
    stage=Stage.SPEED,
    needs=("bench",),
    after=("TF006",),
    applies=applies_on_gpu,
    judge=judge,
    passes="The timings are steady enough to judge by.",
    page=Page(
        what=(
            "The times scattered too much for a verdict. "
            "Each comparison of the benchmark is a median of pairs with a 95 % interval. Where the interval crosses "
            "the line that it is judged by, or the median product is far behind the best one, no verdict is given and "
            "this is told instead."
        ),
        why="A verdict from a noisy minute sends people after faults that are not there.",
        see="Run `m1doctor bench --format json`: every sample is in the section `bench` of the facts.",
        fix="Measure again on a quiet machine, with `--thorough` or `--repeat`.",
        sources=(
            Source(
                "Efron, The Jackknife, the Bootstrap and Other Resampling Plans, section 10.3: the exact bootstrap of "
                "the median",
                None,
                "2026-11-26",
            ),
        ),
    ),
)
