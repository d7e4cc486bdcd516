"""TF012: Metal reports a failed command buffer."""

from __future__ import annotations

import pytest

import logs
from judged import judged
from m1doctor.checks.tf.tf012_gpu_command_failed import CHECK
from m1doctor.model.facts import Facts
from m1doctor.model.report import SkipKind, Status
from m1doctor.support.log.report import facts_of


@pytest.mark.parametrize(
    "text",
    [
        "Error: command buffer exited with error status.",
        "Caused GPU Timeout Error (00000002:kIOGPUCommandBufferCallbackErrorTimeout)",
    ],
)
def test_the_words_of_the_fault_are_told_with_their_line(text: str) -> None:
    result = judged(CHECK, facts_of(logs.read(f"well\n{text}")))
    assert result.status is Status.ERROR
    finding = result.findings[0]
    assert finding.location is not None
    assert finding.location.line == 2
    assert finding.evidence[0].startswith("line 2: ")
    assert finding.remedy is not None


@pytest.mark.parametrize("text", ["Plugin optimizer for device_type GPU is enabled."])
def test_other_words_are_not(text: str) -> None:
    result = judged(CHECK, facts_of(logs.read(text)))
    assert result.skip is SkipKind.NOT_APPLICABLE
    assert result.reason == "the log says nothing of it"


def test_without_a_log_nothing_is_said() -> None:
    assert judged(CHECK, Facts()).skip is SkipKind.NOT_ASKED


def test_the_reason_on_a_later_line_belongs_to_the_same_event() -> None:
    text = (
        "Error: command buffer exited with error status.\n\tOperations may not have completed.\n\tError:\n\t(null)\n"
        "\tInsufficient Memory (00000008:kIOGPUCommandBufferCallbackErrorOutOfMemory)\n"
    )
    (finding,) = judged(CHECK, facts_of(logs.read(text))).findings
    assert "OutOfMemory" in finding.message
    assert len(finding.evidence) == 2
