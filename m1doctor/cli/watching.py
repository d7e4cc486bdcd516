"""This machine, examined while somebody watches: how every verb that collects facts begins and ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from m1doctor.collect.examine import Progress
    from m1doctor.collect.world import World


@contextmanager
def watched(*, live: bool) -> Iterator[tuple[World, Progress]]:
    """This machine, and who is told what runs: a spinner where `live`, else nobody.

    At the end, an interrupt included, every command that still runs is ended.
    """
    from m1doctor.collect.examine import Silence  # noqa: PLC0415 - a replay collects nothing
    from m1doctor.collect.runner import SystemRunner  # noqa: PLC0415
    from m1doctor.collect.world import LiveWorld  # noqa: PLC0415

    runner = SystemRunner()
    with ExitStack() as stack:
        # Ctrl-C reaches the main thread only; the probes of the others are ended by name, so that none outlives us.
        stack.callback(runner.end)
        progress: Progress = Silence()
        if live:
            from m1doctor.cli.progress import LiveProgress  # noqa: PLC0415 - only where somebody watches

            progress = stack.enter_context(LiveProgress())
        yield LiveWorld(runner), progress
