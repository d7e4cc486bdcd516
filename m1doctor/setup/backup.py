"""The backup of an environment: a clone where the file system can make one, else copies of what is about to change.

Restoring puts back what differs and takes away what was not there. It can be done again after it was interrupted, and
then ends the same.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from m1doctor.collect.packages.record import read_record
from m1doctor.collect.world import World
from m1doctor.files import write_atomically
from m1doctor.model.packages import Distribution, Packages
from m1doctor.setup.stock import CACHE, Entry, Stock, entry_of, take_stock

_CLONE = {"Darwin": ("/bin/cp", "-c", "-R", "-p"), "Linux": ("cp", "--archive", "--reflink=always")}
"""How a folder is cloned without taking room. On macOS `cp -c` copies where it cannot clone; on Linux it gives up."""
_CLONE_SECONDS = 600.0
_TREE, _BEFORE, _AFTER = "tree", "before.json", "after.json"
_BESIDE = ".m1doctor-restoring"

Tell = Callable[[str], None]
"""Is told what is about to be done, before it is done."""


class Kind(StrEnum):
    """How a backup was made."""

    CLONE = "clone"
    """The whole environment, sharing its blocks with it."""
    COPY = "copy"
    """The files of the distributions that were about to change."""


class BackupError(Exception):
    """A backup could not be made or read, or lacks what is to be restored; the message says why."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A folder with the files of an environment as they were, and the list of all that was there."""

    folder: Path
    environment: Path

    @property
    def tree(self) -> Path:
        """The files, by their path in the environment."""
        return self.folder / _TREE

    def before(self) -> Stock:
        """What lay in the environment when the backup was made. Raises `BackupError`."""
        return _read_stock(self.folder / _BEFORE)

    def after(self) -> Stock:
        """What lay in it when the repair was kept. Raises `BackupError`."""
        return _read_stock(self.folder / _AFTER)

    def note_after(self) -> None:
        """Remember what lies in the environment now, so that later changes of others can be told. Raises `OSError`."""
        write_atomically(self.folder / _AFTER, take_stock(self.environment).to_json())


