"""PERF003 launch-bound: most of a step is the launching of its ops."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.bench.figures import eager_factor, filling_batch, fixed_share, seconds_a_launch
from m1doctor.bench.verdicts import launch_bound
from m1doctor.checks.bench_words import applies_on_gpu, samples_line
from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.knowledge.thresholds import threshold
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level
from m1doctor.model.remedy import Remedy, manual


def judge(facts: Facts) -> Iterator[Finding]:
    """Report a training step that hardly grows with its batch."""
    assert facts.bench is not None  # noqa: S101 - declared in `needs`
    assert facts.bench.sweep is not None  # noqa: S101 - likewise
    sweep, verdict = facts.bench.sweep, launch_bound(facts)
    if verdict is None or not verdict.sure:
        return
    yield Finding(
        level=Level.WARNING,
        message=f"Launch-bound: {verdict.figure}.",
        expected=f"less than {threshold('fixed-share'):.0%}",
        evidence=(
            *(samples_line(f"batch {run.batch}", run.seconds) for run in sweep.runs),
            *_launches(facts),
        ),
        remedy=Remedy(
            summary="Give the GPU more work with each launch.",
            steps=(
                manual(verdict.change),
                manual("Use fewer, larger ops; SGD launches a third of what Adam does for each variable."),
                manual("Where the model is small for good, try the CPU: `tf.config.set_visible_devices([], 'GPU')`."),
            ),
        ),
    )


def _launches(facts: Facts) -> Iterator[str]:
    launch = facts.bench.launch if facts.bench else None
    if launch is None:
        return
    each, eager = seconds_a_launch(launch), eager_factor(launch)
    if each is not None and eager is not None:
        yield f"a small op costs {each * 1e6:.0f} us in a graph, {eager.value:.1f} times that when launched by itself"


def _passes(facts: Facts) -> str:
    sweep = facts.bench.sweep if facts.bench else None
    share, filling = (fixed_share(sweep), filling_batch(sweep)) if sweep else (None, None)
    if sweep is None or share is None or not sweep.runs:
        return "Steps grow with their batch."
    fills = f"; a batch of {max(filling, 1):.0f} is half launches" if filling is not None else ""
    return f"{share.value:.0%} of a step at batch {sweep.runs[0].batch} is launches{fills}."


CHECK = Check(
    id="PERF003",
    slug="launch-bound",
    level=Level.WARNING,
    stage=Stage.SPEED,
    needs=("bench.sweep",),
    after=("TF006",),
    applies=applies_on_gpu,
    judge=judge,
    passes=_passes,
    page=Page(
        what=(
            "A training step is launches more than work. "
            "A training step of a small network was timed at batch b, 2b and 4b, with data that was there already; b "
            "is chosen so that a step takes 10 ms or more. Time in proportion means that the GPU computes all the "
            "time. Equal times mean that a step is launches and nothing else: the share that does not grow is told."
        ),
        why=(
            "Each op that TensorFlow gives to the GPU has a price, whatever its size: some tens of microseconds on "
            "Metal. A step of many small ops pays thousands of them while the GPU idles, and a larger chip does not "
            "help: Macs with 8 and with 32 GPU cores are then equally slow."
        ),
        see="Run `m1doctor bench --only sweep,launch`, with `--batch` for the batch size that you use.",
        fix=(
            "Raise the batch size; pass `steps_per_execution` to `compile`; put a loop of your own into a "
            "`tf.function`; prefer fewer and larger ops. Small models can be quicker on the CPU."
        ),
        sources=(
            Source(
                "mrdbourke/m1-machine-learning-test: equal times on M1, M1 Pro and M1 Max",
                "https://github.com/mrdbourke/m1-machine-learning-test",
                "2026-11-23",
            ),
            Source(
                "pytorch#82707: the price of a launch on Metal",
                "https://github.com/pytorch/pytorch/issues/82707",
                "2026-11-23",
            ),
            Source(
                "TensorFlow guide: Better performance with tf.function", "https://www.tensorflow.org/guide/function"
            ),
        ),
    ),
)
