"""PERF005: samples that nothing can be judged by."""

from __future__ import annotations

from dataclasses import replace

import benches
from judged import judged
from m1doctor.checks.perf.perf005_unstable_timing import CHECK
from m1doctor.model.report import SkipKind, Status

NOISY = (1.0, 1.9, 1.2, 1.6, 1.3, 1.5, 1.1)


def test_a_best_product_far_before_the_median_one_is_a_note() -> None:
    result = judged(CHECK, benches.measured(matmul=benches.matmul(noise=NOISY)))
    assert result.status is Status.NOTE
    assert "the best product is 30% faster than the median one" in result.summary


def test_an_interval_across_a_line_is_named() -> None:
    sweep = benches.sweep(0.5)
    runs = (*sweep.runs[:-1], replace(sweep.runs[-1], seconds=benches.times(0.018, noise=NOISY)))
    result = judged(CHECK, benches.measured(sweep=replace(sweep, runs=runs)))
    assert "launch-bound: " in result.summary


def test_steady_samples_pass() -> None:
    assert judged(CHECK, benches.measured()).status is Status.PASS


def test_nothing_is_said_of_the_cpu() -> None:
    assert judged(CHECK, benches.on_cpu()).skip is SkipKind.NOT_APPLICABLE


def test_unknown_is_not_a_pass() -> None:
    assert judged(CHECK, replace(benches.measured(), bench=None)).skip is SkipKind.UNKNOWN
