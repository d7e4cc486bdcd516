"""`m1doctor verify`: how an environment differs from a lock."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from m1doctor.cli.exits import exit_status
from m1doctor.cli.options import (
    FailOnOption,
    NoColorOption,
    OutputOption,
    PythonOption,
    ReportFormat,
    ReportFormatOption,
    SitePackagesOption,
    VerboseOption,
)
from m1doctor.cli.telling import tell
from m1doctor.cli.terminal import check_writable, look_around, working_folder, write_err
from m1doctor.cli.watching import watched
from m1doctor.settings import FailOn, find_settings


def verify(
    lock: Annotated[
        str,
        typer.Argument(
            metavar="LOCK",
            help="requirements.txt, pylock.toml, environment.yml, conda's @EXPLICIT or conda-lock.yml.",
            show_default=False,
        ),
    ],
    *,
    python: PythonOption = None,
    site_packages: SitePackagesOption = None,
    fail_on: FailOnOption = None,
    format: ReportFormatOption = ReportFormat.TEXT,  # noqa: A002 - the option's name
    output: OutputOption = None,
    verbose: VerboseOption = False,
    no_color: NoColorOption = False,
) -> int:
    """Say how an environment differs from a lock.

    What is missing, extra or different, and which files were changed or deleted since they were installed. Nothing of
    the environment is run. The target is chosen as by diagnose.
    """
    if output is not None:
        check_writable(Path(output), "--output")

    from m1doctor.checks.registry import load  # noqa: PLC0415 - imports every check; wrong usage needs none
    from m1doctor.checks.selection import Wish, choose  # noqa: PLC0415
    from m1doctor.collect.examine import Depth, examine  # noqa: PLC0415
    from m1doctor.collect.target import choose_target  # noqa: PLC0415
    from m1doctor.diagnosis import make_report  # noqa: PLC0415
    from m1doctor.locks.reading import read_lock  # noqa: PLC0415

    settings = find_settings(working_folder())
    given = read_lock(lock)
    registry, broken = load()
    for sentence in broken:
        write_err(f"m1doctor: warning: {sentence}")
    terminal = look_around(no_color=no_color)
    with watched(live=terminal.live) as (world, progress):
        target = choose_target(world, python=python, site_packages=site_packages)
        facts = examine(world, target, Depth(quick=True, bench=False, deep=True), progress)
    selection = choose(registry, select=[Wish(name="LOCK", source="verify", from_command_line=True)])
    report = make_report(replace(facts, given_lock=given), target, registry, selection, broken=broken)
    level = fail_on or settings.fail_on or FailOn.ERROR
    tell(report, registry, format, terminal, output=output, verbose=verbose, fail_on=level)
    return exit_status(report, level)
