"""Reads small files of the system below the root of a world."""

from __future__ import annotations

from m1doctor.collect.world import World

KEEP_BYTES = 1024 * 1024
"""`/proc/cpuinfo` of a machine with 200 processors is 400 kB."""


def read_text(world: World, path: str) -> str | None:
    """The beginning of a file, `path` counted from the root; `None` where it cannot be read."""
    try:
        return world.read(path, KEEP_BYTES).decode("utf-8", "replace")
    except OSError:
        return None


def read_link(world: World, path: str) -> str | None:
    """Where a symbolic link points; `None` where it is none or cannot be read."""
    try:
        return str((world.root / path.lstrip("/")).readlink())
    except OSError:
        return None


def exists(world: World, path: str) -> bool:
    """Whether there is such a file or folder."""
    return (world.root / path.lstrip("/")).exists()
