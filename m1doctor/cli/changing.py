"""What the verbs that change an environment share: a world whose commands end with us, progress, and the journal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from m1doctor.cli.asking import consent
from m1doctor.cli.terminal import Terminal, write_err
from m1doctor.cli.watching import progress_shown, this_machine
from m1doctor.collect.examine import Depth, examine
from m1doctor.collect.target import choose_target
from m1doctor.diagnosis import make_report
from m1doctor.errors import UnfinishedError
from m1doctor.paths import state_folder
from m1doctor.setup.backup import BackupError
from m1doctor.setup.journal import BusyError, Journal, Transaction
from m1doctor.setup.undo import Found, recover

if TYPE_CHECKING:
    from m1doctor.checks.registry import Registry
    from m1doctor.checks.selection import Selection
    from m1doctor.collect.world import LiveWorld
    from m1doctor.model.report import Report, Target


@dataclass(frozen=True)
class Surroundings:
    """This machine, its journal, and who is watching."""

    world: LiveWorld
    journal: Journal
    terminal: Terminal
    registry: Registry
    selection: Selection
    broken: tuple[str, ...]

    @contextmanager
    def told(self, part: str) -> Iterator[Callable[[str], None]]:
        """The progress of one part as a function that is told what comes next."""
        with progress_shown(live=self.terminal.live) as progress:
            progress.started(part)
            yield lambda words: progress.told(part, words)

    def examine(self, target: Target, depth: Depth) -> Report:
        """Examine `target` and judge it."""
        with progress_shown(live=self.terminal.live) as progress:
            facts = examine(self.world, target, depth, progress)
        return make_report(facts, target, self.registry, self.selection, broken=self.broken)

    def target(self, python: str | None) -> Target:
        """The environment that was meant. Raises `TargetError`."""
        return choose_target(self.world, python=python)

    def see_to_interrupted(self, place: Path, *, dry_run: bool, yes: bool) -> bool:
        """See to what a crash left half done in or around `place`; `False` where the user wants that left.

        Raises `UserError` where nobody can be asked.
        """
        for each in self.journal.transactions():
            if each.open and (place.is_relative_to(each.environment) or each.environment.is_relative_to(place)):
                return self.see_to(each, dry_run=dry_run, yes=yes)
        return True

    def see_to(self, interrupted: Transaction, *, dry_run: bool, yes: bool) -> bool:
        """Bring an environment that a crash left half done into the old state or the new one, and say which.

        `False` where the user wants that left. Raises `UserError` where nobody can be asked.
        """
        step = f' at the step "{interrupted.step}"' if interrupted.step else ""
        write_err(
            f"m1doctor: a {interrupted.verb} of {interrupted.environment}, begun {interrupted.began}, was "
            f"interrupted{step}"
        )
        if dry_run:
            return True
        if not consent("See to it first?", yes=yes):
            return False
        with self.journal.alone(), self.told("setup") as tell:
            found = recover(self.world, self.journal, interrupted, tell)
        how = "it is as it was before" if found is Found.OLD else "the new environment is in its place"
        write_err(f"m1doctor: {how}")
        return True


@contextmanager
def surroundings(
    registry: Registry, selection: Selection, broken: tuple[str, ...], terminal: Terminal
) -> Iterator[Surroundings]:
    """This machine for a verb that changes something; every command that it starts ends with it.

    Raises `UnfinishedError` where another m1doctor is at work, or where a backup fails.
    """
    journal = Journal(state_folder() / "journal")
    with this_machine() as world:
        try:
            yield Surroundings(world, journal, terminal, registry, selection, broken)
        except (BackupError, BusyError) as error:
            raise UnfinishedError(str(error)) from error
        except OSError as error:
            message = f"{error.filename or journal.folder}: {error.strerror or error}"
            raise UnfinishedError(message) from error
