"""TF017: the code names what Keras 3 does not have."""

from __future__ import annotations

import pytest

import logs
from judged import judged
from m1doctor.checks.tf.tf017_legacy_optimizer_on_keras_3 import CHECK
from m1doctor.model.facts import Facts
from m1doctor.model.report import SkipKind, Status
from m1doctor.support.log.report import facts_of


@pytest.mark.parametrize("text", ["ImportError: `keras.optimizers.legacy` is not supported in Keras 3."])
def test_the_words_of_the_fault_are_told_with_their_line(text: str) -> None:
    result = judged(CHECK, facts_of(logs.read(f"well\n{text}")))
    assert result.status is Status.ERROR
    finding = result.findings[0]
    assert finding.location is not None
    assert finding.location.line == 2
    assert finding.evidence[0].startswith("line 2: ")
    assert finding.remedy is not None


@pytest.mark.parametrize(
    "text", ["please use the legacy Keras optimizer instead, located at `tf.keras.optimizers.legacy.Adam`."]
)
def test_other_words_are_not(text: str) -> None:
    result = judged(CHECK, facts_of(logs.read(text)))
    assert result.skip is SkipKind.NOT_APPLICABLE
    assert result.reason == "the log says nothing of it"


def test_without_a_log_nothing_is_said() -> None:
    assert judged(CHECK, Facts()).skip is SkipKind.NOT_ASKED
