"""Earlier benchmarks to compare with: those of this machine's history, or one report that the user names."""

from __future__ import annotations

from collections.abc import Iterable

from m1doctor.bench.figures import speeds
from m1doctor.errors import UserError
from m1doctor.model.earlier import Earlier, EarlierRun
from m1doctor.model.report import Report
from m1doctor.support.history import earlier

MOST_RUNS = 5
"""The newest so many count: what a machine did with other versions a year ago is another matter."""
MOST_READ = 12
"""Reports that are looked into for them."""


def from_history(target: str) -> Earlier:
    """The newest benchmarks that are kept of a target."""
    runs: list[EarlierRun] = []
    for number, report in enumerate(earlier(target)):
        if number >= MOST_READ or len(runs) >= MOST_RUNS:
            break
        runs += _run(report)
    return Earlier(source="history", runs=tuple(runs))


def from_report(report: Report, file: str) -> Earlier:
    """The benchmark of one report. Raises `UserError` for one that holds none."""
    runs = tuple(_run(report))
    if not runs:
        message = f"--baseline: {file} holds no benchmark"
        raise UserError(message)
    return Earlier(source=file, runs=runs)


def _run(report: Report) -> Iterable[EarlierRun]:
    bench, runtime = report.facts.bench, report.facts.runtime
    measured = bench and (bench.matmul or bench.launch)
    if bench is None or not measured or not (found := speeds(bench)):
        return
    yield EarlierRun(
        created=report.created,
        tensorflow=runtime.versions.get("tensorflow") if runtime is not None else None,
        device=measured.device,
        speeds=found,
    )
