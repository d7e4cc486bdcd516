"""What the smoke run does."""

from __future__ import annotations

from m1doctor.knowledge.smoke import smoke_plan


def test_the_tolerance_lies_between_rounding_and_a_wrong_answer() -> None:
    # Measured for this size: rounding 9e-5 of a largest value of 153 on the CPU, 2e-4 with a plain loop.
    tolerance = smoke_plan().matmul.relative_tolerance * 153
    assert 10 * 2e-4 < tolerance < 0.1


def test_the_run_is_short_and_bounded() -> None:
    plan = smoke_plan()
    assert plan.matmul.seconds <= 1
    assert plan.matmul.warm_ups < plan.matmul.most
    assert plan.pipeline.elements % plan.pipeline.batch == 0
