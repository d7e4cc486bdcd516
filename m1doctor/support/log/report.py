"""From a log to facts and to the target of a report."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from m1doctor.errors import UserError
from m1doctor.model.facts import Facts
from m1doctor.model.log import Log
from m1doctor.model.report import Target, TargetKind
from m1doctor.model.unknown import not_asked
from m1doctor.support.log.reader import read_log

STANDARD_INPUT = "standard input"
_PACKED = {b"\x1f\x8b": "gzip", b"PK\x03\x04": "zip", b"BZh": "bzip2", b"\xfd7zXZ": "xz", b"(\xb5/\xfd": "zstandard"}


class LogError(UserError):
    """A log that cannot be read; the message names it and says why."""


def open_log(file: str, standard_input: BinaryIO) -> Log:
    """Read a log from a file, or from standard input for ``-``.

    Raises `LogError` for a file that cannot be read or is packed.
    """
    try:
        if file == "-":
            return read_log(standard_input, STANDARD_INPUT)
        with Path(file).open("rb", buffering=0) as stream:
            head = stream.read(6)
            for magic, name in _PACKED.items():
                if head.startswith(magic):
                    message = (
                        f"{file}: a {name} file; unpack it and pass the text, for instance with `| m1doctor log -`"
                    )
                    raise LogError(message)
            if head.startswith((b"\xff\xfe", b"\xfe\xff")):
                message = f"{file}: UTF-16 text; convert it first, for instance with `iconv -f UTF-16 -t UTF-8`"
                raise LogError(message)
            if stream.seekable():
                stream.seek(0)
                return read_log(stream, file)
            return read_log(_Again(head, stream), file)  # type: ignore[arg-type]  # only `read` is used
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        message = f"cannot read {file}: {reason}"
        raise LogError(message) from error


class _Again:
    """A stream that cannot go back, with what was read of it put in front."""

    def __init__(self, head: bytes, stream: BinaryIO) -> None:
        self._head = head
        self._stream = stream

    def read(self, size: int) -> bytes:
        """The next bytes."""
        head, self._head = self._head, b""
        return head or self._stream.read(size)


def facts_of(log: Log) -> Facts:
    """Facts that hold a log and nothing else."""
    alone = not_asked("only a log was read")
    names = [name for name in Facts.__dataclass_fields__ if name not in ("log", "unknown", "timings")]
    return Facts(log=log, unknown=dict.fromkeys(names, alone))


def target_of(log: Log) -> Target:
    """The target of a report on a log."""
    return Target(kind=TargetKind.LOG, path=log.source, why="the text alone, no machine was examined")
