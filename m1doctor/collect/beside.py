"""Work in a thread of its own, beside the caller's."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Beside(Generic[T]):
    """Work that has begun and that is asked for its result later.

    A plain thread, since `concurrent.futures` takes 10 ms to import, as long as all the probes of a healthy Mac; and a
    daemon, so that an interrupt ends the program without waiting for a slow probe.
    """

    def __init__(self, work: Callable[[], T]) -> None:
        """Begin `work` now."""
        self._work = work
        self._results: list[T] = []
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def join(self) -> None:
        """Wait for the end, whichever it is."""
        self._thread.join()

    def result(self) -> T:
        """Wait, and return what the work returned or raise what it raised."""
        self.join()
        if self._failure is not None:
            raise self._failure
        return self._results[0]

    def _run(self) -> None:
        try:
            self._results.append(self._work())
        except BaseException as error:  # noqa: BLE001 - carried over to the caller's thread and raised there
            self._failure = error
