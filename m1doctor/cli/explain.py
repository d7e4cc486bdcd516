"""`m1doctor explain ID`: the manual page of one check, or of one rule for training scripts."""

from __future__ import annotations

from typing import Annotated

import typer

from m1doctor.cli.options import Format, FormatOption, NoColorOption
from m1doctor.cli.terminal import look_around, write_err, write_out


def explain(
    check: Annotated[str, typer.Argument(metavar="CHECK", help="An id such as LNK002, or a slug.")],
    *,
    format: FormatOption = Format.TEXT,  # noqa: A002 - the option's name
    no_color: NoColorOption = False,
) -> None:
    """Show the manual page of one check, or of one rule that `lint` judges by.

    What it means, why it matters, how to see it yourself, how to mend it, sources.
    """
    from m1doctor.checks.registry import RETIRED, load  # noqa: PLC0415 - imports every check
    from m1doctor.checks.selection import Both, SelectionError, unknown_name  # noqa: PLC0415
    from m1doctor.lint.registry import load_rules  # noqa: PLC0415 - imports every rule

    registry, broken = load()
    for sentence in broken:
        write_err(f"m1doctor: warning: {sentence}")
    found = registry.get(check) or load_rules().get(check)
    if found is None:
        raise SelectionError(unknown_name(Both(registry, load_rules()), check))
    if check.upper() in RETIRED:
        write_err(f"m1doctor: {check.upper()} is retired; {found.id} has taken its place")
    if format is Format.JSON:
        from m1doctor.render.manual_document import page_as_json  # noqa: PLC0415

        write_out(page_as_json(found))
        return
    from m1doctor.render.manual import page_as_text  # noqa: PLC0415

    terminal = look_around(no_color=no_color)
    write_out(page_as_text(found, width=terminal.width, colour=terminal.colour))
