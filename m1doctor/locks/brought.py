"""The text of a file that somebody brought, whatever it turns out to be."""

from __future__ import annotations

from pathlib import Path

from m1doctor.errors import UserError


def read_text(path: Path, *, largest: int, what: str) -> str:
    """Read UTF-8 of at most `largest` bytes; `what` it should be is for the words of `UserError`, which names it."""
    try:
        with path.open("rb") as stream:
            content = stream.read(largest + 1)
    except (OSError, ValueError) as error:  # a name can hold what no path may
        message = f"cannot read {path}: {getattr(error, 'strerror', None) or error}"
        raise UserError(message) from error
    if len(content) > largest:
        message = f"{path}: larger than any {what} (more than {largest // 2**20} MiB)"
        raise UserError(message)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"{path}: not a {what}: it is no UTF-8 text"
        raise UserError(message) from error
