"""Writing files so that an interrupt at any moment leaves the old one or the new one, and never a mixture."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path


def write_atomically(path: Path, content: str | bytes, *, mode: int = 0o666) -> None:
    """Write `content` (text as UTF-8) beside `path`, sync it, and rename it into place.

    Missing parent folders are made. A new file gets `mode` less the user's umask. A symbolic link is followed, and an
    existing file keeps its mode. Raises `OSError`; nothing is left behind then.
    """
    final = path.resolve()
    final.parent.mkdir(parents=True, exist_ok=True)
    beside = final.with_name(f".{final.name}.{secrets.token_hex(6)}.tmp")
    try:
        # The umask is honoured, as for any new file; tempfile would make it 0600.
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as stream:
            stream.write(content.encode() if isinstance(content, str) else content)
            stream.flush()
            os.fsync(stream.fileno())
        with contextlib.suppress(FileNotFoundError):
            beside.chmod(final.stat().st_mode & 0o7777)
        beside.replace(final)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    _sync_folder(final.parent)


def keep_backup(path: Path) -> Path | None:
    """Copy the file at `path` beside it as ``NAME.bak``, ``NAME.bak2``…, and return the copy.

    A copy with the same content is taken for the backup, so that writing the same two texts in turn does not pile up
    files. `None` where there is no file. Raises `OSError`.
    """
    final = path.resolve()
    try:
        content = final.read_bytes()
    except FileNotFoundError:
        return None
    number = 1
    while True:
        backup = final.with_name(f"{final.name}.bak{number if number > 1 else ''}")
        try:
            with backup.open("xb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
        except FileExistsError:
            if backup.is_file() and backup.read_bytes() == content:
                return backup
            number += 1
        else:
            return backup


def _sync_folder(folder: Path) -> None:
    """Make the rename itself durable; not every file system can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
