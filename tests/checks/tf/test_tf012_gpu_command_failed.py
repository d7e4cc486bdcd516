"""TF012: Metal reports a failed command buffer."""

from __future__ import annotations

import logs
from judged import judged
from m1doctor.checks.tf.tf012_gpu_command_failed import CHECK
from m1doctor.support.log.report import facts_of


def test_the_reason_on_a_later_line_belongs_to_the_same_event() -> None:
    text = (
        "Error: command buffer exited with error status.\n\tOperations may not have completed.\n\tError:\n\t(null)\n"
        "\tInsufficient Memory (00000008:kIOGPUCommandBufferCallbackErrorOutOfMemory)\n"
    )
    (finding,) = judged(CHECK, facts_of(logs.read(text))).findings
    assert "OutOfMemory" in finding.message
    assert len(finding.evidence) == 2
