"""`m1doctor undo`: take back the last repair or the last new environment, or what a crash left half done."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from m1doctor.cli.exits import Exit
from m1doctor.cli.options import DryRunOption, NoColorOption, YesOption
from m1doctor.cli.terminal import look_around, working_folder, write_out
from m1doctor.errors import UserError

if TYPE_CHECKING:
    from m1doctor.setup.journal import Journal, Transaction


def undo(
    folder: Annotated[str, typer.Argument(metavar="DIR", help="The environment, or the folder that it is in.")] = ".",
    *,
    every: Annotated[bool, typer.Option("--list", help="List what can be taken back, anywhere.")] = False,
    dry_run: DryRunOption = False,
    yes: YesOption = False,
    no_color: NoColorOption = False,
) -> int:
    """Take back the last repair or new environment of m1doctor.

    What a crash left half done is seen to first: it ends as the old environment or as the new one, and which is said.
    """
    from m1doctor.checks.registry import Registry  # noqa: PLC0415
    from m1doctor.checks.selection import choose  # noqa: PLC0415
    from m1doctor.cli.asking import consent  # noqa: PLC0415
    from m1doctor.cli.changing import surroundings  # noqa: PLC0415
    from m1doctor.setup.undo import undo as take_back  # noqa: PLC0415

    registry = Registry(())
    with surroundings(registry, choose(registry), (), look_around(no_color=no_color)) as here:
        if every:
            write_out(_list(here.journal.transactions()))
            return Exit.CLEAN
        last = _last(here.journal, (working_folder() / folder).resolve())
        if last.open:
            here.see_to(last, dry_run=dry_run, yes=yes)
            return Exit.CLEAN
        write_out(_described(last))
        if not dry_run and consent("Take it back?", yes=yes):
            with here.journal.alone(), here.told("undo") as tell:
                take_back(here.world, here.journal, last, tell)
            write_out(f"Taken back: {last.environment} is as it was before {last.began}.\n")
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


def _described(each: Transaction) -> str:
    lines = [f"{each.began}  {each.verb}  {each.environment}", *(f"  {sentence}" for sentence in each.plan)]
    return "\n".join(lines) + "\n"


def _list(transactions: list[Transaction]) -> str:
    possible = [each for each in transactions if each.open or each.kept]
    texts = [_described(each) + ("  interrupted\n" if each.open else "") for each in possible]
    return "".join(texts) or "Nothing of m1doctor's can be taken back.\n"
