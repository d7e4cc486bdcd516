"""`m1doctor undo`: take back the last repair or the last new environment, or what a crash left half done."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from m1doctor import __version__
from m1doctor.cli.exits import Exit
from m1doctor.cli.options import DryRunOption, Format, FormatOption, NoColorOption, OutputOption, YesOption
from m1doctor.cli.terminal import check_writable, working_folder
from m1doctor.cli.voice import Voice, voice_for
from m1doctor.errors import UserError

if TYPE_CHECKING:
    from m1doctor.setup.journal import Journal, Transaction


def undo(
    folder: Annotated[str, typer.Argument(metavar="DIR", help="The environment, or the folder that it is in.")] = ".",
    *,
    every: Annotated[bool, typer.Option("--list", help="List what can be taken back, anywhere.")] = False,
    dry_run: DryRunOption = False,
    yes: YesOption = False,
    format: FormatOption = Format.TEXT,  # noqa: A002 - the option's name
    output: OutputOption = None,
    no_color: NoColorOption = False,
) -> int:
    """Take back the last repair or new environment of m1doctor.

    What a crash left half done is seen to first: it ends as the old environment or as the new one, and which is said.
    """
    if output is not None:
        check_writable(Path(output), "--output")
    from m1doctor.checks.registry import Registry  # noqa: PLC0415
    from m1doctor.checks.selection import choose  # noqa: PLC0415
    from m1doctor.cli.asking import consent  # noqa: PLC0415
    from m1doctor.cli.changing import new_account, surroundings  # noqa: PLC0415
    from m1doctor.paths import state_folder  # noqa: PLC0415
    from m1doctor.render.undo import undoable_as_text, undone_as_text  # noqa: PLC0415
    from m1doctor.setup.account import undoable  # noqa: PLC0415
    from m1doctor.setup.journal import Journal  # noqa: PLC0415
    from m1doctor.setup.undo import undo as take_back  # noqa: PLC0415

    voice = voice_for(format, output, no_color=no_color)
    if every:
        return _list(Journal(state_folder() / "journal"), voice)
    registry = Registry(())
    with surroundings(registry, choose(registry), (), voice, new_account("undo")) as here:
        last = _last(here.journal, (working_folder() / folder).resolve())
        here.note(replace(here.account, environment=str(last.environment), takes_back=undoable(last)))
        if last.open:
            here.see_to(last, dry_run=dry_run, yes=yes)
            return Exit.CLEAN
        page = voice.page()
        undoable_as_text(page, undoable(last))
        voice.say(page.text())
        if not dry_run and consent("Take it back?", yes=yes):
            with here.journal.alone(), here.told("undo") as tell:
                take_back(here.world, here.journal, last, tell)
            page = voice.page()
            undone_as_text(page, undoable(last))
            voice.say(page.text())
    return Exit.CLEAN


def _last(journal: Journal, folder: Path) -> Transaction:
    """The newest transaction in or around `folder` that can be taken back. Raises `UserError` where there is none."""
    possible = [each for each in journal.transactions() if each.open or each.kept]
    for each in possible:
        environment = each.environment.resolve()
        if environment.is_relative_to(folder) or folder.is_relative_to(environment):
            return each
    elsewhere = sorted({str(each.environment) for each in possible})
    hint = f"; elsewhere: {', '.join(elsewhere[:5])}" if elsewhere else ""
    message = f"nothing of m1doctor's can be taken back in {folder}{hint}"
    raise UserError(message)


def _list(journal: Journal, voice: Voice) -> int:
    from m1doctor.model.account import UndoList  # noqa: PLC0415 - only for the list
    from m1doctor.render.undo import undoable_as_text  # noqa: PLC0415
    from m1doctor.setup.account import undoable  # noqa: PLC0415

    possible = [undoable(each) for each in journal.transactions() if each.open or each.kept]
    page = voice.page()
    for each in possible:
        undoable_as_text(page, each)
    voice.say(page.text() if possible else "Nothing of m1doctor's can be taken back.\n")
    voice.conclude(UndoList(m1doctor_version=__version__, transactions=tuple(possible)))
    return Exit.CLEAN
