"""This machine, examined while somebody watches: how every verb that collects facts begins and ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from m1doctor.collect.progress import Progress
    from m1doctor.collect.world import LiveWorld


@contextmanager
def watched(*, live: bool) -> Iterator[tuple[LiveWorld, Progress]]:
    """This machine, and who is told what runs there."""
    with this_machine() as world, progress_shown(live=live) as progress:
        yield world, progress


@contextmanager
def this_machine() -> Iterator[LiveWorld]:
    """This machine. At the end, an interrupt included, every command that still runs is ended."""
    from m1doctor.collect.runner import SystemRunner  # noqa: PLC0415 - a replay collects nothing
    from m1doctor.collect.world import LiveWorld  # noqa: PLC0415

    runner = SystemRunner()
    try:
        yield LiveWorld(runner)
    finally:
        # Ctrl-C reaches the main thread only; the probes of the others are ended by name, so that none outlives us.
        runner.end()


@contextmanager
def progress_shown(*, live: bool) -> Iterator[Progress]:
    """Who is told what runs: a spinner on standard error where `live`, else nobody."""
    if not live:
        from m1doctor.collect.progress import Silence  # noqa: PLC0415

        yield Silence()
        return
    from m1doctor.cli.progress import LiveProgress  # noqa: PLC0415 - only where somebody watches

    with LiveProgress() as shown:
        yield shown
