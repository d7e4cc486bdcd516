"""TF013: Keras exchanges an optimizer and fails."""

from __future__ import annotations

import pytest

import logs
from judged import judged
from m1doctor.checks.tf.tf013_keras_optimizer_fallback import CHECK
from m1doctor.model.facts import Facts
from m1doctor.model.report import SkipKind, Status
from m1doctor.support.log.report import facts_of


@pytest.mark.parametrize("text", ["AttributeError: 'Adam' object has no attribute 'build'"])
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
    [
        (
            "WARNING:absl:There is a known slowdown when using v2.11+ Keras optimizers on M1/M2 Macs. Falling "
            "back to the legacy Keras optimizer, i.e., `tf.keras.optimizers.legacy.Adam`."
        ),
        "AttributeError: 'str' object has no attribute 'minimize'",
    ],
)
def test_other_words_are_not(text: str) -> None:
    result = judged(CHECK, facts_of(logs.read(text)))
    assert result.skip is SkipKind.NOT_APPLICABLE
    assert result.reason == "the log says nothing of it"


def test_without_a_log_nothing_is_said() -> None:
    assert judged(CHECK, Facts()).skip is SkipKind.NOT_ASKED
