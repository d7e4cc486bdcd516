"""Carrying out a repair: back up, do, examine again, and keep what is better or restore what was."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from m1doctor.collect.world import World
from m1doctor.errors import UserError
from m1doctor.knowledge.thresholds import threshold
from m1doctor.model.facts import Facts
from m1doctor.model.names import distribution_name
from m1doctor.model.packages import FileFault
from m1doctor.model.remedy import Action
from m1doctor.model.repair import Judgement, Moved, Operation, Preview, RepairPlan
from m1doctor.model.report import Report
from m1doctor.setup import backup as backups
from m1doctor.setup.backup import Backup, Tell
from m1doctor.setup.installer import InstallerError, Uv
from m1doctor.setup.journal import Event, Journal, Transaction, Verb
from m1doctor.setup.repair import judge_repair
from m1doctor.setup.stock import take_stock

KEPT_BACKUPS = 3
"""Backups of one environment that are kept: so many repairs can be taken back, one after the other."""


class CannotChangeError(UserError):
    """The environment cannot be changed: not ours to write, or no room. Nothing was done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """How a repair ended."""

    transaction: Transaction
    kept: bool
    judgement: Judgement | None = None
    """`None` where it did not come as far as the second examination."""
    after: Report | None = None
    failure: str | None = None
    """Why a step failed; `None` where all were done."""


def preview(uv: Uv, plan: RepairPlan, facts: Facts) -> Preview:
    """Ask uv what it would do. Nothing is changed. Raises `InstallerError`."""
    assert facts.packages is not None  # noqa: S101 - a plan with operations comes from known packages
    moved: dict[str, Moved] = {}
    names: set[str] = set()
    for operation in plan.operations:
        names.update(operation.names)
        for each in uv.preview(operation):
            names.add(each.name)
            known = facts.packages.find(each.name)
            earlier = moved.get(each.name)
            before = earlier.before if earlier else (known.version if known else each.before)
            moved[each.name] = Moved(name=each.name, before=before, after=each.after)
    environment = Path(plan.environment or "")
    paths = backups.paths_of(backups.affected(facts.packages, names), environment)
    return Preview(
        moved=tuple(moved[name] for name in sorted(moved)),
        names=tuple(sorted(names)),
        backup_bytes=sum(_bytes_below(environment / path) for path in paths),
    )


def _bytes_below(path: Path) -> int:
    if path.is_symlink() or not path.is_dir():
        return path.lstat().st_size
    return backups.size_of(take_stock(path))


def check_changeable(world: World, plan: RepairPlan, facts: Facts, seen: Preview, journal: Journal) -> None:
    """Refuse, before anything is done, what cannot be done whole. Raises `CannotChangeError`."""
    environment = Path(plan.environment or "")
    folders = [environment, *map(Path, facts.interpreter.site_folders if facts.interpreter else ())]
    for folder in folders:
        if folder.is_relative_to(environment) and folder.exists() and not world.may_write(folder):
            message = f"{folder} is not yours to write; nothing was changed"
            raise CannotChangeError(message)
    heavy = any(name.startswith("tensorflow") for name in seen.names)
    install = threshold("free-bytes-environment" if heavy else "free-bytes-repair")
    for place, wanted in ((environment, install), (_existing(journal.folder), seen.backup_bytes)):
        room = world.free_bytes(place)
        if room is not None and room[1] < wanted + seen.backup_bytes:
            message = (
                f"{place} has {room[1] / 1e9:.1f} GB free, and this repair with its backup takes up to "
                f"{(wanted + seen.backup_bytes) / 1e9:.1f} GB; nothing was changed"
            )
            raise CannotChangeError(message)


def _existing(folder: Path) -> Path:
    return next(each for each in (folder, *folder.parents) if each.exists())


