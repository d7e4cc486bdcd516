"""`m1doctor bench`: the benchmark by itself."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import benches
import reports
from double import double
from m1doctor.documents import to_json
from m1doctor.support.history import earlier

Command = Callable[..., Any]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--only", "juggling"], "--only: 'juggling' is none of "),
        (["--dtype", "int8"], "--dtype: 'int8' is none of float32, float16, bfloat16, float64"),
        (["--batch", "0"], "--batch: a whole number above 0 is expected, not 0"),
        (["--repeat", "-1"], "--repeat: a whole number above 0 is expected, not -1"),
        (["--only", "input", "--batch", "8"], "--batch is about the part sweep, which --only leaves out"),
        (["--only", "input", "--dtype", "float16"], "--dtype is about the part matmul, which --only leaves out"),
        (["--limit", "0"], "--limit: a number of seconds above 0 is expected, not 0"),
        (["--plot", "figure.pdf"], "--plot: figure.pdf ends in neither of .svg and .png"),
        (["--plot", "nowhere/figure.svg"], "--plot: cannot write nowhere/figure.svg: there is no folder "),
        (["--baseline", "nowhere.json"], "cannot read nowhere.json: No such file or directory"),
    ],
)
def test_wrong_usage_is_one_line_and_nothing_is_measured(m1doctor: Command, options: list[str], words: str) -> None:
    answer = m1doctor("bench", *options)
    assert (answer.status, answer.out) == (2, "")
    (line,) = answer.err.splitlines()
    assert line.startswith(f"m1doctor: {words}")


def test_a_baseline_without_a_benchmark_is_refused(m1doctor: Command, tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    file.write_text(to_json(reports.healthy()[0]))
    answer = m1doctor("bench", "--baseline", file)
    assert (answer.status, answer.err) == (2, f"m1doctor: --baseline: {file} holds no benchmark\n")


def test_without_the_library_a_plot_is_refused_by_the_name_of_its_extra() -> None:
    code = (
        "import sys; sys.modules['vl_convert'] = None\n"
        "from m1doctor.cli.app import run\n"
        "sys.exit(run(['bench', '--plot', 'figure.svg']))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "m1doctor: --plot needs the extra plot: install m1doctor[plot] (or vl-convert-python)\n"


@pytest.mark.real_tensorflow
def test_a_benchmark_is_measured_told_drawn_kept_and_compared_with(m1doctor: Command, tmp_path: Path) -> None:
    python = double.python(double.environment(double.OLDER))
    first, plot = tmp_path / "first.json", tmp_path / "figure.svg"
    options = ("bench", "--python", python, "--only", "launch,matmul", "--dtype", "float32")
    answer = m1doctor(*options, "--plot", plot, "--format", "json", "--output", first)
    assert (answer.status, answer.out) == (0, "")
    facts = json.loads(first.read_text())["facts"]
    assert len(facts["bench"]["matmul"]["runs"][0]["seconds"]) >= 5
    assert facts["bench"]["unknown"]["input"] == {"kind": "not-asked", "reason": "the part input was left out"}
    assert facts["unknown"]["correctness"]["kind"] == "not-asked"
    assert facts["earlier"]["runs"] == []
    assert "Matrix products on CPU:0, best" in plot.read_text()
    assert [report.facts.bench is not None for report in earlier(str(python))] == [True]

    again = m1doctor(*options, "--baseline", first)
    assert again.status == 0
    assert "\nBenchmark\n  on the CPU " in again.out
    assert "Small ops on CPU:0\n" in again.out
    assert "Smoke run:" not in again.out, "the verdicts stand in the benchmark, and no answer was compared"
    assert "Not known" not in again.out


def test_a_target_without_tensorflow_is_told_as_that(m1doctor: Command) -> None:
    answer = m1doctor("bench", "--python", sys.executable, "--no-history")
    assert answer.status == 1
    assert "PKG001" in answer.out
    assert "\nBenchmark\n" not in answer.out


def test_a_bench_is_longer_than_that_of_a_diagnosis_and_repeats_multiply_it() -> None:
    from m1doctor.knowledge.parts import benchmark, expected_seconds, parts  # noqa: PLC0415 - used by this test alone

    plain, thorough, twice = benchmark(), benchmark(thorough=True), benchmark(repeat=2)
    assert expected_seconds(parts()) < expected_seconds(plain) < expected_seconds(thorough)
    assert expected_seconds(plain) < expected_seconds(twice)
    (sweep,) = benchmark(only=("sweep",), batch=48)
    assert sweep.options["batch"] == 48
    (matmul,) = benchmark(only=("matmul",), dtypes=("float16",))
    assert matmul.options["dtypes"] == ["float16"]


def test_a_replay_of_a_benchmark_judges_it_again(m1doctor: Command, tmp_path: Path) -> None:
    facts = benches.measured(input=benches.fed(0.4))
    report, _ = reports.report(facts, [])
    file = tmp_path / "bench.json"
    file.write_text(to_json(report))
    answer = m1doctor("diagnose", "--replay", file, "--select", "PERF", "--format", "json")
    assert [result["id"] for result in answer.document["results"] if result["status"] == "warning"] == ["PERF002"]
