"""A report in the format that was asked for, to the screen or into a file: how every verb that makes one ends."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from m1doctor.cli.options import Format
from m1doctor.cli.terminal import Terminal, write_file, write_out

if TYPE_CHECKING:
    from m1doctor.checks.registry import Registry
    from m1doctor.model.report import Report


def tell(
    report: Report, registry: Registry, form: Format, terminal: Terminal, *, output: str | None, verbose: bool
) -> None:
    """Write `report` to the file `output`, or to standard output; a file is 80 columns wide and has no colour."""
    if form is Format.JSON:
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
