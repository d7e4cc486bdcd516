"""PERF002 input-bound: the GPU waits for data, even behind a good pipeline."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.bench.figures import slowdown, waiting_share
from m1doctor.bench.verdicts import input_bound, steals_from_the_step
from m1doctor.checks.bench_words import applies_on_gpu, samples_line
from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.knowledge.thresholds import threshold
from m1doctor.model.bench import Input
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level
from m1doctor.model.remedy import Remedy, manual

_REMEDY = Remedy(
    summary="Make the input pipeline cheaper or wider.",
    steps=(
        manual(
            "Decode in parallel: `map(decode, num_parallel_calls=tf.data.AUTOTUNE)`, then `batch`, then `prefetch`."
        ),
        manual("Keep what is decoded: `cache()` after decoding and before `shuffle` and random changes."),
        manual("Make the batch first and map whole batches where the work is element by element."),
        manual("Take decoding out of loops in Python, and out of `from_generator` and `py_function`."),
    ),
)


def judge(facts: Facts) -> Iterator[Finding]:
    """Report the share of the time that steps wait, and a pipeline that slows the step down without a wait."""
    assert facts.bench is not None  # noqa: S101 - declared in `needs`
    assert facts.bench.input is not None  # noqa: S101 - likewise
    fed = facts.bench.input
    verdict = input_bound(facts)
    if verdict is not None and verdict.sure:
        yield Finding(
            level=Level.WARNING,
            message=f"Input-bound: {verdict.figure}.",
            expected=f"less than {threshold('input-wait-share'):.0%}",
            evidence=_evidence(fed),
            remedy=_REMEDY,
        )
    elif (longer := steals_from_the_step(facts)) is not None:
        yield Finding(
            level=Level.NOTE,
            message=f"Steps hardly wait for their data, but take {longer.value:.1f} times as long beside the pipeline: "
            "it takes processors or memory bandwidth from them.",
            evidence=_evidence(fed),
            remedy=_REMEDY,
        )


def _evidence(fed: Input) -> tuple[str, ...]:
    lines = []
    for run in fed.runs:
        lines.append(samples_line(f"{run.pipeline}, {fed.steps} steps of {fed.batch} pictures", run.seconds))
        lines.append(samples_line(f"{run.pipeline}, of it waiting", run.waited_seconds))
    lines += [f"{stage.name}: busy {stage.busy_seconds:.3f} s for {stage.elements} elements" for stage in fed.stages]
    return tuple(lines)


def _passes(facts: Facts) -> str:
    fed = facts.bench.input if facts.bench else None
    share, naive = (waiting_share(fed), slowdown(fed, "naive", "good")) if fed else (None, None)
    if share is None:
        return "The GPU does not wait for its data."
    worth = f" A loop that decodes by itself takes {naive.value:.1f} times as long." if naive else ""
    return f"Behind a good pipeline the GPU waits {share.value:.0%} of the time for its data.{worth}"


CHECK = Check(
    id="PERF002",
    slug="input-bound",
    level=Level.WARNING,
    stage=Stage.SPEED,
    needs=("bench.input",),
    after=("TF006",),
    applies=applies_on_gpu,
    judge=judge,
    passes=_passes,
    page=Page(
        what=(
            "A training step waits for its input. "
            "The same step was run behind several input pipelines in turns: one batch that is there already, a good "
            "pipeline (decoding in parallel, ahead of the step), a loop that decodes by itself. What counts is the "
            "share of the time that is spent blocked in `next`, and how much longer a step takes than with the batch "
            "that is there. The report names the stage that was busy longest, as TensorFlow's autotuner saw it."
        ),
        why=(
            "A GPU that waits is the commonest reason for a low load. A faster GPU, a bigger model or another plugin "
            "change nothing about it."
        ),
        see=(
            "Run `m1doctor bench --only input`. In a script of your own, time the loop once with the real dataset and "
            "once with one batch repeated."
        ),
        fix=(
            "Decode in parallel, keep decoded data, make batches before mapping, keep Python out of the pipeline. A "
            "missing `prefetch` alone costs nothing since TensorFlow 2.11, which puts one in."
        ),
        sources=(
            Source(
                "TensorFlow guide: Better performance with tf.data", "https://www.tensorflow.org/guide/data_performance"
            ),
            Source(
                "TensorFlow guide: Analyze tf.data performance; the lines of 5 and 20 % are the profiler's",
                "https://www.tensorflow.org/guide/data_performance_analysis",
            ),
        ),
    ),
)
