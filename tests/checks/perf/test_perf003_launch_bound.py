"""PERF003: a step is launches and little else."""

from __future__ import annotations

from dataclasses import replace

import benches
from judged import judged
from m1doctor.checks.perf.perf003_launch_bound import CHECK
from m1doctor.model.bench import Bench
from m1doctor.model.report import SkipKind, Status


def test_equal_times_at_every_batch_are_a_warning_with_the_batch_that_would_fill_it() -> None:
    result = judged(CHECK, benches.measured(sweep=benches.sweep(0.9), launch=benches.launch(110e-6)))
    assert result.status is Status.WARNING
    assert result.summary.startswith("Launch-bound: 90% (")
    finding = result.findings[0]
    assert finding.evidence[-1] == "a small op costs 110 us in a graph, 2.0 times that when launched by itself"
    assert finding.remedy is not None
    assert finding.remedy.steps[0].text.startswith("Raise the batch to 576 or more;")


def test_time_in_proportion_passes_and_tells_the_share() -> None:
    result = judged(CHECK, benches.measured())
    assert (result.status, result.summary) == (
        Status.PASS,
        "10% of a step at batch 64 is launches; a batch of 7 is half launches.",
    )


def test_samples_on_both_sides_of_the_line_give_no_verdict() -> None:
    sweep = benches.sweep(0.5)
    noisy = (1.0, 1.3, 0.8, 1.2, 0.9, 1.1, 1.0)
    runs = (*sweep.runs[:-1], replace(sweep.runs[-1], seconds=benches.times(0.025, noise=noisy)))
    assert judged(CHECK, benches.measured(sweep=replace(sweep, runs=runs))).status is Status.PASS


def test_steps_on_the_cpu_are_not_judged() -> None:
    assert judged(CHECK, benches.on_cpu()).skip is SkipKind.NOT_APPLICABLE


def test_unknown_is_not_a_pass() -> None:
    assert judged(CHECK, replace(benches.measured(), bench=Bench())).skip is SkipKind.UNKNOWN
