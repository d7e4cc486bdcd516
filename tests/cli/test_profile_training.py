"""`m1doctor profile --inside` on real TensorFlow: each script of `tests/training` gets its own fault named first."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from double import double
from m1doctor.cli.app import run

SCRIPTS = Path(__file__).parents[1] / "training"
pytestmark = pytest.mark.real_tensorflow


@pytest.fixture(scope="module")
def with_gpu(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the stand-in for the Metal plugin."""
    folder = double.clone(double.OLDER, tmp_path_factory.mktemp("profiled") / "venv")
    double.plug_in(folder)
    return double.python(folder)


def profiled(python: Path, name: str, tmp_path: Path, *options: str) -> Any:
    saved = tmp_path / "profile.json"
    arguments = ["profile", *options, "--python", str(python), "-o", str(saved), str(SCRIPTS / f"{name}.py")]
    assert run(arguments) == 0
    return json.loads(saved.read_text())


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("slow_input", "PERF002"),
        ("eager_loop", "PERF006"),
        ("tiny_batch", "PERF003"),
        ("pinned_to_cpu", "TF006"),
        ("hidden_gpu", "TF005"),
        ("retraces", "PERF007"),
    ],
)
def test_a_planted_fault_is_named_first(name: str, first: str, with_gpu: Path, tmp_path: Path) -> None:
    document = profiled(with_gpu, name, tmp_path, "--inside")
    assert document["verdict"]["causes"][:1] == [first], document["verdict"]


def test_a_script_without_a_fault_has_no_cause(with_gpu: Path, tmp_path: Path) -> None:
    document = profiled(with_gpu, "well_fed", tmp_path, "--inside")
    assert document["verdict"]["causes"] == []
    assert document["verdict"]["headline"].startswith("Nothing seen that holds the script back: 128 steps of ")
    inside = document["facts"]["profile"]["inside"]
    assert inside["examples"] == 4 * 8192
    assert inside["troubles"] == []


@pytest.mark.parametrize("requirement", [double.OLDEST, double.NEWEST])
def test_the_steps_of_fit_are_seen_in_every_line_of_tensorflow(requirement: str, tmp_path: Path) -> None:
    inside = profiled(double.python(double.environment(requirement)), "slow_input", tmp_path, "--inside")
    inside = inside["facts"]["profile"]["inside"]
    assert inside["fit"]["count"] in (75, 76)  # Keras 3 begins a step before it learns that there is no more data
    assert inside["requests"] in (75, 76)
    assert inside["wait_seconds"] / inside["training_seconds"] > 0.5


def test_memory_that_grows_is_named(tmp_path: Path) -> None:
    document = profiled(double.python(double.environment(double.OLDER)), "leaks", tmp_path, "--inside")
    assert document["verdict"]["causes"] == ["MEM006"]


def test_from_outside_what_cannot_be_known_is_not_called_well(tmp_path: Path) -> None:
    document = profiled(double.python(double.environment(double.OLDER)), "retraces", tmp_path)
    assert document["verdict"]["status"] == "unknown"
    assert "--inside tells more" in document["verdict"]["headline"]
    assert document["facts"]["profile"]["inside"] is None
