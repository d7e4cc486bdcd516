"""What the verbs that change an environment share: a world whose commands end with us, the journal, the account."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from m1doctor import __version__
from m1doctor.cli.asking import NobodyToAskError, consent
from m1doctor.cli.terminal import write_err
from m1doctor.cli.voice import Voice
from m1doctor.cli.watching import progress_shown, this_machine
from m1doctor.collect.examine import Depth, examine
from m1doctor.collect.target import choose_target
from m1doctor.diagnosis import make_report
from m1doctor.errors import UnfinishedError, UserError
from m1doctor.model.account import Account, Outcome
from m1doctor.paths import state_folder
from m1doctor.setup.account import concluded, undoable
from m1doctor.setup.backup import BackupError
from m1doctor.setup.journal import BusyError, Event, Journal, Transaction
from m1doctor.setup.undo import Found, recover

if TYPE_CHECKING:
    from m1doctor.checks.registry import Registry
    from m1doctor.checks.selection import Selection
    from m1doctor.collect.world import LiveWorld
    from m1doctor.model.report import Report, Target


def new_account(verb: str, environment: str | None = None) -> Account:
    """An account of nothing yet."""
    return Account(
        m1doctor_version=__version__,
        created=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        verb=verb,
        environment=environment,
    )


@dataclass
class Surroundings:
    """This machine, its journal, who is told, and the account of what is done."""

    world: LiveWorld
    journal: Journal
    voice: Voice
    registry: Registry
    selection: Selection
    broken: tuple[str, ...]
    account: Account
    told_of: bool = False
    """Whether there is something to give an account of: a plan, at least."""
    _earlier: dict[str, tuple[Event, ...]] = field(init=False)
    """How far each transaction had come before us, by its id."""

    def __post_init__(self) -> None:
        """See what the journal holds already."""
        self._earlier = {each.id: each.events for each in self.journal.transactions()}

    @contextmanager
    def told(self, part: str) -> Iterator[Callable[[str], None]]:
        """The progress of one part as a function that is told what comes next."""
        with progress_shown(live=self.voice.terminal.live) as progress:
            progress.started(part)
            yield lambda words: progress.told(part, words)

    def examine(self, target: Target, depth: Depth) -> Report:
        """Examine `target` and judge it."""
        with progress_shown(live=self.voice.terminal.live) as progress:
            facts = examine(self.world, target, depth, progress)
        return make_report(facts, target, self.registry, self.selection, broken=self.broken)

    def target(self, python: str | None) -> Target:
        """The environment that was meant. Raises `TargetError`."""
        return choose_target(self.world, python=python)

    def note(self, account: Account) -> None:
        """Take what is known by now into the account."""
        self.account, self.told_of = account, True

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
        words = f"a {interrupted.verb} of {interrupted.environment}, begun {interrupted.began}, was interrupted{step}"
        write_err(f"m1doctor: {words}")
        self.note(replace(self.account, takes_back=undoable(interrupted), why=words))
        if dry_run:
            return True
        if not consent("See to it first?", yes=yes):
            return False
        with self.journal.alone(), self.told("setup") as tell:
            found = recover(self.world, self.journal, interrupted, tell)
        how = "it is as it was before" if found is Found.OLD else "the new environment is in its place"
        write_err(f"m1doctor: {how}")
        return True

    def conclude(self, why: str | None = None, *, refused: bool = False) -> None:
        """Give the account; `why` it ended before its end, and whether because it cannot or must not be done."""
        if why is not None:
            self.account = replace(self.account, why=why, outcome=Outcome.REFUSED if refused else Outcome.PLANNED)
        ours = next(filter(self._ours, self.journal.transactions()), None)
        self.voice.conclude((concluded(self.account, ours) if ours else self.account) if self.told_of else None)

    def _ours(self, each: Transaction) -> bool:
        """Whether a transaction was begun by us or, in an undo, has come further by us."""
        earlier = self._earlier.get(each.id)
        moved = earlier is None or (earlier != each.events and self.account.verb == "undo")
        return moved and str(each.environment) == self.account.environment


@contextmanager
def surroundings(
    registry: Registry, selection: Selection, broken: tuple[str, ...], voice: Voice, account: Account
) -> Iterator[Surroundings]:
    """This machine for a verb that changes something; every command that it starts ends with it.

    At the end the account is given, also where a step could not be done. Raises `UnfinishedError` where another
    m1doctor is at work, or where a backup fails.
    """
    journal = Journal(state_folder() / "journal")
    with this_machine() as world:
        here = Surroundings(world, journal, voice, registry, selection, broken, account)
        try:
            with _told_in_one_line(journal):
                yield here
        except (UserError, UnfinishedError) as error:
            here.conclude(str(error), refused=not isinstance(error, NobodyToAskError))
            raise
        except KeyboardInterrupt:
            here.conclude("interrupted")
            raise
        here.conclude()


@contextmanager
def _told_in_one_line(journal: Journal) -> Iterator[None]:
    try:
        yield
    except (BackupError, BusyError) as error:
        raise UnfinishedError(str(error)) from error
    except OSError as error:
        message = f"{error.filename or journal.folder}: {error.strerror or error}"
        raise UnfinishedError(message) from error
