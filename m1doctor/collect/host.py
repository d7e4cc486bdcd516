"""The machine: hardware, system, translation, GPU, free room. Without root, in well under 0.1 s."""

from __future__ import annotations

from pathlib import Path

from m1doctor.collect.world import World
from m1doctor.model.host import Host


def collect_host(world: World, environment: Path | None = None, *, deep: bool = False) -> Host:
    """Describe the machine.

    `environment` is a file or folder of the target, whose file system must take an installation. `deep` asks a Mac's
    system_profiler too, for the Metal family.
    """
    # Each system brings its own parsers: half of them would be read for nothing.
    if world.uname.sysname == "Darwin":
        from m1doctor.collect.darwin.host import describe_mac  # noqa: PLC0415 - as above

        return describe_mac(world, environment, deep=deep)
    from m1doctor.collect.linux.host import describe_linux  # noqa: PLC0415 - as above

    return describe_linux(world, environment)
