"""Memory pressure and swap: the kernel's own level, the counters behind it, and swap traffic between two samples."""

from __future__ import annotations

from m1doctor.collect.world import World
from m1doctor.model.memory import Memory

SAMPLE_SECONDS = 0.3


def collect_memory(world: World, sample_seconds: float = SAMPLE_SECONDS) -> Memory:
    """Take one sample, wait `sample_seconds`, take another. With 0 there is one sample and no rate."""
    # Each system brings its own parsers: half of them would be read for nothing.
    if world.uname.sysname == "Darwin":
        from m1doctor.collect.darwin.memory import measure_mac  # noqa: PLC0415 - as above

        return measure_mac(world, sample_seconds)
    from m1doctor.collect.linux.memory import measure_linux  # noqa: PLC0415 - as above

    return measure_linux(world, sample_seconds)
