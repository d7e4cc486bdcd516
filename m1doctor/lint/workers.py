"""Many files over all cores: processes of our own that each take a share. No other program is started."""

from __future__ import annotations

import gc
import os
import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from m1doctor.lint.engine import FileAnswer, Linter, Wanted
from m1doctor.lint.target import Versions

if TYPE_CHECKING:
    from multiprocessing.pool import Pool

_WORTH_A_PROCESS = 3 * 2**20
"""Bytes of source that take longer to judge than a process takes to start (a quarter of a second each)."""
_SHARE = 8
"""Files that a process takes at a time."""

_linter: list[Linter] = []


def spread(
    files: Sequence[Path], roots: Sequence[Path], versions: Versions, wanted: Wanted, processes: int | None
) -> Iterator[FileAnswer]:
    """Judge each file, in as many processes as are worth it, and give the answers as they come."""
    number = processes if processes is not None else _worthwhile(files)
    if number <= 1:
        linter = Linter(roots, versions, wanted)
        for path in files:
            yield linter.file(path)
        return
    from multiprocessing import get_context  # noqa: PLC0415 - few runs have so many files

    # Not forked: a thread that draws the progress may hold a lock at that very moment.
    with _deaf_children():
        pool = get_context("spawn").Pool(number, _begin, (tuple(roots), versions, wanted))
    with pool:
        yield from _answers(pool, files)


@contextmanager
def _deaf_children() -> Iterator[None]:
    """See that what is started here never hears Ctrl-C: that is for the parent, which ends them."""
    if threading.current_thread() is not threading.main_thread():
        yield  # signals are set in the main thread only, and a Ctrl-C reaches no other
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _answers(pool: Pool, files: Sequence[Path]) -> Iterator[FileAnswer]:
    try:
        yield from pool.imap_unordered(_one, files, chunksize=_SHARE)
    except BaseException:
        pool.terminate()
        raise
    pool.close()
    pool.join()


def _worthwhile(files: Sequence[Path]) -> int:
    size = 0
    for path in files:
        try:
            size += path.stat().st_size
        except OSError:
            continue
    return max(1, min(_cores(), size // _WORTH_A_PROCESS))


def _cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _begin(roots: tuple[Path, ...], versions: Versions, wanted: Wanted) -> None:
    """Prepare a process."""
    gc.disable()  # the linter leaves no rings of objects behind, and trees are much to search
    _linter.append(Linter(roots, versions, wanted))


def _one(path: Path) -> FileAnswer:
    return _linter[0].file(path)
