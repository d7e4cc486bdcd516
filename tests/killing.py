"""A process that dies as `kill -9` kills: at a deed that was announced and is not done yet, or at any moment."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path


def killed_at(number: int, work: Callable[[Callable[[str], None]], object]) -> bool:
    """Do `work` in a process that kills itself when it is told of deed `number`; whether it came so far."""
    process = os.fork()
    if process == 0:
        left = number

        def tell(words: str) -> None:
            nonlocal left
            del words
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)

        try:
            work(tell)
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(process, 0)[1])


def killed_before_file(number: int, folder: Path, work: Callable[[], object]) -> bool:
    """Kill before file operation `number` in `folder`, of those that Python announces: opening, renaming, removing."""

    def watched(tell: Callable[[str], None]) -> None:
        def announced(event: str, arguments: tuple[object, ...]) -> None:
            if event in ("open", "os.rename", "os.remove", "os.mkdir") and str(folder) in str(arguments[0]):
                tell(event)

        sys.addaudithook(announced)
        work()

    return killed_at(number, watched)


def killed_after(seconds: float, work: Callable[[], object]) -> None:
    """Do `work` in a process that is killed after that time, wherever it is by then."""
    process = os.fork()
    if process == 0:
        try:
            work()
        finally:
            os._exit(0)
    time.sleep(seconds)
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
