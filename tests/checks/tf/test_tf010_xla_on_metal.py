"""TF010: XLA has no compiler for Metal."""

from __future__ import annotations

import pytest

import logs
from judged import judged
from m1doctor.checks.tf.tf010_xla_on_metal import CHECK
from m1doctor.model.facts import Facts
from m1doctor.model.report import SkipKind, Status
from m1doctor.support.log.report import facts_of


@pytest.mark.parametrize(
    "text",
    ["OP_REQUIRES failed at xla_ops.cc:418 : NOT_FOUND: could not find registered platform with id: 0x13f441e40"],
)
def test_the_words_of_the_fault_are_told_with_their_line(text: str) -> None:
    result = judged(CHECK, facts_of(logs.read(f"well\n{text}")))
    assert result.status is Status.ERROR
    finding = result.findings[0]
    assert finding.location is not None
    assert finding.location.line == 2
    assert finding.evidence[0].startswith("line 2: ")
    assert finding.remedy is not None


@pytest.mark.parametrize(
    "text",
    ["XLA service 0x60 initialized for platform METAL (this does not guarantee that XLA will be used). Devices:"],
)
def test_other_words_are_not(text: str) -> None:
    result = judged(CHECK, facts_of(logs.read(text)))
    assert result.skip is SkipKind.NOT_APPLICABLE
    assert result.reason == "the log says nothing of it"


def test_without_a_log_nothing_is_said() -> None:
    assert judged(CHECK, Facts()).skip is SkipKind.NOT_ASKED
