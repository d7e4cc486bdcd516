"""Earlier benchmarks to compare with."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import benches
import reports
from m1doctor.errors import UserError
from m1doctor.support.earlier import MOST_RUNS, from_history, from_report
from m1doctor.support.history import remember


def test_a_report_gives_its_figures_by_name() -> None:
    report, _ = reports.report(benches.measured(), [])
    earlier = from_report(report, "before.json")
    assert earlier.source == "before.json"
    (run,) = earlier.runs
    assert (run.device, run.tensorflow, run.created) == ("GPU:0", "2.18.1", report.created)
    assert set(run.speeds) == {"float32 products (FLOP/s)", "launches (ops/s)"}


def test_a_report_without_a_benchmark_is_refused() -> None:
    with pytest.raises(UserError, match=r"--baseline: before\.json holds no benchmark"):
        from_report(reports.healthy()[0], "before.json")


def test_the_history_gives_the_newest_few_and_passes_over_those_without_a_benchmark(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    with_bench, _ = reports.report(benches.measured(), [])
    without = replace(with_bench, facts=replace(with_bench.facts, bench=None))
    assert from_history(with_bench.target.path).runs == ()
    for number in range(MOST_RUNS + 2):
        remember(without if number == 3 else replace(with_bench, created=f"2026-11-0{number + 1}T12:00:00Z"))
    runs = from_history(with_bench.target.path).runs
    assert len(runs) == MOST_RUNS
    assert runs[0].created == f"2026-11-0{MOST_RUNS + 2}T12:00:00Z"
