"""TF014: an update of many launches."""

from __future__ import annotations

import pytest

import watched
from judged import judged
from m1doctor.checks.tf.tf014_slow_keras_optimizer import CHECK
from m1doctor.model.profile import Steps, TrainedModel
from m1doctor.model.report import Result, Status

ADAM = "keras.src.optimizers.adam.Adam"
SHORT = Steps(count=200, median_seconds=0.1)


def result_of(optimizer: str | None, *, variables: int = 160, tensorflow: str = "2.18.1", **more: object) -> Result:
    model = TrainedModel(class_name="Functional", optimizer=optimizer, variables=variables)
    inside = watched.inside(**{"model": model, "fit": SHORT, "versions": {"tensorflow": tensorflow}, **more})
    return judged(CHECK, watched.facts(watched.profile(inside)))


def test_many_variables_and_short_steps_are_told_with_their_share() -> None:
    result = result_of(ADAM)
    assert result.status is Status.WARNING
    assert "Adam updates 160 variables in some 2880 small operations a step" in result.summary
    assert "72% of the 100.0 ms" in result.summary


@pytest.mark.parametrize(
    ("optimizer", "more"),
    [
        (ADAM, {"variables": 4}),
        (ADAM, {"fit": Steps(count=200, median_seconds=2.0)}),
        (ADAM, {"visible_gpus": ()}),
        ("keras.src.optimizers.sgd.SGD", {}),
        ("keras.src.optimizers.legacy.adam.Adam", {}),
        ("mine.Adam", {}),
        (None, {}),
    ],
)
def test_what_costs_little_is_no_finding(optimizer: str | None, more: dict[str, object]) -> None:
    assert result_of(optimizer, **more).status is Status.PASS


@pytest.mark.parametrize(("tensorflow", "legacy"), [("2.15.1", True), ("2.10.0", False), ("2.18.1", False)])
def test_legacy_optimizers_are_named_where_there_are_some(tensorflow: str, legacy: bool) -> None:  # noqa: FBT001
    (finding,) = result_of(ADAM, tensorflow=tensorflow).findings
    assert finding.remedy is not None
    assert any("legacy.Adam" in step.text for step in finding.remedy.steps) is legacy
