"""The parts that measure, on real TensorFlow for Linux with the stand-in for the Metal plugin: each fault as itself.

No figure is judged by its size: a planted fault is a hundred times what a busy machine does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from double import double
from double.examined import interpreter_of, plugins_of
from m1doctor.bench.figures import FLOAT32, product_of
from m1doctor.bench.verdicts import Holding, verdicts
from m1doctor.checks.engine import judge
from m1doctor.checks.registry import Registry, built_in_checks
from m1doctor.collect.runtime import run_target
from m1doctor.collect.world import LiveWorld
from m1doctor.knowledge.parts import Part, parts
from m1doctor.model.bench import Bench
from m1doctor.model.facts import Facts
from m1doctor.model.host import Gpu, Host
from m1doctor.model.report import Result, Status
from m1doctor.model.runtime import ChildEnd

pytestmark = pytest.mark.real_tensorflow

ALL = tuple(part for part in parts() if part.section == "bench")
TINY_CHIP = Host(system="Darwin", apple_silicon=True, chip="Apple M1", virtual_machine=False, gpu=Gpu(cores=8))


@pytest.fixture(scope="module")
def doubled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = double.clone(double.OLDER, tmp_path_factory.mktemp("doubled") / "venv")
    double.plug_in(folder)
    return folder


def only(name: str, **options: Any) -> tuple[Part, ...]:
    """One part, with some of its options changed."""
    part = next(part for part in ALL if part.name == name)
    return (replace(part, options={**part.options, **options}, limit_seconds=60.0),)


def measure(folder: Path, fault: str = "", *, work: Sequence[Part] = ALL, host: Host | None = None) -> Facts:
    environ = {**double.os.environ, double.FAULT: fault}
    runtime, sections = run_target(
        LiveWorld(environ={key: value for key, value in environ.items() if not key.startswith(("PYTHON", "TF_"))}),
        interpreter_of(folder),
        plugins_of(folder),
        parts=work,
        limit_seconds=120.0,
        tell=[].append,
    )
    return Facts(host=host, runtime=runtime, interpreter=interpreter_of(folder), plugins=plugins_of(folder), **sections)


def bench_of(facts: Facts) -> Bench:
    assert facts.bench is not None
    assert [end.end for end in facts.runtime.parts] == [ChildEnd.FINISHED] * len(facts.runtime.parts)
    return facts.bench


def judged(facts: Facts) -> dict[str, Result]:
    return {result.id: result for result in judge(facts, Registry(built_in_checks()))}


def failed(facts: Facts) -> set[str]:
    return {
        name
        for name, result in judged(facts).items()
        if result.status in (Status.WARNING, Status.ERROR) and name.startswith(("PERF", "MEM", "TF"))
    }


def test_a_healthy_plugin_measures_everything_and_fails_nothing(doubled: Path) -> None:
    facts = measure(doubled)
    bench = bench_of(facts)
    assert bench.matmul is not None
    assert bench.launch is not None
    assert bench.sweep is not None
    assert bench.input is not None
    assert {part.device for part in (bench.matmul, bench.launch, bench.sweep, bench.input)} == {"GPU:0"}
    run = product_of(bench.matmul)
    assert run is not None
    assert len(run.seconds) >= 5
    assert len(bench.launch.eager_seconds) == len(bench.launch.graph_seconds)
    assert [one.batch for one in bench.sweep.runs] == [factor * bench.sweep.runs[0].batch for factor in (1, 2, 4)]
    assert [one.pipeline for one in bench.input.runs] == ["synthetic", "good", "naive"]
    assert any("Map" in stage.name for stage in bench.input.stages)
    assert bench.load is not None
    assert {sample.part for sample in bench.load.samples} <= {part.name for part in ALL}
    assert bench.load.samples
    assert not any(each.sure for each in verdicts(facts) if each.holding is Holding.SHORT_OF_MEMORY)
    assert not failed(facts) & {"PERF001", "MEM002", "MEM005", "TF011"}


@pytest.mark.parametrize("requirement", [double.OLDEST, double.NEWEST])
def test_tensorflow_without_a_gpu_gets_the_verdict_of_the_cpu(requirement: str) -> None:
    facts = measure(double.environment(requirement))
    bench = bench_of(facts)
    assert bench.matmul is not None
    assert bench.matmul.device == "CPU:0"
    assert bench.input is not None
    holdings = [each.holding for each in verdicts(facts)]
    assert holdings[0] is Holding.ON_CPU
    assert set(holdings) <= {Holding.ON_CPU, Holding.SHORT_OF_MEMORY}
    assert not failed(facts)
    for name in ("PERF001", "PERF002", "PERF003", "PERF004", "PERF005"):
        assert judged(facts)[name].status is Status.SKIPPED


def test_launches_that_take_long_make_a_step_launch_bound(doubled: Path) -> None:
    facts = measure(doubled, "slow-launch=20000", work=only("sweep"))
    assert [each.holding for each in verdicts(facts) if each.sure] == [Holding.LAUNCH_BOUND]
    assert failed(facts) == {"PERF003"}


def test_a_pipeline_of_huge_pictures_before_a_short_step_is_input_bound(doubled: Path) -> None:
    work = only("input", picture_side=1024, pictures=2, step_seconds=0.001, least_size=64, product_seconds=0.0)
    facts = measure(doubled, work=work)
    assert [each.holding for each in verdicts(facts) if each.sure] == [Holding.INPUT_BOUND]
    assert failed(facts) == {"PERF002"}
    assert "Map" in judged(facts)["PERF002"].summary


def test_a_chip_that_multiplies_at_a_thousandth_of_its_peak_is_slow(doubled: Path) -> None:
    facts = measure(doubled, "slow-compute=2", work=only("matmul"), host=TINY_CHIP)
    assert [each.holding for each in verdicts(facts) if each.sure] == [Holding.SLOW]
    assert "PERF001" in failed(facts)


def test_a_budget_too_small_for_the_step_is_little_memory_and_no_crash(doubled: Path) -> None:
    facts = measure(doubled, "tiny-memory=8", work=only("sweep", least_width=1024))
    assert [each.holding for each in verdicts(facts)] == [Holding.SHORT_OF_MEMORY]
    assert failed(facts) == {"MEM005"}


def test_steps_that_grow_beyond_proportion_are_short_of_memory(doubled: Path) -> None:
    facts = measure(doubled, "swaps-above=16", work=only("sweep", batch=512, width=256, least_width=256, layers=4))
    assert [each.holding for each in verdicts(facts) if each.sure] == [Holding.SHORT_OF_MEMORY]


def test_a_budget_that_ends_the_search_for_a_size_keeps_what_was_measured(doubled: Path) -> None:
    facts = measure(doubled, "tiny-memory=16", work=only("matmul", product_seconds=60.0))
    bench = bench_of(facts)
    assert bench.matmul is not None
    assert bench.matmul.runs
    assert bench.matmul.exhausted is not None
    assert failed(facts) == {"MEM005"}


def test_a_dtype_without_a_kernel_is_named_and_not_moved_to_the_cpu(doubled: Path) -> None:
    facts = measure(doubled, work=only("matmul", dtypes=["float64", FLOAT32]))
    bench = bench_of(facts)
    assert bench.matmul is not None
    assert bench.matmul.without_kernel == ("float64",)
    assert [run.dtype for run in bench.matmul.runs] == [FLOAT32]


def test_a_part_that_dies_does_not_take_the_others_along(doubled: Path) -> None:
    work = (*only("matmul"), *only("launch"))
    facts = measure(doubled, "crash-in-matmul", work=work)
    assert facts.bench is not None
    assert facts.bench.matmul is None
    assert "SIGSEGV" in facts.bench.unknown["matmul"].reason
    assert facts.bench.launch is not None
    assert failed(facts) == {"TF011"}
