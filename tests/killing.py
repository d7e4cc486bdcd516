"""A process that dies as `kill -9` kills: at a deed that was announced and is not done yet."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable


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
