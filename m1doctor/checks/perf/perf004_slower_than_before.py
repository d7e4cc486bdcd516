"""PERF004 slower-than-before: this machine has done the same work faster."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.bench.figures import speeds
from m1doctor.bench.statistics import median
from m1doctor.checks.bench_words import applies_on_gpu
from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.knowledge.thresholds import threshold
from m1doctor.model.earlier import EarlierRun
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level
from m1doctor.model.remedy import Remedy, manual


def judge(facts: Facts) -> Iterator[Finding]:
    """Report each figure that is well below the median of the earlier ones."""
    assert facts.bench is not None  # noqa: S101 - declared in `needs`
    assert facts.earlier is not None  # noqa: S101 - likewise
    runs, now = _comparable(facts), speeds(facts.bench)
    for name, speed in now.items():
        before = [run.speeds[name] for run in runs if name in run.speeds]
        if not before or speed >= threshold("slower-than-before") * median(before):
            continue
        yield Finding(
            level=Level.WARNING,
            message=f"The figure for {name} is {speed / median(before):.0%} of what it was in "
            f"{len(before)} earlier run{'s' if len(before) > 1 else ''} ({facts.earlier.source}).",
            expected=f"{threshold('slower-than-before'):.0%} or more of the median of the earlier ones",
            evidence=(
                f"now: {speed:.4g}",
                *(
                    f"{run.created}: {run.speeds[name]:.4g} (TensorFlow {run.tensorflow or 'unknown'})"
                    for run in runs
                    if name in run.speeds
                ),
            ),
            remedy=Remedy(
                summary="Look for what has changed since then.",
                steps=(
                    manual("Run `m1doctor bench` once more when nothing else runs, on mains power and cool."),
                    manual("Run `m1doctor diff` over the two reports: it tells what is installed otherwise."),
                ),
            ),
        )


def _comparable(facts: Facts) -> list[EarlierRun]:
    """The earlier runs on a device of the same name."""
    device = facts.bench.matmul.device if facts.bench and facts.bench.matmul else None
    return [run for run in facts.earlier.runs if run.device == device] if facts.earlier else []


def _applies(facts: Facts) -> str | None:
    reason = applies_on_gpu(facts)
    return reason or (None if _comparable(facts) else "there is no earlier run on this device to compare with")


CHECK = Check(
    id="PERF004",
    slug="slower-than-before",
    level=Level.WARNING,
    stage=Stage.SPEED,
    needs=("bench.matmul", "earlier"),
    after=("TF006", "TF007"),
    applies=_applies,
    judge=judge,
    passes=lambda facts: f"As fast as in {len(_comparable(facts))} earlier runs on this device.",
    page=Page(
        what=(
            "The same work was faster before. "
            "The figures of this run are set against those of earlier runs of the same environment on this machine, "
            "which m1doctor keeps, or against the report that `--baseline` names. A figure below three quarters of "
            "the median of the earlier ones is told."
        ),
        why=(
            "The best measure of a machine is the machine itself. A new version of TensorFlow, of the plugin or of "
            "macOS that makes the same work slower shows here and nowhere else."
        ),
        see="Run `m1doctor bench --baseline REPORT` with a report of `m1doctor bench --format json` from before.",
        fix=(
            "Measure again on a quiet, cool machine first. Then compare what has changed: the versions of TensorFlow, "
            "Keras, the plugin and macOS."
        ),
        sources=(Source("m1doctor's own history of the environment", None, "2026-11-26"),),
    ),
)
