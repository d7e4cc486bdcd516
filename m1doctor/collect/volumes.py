"""Free room where packages and swap files go."""

from __future__ import annotations

from pathlib import Path

from m1doctor.collect.world import World
from m1doctor.model.host import Volume


def measure_volumes(world: World, *, swap: str | None, environment: Path | None) -> tuple[Volume, ...] | None:
    """Ask the file systems of the swap files, the environment and the home folder; `None` where not one answers."""
    wanted: list[tuple[str, Path]] = []
    if swap is not None:
        wanted.append(("swap", Path(swap)))
    if environment is not None:
        wanted.append(("environment", environment))
    if world.home is not None:
        wanted.append(("home", world.home))
    found: list[Volume] = []
    for purpose, path in wanted:
        room = world.free_bytes(path)
        if room is not None and room[0] > 0:
            found.append(Volume(purpose=purpose, path=str(path), total_bytes=room[0], free_bytes=room[1]))
    return tuple(found) or None
