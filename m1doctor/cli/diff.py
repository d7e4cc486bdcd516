"""`m1doctor diff A B`: what changed between two reports, and what changed since it worked."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from m1doctor.cli.exits import Exit
from m1doctor.cli.kept import LAST_GOOD, Kept
from m1doctor.cli.options import (
    NoColorOption,
    OutputOption,
    PageFormat,
    PageFormatOption,
    PythonOption,
    SitePackagesOption,
)
from m1doctor.cli.terminal import check_writable, look_around, write_answer, write_err
from m1doctor.errors import UserError

_REBUILD = ("m1doctor", "history", "show", LAST_GOOD, "--requirements")


def diff(
    before: Annotated[
        str | None, typer.Argument(metavar="[A]", help="The earlier report.", show_default="2, the last but one")
    ] = None,
    after: Annotated[
        str | None, typer.Argument(metavar="[B]", help="The later report.", show_default="1, the newest")
    ] = None,
    *,
    last_good: Annotated[
        bool, typer.Option("--last-good", help="What changed since it worked: last-good is the earlier report.")
    ] = False,
    python: PythonOption = None,
    site_packages: SitePackagesOption = None,
    format: PageFormatOption = PageFormat.TEXT,  # noqa: A002 - the option's name
    output: OutputOption = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Every change of each group.")] = False,
    no_color: NoColorOption = False,
) -> int:
    """Say what changed between two reports: the failures that came and went, and with which changes.

    Each is a saved report, a bundle, a number of `m1doctor history`, or last-good. Both are judged by the checks of
    now. What changed the verdict is told first: packages, system, what TensorFlow did, memory, speeds.

    Exit status 1: they differ in a failure, a package, the system or what TensorFlow did; memory and speeds alone make
    no difference.
    """
    if last_good and after is not None:
        raise UserError("--last-good is the earlier report; give the later one, or none")
    if output is not None:
        check_writable(Path(output), "--output")
    names = (LAST_GOOD, before or "1") if last_good else (before or "2", after or "1")

    from m1doctor.checks.registry import load  # noqa: PLC0415 - imports every check
    from m1doctor.checks.selection import choose  # noqa: PLC0415
    from m1doctor.diagnosis import judge_again  # noqa: PLC0415
    from m1doctor.render import diff as render  # noqa: PLC0415 - brings rich
    from m1doctor.support.diff.compare import compare  # noqa: PLC0415

    kept = Kept(python, site_packages)
    if before is None and not last_good and not kept.has(2):
        message = f"the last two diagnoses are compared, and {kept.count()}; m1doctor diagnose adds one"
        raise UserError(message)
    earlier, later = (kept.report(name) for name in names)
    if names == (LAST_GOOD, "1") and kept.entry(LAST_GOOD) == kept.entry("1"):
        write_err("m1doctor: the newest diagnosis found it working; to compare with now, run m1doctor diagnose first")
    registry, broken = load()
    for sentence in broken:
        write_err(f"m1doctor: warning: {sentence}")
    selection = choose(registry)
    earlier, later = (judge_again(report, registry, selection) for report in (earlier, later))
    found = compare(earlier, later, registry, names=names, selected=selection.__contains__)
    if format is PageFormat.JSON:
        text = render.diff_as_json(found)
    elif format is PageFormat.MARKDOWN:
        text = render.diff_as_markdown(found)
    else:
        terminal = look_around(no_color=no_color)
        to_screen = output is None
        text = render.diff_as_text(
            found,
            width=terminal.width if to_screen else 80,
            colour=terminal.colour and to_screen,
            unicode=terminal.unicode or not to_screen,
            verbose=verbose,
            to_rebuild=(*_REBUILD, *kept.options) if LAST_GOOD in names and found.different else (),
        )
    write_answer(text, output)
    return Exit.FINDINGS if found.different else Exit.CLEAN
