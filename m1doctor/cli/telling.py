"""A report in the format that was asked for, to the screen or into a file: how every verb that makes one ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from m1doctor.cli.options import ReportFormat
from m1doctor.cli.terminal import Terminal, write_answer
from m1doctor.settings import FailOn

if TYPE_CHECKING:
    from m1doctor.checks.registry import Registry
    from m1doctor.model.report import Report


def tell(
    report: Report,
    registry: Registry,
    form: ReportFormat,
    terminal: Terminal,
    *,
    output: str | None,
    verbose: bool,
    fail_on: FailOn = FailOn.ERROR,
    bench: bool = False,
) -> None:
    """Write `report` to the file `output`, or to standard output; a file is 80 columns wide and has no colour.

    `fail_on` is the level from which a finding fails its case in JUnit XML. `bench` draws the benchmark in text, which
    `verbose` does, too.
    """
    to_screen = output is None
    text = rendered(
        report, registry, form, terminal, to_screen=to_screen, verbose=verbose, fail_on=fail_on, bench=bench
    )
    write_answer(text, output)


def rendered(
    report: Report,
    registry: Registry,
    form: ReportFormat,
    terminal: Terminal,
    *,
    to_screen: bool,
    verbose: bool,
    fail_on: FailOn = FailOn.ERROR,
    bench: bool = False,
) -> str:
    """Write `report` as text, JSON, Markdown or HTML; text that goes to a file is 80 columns wide without colour."""
    # Each is imported where it is asked for: JSON brings msgspec, text brings rich, and a run needs one of them.
    match form:
        case ReportFormat.JSON:
            from m1doctor.documents import to_json  # noqa: PLC0415

            return to_json(report)
        case ReportFormat.MARKDOWN:
            from m1doctor.render.markdown import to_markdown  # noqa: PLC0415

            return to_markdown(report, registry)
        case ReportFormat.HTML:
            from m1doctor.render.html import to_html  # noqa: PLC0415

            return to_html(report, registry)
        case ReportFormat.SARIF:
            from m1doctor.render.sarif import to_sarif  # noqa: PLC0415

            return to_sarif(report, registry)
        case ReportFormat.JUNIT:
            from m1doctor.render.junit import to_junit  # noqa: PLC0415

            return to_junit(report, fails=lambda level: level.weight >= fail_on.weight)
        case ReportFormat.TEXT:
            from m1doctor.render.text import Look, render_text  # noqa: PLC0415

            look = Look(
                width=terminal.width if to_screen else 80,
                colour=terminal.colour and to_screen,
                unicode=terminal.unicode or not to_screen,
                wrap_captured=terminal.interactive and to_screen,
                verbose=verbose,
                bench=bench,
            )
            return render_text(report, registry, look)
