"""The run of the target, on real TensorFlow for Linux with the stand-in for the Metal plugin."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from double import double
from double.examined import FEW, LIMIT, examine
from m1doctor.collect.runtime import with_reported_macos
from m1doctor.model.interpreter import Interpreter
from m1doctor.model.report import Status
from m1doctor.model.runtime import ChildEnd, Runtime
from m1doctor.model.unknown import UnknownKind

pytestmark = pytest.mark.real_tensorflow

GPU = "/physical_device:GPU:0"


@pytest.fixture(scope="session")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return double.clone(double.NEWEST, tmp_path_factory.mktemp("plain") / "venv")


@pytest.fixture(scope="session")
def doubled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = double.clone(double.NEWEST, tmp_path_factory.mktemp("doubled") / "venv")
    double.plug_in(folder)
    return folder


def test_tensorflow_on_linux_without_a_plugin_is_healthy(plain: Path, tmp_path: Path) -> None:
    run = examine(plain, HOME=str(tmp_path))
    assert not run.failed
    assert run.runtime.outcome.end is ChildEnd.FINISHED
    assert run.runtime.versions["tensorflow"] == "2.21.0"
    assert run.runtime.import_seconds is not None
    assert run.runtime.bytecode_cached is True
    assert [device.kind for device in run.runtime.devices or ()] == ["CPU"]
    assert run.runtime.matmul_requested == "CPU:0"
    assert run.correctness is not None
    assert run.correctness.product is not None
    assert all(comparison.right for comparison in run.correctness.comparisons)
    assert run.correctness.pipeline is not None
    assert run.correctness.pipeline.right
    assert [(end.stage, end.end) for end in run.runtime.parts] == [
        (name, ChildEnd.FINISHED) for name in (*(part.name for part in FEW), "exit")
    ]
    assert run.results["TF004"].status is Status.SKIPPED
    assert run.results["TF006"].status is Status.SKIPPED
    assert run.results["TF007"].status is Status.PASS
    assert not list(tmp_path.iterdir()), "the examination left something in the home folder"


def test_a_run_leaves_no_compiled_modules_in_the_target(tmp_path: Path) -> None:
    folder = double.real.clone(double.real.linux_environment(double.NEWEST), tmp_path / "venv")
    run = examine(folder, work=(), limit=LIMIT * 2)
    assert run.runtime.bytecode_cached is False
    assert not list(folder.rglob("*.pyc"))


@pytest.mark.parametrize("requirement", [double.NEWEST, double.OLDER])
def test_a_healthy_plugin_gives_a_gpu_that_computes_and_no_warning(
    requirement: str, doubled: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = doubled
    if requirement != double.NEWEST:
        folder = double.clone(requirement, tmp_path_factory.mktemp("older") / "venv")
        double.plug_in(folder)
    run = examine(folder)
    assert not run.failed
    assert [device.name for device in run.runtime.visible_gpus] == [GPU]
    assert run.runtime.gpus[0].details == {"device_name": "METAL"}
    assert run.runtime.matmul_device is not None
    assert run.runtime.matmul_device.endswith("device:GPU:0")
    assert run.runtime.matmul_refusal is None
    assert run.correctness is not None
    assert run.correctness.product is not None
    assert {comparison.place for comparison in run.correctness.comparisons} == {"GPU:0"}
    assert run.results["TF004"].summary == f"TensorFlow lists {GPU}."
    assert run.results["TF006"].status is Status.PASS


def test_a_plugin_with_an_unresolved_symbol_fails_the_import_and_is_named(plain: Path) -> None:
    double.plug_in(plain, unresolved_symbol=True)
    try:
        run = examine(plain)
        result = run.only("TF001")
        assert "TF_ThisFunctionIsInNoTensorFlow" in result.summary
        assert any("undefined symbol" in line for line in result.findings[0].evidence)
        assert run.runtime.without_plugins is not None
        assert run.runtime.without_plugins.end is ChildEnd.FINISHED
        assert run.runtime.numpy_alone is not None
        assert run.runtime.numpy_alone.startswith("NumPy 2")
        assert run.results["TF004"].root == "TF001"
    finally:
        double.unplug(plain)


@pytest.mark.parametrize(
    ("fault", "name"), [("abort-on-load", "SIGABRT"), ("illegal-instruction-on-load", "SIGILL")], ids=str
)
def test_a_plugin_that_dies_while_it_is_loaded_is_blamed_by_proof(doubled: Path, fault: str, name: str) -> None:
    run = examine(doubled, fault)
    result = run.only("TF002")
    assert name in result.summary
    assert "libmetal_plugin.so" in result.summary
    assert run.runtime.outcome.signal == name
    assert run.runtime.outcome.stage == "import tensorflow"
    assert "load_pluggable_device_library" in run.runtime.outcome.python_stack[-1]
    evidence = result.findings[0].evidence
    assert any("kept from the plugins" in line for line in evidence)
    if fault == "abort-on-load":
        assert any("the plugin aborts while it is loaded" in line for line in evidence)


def test_a_plugin_that_hangs_while_it_is_loaded_is_blamed_with_the_stack(doubled: Path) -> None:
    run = examine(doubled, "hang-on-load", limit=15.0)
    result = run.only("TF003")
    assert "libmetal_plugin.so" in result.summary
    assert "load_pluggable_device_library" in run.runtime.outcome.python_stack[-1]
    assert run.runtime.without_plugins is not None
    assert run.runtime.without_plugins.end is ChildEnd.FINISHED


def test_a_plugin_that_ends_the_process_in_silence_is_told(doubled: Path) -> None:
    run = examine(doubled, "exit-on-load", work=())
    result = run.only("TF001")
    assert "left with status 0 in the middle" in result.summary
    assert run.correctness is None


def test_a_plugin_without_a_device_leaves_no_gpu_visible(doubled: Path) -> None:
    run = examine(doubled, "no-device")
    assert "libmetal_plugin.so, which offers no device" in run.only("TF004").summary
    assert run.results["TF006"].root == "TF004"


def test_work_that_moves_to_the_cpu_is_found_out(doubled: Path) -> None:
    run = examine(doubled, "no-matmul-kernel")
    result = run.only("TF006")
    assert result.summary.startswith(f"TensorFlow lists {GPU}, but a float32 matrix product runs on CPU:0")
    assert any("Could not satisfy device specification" in line for line in result.findings[0].evidence)


def test_a_crash_in_a_kernel_costs_the_matmul_and_not_the_pipeline(doubled: Path) -> None:
    run = examine(doubled, "crash-in-matmul")
    result = run.only("TF011")
    assert "dies of SIGSEGV while multiplying matrices on the GPU" in result.summary
    assert run.runtime.outcome.end is ChildEnd.FINISHED
    assert [(end.stage, end.end) for end in run.runtime.parts[:1]] == [("product", ChildEnd.DIED)]
    assert run.correctness is not None
    assert run.correctness.product is None
    assert "SIGSEGV" in run.correctness.unknown["product"].reason
    assert run.correctness.pipeline is not None
    assert run.correctness.pipeline.right
    assert run.results["TF007"].status is Status.SKIPPED


def test_a_kernel_that_raises_is_quoted(doubled: Path) -> None:
    run = examine(doubled, "raise-in-matmul")
    assert "the command buffer failed" in run.only("TF011").summary
    assert run.correctness is not None
    assert run.correctness.pipeline is not None


def test_a_part_that_hangs_is_ended_at_its_own_limit_and_the_next_goes_on(doubled: Path) -> None:
    work = [replace(part, limit_seconds=3.0) for part in FEW]
    run = examine(doubled, "hang-in-matmul", work=work)
    assert "gives no answer in 3 s while multiplying matrices on the GPU" in run.only("TF011").summary
    assert run.runtime.outcome.end is ChildEnd.FINISHED
    hung = run.runtime.parts[0]
    assert (hung.stage, hung.end, hung.signal, hung.seconds) == ("product", ChildEnd.HUNG, None, 3.0)
    assert "mat_mul" in hung.python_stack[-1]
    assert run.correctness is not None
    assert run.correctness.pipeline is not None


def test_a_device_that_dies_when_it_starts_leaves_only_what_needs_no_device(doubled: Path) -> None:
    run = examine(doubled, "crash-in-placement")
    assert "starting the device" in run.only("TF011").summary
    assert run.correctness is not None
    assert "'placement'" in run.correctness.unknown["product"].reason
    assert run.correctness.pipeline is not None


def test_a_wrong_answer_is_found(doubled: Path) -> None:
    run = examine(doubled, "wrong-matmul")
    result = run.only("TF007")
    assert "off by up to 30 in 1 of 62500 elements" in result.summary
    assert "float32 1024 x 1024 product on" in "".join(result.findings[0].evidence)


def test_a_crash_at_the_end_is_a_warning(doubled: Path) -> None:
    run = examine(doubled, "abort-at-exit")
    result = run.only("TF011")
    assert result.status is Status.WARNING
    assert "leaving Python after the work" in result.summary
    assert run.correctness is not None
    assert run.correctness.product is not None


def test_a_sitecustomize_that_hides_the_gpu_is_named_with_its_line(doubled: Path, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import tensorflow as tf\n\ntf.config.set_visible_devices([], 'GPU')\n", encoding="utf-8"
    )
    run = examine(doubled, PYTHONPATH=str(tmp_path))
    result = run.only("TF005")
    assert "sitecustomize.py, line 3" in result.summary
    assert run.runtime.gpus
    assert not run.runtime.visible_gpus
    assert run.results["TF004"].root == "TF005"


def test_what_macos_the_target_believes_in_is_handed_to_the_interpreter() -> None:
    interpreter = Interpreter(executable="/x/python")
    from m1doctor.model.runtime import ChildOutcome  # noqa: PLC0415 - used by this test alone

    runtime = Runtime(outcome=ChildOutcome(end=ChildEnd.FINISHED, seconds=1.0), mac_version="10.16")
    assert with_reported_macos(interpreter, runtime).reported_macos == "10.16"
    nowhere = with_reported_macos(interpreter, replace(runtime, mac_version=""))
    assert nowhere.reported_macos is None
    assert nowhere.unknown["reported_macos"].kind is UnknownKind.NOT_APPLICABLE
    unsaid = with_reported_macos(interpreter, replace(runtime, mac_version=None))
    assert unsaid.unknown["reported_macos"].kind is UnknownKind.UNAVAILABLE


@pytest.fixture(autouse=True)
def _no_leftovers() -> Iterator[None]:
    """Every child has ended when a run has: nothing of ours is left behind."""
    yield
    mine = str(os.getpid())
    left = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:
            continue
        if words[1] == mine and words[0] != "Z" and b"probes/target.py" in (process / "cmdline").read_bytes():
            left.append(process.name)
    assert not left
