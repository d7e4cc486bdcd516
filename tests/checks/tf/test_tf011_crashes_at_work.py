"""TF011: the import is well and the work is not."""

from __future__ import annotations

import pytest

from judged import judged
from m1doctor.checks.tf.tf011_crashes_at_work import CHECK
from m1doctor.model.facts import Facts
from m1doctor.model.report import SkipKind, Status
from m1doctor.model.runtime import ChildEnd
from runs import linux, mac, outcome, raised, runtime


def test_a_death_in_a_kernel_names_the_signal_the_part_and_the_device() -> None:
    died = outcome(ChildEnd.DIED, signal="SIGSEGV", stage="product")
    result = judged(CHECK, mac(runtime(parts=(died,))))
    assert result.status is Status.ERROR
    assert result.summary.startswith(
        "TensorFlow imports, but the process dies of SIGSEGV while multiplying matrices on the GPU: native code"
    )


def test_a_death_when_the_device_starts_is_told_once_with_what_came_after() -> None:
    first = outcome(ChildEnd.DIED, signal="SIGABRT", stage="placement")
    then = outcome(ChildEnd.DIED, signal="SIGABRT", stage="pipeline")
    result = judged(CHECK, mac(runtime(first, imports=True, parts=(then,))))
    assert len(result.findings) == 1
    assert "starting the device" in result.summary
    assert result.findings[0].evidence[-1] == (
        "then, in a process of its own: the process dies of SIGABRT while running a tf.data pipeline"
    )


@pytest.mark.parametrize(
    ("ended", "words"),
    [
        (outcome(ChildEnd.HUNG, stage="product", seconds=60.0), "gives no answer in 60 s while multiplying matrices"),
        (
            raised("InternalError", "the buffer failed", stage="pipeline"),
            "raises InternalError while running a tf.data",
        ),
        (outcome(ChildEnd.EXITED, stage="devices", returncode=3), "leaves with status 3 while listing the devices"),
    ],
)
def test_other_bad_ends_at_work_are_told_too(ended: object, words: str) -> None:
    assert words in judged(CHECK, mac(runtime(parts=(ended,)))).summary


def test_a_crash_at_the_very_end_is_a_warning() -> None:
    result = judged(CHECK, linux(runtime(parts=(outcome(ChildEnd.DIED, signal="SIGABRT", stage="exit"),))))
    assert result.status is Status.WARNING
    assert "leaving Python after the work" in result.summary


def test_a_good_run_passes_with_and_without_a_smoke_run() -> None:
    assert judged(CHECK, mac(runtime(parts=(outcome(ChildEnd.FINISHED, stage="product"),)))).status is Status.PASS
    assert judged(CHECK, mac(runtime())).status is Status.PASS


def test_a_failed_import_is_not_of_this_check() -> None:
    ended = outcome(ChildEnd.DIED, signal="SIGILL")
    assert judged(CHECK, mac(runtime(ended))).status is Status.PASS


def test_unknown_is_not_a_pass() -> None:
    assert judged(CHECK, Facts()).skip is SkipKind.UNKNOWN