def mend(
    world: World,
    plan: RepairPlan,
    before: Report,
    seen: Preview,
    *,
    uv: Uv,
    journal: Journal,
    diagnose: Callable[[], Report],
    write_lock: Callable[[Path], None],
    tell: Tell,
) -> Mended:
    """Repair the environment, or leave it as it was.

    `diagnose` examines it again; `write_lock` writes its pinned requirements into the backup. An interrupt restores.
    Raises `BackupError` where there is no backup to work under (then nothing was changed), or where restoring failed.
    """
    environment = Path(plan.environment or "")
    assert before.facts.packages is not None  # noqa: S101 - a plan with operations comes from known packages
    texts = tuple(operation.text for operation in plan.operations)
    transaction = journal.begin(Verb.FIX, environment, texts)
    backup = Backup(journal.backup_folder(transaction), environment)
    paths = backups.paths_of(backups.affected(before.facts.packages, seen.names), environment)
    try:
        backups.make(world, environment, backup.folder, paths, tell)
        write_lock(backup.folder / "requirements.txt")
    except BaseException:
        shutil.rmtree(backup.folder, ignore_errors=True)
        journal.note(transaction, Event.RESTORED)
        raise
    transaction = journal.note(transaction, Event.BACKED_UP)
    try:
        ended = _do(plan, before, transaction, uv=uv, journal=journal, diagnose=diagnose, tell=tell)
        if ended.kept:
            tell("keeping the repair")
            backup.note_after()
            transaction = journal.note(ended.transaction, Event.KEPT)
    except BaseException:
        roll_back(journal, transaction, tell)
        raise
    if not ended.kept:
        transaction = roll_back(journal, transaction, tell)
    forget_old(journal, environment)
    return Mended(
        transaction=transaction,
        kept=ended.kept,
        judgement=ended.judgement,
        after=ended.after,
        failure=ended.failure,
    )


def _do(
    plan: RepairPlan,
    before: Report,
    transaction: Transaction,
    *,
    uv: Uv,
    journal: Journal,
    diagnose: Callable[[], Report],
    tell: Tell,
) -> Mended:
    """Every operation in its turn, then the second examination."""
    for operation in plan.operations:
        transaction = journal.note(transaction, Event.STEP, operation.text)
        tell(operation.text)
        try:
            uv.perform(operation, fresh=_shared_with_cache(before.facts, operation))
        except InstallerError as error:
            return Mended(transaction=transaction, kept=False, failure=f"{operation.text[:-1]}: {error}")
    tell("examining it again")
    after = diagnose()
    judgement = judge_repair(before, after, plan.aims)
    return Mended(transaction=transaction, kept=judgement.better, judgement=judgement, after=after)


def _shared_with_cache(facts: Facts, operation: Operation) -> bool:
    """Whether a damaged file is the very file of uv's cache: uv links them, and would lay the damage down again."""
    if operation.action is not Action.REINSTALL or facts.packages is None:
        return False
    folders = {each.normalized_name: Path(each.folder) for each in reversed(facts.packages.distributions)}
    for damaged in facts.packages.damaged:
        name = distribution_name(damaged.distribution)
        if name in operation.names and damaged.fault is not FileFault.MISSING:
            try:
                if (folders[name] / damaged.path).lstat().st_nlink > 1:
                    return True
            except (OSError, KeyError):
                continue
    return False


def roll_back(journal: Journal, transaction: Transaction, tell: Tell) -> Transaction:
    """Make the environment what it was before a repair. Raises `BackupError`."""
    journal.note(transaction, Event.RESTORING)
    backup = Backup(journal.backup_folder(transaction), transaction.environment)
    backups.restore(backup, tell)
    transaction = journal.note(transaction, Event.RESTORED)
    shutil.rmtree(backup.folder, ignore_errors=True)
    return transaction


def forget_old(journal: Journal, environment: Path) -> None:
    """Drop the oldest backups of an environment, down to `KEPT_BACKUPS`."""
    kept = [each for each in journal.transactions(environment) if each.kept]
    for each in kept[KEPT_BACKUPS:]:
        if each.verb is Verb.FIX:
            journal.note(each, Event.FORGOTTEN)
            shutil.rmtree(journal.backup_folder(each), ignore_errors=True)
