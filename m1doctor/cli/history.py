"""`m1doctor history`: the diagnoses that are kept of a target."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from m1doctor.cli.kept import Kept, names_an_entry
from m1doctor.cli.options import (
    NoColorOption,
    OutputOption,
    PageFormat,
    PythonOption,
    ReportFormat,
    ReportFormatOption,
    SitePackagesOption,
)
from m1doctor.cli.telling import tell
from m1doctor.cli.terminal import check_writable, look_around, write_answer, write_err
from m1doctor.errors import UnfinishedError, UserError

if TYPE_CHECKING:
    from m1doctor.cli.terminal import Terminal
    from m1doctor.model.report import Report
    from m1doctor.render.history import Line


class Action(StrEnum):
    """What is done with the history."""

    LIST = "list"
    SHOW = "show"
    CLEAR = "clear"


def history(
    action: Annotated[Action, typer.Argument(help="List them, show one again, or forget all.")] = Action.LIST,
    which: Annotated[
        str | None,
        typer.Argument(metavar="[N]", help="For show: 1 is the newest; or last-good.", show_default="1"),
    ] = None,
    *,
    requirements: Annotated[
        bool, typer.Option("--requirements", help="For show: the pinned requirements of then, and nothing else.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="For clear: do not ask.")] = False,
    python: PythonOption = None,
    site_packages: SitePackagesOption = None,
    format: ReportFormatOption = ReportFormat.TEXT,  # noqa: A002 - the option's name
    output: OutputOption = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="For show: everything.")] = False,
    no_color: NoColorOption = False,
) -> None:
    """List the diagnoses that are kept of an environment, show one again, or forget them.

    The environment is the one that diagnose would examine with the same options. A report is shown as it was judged
    then. Nothing is examined, and the exit status says nothing about what was found.
    """
    for given, option, belongs_to in (
        (which is not None, "[N]", Action.SHOW),
        (requirements, "--requirements", Action.SHOW),
        (verbose, "--verbose", Action.SHOW),
        (yes, "--yes", Action.CLEAR),
    ):
        if given and action is not belongs_to:
            message = f"{option} goes with {belongs_to.value}, not with {action.value}"
            raise UserError(message)
    if output is not None:
        check_writable(Path(output), "--output")
    kept = Kept(python, site_packages)
    terminal = look_around(no_color=no_color)
    if action is Action.CLEAR:
        _clear(kept, yes=yes)
    elif action is Action.LIST:
        write_answer(_listed(kept, format, terminal, to_screen=output is None), output)
    elif requirements:
        write_answer(_requirements(kept, which or "1"), output)
    else:
        from m1doctor.checks.registry import load  # noqa: PLC0415 - imports every check

        tell(kept.report(_entry_name(which or "1")), load()[0], format, terminal, output=output, verbose=verbose)


def _entry_name(which: str) -> str:
    """A name that can be of the history only: a file is nothing that it holds."""
    if not names_an_entry(which):
        message = f"{which}: a number of m1doctor history, or last-good, is expected"
        raise UserError(message)
    return which


def _listed(kept: Kept, form: ReportFormat, terminal: Terminal, *, to_screen: bool) -> str:
    from m1doctor.render import history as render  # noqa: PLC0415 - brings rich

    if form.value not in tuple(PageFormat):
        message = f"--format {form.value} goes with show; a list is text, json or markdown"
        raise UserError(message)
    target, _ = kept.place()
    lines, damaged = _lines(kept)
    for sentence in damaged:
        write_err(f"m1doctor: warning: {sentence}")
    match form:
        case ReportFormat.JSON:
            return render.history_as_json(target.path, lines, damaged)
        case ReportFormat.MARKDOWN:
            return render.history_as_markdown(target.path, lines)
        case _:
            return render.history_as_text(
                target.path,
                lines,
                width=terminal.width if to_screen else 80,
                colour=terminal.colour and to_screen,
                unicode=terminal.unicode or not to_screen,
                options=kept.options,
            )


def _lines(kept: Kept) -> tuple[list[Line], list[str]]:
    """The readable diagnoses, and a sentence for each damaged one. A number stays that of its place."""
    from m1doctor.render.history import Line  # noqa: PLC0415
    from m1doctor.support.history import HistoryError  # noqa: PLC0415

    _, history = kept.place()
    lines, damaged = [], []
    for number, entry in enumerate(history.entries(), 1):
        try:
            report = history.read(entry)
        except HistoryError as error:
            damaged.append(str(error))
            continue
        pinned = history.lock(entry) is not None
        lines.append(
            Line(number=number, created=report.created, verdict=report.verdict, worked=entry.worked, pinned=pinned)
        )
    return lines, damaged


def _requirements(kept: Kept, which: str) -> str:
    """The pinned requirements of then; else what was installed then, pinned without hashes.

    A benchmark writes none, and then those of another diagnosis that found the same packages are the same.
    """
    _, history = kept.place()
    entry = kept.entry(which)
    report = history.read(entry)
    packages = _versions(report)
    for other in (entry, *history.entries()):
        text = history.lock(other)
        if text is not None and (other == entry or _versions(history.read(other)) == packages):
            return text
    from m1doctor.collect.world import LiveWorld  # noqa: PLC0415 - only where none were kept
    from m1doctor.locks.forms.requirements import render  # noqa: PLC0415
    from m1doctor.locks.installed import NothingToLockError, lock_installed  # noqa: PLC0415

    try:
        lock, _ = lock_installed(LiveWorld(), report.facts, offline=True)
    except NothingToLockError as error:
        raise UserError(str(error)) from error
    write_err("m1doctor: no pinned requirements are kept with it; these are its packages, without hashes")
    return render(lock)


def _versions(report: Report) -> list[tuple[str, str]] | None:
    packages = report.facts.packages
    return None if packages is None else [(each.normalized_name, each.version) for each in packages.distributions]


def _clear(kept: Kept, *, yes: bool) -> None:
    target, history = kept.place()
    number = len(history.entries())
    if number and not yes:
        if not sys.stdin.isatty():
            raise UserError("clear forgets for good: say --yes where nobody can be asked")
        diagnoses = "one diagnosis" if number == 1 else f"{number} diagnoses"
        if not typer.confirm(f"Forget {diagnoses} of {target.path}?", err=True):
            return
    try:
        gone = history.clear()
    except OSError as error:
        message = f"cannot clear {history.folder}: {error.strerror or error}"
        raise UnfinishedError(message) from error
    write_answer(f"{'One diagnosis is' if gone == 1 else f'{gone} diagnoses are'} forgotten.\n", None)
