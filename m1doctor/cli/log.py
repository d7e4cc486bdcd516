"""`m1doctor log`: what the lines of a log mean."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from m1doctor.cli.exits import exit_status
from m1doctor.cli.options import Format, FormatOption, NoColorOption
from m1doctor.cli.terminal import (
    check_writable,
    look_around,
    standard_input,
    working_folder,
    write_err,
    write_file,
    write_out,
)
from m1doctor.settings import FailOn, find_settings


def log(
    file: Annotated[str, typer.Argument(metavar="[FILE|-]", help="The log; - (or none) is standard input.")] = "-",
    *,
    fail_on: Annotated[
        FailOn | None,
        typer.Option("--fail-on", help="Level from which findings make exit status 1.", show_default="error"),
    ] = None,
    format: FormatOption = Format.TEXT,  # noqa: A002 - the option's name
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FILE", help="Write the report there.")
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Everything: each check, all evidence.")] = False,
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
    if format is Format.JSON:
        from m1doctor.documents import to_json  # noqa: PLC0415 - brings msgspec

        text = to_json(report)
    else:
        from m1doctor.render.text import Look, render_text  # noqa: PLC0415 - brings rich

        to_screen = output is None
        look = Look(
            width=terminal.width if to_screen else 80,
            colour=terminal.colour and to_screen,
            unicode=terminal.unicode or not to_screen,
            wrap_captured=terminal.interactive and to_screen,
            verbose=verbose,
        )
        text = render_text(report, registry, look)
    if output is None:
        write_out(text)
    else:
        write_file(Path(output), text)
    return exit_status(report, fail_on or settings.fail_on or FailOn.ERROR)
