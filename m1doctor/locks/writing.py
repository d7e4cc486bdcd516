"""Putting a lock on the disk: whole or not at all, and never over a different one without keeping that."""

from __future__ import annotations

from pathlib import Path

from m1doctor.files import keep_backup, write_atomically
from m1doctor.model.record import record


class LockWriteError(Exception):
    """The file, or the backup of the one it replaces, could not be written; the message names it."""


@record(frozen=True, slots=True, kw_only=True)
class Written:
    """A file that is there now."""

    path: Path
    backup: Path | None = None
    """The copy of the different file that was there before."""
    unchanged: bool = False
    """Whether the file already said exactly this and was left alone."""


def write(path: Path, text: str) -> Written:
    """Write the file unless it is there already. Raises `LockWriteError`."""
    try:
        if path.is_file() and path.read_bytes() == text.encode():
            return Written(path=path, unchanged=True)
        backup = keep_backup(path)
        write_atomically(path, text)
    except OSError as error:
        message = f"{path}: {error.strerror or error}"
        raise LockWriteError(message) from error
    return Written(path=path, backup=backup)
