"""PERF002: the GPU waits for data."""

from __future__ import annotations

from dataclasses import replace

import benches
from judged import judged
from m1doctor.checks.perf.perf002_input_bound import CHECK
from m1doctor.model.bench import Bench
from m1doctor.model.report import SkipKind, Status


def test_steps_that_wait_a_third_of_their_time_are_a_warning_that_names_the_stage() -> None:
    result = judged(CHECK, benches.measured(input=benches.fed(0.33)))
    assert result.status is Status.WARNING
    assert result.summary.startswith("Input-bound: 33% (33% to 33%) of the time of a step is spent waiting")
    assert "90% of the pipeline's work in MapAndBatch" in result.summary
    assert any(line.startswith("good, of it waiting: ") for line in result.findings[0].evidence)


def test_a_pipeline_that_slows_the_step_down_without_a_wait_is_a_note() -> None:
    result = judged(CHECK, benches.measured(input=benches.fed(0.01, slower=1.6)))
    assert result.status is Status.NOTE
    assert "take 1.6 times as long beside the pipeline" in result.summary


def test_a_good_pipeline_passes_and_says_what_it_is_worth() -> None:
    result = judged(CHECK, benches.measured())
    assert result.status is Status.PASS
    assert result.summary == (
        "Behind a good pipeline the GPU waits 2% of the time for its data. A loop that decodes by itself takes 2.5 "
        "times as long."
    )


def test_an_interval_across_the_line_gives_no_verdict() -> None:
    fed = benches.fed()
    shares = (0.1, 0.3, 0.1, 0.3, 0.1, 0.3, 0.22)
    runs = tuple(
        replace(run, waited_seconds=tuple(a * b for a, b in zip(run.seconds, shares, strict=True)))
        if run.pipeline == "good"
        else run
        for run in fed.runs
    )
    assert judged(CHECK, benches.measured(input=replace(fed, runs=runs))).status is Status.PASS


def test_there_is_no_gpu_to_wait_on_the_cpu() -> None:
    assert judged(CHECK, benches.on_cpu()).skip is SkipKind.NOT_APPLICABLE


def test_unknown_is_not_a_pass() -> None:
    assert judged(CHECK, replace(benches.measured(), bench=Bench())).skip is SkipKind.UNKNOWN
