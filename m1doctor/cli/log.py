"""`m1doctor log`: what the lines of a log mean."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from m1doctor.cli.exits import exit_status
from m1doctor.cli.options import (
    FailOnOption,
    NoColorOption,
    OutputOption,
    ReportFormat,
    ReportFormatOption,
    VerboseOption,
)
from m1doctor.cli.telling import tell
from m1doctor.cli.terminal import (
    check_writable,
    look_around,
    standard_input,
    working_folder,
    write_err,
)
from m1doctor.settings import FailOn, find_settings


def log(
    file: Annotated[str, typer.Argument(metavar="[FILE|-]", help="The log; - (or none) is standard input.")] = "-",
    *,
    fail_on: FailOnOption = None,
    format: ReportFormatOption = ReportFormat.TEXT,  # noqa: A002 - the option's name
    output: OutputOption = None,
    verbose: VerboseOption = False,
    no_color: NoColorOption = False,
) -> int:
    """Read a log, a traceback, an installer's output or a shell's last words, and name the cause.

    The text alone is judged: no machine and no environment are examined. Where it decides nothing, no cause is named.
    """
    if output is not None:
        check_writable(Path(output), "--output")
    terminal = look_around(no_color=no_color)
    if file == "-" and sys.stdin is not None and sys.stdin.isatty():
        write_err("m1doctor: reading standard input; paste the lines, then press Ctrl-D on a line of its own")

    from m1doctor.checks.registry import load  # noqa: PLC0415 - imports every check
    from m1doctor.checks.selection import choose  # noqa: PLC0415
    from m1doctor.diagnosis import make_report  # noqa: PLC0415
    from m1doctor.support.log.report import facts_of, open_log, target_of  # noqa: PLC0415

    settings = find_settings(working_folder())
    found = open_log(file, standard_input(file))
    registry, broken = load()
    for sentence in broken:
        write_err(f"m1doctor: warning: {sentence}")
    report = make_report(facts_of(found), target_of(found), registry, choose(registry), broken=broken)
    level = fail_on or settings.fail_on or FailOn.ERROR
    tell(report, registry, format, terminal, output=output, verbose=verbose, fail_on=level)
    return exit_status(report, level)
