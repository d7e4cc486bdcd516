"""MEM005: the device has no memory left for little work."""

from __future__ import annotations

from dataclasses import replace

import benches
from judged import judged
from m1doctor.checks.mem.mem005_little_gpu_memory import CHECK
from m1doctor.checks.tf.tf011_crashes_at_work import CHECK as CRASHES
from m1doctor.model.report import SkipKind, Status
from runs import linux, raised, runtime

OOM = "OOM when allocating tensor with shape[2048,2048] and type float on /device:GPU:0"


def test_a_size_that_no_memory_was_left_for_is_a_warning_with_tensorflows_words_and_the_budget() -> None:
    run = runtime(log_lines=("maxCacheSize: 0.10 GB", "something else"))
    result = judged(CHECK, benches.measured(matmul=benches.matmul(exhausted=OOM), runtime=run))
    assert result.status is Status.WARNING
    assert "no memory left while timing matrix products" in result.summary
    assert result.findings[0].evidence == (f"matmul: {OOM}", "maxCacheSize: 0.10 GB")


def test_a_part_that_ended_for_want_of_memory_is_told_here_and_not_as_a_crash() -> None:
    run = runtime(parts=(raised("ResourceExhaustedError", OOM, stage="product"),))
    facts = benches.measured(runtime=run)
    assert "while multiplying matrices" in judged(CHECK, facts).summary
    assert judged(CRASHES, facts).status is Status.PASS


def test_enough_memory_passes() -> None:
    assert judged(CHECK, benches.measured()).status is Status.PASS


def test_it_is_a_question_of_gpus_and_unknown_is_not_a_pass() -> None:
    assert judged(CHECK, linux(runtime())).skip is SkipKind.NOT_APPLICABLE
    assert judged(CHECK, replace(benches.measured(), runtime=None)).skip is SkipKind.UNKNOWN