def _read_stock(path: Path) -> Stock:
    try:
        return Stock.from_json(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        message = f"the list of files in {path} cannot be read: {error}"
        raise BackupError(message) from error


def paths_of(distributions: Iterable[Distribution], environment: Path) -> set[str]:
    """The files and folders of these distributions, relative to `environment`: all that an installer may touch.

    Whole import packages, and not only what RECORD lists: an installer removes the one and leaves the other.
    """
    found: set[str] = set()
    for each in distributions:
        site = Path(each.folder)
        names = [each.metadata_path, *each.top_level, *(f"{name}.py" for name in each.top_level)]
        names += [row[0] for row in _record(site / each.metadata_path / "RECORD")]
        for name in names:
            place = os.path.normpath(site / name)
            if os.path.lexists(place) and Path(place).is_relative_to(environment):
                found.add(str(Path(place).relative_to(environment)))
    return {path for path in found if not any(str(parent) in found for parent in Path(path).parents)}


def _record(path: Path) -> list[list[str]]:
    try:
        return read_record(path.read_text(encoding="utf-8", errors="surrogateescape"))[0]
    except OSError:
        return []


def size_of(stock: Stock, paths: Iterable[str] | None = None) -> int:
    """Bytes of all files, or of those at and below `paths`."""
    if paths is None:
        return sum(entry.size for entry in stock.files.values())
    wanted = frozenset(paths)
    return sum(
        entry.size
        for path, entry in stock.files.items()
        if path in wanted or any(str(parent) in wanted for parent in Path(path).parents)
    )


def affected(packages: Packages, names: Iterable[str]) -> list[Distribution]:
    """The installed distributions of these normalized names, every copy of each."""
    wanted = frozenset(names)
    return [each for each in packages.distributions if each.normalized_name in wanted]


def make(world: World, environment: Path, folder: Path, paths: Iterable[str], tell: Tell) -> Kind:
    """Back `environment` up into the new `folder`: a clone, else copies of `paths`. Raises `BackupError`."""
    backup = Backup(folder, environment)
    tell("listing the files of the environment")
    try:
        folder.mkdir(parents=True)
        stock = take_stock(environment)
        write_atomically(folder / _BEFORE, stock.to_json())
        tell("backing it up")
        if _clone(world, environment, backup.tree, size_of(stock)):
            return Kind.CLONE
        shutil.rmtree(backup.tree, ignore_errors=True)
        backup.tree.mkdir()
        for path in sorted(paths):
            _copy(environment / path, backup.tree / path)
    except OSError as error:
        message = f"the backup could not be made: {error.strerror or error} ({error.filename or folder})"
        raise BackupError(message) from error
    return Kind.COPY


def _clone(world: World, environment: Path, tree: Path, size: int) -> bool:
    """Clone the environment; whether that could be done."""
    command = _CLONE.get(world.uname.sysname)
    if command is None or environment.stat().st_dev != tree.parent.stat().st_dev:
        return False
    room = world.free_bytes(tree.parent)
    # Where nothing can be cloned, macOS makes a copy: that must not fill the disk.
    if room is None or room[1] < 2 * size:
        return False
    # A file system that cannot share blocks says so of one file as well as of twenty thousand, each in its turn.
    trial = tree.with_name("trial")
    if not world.run((*command, str(tree.parent / _BEFORE), str(trial)), timeout=_CLONE_SECONDS).ok:
        trial.unlink(missing_ok=True)
        return False
    trial.unlink(missing_ok=True)
    return world.run((*command, str(environment), str(tree)), timeout=_CLONE_SECONDS).ok


def _copy(source: Path, target: Path) -> None:
    """Copy a file, a link or a folder with its times and modes, sharing nothing."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir() and not source.is_symlink():
        shutil.copytree(source, target, symlinks=True, ignore=shutil.ignore_patterns(CACHE), dirs_exist_ok=True)
    else:
        shutil.copy2(source, target, follow_symlinks=False)


def restore(backup: Backup, tell: Tell) -> None:
    """Make the environment what it was when the backup was made.

    Raises `BackupError` where a file is gone or changed that the backup does not hold, after all others are restored.
    """
    before = backup.before()
    now = take_stock(backup.environment)
    tell("taking away what was not there")
    _take_away(backup.environment, now.files.keys() - before.files.keys(), now.folders - before.folders)
    tell("putting back what was changed")
    _put_back(backup, before.files, now.files)


def changed_since(backup: Backup) -> list[str]:
    """Files that a kept repair has laid down, replaced or removed and that somebody has changed since.

    To take the repair back would take that along. Raises `BackupError`.
    """
    before, after, now = backup.before(), backup.after(), take_stock(backup.environment)
    touched = {path for path in before.files.keys() | after.files.keys() if _differ(before, after, path)}
    return sorted(path for path in touched if _differ(after, now, path))


def _differ(one: Stock, other: Stock, path: str) -> bool:
    return one.files.get(path) != other.files.get(path)


def take_back(backup: Backup, tell: Tell) -> None:
    """Take a kept repair back and leave alone what others have done since. Raises `BackupError`."""
    before, after = backup.before(), backup.after()
    tell("taking away what the repair brought")
    _take_away(backup.environment, after.files.keys() - before.files.keys(), after.folders - before.folders)
    tell("putting back what it changed")
    replaced = {path: entry for path, entry in before.files.items() if after.files.get(path) != entry}
    now = {path: entry for path in replaced if (entry := _entry(backup.environment / path)) is not None}
    _put_back(backup, replaced, now)


def _take_away(environment: Path, files: Iterable[str], folders: Iterable[str]) -> None:
    for path in files:
        (environment / path).unlink(missing_ok=True)
    for path in sorted(folders, key=len, reverse=True):
        folder = environment / path
        shutil.rmtree(folder / CACHE, ignore_errors=True)
        if folder.is_dir() and not any(folder.iterdir()):  # what others have put there stays
            folder.rmdir()


def _put_back(backup: Backup, wanted: Mapping[str, Entry], now: Mapping[str, Entry]) -> None:
    lost = []
    for path, entry in wanted.items():
        present = now.get(path)
        if present == entry:
            continue
        source = backup.tree / path
        if os.path.lexists(source):
            _replace(source, backup.environment / path)
        elif present is None or not present.same_content(entry):
            lost.append(path)
    if lost:
        message = f"{len(lost)} files are not as they were, and the backup does not hold them: {', '.join(lost[:3])}"
        raise BackupError(message)


def _replace(source: Path, target: Path) -> None:
    """Put a copy of `source` in the place of `target`, whole or not at all."""
    if target.is_dir() and not target.is_symlink():
        shutil.rmtree(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f"{target.name}{_BESIDE}")
    beside.unlink(missing_ok=True)
    shutil.copy2(source, beside, follow_symlinks=False)
    beside.replace(target)


def _entry(path: Path) -> Entry | None:
    try:
        return entry_of(path)
    except OSError:
        return None
