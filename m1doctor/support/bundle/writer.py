"""Writing an archive that is read again before anybody can send it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from m1doctor.files import keep_backup, write_atomically


def write_approved(path: Path, content: bytes, approve: Callable[[bytes], None]) -> None:
    """Write `content`, then hand what stands in the file to `approve`; what that raises destroys the file.

    A different file that was there before is kept as a backup. Raises `OSError`.
    """
    if path.exists() and path.read_bytes() != content:
        keep_backup(path)
    write_atomically(path, content, mode=0o600)
    try:
        approve(path.read_bytes())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
