"""Runs several probes side by side, and says in words why one did not answer."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from m1doctor.collect.runner import DEFAULT_SECONDS
from m1doctor.collect.world import World
from m1doctor.model.reading import Reading
from m1doctor.model.unknown import Unknown


def run_together(
    world: World, *commands: Sequence[str], timeout: float = DEFAULT_SECONDS, slow: float = 10.0
) -> tuple[Reading, ...]:
    """Run commands at the same time and return their readings in the order given.

    `timeout` is seconds; `system_profiler`, which takes a quarter of a second at best, is given `slow`. What
    `world.run` raises is raised here once all are done.
    """
    readings: list[Reading | None] = [None] * len(commands)
    failures: list[BaseException] = []

    def one(index: int, argv: Sequence[str]) -> None:
        limit = slow if argv[0].endswith("/system_profiler") else timeout
        try:
            readings[index] = world.run(argv, timeout=limit)
        except BaseException as error:  # noqa: BLE001 - carried over to the caller's thread and raised there
            failures.append(error)

    # Plain threads: concurrent.futures takes 10 ms to import, as long as all the probes of a healthy Mac.
    threads = [threading.Thread(target=one, args=item) for item in enumerate(commands)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return tuple(reading for reading in readings if reading is not None)


def why_not(reading: Reading, wanted: str) -> Unknown:
    """Why `wanted` could not be read from the answer of a command."""
    tool = reading.argv[0].rsplit("/", 1)[-1]
    if reading.error is not None:
        return Unknown(f"{tool} could not be started ({reading.error})")
    if reading.timed_out:
        return Unknown(f"{tool} gave no answer in {reading.seconds:.1f} s")
    if reading.signal is not None:
        return Unknown(f"{tool} was ended by signal {reading.signal}")
    said = (reading.stderr.strip() or reading.stdout.strip()).partition("\n")[0][:120]
    if reading.returncode:
        return Unknown(f"{tool} printed no {wanted} (exit status {reading.returncode}{': ' + said if said else ''})")
    return Unknown(f"{tool} printed no {wanted}")
