"""Taking back: what a crash left half done, and what was kept and is not wanted any more."""

from __future__ import annotations

import shutil
from enum import StrEnum
from pathlib import Path

from m1doctor.collect.world import World
from m1doctor.errors import UnfinishedError, UserError
from m1doctor.setup import backup as backups
from m1doctor.setup.backup import Backup, Tell
from m1doctor.setup.installer import wait_for_installer
from m1doctor.setup.journal import Event, Journal, Transaction, Verb
from m1doctor.setup.mend import roll_back

WAIT_SECONDS = 60.0
"""How long an installer that outlived its m1doctor is waited for."""


class Found(StrEnum):
    """In which state an interrupted transaction has left an environment, after it was seen to."""

    OLD = "old"
    NEW = "new"


class CannotUndoError(UserError):
    """It cannot be taken back; the message says why. Nothing was done."""


def recover(
    world: World, journal: Journal, transaction: Transaction, tell: Tell, *, wait_seconds: float = WAIT_SECONDS
) -> Found:
    """See to a transaction that did not come to its end: afterwards the environment is the old one or the new one.

    Can itself be interrupted and done again. Raises `BackupError` where restoring failed, and `UnfinishedError` where
    an installer is still at work.
    """
    if transaction.verb is Verb.SETUP:
        return _recover_setup(world, journal, transaction, tell, wait_seconds)
    backup = Backup(journal.backup_folder(transaction), transaction.environment)
    if not transaction.had(Event.BACKED_UP):
        tell("dropping a backup that was not finished; nothing had been changed")
        shutil.rmtree(backup.folder, ignore_errors=True)
        journal.note(transaction, Event.RESTORED)
        return Found.OLD
    _wait(world, transaction.environment, wait_seconds, tell)
    if transaction.had(Event.KEPT):  # an undo was interrupted
        backups.take_back(backup, tell)
        journal.note(transaction, Event.UNDONE)
        shutil.rmtree(backup.folder, ignore_errors=True)
    else:
        roll_back(journal, transaction, tell)
    return Found.OLD


def undo(world: World, journal: Journal, transaction: Transaction, tell: Tell) -> None:
    """Take a kept transaction back.

    Raises `CannotUndoError`, `BackupError`, and `UnfinishedError` where an installer is at work.
    """
    if transaction.verb is Verb.SETUP:
        _undo_setup(world, journal, transaction, tell)
        return
    backup = Backup(journal.backup_folder(transaction), transaction.environment)
    if not transaction.environment.is_dir():
        message = f"{transaction.environment} is gone: there is nothing to take back"
        raise CannotUndoError(message)
    _wait(world, transaction.environment, 0.0, tell)
    tell("looking for later changes")
    changed = backups.changed_since(backup)
    if changed:
        message = (
            f"{len(changed)} files of the repair of {transaction.began} have been changed since, such as "
            f"{transaction.environment / changed[0]}: taking it back would take that along; nothing was done"
        )
        raise CannotUndoError(message)
    journal.note(transaction, Event.UNDOING)
    backups.take_back(backup, tell)
    journal.note(transaction, Event.UNDONE)
    shutil.rmtree(backup.folder, ignore_errors=True)


def _wait(world: World, environment: Path, seconds: float, tell: Tell) -> None:
    tell("waiting for an installer that is still at work")
    if not wait_for_installer(world, environment, seconds):
        message = f"an installer is still changing {environment}; let it end, then run the same command again"
        raise UnfinishedError(message)


# -- a new environment: built at `staging`, then put in its place; one that was there is moved to `previous`


def put_in_place(transaction: Transaction) -> None:
    """Move the environment that was there aside and the new one into its place; may be done again after a crash."""
    staging, environment = Path(transaction.details["staging"]), transaction.environment
    previous = transaction.details.get("previous")
    if not staging.exists():
        return  # it is in its place already
    if previous is not None and environment.exists():
        environment.rename(previous)
    staging.rename(environment)


def _recover_setup(world: World, journal: Journal, transaction: Transaction, tell: Tell, wait_seconds: float) -> Found:
    if transaction.had(Event.UNDOING):
        _take_away_setup(journal, transaction, tell)
        return Found.OLD
    staging = Path(transaction.details["staging"])
    if transaction.had(Event.BUILT):
        tell("putting the new environment in its place")
        put_in_place(transaction)
        journal.note(transaction, Event.KEPT)
        return Found.NEW
    _wait(world, staging, wait_seconds, tell)
    tell("removing what was built so far")
    shutil.rmtree(staging, ignore_errors=True)
    journal.note(transaction, Event.RESTORED)
    return Found.OLD


def _undo_setup(world: World, journal: Journal, transaction: Transaction, tell: Tell) -> None:
    previous = transaction.details.get("previous")
    if previous is not None and not Path(previous).is_dir():
        message = f"{previous}, the environment that was there before, is gone; nothing was done"
        raise CannotUndoError(message)
    _wait(world, transaction.environment, 0.0, tell)
    journal.note(transaction, Event.UNDOING)
    _take_away_setup(journal, transaction, tell)


def _take_away_setup(journal: Journal, transaction: Transaction, tell: Tell) -> None:
    """Remove the new environment, by one rename first, so that it is never half there; put the previous one back."""
    staging, environment = Path(transaction.details["staging"]), transaction.environment
    previous = transaction.details.get("previous")
    tell("removing the environment that was made")
    replaced = previous is not None and not Path(previous).exists()
    if environment.exists() and not replaced and not staging.exists():
        environment.rename(staging)
    if previous is not None and Path(previous).exists():
        Path(previous).rename(environment)
    shutil.rmtree(staging, ignore_errors=True)
    journal.note(transaction, Event.UNDONE)
