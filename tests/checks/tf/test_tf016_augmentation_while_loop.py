"""TF016: random layers work image by image."""

from __future__ import annotations

import pytest

import logs
from judged import judged
from m1doctor.checks.tf.tf016_augmentation_while_loop import CHECK
from m1doctor.model.facts import Facts
from m1doctor.model.report import SkipKind, Status
from m1doctor.support.log.report import facts_of


@pytest.mark.parametrize(
    "text",
    [
        (
            "WARNING:tensorflow:Using a while_loop for converting RngReadAndSkip cause there is no registered "
            "converter for this op."
        )
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


@pytest.mark.parametrize("text", ["INFO: while_loop converted"])
def test_other_words_are_not(text: str) -> None:
    result = judged(CHECK, facts_of(logs.read(text)))
    assert result.skip is SkipKind.NOT_APPLICABLE
    assert result.reason == "the log says nothing of it"


def test_without_a_log_nothing_is_said() -> None:
    assert judged(CHECK, Facts()).skip is SkipKind.NOT_ASKED
