"""Which Python Visual Studio Code is told to use in a folder."""

from __future__ import annotations

import json
import re

from m1doctor.collect.disk import Disk, absolute
from m1doctor.collect.environment.command import working_folder
from m1doctor.collect.world import World

_MAX_BYTES = 1024 * 1024
_KEYS = ("python.defaultInterpreterPath", "python.pythonPath")
"""The setting, and the older one that it replaced in 2021."""
_TOKEN = re.compile(r'"(?:[^"\\\n]|\\.)*"|//[^\n]*|/\*.*?\*/', re.DOTALL)
_TRAILING_COMMA = re.compile(r'("(?:[^"\\\n]|\\.)*")|,(?=\s*[}\]])')
_VARIABLE = re.compile(r"\$\{([^}]*)\}")


def parse_jsonc(text: str) -> object:
    """JSON with comments and trailing commas, as Visual Studio Code writes its settings; `None` for anything else.

    Comments become a space and commas before a closing bracket go; strings are left as they are. No library: those that
    read this dialect bring a compiled parser for what two substitutions do.
    """
    text = _TOKEN.sub(lambda found: found[0] if found[0].startswith('"') else " ", text)
    text = _TRAILING_COMMA.sub(lambda found: found[1] or "", text)
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def interpreter_setting(text: str) -> str | None:
    """The interpreter that a `settings.json` names, as written there."""
    document = parse_jsonc(text)
    if isinstance(document, dict):
        for key in _KEYS:
            value = document.get(key)
            if isinstance(value, str) and value.strip():
                return value.strip()
    return None


def find_editor_setting(world: World, disk: Disk) -> tuple[str, str, str] | None:
    """The nearest `.vscode/settings.json` that names an interpreter, at or above the working folder.

    Gives the file, the folder that it is for, and the path or command that it names with its variables filled in.
    `None` where there is none, or where it names a variable that only the editor knows.
    """
    folder = working_folder(world)
    home = None if world.home is None else str(world.home)
    while True:
        path = absolute(".vscode/settings.json", folder)
        value = interpreter_setting(disk.text(path, _MAX_BYTES) or "")
        if value is not None:
            filled = _fill(world, value, folder, home)
            return None if filled is None else (path, folder, filled)
        if folder in ("/", home):
            return None
        folder = absolute("..", folder)


def _fill(world: World, value: str, folder: str, home: str | None) -> str | None:
    known = {"workspaceFolder": folder, "workspaceRoot": folder, "userHome": home}

    def fill(found: re.Match[str]) -> str:
        name = found[1]
        answer = world.environ.get(name[4:]) if name.startswith("env:") else known.get(name)
        return found[0] if answer is None else answer

    value = _VARIABLE.sub(fill, value)
    if "${" in value:
        return None
    if value.startswith("~/"):
        return None if home is None else home + value[1:]
    return absolute(value, folder) if "/" in value else value
