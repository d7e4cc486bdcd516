"""Jupyter kernels: which Python each would start, from their `kernel.json`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from m1doctor.collect.disk import Disk, absolute
from m1doctor.collect.environment.command import working_folder
from m1doctor.collect.world import World
from m1doctor.model.record import record

_MAX_BYTES = 256 * 1024
_MAX_KERNELS = 100
_SYSTEM_FOLDERS = ("/usr/local/share/jupyter", "/usr/share/jupyter", "/opt/homebrew/share/jupyter")


@record(frozen=True, slots=True, kw_only=True)
class Kernel:
    """A Python kernel as its specification describes it."""

    name: str
    """Name of its folder, by which notebooks refer to it."""
    display_name: str
    path: str
    """The `kernel.json`."""
    command: str
    """First word of its command: a path, or a name such as ``"python"`` that Jupyter replaces by its own Python."""
    inside: bool
    """Whether it lies in the examined environment."""


def parse_kernel(text: str) -> tuple[str, str] | None:
    """Display name and first word of the command of a Python kernel; `None` for anything else."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(document, dict):
        return None
    argv, language, display = document.get("argv"), document.get("language"), document.get("display_name")
    if not isinstance(argv, list) or not argv or not all(isinstance(word, str) for word in argv):
        return None
    if language != "python" and not any(word.startswith("ipykernel") for word in argv):
        return None
    return (display if isinstance(display, str) else "", argv[0]) if argv[0] else None


def find_kernels(world: World, disk: Disk, prefix: str) -> Iterator[Kernel]:
    """The Python kernels of the environment at `prefix`, of the user and of the system."""
    count = 0
    for inside, folder in _folders(world, prefix):
        for name in disk.names(f"{folder}/kernels"):
            path = f"{folder}/kernels/{name}/kernel.json"
            parsed = parse_kernel(disk.text(path, _MAX_BYTES) or "")
            if parsed is None:
                continue
            count += 1
            if count > _MAX_KERNELS:
                return
            yield Kernel(name=name, display_name=parsed[0], path=path, command=parsed[1], inside=inside)


def _folders(world: World, prefix: str) -> Iterator[tuple[bool, str]]:
    own = absolute("share/jupyter", prefix)
    yield True, own
    others = [
        absolute(item, working_folder(world)) for item in world.environ.get("JUPYTER_PATH", "").split(":") if item
    ]
    data = world.environ.get("JUPYTER_DATA_DIR")
    if data:
        others.append(absolute(data, working_folder(world)))
    elif world.home is not None:
        others += [f"{world.home}/Library/Jupyter", f"{world.home}/.local/share/jupyter"]
    for folder in dict.fromkeys((*others, *_SYSTEM_FOLDERS)):
        if folder != own:
            yield False, folder


def is_called_like(kernel: Kernel, names: frozenset[str]) -> bool:
    """Whether the kernel bears one of `names`: it is called ``tf`` or ``Python (tf)`` and the environment is ``tf``."""
    for said in (kernel.name, kernel.display_name, re.sub(r"(?i)^python\s*[\d.]*", "", kernel.display_name)):
        if plain(said) in names:
            return True
    return False


def plain(name: str) -> str:
    """A name without case, spaces and punctuation."""
    return re.sub(r"[\W_]+", "", name).lower()
