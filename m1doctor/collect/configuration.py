"""What a bundle brings along beside the facts: telling environment variables, and the settings of installers."""

from __future__ import annotations

from m1doctor.collect.files import read_text
from m1doctor.collect.world import World
from m1doctor.knowledge.configuration import is_telling, settings_files


def telling_environment(world: World) -> dict[str, str]:
    """The variables that matter to Python packages and TensorFlow, by name. No others are looked at."""
    return {name: value for name, value in sorted(world.environ.items()) if is_telling(name)}


def read_settings(world: World) -> dict[str, str]:
    """The settings of pip, conda and uv that there are, by path."""
    texts: dict[str, str] = {}
    for installer in settings_files():
        for written in installer.paths:
            path = _expanded(world, written)
            text = read_text(world, path) if path is not None else None
            if path is not None and text is not None:
                texts[path] = text
    return texts


def _expanded(world: World, path: str) -> str | None:
    """The path itself; `None` where the home folder or the variable that it begins with is not there."""
    first, slash, rest = path.partition("/")
    if first == "~":
        return f"{world.home}/{rest}" if world.home is not None else None
    if first.startswith("$"):
        value = world.environ.get(first[1:])
        return f"{value}{slash}{rest}" if value and value.startswith("/") else None
    return path
