"""TF009: an op has no kernel on this GPU."""

from __future__ import annotations

import pytest

import logs
from judged import judged
from m1doctor.checks.tf.tf009_op_without_kernel import CHECK
from m1doctor.model.facts import Facts
from m1doctor.model.report import SkipKind, Status
from m1doctor.support.log.report import facts_of


@pytest.mark.parametrize(
    "text",
    [
        (
            "NotFoundError: No registered 'RngReadAndSkip' OpKernel for 'GPU' devices compatible with node "
            "{{node RngReadAndSkip}}"
        ),
        (
            "Cannot assign a device for operation x: Could not satisfy explicit device specification "
            "'/device:GPU:0' because no supported kernel for GPU devices is available."
        ),
    ],
)
def test_the_words_of_the_fault_are_told_with_their_line(text: str) -> None:
    result = judged(CHECK, facts_of(logs.read(f"well\n{text}")))
    assert result.status is Status.WARNING
    finding = result.findings[0]
    assert finding.location is not None
    assert finding.location.line == 2
    assert finding.evidence[0].startswith("line 2: ")
    assert finding.remedy is not None


@pytest.mark.parametrize(
    "text",
    [
        (
            "WARNING:tensorflow:Using a while_loop for converting Bitcast cause there is no registered "
            "converter for this op."
        ),
        "No registered 'X' OpKernel for XLA_GPU_JIT devices compatible with node",
    ],
)
def test_other_words_are_not(text: str) -> None:
    result = judged(CHECK, facts_of(logs.read(text)))
    assert result.skip is SkipKind.NOT_APPLICABLE
    assert result.reason == "the log says nothing of it"


def test_without_a_log_nothing_is_said() -> None:
    assert judged(CHECK, Facts()).skip is SkipKind.NOT_ASKED
