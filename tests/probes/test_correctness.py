"""The parts that compare answers, on real TensorFlow: the oldest, the one most Macs have, the newest.

Each fault that the stand-in for the Metal plugin can have is named as what it is; a healthy one gives no finding.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from double import double
from double.examined import examine, some_parts
from m1doctor.model.report import Status
from m1doctor.model.runtime import ChildEnd

pytestmark = pytest.mark.real_tensorflow

ALL = ("product", "dense", "convolution", "reduction", "indexing", "draws", "training", "kernels")
VERSIONS = [double.OLDEST, double.OLDER, double.NEWEST]


@pytest.fixture(scope="session")
def doubled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = double.clone(double.OLDER, tmp_path_factory.mktemp("older-doubled") / "venv")
    double.plug_in(folder)
    return folder


@pytest.mark.parametrize("requirement", VERSIONS)
def test_a_healthy_plugin_and_the_cpu_alone_give_the_right_answers(requirement: str, tmp_path: Path) -> None:
    folder = double.clone(requirement, tmp_path / "venv")
    for place in ("CPU:0", "GPU:0"):
        if place == "GPU:0":
            double.plug_in(folder)
        run = examine(folder, work=some_parts(*ALL))
        assert not run.failed
        assert run.correctness is not None
        assert not run.correctness.unknown.keys() & set(ALL)
        assert {comparison.place for comparison in run.correctness.comparisons} == {place}
        assert all(5 * comparison.largest_error < comparison.tolerance for comparison in run.correctness.comparisons)
        assert {"float32", "float16", "bfloat16"} == {each.dtype for each in run.correctness.comparisons}
        assert run.correctness.training is not None
        assert run.correctness.training.place == place
        assert run.correctness.training.losses == pytest.approx(run.correctness.training.expected_losses, rel=1e-4)
        assert run.correctness.draws is not None
        assert {draw.place for draw in run.correctness.draws.draws} == {place}
        assert run.results["TF007"].summary.startswith(f"{place} gives NumPy's answers within rounding (18 compared)")
        assert run.results["TF008"].status is Status.PASS
        assert run.results["TF009"].status is (Status.PASS if place == "GPU:0" else Status.SKIPPED)


@pytest.mark.parametrize(
    ("fault", "part", "words"),
    [
        ("wrong-fusedmatmul", "dense", "A float32 Dense layer with ReLU and 512 inputs in graph mode on GPU:0"),
        ("wrong-conv2d", "convolution", "A float32 convolution in graph mode on GPU:0"),
        ("wrong-fusedconv2d", "convolution", "A float32 convolution with bias and ReLU in graph mode"),
        (
            "wrong-conv2dbackpropfilter",
            "convolution",
            "A float32 gradient of a convolution by its filter in graph mode",
        ),
        ("nan-sum", "reduction", "A float32 sum of rows on GPU:0 is not finite"),
        ("wrong-gatherv2", "indexing", "A float32 gather of rows on GPU:0 is off by up to 30"),
    ],
)
def test_a_wrong_op_is_named_as_itself(doubled: Path, fault: str, part: str, words: str) -> None:
    run = examine(doubled, fault, work=some_parts("product", part))
    result = run.only("TF007")
    assert len(result.findings) == 1
    assert result.summary.startswith(words)
    assert any("the same on the CPU" in line and line.endswith("right") for line in result.findings[0].evidence)
    if fault == "wrong-fusedmatmul":
        assert any("the same op by op" in line and line.endswith("right") for line in result.findings[0].evidence)


def test_random_numbers_that_repeat_are_found(doubled: Path) -> None:
    run = examine(doubled, "repeated-random", work=some_parts("product", "draws"))
    assert "Random numbers on GPU:0 are those of the one before" in run.only("TF008").summary


def test_training_that_does_not_learn_is_found(doubled: Path) -> None:
    run = examine(doubled, "no-learning", work=some_parts("product", "training"))
    assert "A tiny model does not learn on GPU:0" in run.only("TF007").summary


def test_holes_in_the_kernels_are_found_and_the_work_on_the_cpu_is_right(doubled: Path) -> None:
    work = some_parts("product", "convolution", "indexing", "kernels")
    run = examine(doubled, "no-conv2d-kernel no-gatherv2-kernel", work=work)
    result = run.only("TF009")
    assert result.status is Status.WARNING
    assert "GPU:0 has no kernel for Conv2D of float32, GatherV2 of float32" in result.summary
    # In a graph the answer is brought back to the GPU; op by op it stays where it was worked out.
    assert any("the float32 gather of rows is on" in line for line in result.findings[0].evidence)


def test_without_a_kernel_for_products_the_place_is_the_finding_and_not_the_hole(doubled: Path) -> None:
    run = examine(doubled, "no-matmul-kernel", work=some_parts("product", "kernels"))
    assert "TensorFlow's registry has no GPU kernel for MatMul of float32" in run.only("TF006").findings[0].evidence
    assert run.results["TF009"].root == "TF006"


def test_a_crash_in_one_part_names_it_and_the_others_go_on_in_one_fresh_child(doubled: Path) -> None:
    run = examine(doubled, "crash-in-conv2d", work=some_parts("product", "convolution", "reduction", "draws"))
    assert "dies of SIGSEGV while convolving images, forward and backward on the GPU" in run.only("TF011").summary
    ends = [(end.stage, end.end) for end in run.runtime.parts]
    assert ends[:2] == [("product", ChildEnd.FINISHED), ("convolution", ChildEnd.DIED)]
    assert {end for _, end in ends[2:]} == {ChildEnd.FINISHED}
    assert run.correctness is not None
    assert run.correctness.reduction is not None
    assert run.correctness.draws is not None
    assert run.results["TF007"].summary.endswith("Not known: convolution.")
