"""Runs several probes side by side, and says in words why one did not answer."""

from __future__ import annotations

from collections.abc import Sequence

from m1doctor.collect.beside import Beside
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

    def one(argv: Sequence[str]) -> Beside[Reading]:
        return Beside(lambda: world.run(argv, timeout=slow if argv[0].endswith("/system_profiler") else timeout))

    running = [one(argv) for argv in commands]
    for each in running:
        each.join()
    return tuple(each.result() for each in running)


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
