"""`m1doctor bench`: the benchmark by itself, longer than in a diagnosis."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from m1doctor.cli.exits import exit_status
from m1doctor.cli.options import (
    FailOnOption,
    LimitOption,
    NoColorOption,
    OutputOption,
    PythonOption,
    ReportFormat,
    ReportFormatOption,
    VerboseOption,
)
from m1doctor.cli.telling import tell
from m1doctor.cli.terminal import check_writable, look_around, working_folder, write_err, write_file
from m1doctor.cli.watching import watched
from m1doctor.cli.wishes import words
from m1doctor.errors import UserError
from m1doctor.settings import FailOn, find_settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from m1doctor.knowledge.parts import Part
    from m1doctor.model.earlier import Earlier
    from m1doctor.model.facts import Facts
    from m1doctor.model.report import Report, Target


def bench(
    *,
    python: PythonOption = None,
    thorough: Annotated[bool, typer.Option("--thorough", help="Four times as many samples.")] = False,
    only: Annotated[
        list[str] | None, typer.Option("--only", metavar="PARTS", help="Only these parts; comma separated.")
    ] = None,
    batch: Annotated[
        int | None, typer.Option("--batch", metavar="N", help="Smallest batch of the training step.")
    ] = None,
    dtype: Annotated[
        list[str] | None, typer.Option("--dtype", metavar="DTYPES", help="Time products of these; comma separated.")
    ] = None,
    repeat: Annotated[int, typer.Option("--repeat", metavar="N", help="N times as many rounds.")] = 1,
    baseline: Annotated[
        str | None, typer.Option("--baseline", metavar="FILE", help="Compare with this report instead of the history.")
    ] = None,
    plot: Annotated[
        str | None, typer.Option("--plot", metavar="FILE", help="Draw the figures: FILE.svg or FILE.png.")
    ] = None,
    limit: LimitOption = None,
    fail_on: FailOnOption = None,
    format: ReportFormatOption = ReportFormat.TEXT,  # noqa: A002 - the option's name
    output: OutputOption = None,
    verbose: VerboseOption = False,
    no_history: Annotated[bool, typer.Option("--no-history", help="Neither compare with the history nor add.")] = False,
    no_color: NoColorOption = False,
) -> int:
    """Measure what TensorFlow does on this machine, and say what holds it back.

    Matrix products against the chip's peak, the price of a launch, a training step at three batch sizes, and the same
    step behind good and bad input pipelines. A speed by itself is never an error.
    """
    from m1doctor.collect.examine import DEFAULT_LIMIT_SECONDS  # noqa: PLC0415 - wrong usage collects nothing

    wanted = _wanted(words(only), words(dtype), batch, repeat, thorough=thorough)
    for option, file in (("--output", output), ("--plot", plot)):
        if file is not None:
            check_writable(Path(file), option)
    if plot is not None:
        from m1doctor.render.plot import check_plot  # noqa: PLC0415 - its library is an extra

        check_plot(Path(plot))
    settings = find_settings(working_folder())
    terminal = look_around(no_color=no_color)
    if terminal.live:
        write_err(_announcement(wanted))
    job = _Job(wanted, limit or settings.limit or DEFAULT_LIMIT_SECONDS, live=terminal.live)
    report = job.run(python, baseline, history=not no_history and settings.history is not False)
    if plot is not None and report.facts.bench is not None:
        from m1doctor.render.plot import drawn  # noqa: PLC0415

        write_file(Path(plot), drawn(report, Path(plot).suffix))
    line = fail_on or settings.fail_on or FailOn.ERROR
    tell(report, job.registry, format, terminal, output=output, verbose=verbose, fail_on=line, bench=True)
    return exit_status(report, line)


class _Job:
    """One benchmark."""

    def __init__(self, wanted: Sequence[Part], limit: float, *, live: bool) -> None:
        from m1doctor.checks.registry import load  # noqa: PLC0415 - imports every check; wrong usage needs none

        self.registry, self._broken = load()
        for sentence in self._broken:
            write_err(f"m1doctor: warning: {sentence}")
        self._wanted = tuple(wanted)
        self._limit = limit
        self._live = live

    def run(self, python: str | None, baseline: str | None, *, history: bool) -> Report:
        """Measure, compare, judge, keep."""
        from m1doctor.collect.examine import Depth, examine  # noqa: PLC0415
        from m1doctor.collect.target import choose_target  # noqa: PLC0415

        brought = _baseline(baseline)  # a file that cannot be read is told before anything is measured
        limit = self._limit + sum(part.limit_seconds for part in self._wanted)
        with watched(live=self._live) as (world, progress):
            target = choose_target(world, python=python, site_packages=None)
            facts = examine(world, target, Depth(parts=self._wanted, limit_seconds=limit), progress)
        report = self._report(_with_earlier(facts, target, brought, history=history), target)
        return self._kept(report) if history and facts.bench is not None else report

    def _report(self, facts: Facts, target: Target) -> Report:
        from m1doctor.checks.selection import choose  # noqa: PLC0415
        from m1doctor.diagnosis import make_report, with_remark  # noqa: PLC0415

        report = make_report(facts, target, self.registry, choose(self.registry), broken=self._broken)
        if facts.bench is None and (refusal := facts.unknown.get("bench")) is not None:
            report = with_remark(report, f"nothing was measured: {refusal.reason}", failure=True)
        return report

    def _kept(self, report: Report) -> Report:
        from m1doctor.diagnosis import with_remark  # noqa: PLC0415
        from m1doctor.support.history import remember  # noqa: PLC0415

        try:
            remember(report)
        except OSError as error:
            return with_remark(report, f"this run was not kept: {error.strerror or error} ({error.filename})")
        return report


def _baseline(file: str | None) -> Earlier | None:
    if file is None:
        return None
    from m1doctor.diagnosis import load_report  # noqa: PLC0415
    from m1doctor.support.earlier import from_report  # noqa: PLC0415

    return from_report(load_report(file), file)


def _with_earlier(facts: Facts, target: Target, brought: Earlier | None, *, history: bool) -> Facts:
    if brought is None and history and facts.bench is not None:
        from m1doctor.support.earlier import from_history  # noqa: PLC0415

        brought = from_history(target.path)
    return replace(facts, earlier=brought)


def _announcement(wanted: Sequence[Part]) -> str:
    from m1doctor.knowledge.parts import expected_seconds  # noqa: PLC0415

    return f"Measuring for about {expected_seconds(wanted) + 4:.0f} s with some 0.7 GB; leave the machine alone."


def _wanted(
    only: Sequence[str], dtypes: Sequence[str], batch: int | None, repeat: int, *, thorough: bool
) -> tuple[Part, ...]:
    """The parts to run. Raises `UserError` for a name that is none, and for an option that would have no effect."""
    from m1doctor.knowledge.parts import DTYPES, benchmark, parts  # noqa: PLC0415

    names = [part.name for part in parts()]
    for option, given, known in (("--only", only, names), ("--dtype", dtypes, DTYPES)):
        for word in given:
            if word not in known:
                message = f"{option}: {word!r} is none of {', '.join(known)}"
                raise UserError(message)
    for option, number in (("--batch", batch), ("--repeat", repeat)):
        if number is not None and number < 1:
            message = f"{option}: a whole number above 0 is expected, not {number}"
            raise UserError(message)
    for option, given_option, part in (("--batch", batch, "sweep"), ("--dtype", dtypes or None, "matmul")):
        if given_option is not None and only and part not in only:
            message = f"{option} is about the part {part}, which --only leaves out"
            raise UserError(message)
    return benchmark(thorough=thorough, only=only, batch=batch, dtypes=dtypes, repeat=repeat)
