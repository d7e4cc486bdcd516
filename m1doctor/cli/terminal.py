"""What our output looks like where it will be read, and the only place that writes it."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import stat
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO, TextIO

from m1doctor.errors import UnfinishedError, UserError
from m1doctor.model.record import record

WIDEST = 100
"""Longer lines are harder to read than to scroll."""


@record(frozen=True, slots=True, kw_only=True)
class Terminal:
    """What the two streams can show."""

    width: int
    interactive: bool
    """Whether standard output is a terminal."""
    colour: bool
    unicode: bool
    live: bool
    """Whether standard error is a terminal that may be redrawn: not in CI, not with NO_COLOR, not a dumb one."""


def look_around(
    environ: Mapping[str, str] = os.environ,
    *,
    out: TextIO | None = None,
    err: TextIO | None = None,
    no_color: bool = False,
) -> Terminal:
    """See what the streams can show; `no_color` and `$NO_COLOR` (of any value but empty) both take colour away."""
    out = sys.stdout if out is None else out
    err = sys.stderr if err is None else err
    interactive = _is_terminal(out)
    plain = no_color or bool(environ.get("NO_COLOR")) or environ.get("TERM") == "dumb"
    width = shutil.get_terminal_size().columns if interactive else _integer(environ.get("COLUMNS")) or 80
    return Terminal(
        width=max(20, min(width, WIDEST)),
        interactive=interactive,
        colour=interactive and not plain,
        unicode=_has_unicode(out),
        live=_is_terminal(err) and not plain and not environ.get("CI"),
    )


def _is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and not stream.closed and stream.isatty()


def _has_unicode(stream: TextIO | None) -> bool:
    return (getattr(stream, "encoding", None) or "").lower().replace("-", "") in ("utf8", "utf16", "utf32", "gb18030")


def _integer(text: str | None) -> int | None:
    return int(text) if text is not None and text.isascii() and text.isdigit() else None


def write_out(text: str) -> None:
    """Write to standard output, in its encoding; what that lacks is written as its escape.

    A reader that has gone (``| head``) is not an error. Raises `UnfinishedError` where the text cannot be written.
    """
    stream = sys.stdout
    if stream is None:
        raise UnfinishedError("cannot write to standard output: it is closed")
    try:
        stream.flush()
        stream.buffer.write(text.encode(stream.encoding or "utf-8", "backslashreplace"))
        stream.buffer.flush()
    except BrokenPipeError:
        _let_go(stream)
    except OSError as error:
        _let_go(stream)
        message = f"cannot write to standard output: {error.strerror or error}"
        raise UnfinishedError(message) from error


def working_folder() -> Path:
    """Where the command was started. Raises `UserError` where that folder has been removed since."""
    try:
        return Path.cwd()
    except OSError as error:
        message = f"the working folder cannot be used: {error.strerror}; change to one that exists"
        raise UserError(message) from error


def standard_input(file: str) -> BinaryIO:
    """What ``-`` stands for. Raises `UserError` where `file` is that and there is none to read."""
    if sys.stdin is not None:
        return sys.stdin.buffer
    if file == "-":
        raise UserError("cannot read -: standard input is closed")
    return io.BytesIO()


def write_answer(text: str, output: str | None) -> None:
    """Write to the file `output`, or to standard output where there is none."""
    if output is None:
        write_out(text)
    else:
        write_file(Path(output), text)


def write_err(line: str) -> None:
    """Write one line to standard error, quietly giving up where nobody can read it."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        sys.stderr.write(
            line.encode(sys.stderr.encoding or "utf-8", "backslashreplace").decode(errors="replace") + "\n"
        )
        sys.stderr.flush()


def _let_go(stream: TextIO) -> None:
    """Point the stream at nothing, or the interpreter complains once more when it flushes it at its end."""
    with contextlib.suppress(OSError, ValueError):
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, stream.fileno())
        os.close(nothing)


def check_writable(path: Path, option: str) -> None:
    """Refuse a file that cannot be written, before minutes go into what it should hold.

    Raises `UserError` that names the option.
    """
    # The functions of `os.path` answer no where a folder may not be entered; those of `Path` raise.
    folder = os.path.dirname(os.path.realpath(path))  # noqa: PTH120 - as above
    if os.path.isdir(path):  # noqa: PTH112 - as above
        reason = "is a folder"
    elif not os.path.isdir(folder):  # noqa: PTH112 - as above
        reason = f"there is no folder {folder}"
    elif not os.access(path if os.path.exists(path) else folder, os.W_OK):  # noqa: PTH110 - as above
        reason = "permission denied"
    else:
        return
    message = f"{option}: cannot write {path}: {reason}"
    raise UserError(message)


def write_file(path: Path, content: str | bytes) -> None:
    """Write a file whole or not at all; a device or a pipe is written to directly.

    Raises `UnfinishedError` that names the file.
    """
    from m1doctor.files import write_atomically  # noqa: PLC0415 - most runs write to standard output

    data = content.encode("utf-8", "backslashreplace") if isinstance(content, str) else content
    try:
        if not path.exists() or stat.S_ISREG(path.stat().st_mode):
            write_atomically(path, data)
        else:
            path.write_bytes(data)
    except OSError as error:
        message = f"cannot write {path}: {error.strerror or error}"
        raise UnfinishedError(message) from error
