"""What a watched script shows, check by check."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

import watched
from judged import judged
from m1doctor.checks.registry import load
from m1doctor.checks.watched import see
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level
from m1doctor.model.memory import PressureLevel
from m1doctor.model.profile import CompiledFunction, InputStage, Profile, Sample, Steps, TrainedModel
from m1doctor.model.report import SkipKind, Status

CHECKS = {check.id: check for check in load()[0]}
REGISTERED = frozenset(CHECKS)
ALONE = {
    "MEM006": watched.profile(
        samples=tuple(Sample(seconds=float(n), resident_bytes=10**9 + n * 50_000_000, steps=n) for n in range(1, 31))
    ),
    "PERF006": watched.profile(watched.inside(eager_gradients=100)),
    "PERF007": watched.profile(
        watched.inside(functions=(CompiledFunction(name="step", site="a.py:1", made=1, traces=9),))
    ),
    "TF014": watched.profile(
        watched.inside(
            model=TrainedModel(class_name="Functional", optimizer="keras.src.optimizers.adam.Adam", variables=160),
            fit=Steps(count=200, median_seconds=0.1),
        )
    ),
}
"""Checks that only a watched script speaks for, each with a run that shows its fault."""
FROM_WITHIN = sorted(ALONE.keys() - {"MEM006"})
"""Those of them for which the script must be observed from within."""


def seen(profile: Profile) -> dict[str, tuple[Finding, ...]]:
    return see(watched.facts(profile), REGISTERED)


def within(**more: Any) -> dict[str, tuple[Finding, ...]]:
    return seen(watched.profile(watched.inside(**more)))


@pytest.mark.parametrize("check_id", ALONE)
def test_a_check_fires_for_what_a_script_shows_and_passes_where_it_shows_nothing(check_id: str) -> None:
    check, facts = CHECKS[check_id], watched.facts(ALONE[check_id])
    result = judged(check, facts)
    assert result.status is Status.WARNING
    assert result.findings == see(facts, REGISTERED)[check_id]
    assert judged(check, watched.facts(watched.profile(watched.inside()))).status is Status.PASS


@pytest.mark.parametrize("check_id", FROM_WITHIN)
def test_a_script_that_was_not_observed_from_within_is_no_pass(check_id: str) -> None:
    assert judged(CHECKS[check_id], watched.facts(watched.profile())).skip is SkipKind.NOT_APPLICABLE


@pytest.mark.parametrize("check_id", ALONE)
def test_without_a_script_a_check_was_not_asked(check_id: str) -> None:
    assert judged(CHECKS[check_id], Facts()).skip is SkipKind.NOT_ASKED


def test_every_check_that_only_a_script_speaks_for_is_in_the_table() -> None:
    assert {check.id for check in CHECKS.values() if check.needs == ("profile",)} == set(ALONE)


def test_a_healthy_run_shows_nothing() -> None:
    assert seen(watched.profile(watched.inside())) == {}
    assert seen(watched.profile()) == {}
    assert see(Facts(), REGISTERED) == {}


def test_every_id_that_a_script_speaks_for_is_registered() -> None:
    assert set(see(watched.facts(watched.profile()), frozenset())) <= REGISTERED


def test_a_hidden_gpu_is_named_with_its_line() -> None:
    (finding,) = within(visible_gpus=(), gpu_hidden_at="train.py:7")["TF005"]
    assert finding.location is not None
    assert (finding.location.path, finding.location.line) == ("train.py", 7)
    assert "TF006" not in within(visible_gpus=())


@pytest.mark.parametrize(
    "more",
    [
        {"heavy_devices": {"CPU:0": 12}},
        {"gradient_device": "/job:localhost/replica:0/task:0/device:CPU:0"},
        {"model": TrainedModel(class_name="Sequential", device="/device:CPU:0")},
    ],
)
def test_work_on_the_cpu_beside_a_gpu_that_may_be_used_is_an_error(more: dict[str, Any]) -> None:
    (finding,) = within(**more)["TF006"]
    assert finding.level is Level.ERROR
    assert "TF006" not in within(**more, gpus=(), visible_gpus=())


def test_a_gpu_without_work_is_seen_from_outside() -> None:
    (finding,) = seen(watched.profile(gpu_seconds=0.1))["TF006"]
    assert "0.3% of 30 s" in finding.message
    assert seen(watched.profile(gpu_seconds=0.1, seconds=6.0)) == {}
    assert seen(watched.profile(gpu_seconds=None)) == {}


def test_operations_without_a_kernel_are_counted() -> None:
    (finding,) = within(without_gpu_kernel={"Einsum (float32)": 6})["TF009"]
    assert "6 of the 300 operations" in finding.message


@pytest.mark.parametrize(("wait", "level"), [(0.4, None), (1.0, Level.NOTE), (3.0, Level.WARNING)])
def test_the_share_of_waiting_decides(wait: float, level: Level | None) -> None:
    found = within(wait_seconds=wait).get("PERF002", ())
    assert [finding.level for finding in found] == ([level] if level else [])


def test_the_busiest_stage_is_named() -> None:
    stage = InputStage(name="Map", elements=1200, busy_seconds=2.5)
    (finding,) = within(wait_seconds=5.0, stages=(stage,))["PERF002"]
    assert "The busiest stage is Map, 2.5 s for 1200 elements, one after the other." in finding.message


def test_an_answer_at_once_is_no_wait_whatever_its_share() -> None:
    short = Steps(count=20000, median_seconds=0.0005)
    assert "PERF002" not in within(wait_seconds=4.0, requests=20000, fit=short)


def test_small_steps_are_launches() -> None:
    tiny = {"fit": Steps(count=4000, median_seconds=0.002), "requests": 4000, "examples": 16000}
    (finding,) = within(**tiny)["PERF003"]
    assert "4 examples and 2.0 ms a step" in finding.message
    assert "likely, not sure" not in finding.message
    unsure = seen(watched.profile(watched.inside(**tiny), gpu_seconds=None))["PERF003"]
    assert "likely, not sure" in unsure[0].message
    assert "PERF003" not in within(**{**tiny, "fit": Steps(count=4000, median_seconds=0.2)})


def test_eager_steps_come_before_the_wait_beside_them() -> None:
    found = within(eager_gradients=100, eager_site="train.py:12", wait_seconds=3.0)
    assert found["PERF006"][0].level is Level.WARNING
    assert found["PERF002"][0].level is Level.NOTE
    assert "PERF006" not in within(eager_gradients=3)


def test_run_eagerly_is_named_where_it_was_asked_for() -> None:
    model = TrainedModel(class_name="Sequential", run_eagerly=True)
    assert "compiled with run_eagerly" in within(eager_gradients=100, model=model)["PERF006"][0].message


def test_traces_and_makings_beyond_five_are_named() -> None:
    traced = CompiledFunction(name="step", site="train.py:9", made=1, traces=40)
    made = CompiledFunction(name="inner", site="train.py:20", made=40, traces=1)
    few = CompiledFunction(name="other", site="train.py:30", made=2, traces=5)
    messages = [finding.message for finding in within(functions=(traced, made, few))["PERF007"]]
    assert len(messages) == 2
    assert "step (train.py:9) was traced 40 times" in messages[0]
    assert "inner (train.py:20) was made into a tf.function 40 times" in messages[1]


def samples(*resident: int, swapped: int = 0, steps: int | None = 1) -> tuple[Sample, ...]:
    return tuple(
        Sample(
            seconds=float(number + 1),
            resident_bytes=size,
            swapped_pages=swapped,
            pressure=PressureLevel.WARN,
            steps=steps,
        )
        for number, size in enumerate(resident)
    )


def test_growth_is_told_only_where_it_goes_on() -> None:
    growing = samples(*range(10**9, 2 * 10**9, 33_000_000))
    assert "keeps growing: from" in seen(watched.profile(samples=growing))["MEM006"][0].message
    settled = samples(10**9, *[2 * 10**9] * 29)
    assert "MEM006" not in seen(watched.profile(samples=settled))
    assert "MEM006" not in seen(watched.profile(samples=growing[:5]))


def test_a_script_that_builds_up_before_its_first_step_does_not_grow() -> None:
    building = samples(*range(10**9, 2 * 10**9, 50_000_000), steps=0)
    training = tuple(replace(each, seconds=each.seconds + 20, steps=5) for each in samples(*[2 * 10**9] * 12))
    assert "MEM006" not in seen(watched.profile(samples=building + training))


def test_swapping_is_told_with_the_pressure() -> None:
    (finding,) = seen(watched.profile(samples=samples(*[10**9] * 20, swapped=500)))["MEM002"]
    assert "under memory pressure at warn: 10000 pages" in finding.message
    assert "MEM002" not in seen(watched.profile(samples=samples(*[10**9] * 20, swapped=10)))


def test_of_a_few_steps_nothing_is_said() -> None:
    few = Steps(count=5, median_seconds=0.001)
    assert within(fit=few, requests=5, examples=10, wait_seconds=9.0) == {}
