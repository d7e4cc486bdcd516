"""`m1doctor verify`: how an environment differs from a lock."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from m1doctor.cli.exits import exit_status
from m1doctor.cli.options import NoColorOption, ReportFormat, ReportFormatOption
from m1doctor.cli.telling import tell
from m1doctor.cli.terminal import check_writable, look_around, write_err
from m1doctor.settings import FailOn

if TYPE_CHECKING:
    from m1doctor.collect.examine import Progress


def verify(
    lock: Annotated[
        str,
        typer.Argument(
            metavar="LOCK",
            help="requirements.txt, pylock.toml, conda's @EXPLICIT or conda-lock.yml.",
            show_default=False,
        ),
    ],
    *,
    python: Annotated[
        str | None, typer.Option("--python", metavar="PATH", help="The interpreter of the environment.")
    ] = None,
    site_packages: Annotated[
        str | None, typer.Option("--site-packages", metavar="DIR", help="A folder of installed packages.")
    ] = None,
    fail_on: Annotated[
        FailOn, typer.Option("--fail-on", help="Level from which findings make exit status 1.")
    ] = FailOn.ERROR,
    format: ReportFormatOption = ReportFormat.TEXT,  # noqa: A002 - the option's name
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FILE", help="Write the report there.")
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Everything: each check, all evidence.")] = False,
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
    from m1doctor.collect.examine import Depth, Silence, examine  # noqa: PLC0415
    from m1doctor.collect.runner import SystemRunner  # noqa: PLC0415
    from m1doctor.collect.target import choose_target  # noqa: PLC0415
    from m1doctor.collect.world import LiveWorld  # noqa: PLC0415
    from m1doctor.diagnosis import make_report  # noqa: PLC0415
    from m1doctor.locks.reading import read_lock  # noqa: PLC0415

    given = read_lock(lock)
    registry, broken = load()
    for sentence in broken:
        write_err(f"m1doctor: warning: {sentence}")
    terminal = look_around(no_color=no_color)
    runner = SystemRunner()
    world = LiveWorld(runner)
    target = choose_target(world, python=python, site_packages=site_packages)
    with ExitStack() as stack:
        stack.callback(runner.end)
        progress: Progress = Silence()
        if terminal.live:
            from m1doctor.cli.progress import LiveProgress  # noqa: PLC0415 - only where somebody watches

            progress = stack.enter_context(LiveProgress())
        facts = examine(world, target, Depth(quick=True, bench=False, deep=True), progress)
    selection = choose(registry, select=[Wish(name="LOCK", source="verify", from_command_line=True)])
    report = make_report(replace(facts, given_lock=given), target, registry, selection, broken=broken)
    tell(report, registry, format, terminal, output=output, verbose=verbose)
    return exit_status(report, fail_on)
