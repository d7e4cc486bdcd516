"""Which files are read: those that are named, and the Python files and notebooks of a folder."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from m1doctor.errors import UserError
from m1doctor.lint.source import NOTEBOOK_SUFFIX

SUFFIXES = (".py", NOTEBOOK_SUFFIX)
_LEFT_OUT = frozenset({"__pycache__", "__pypackages__", "node_modules", "site-packages", "dist-packages", "build",
                       "dist", "venv", "env", "virtualenv"})  # fmt: skip
_OF_AN_ENVIRONMENT = ("pyvenv.cfg", "conda-meta")


class PathError(UserError):
    """A path that is not there, or that holds nothing to read; the message names it."""


def find_files(paths: Sequence[str]) -> list[Path]:
    """The files that `paths` lead to, each once, in a fixed order. Raises `PathError`."""
    found: dict[str, Path] = {}
    for given in paths:
        path = Path(given)
        try:
            is_folder = path.is_dir()
            if not is_folder and not path.exists():
                raise PathError(f"{given}: no such file or folder")
        except (OSError, ValueError) as error:
            message = f"{given}: {getattr(error, 'strerror', None) or error}"
            raise PathError(message) from error
        files = _in_folder(path) if is_folder else [path]
        for file in files:
            found.setdefault(os.path.realpath(file), file)
    return list(found.values())


def _in_folder(folder: Path) -> Iterator[Path]:
    """Files of Python and notebooks below a folder, its own name aside, without what nobody there wrote."""
    todo = [str(folder)]
    while todo:
        place = todo.pop()
        try:
            entries = sorted(os.scandir(place), key=lambda entry: entry.name)
        except OSError as error:
            if place == str(folder):
                raise PathError(f"{folder}: {error.strerror}") from error
            continue  # a folder that may not be entered is not the project's
        if place != str(folder) and any(entry.name in _OF_AN_ENVIRONMENT for entry in entries):
            continue
        below = []
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in _LEFT_OUT and not entry.name.endswith(".egg-info"):
                    below.append(entry.path)
            elif entry.name.endswith(SUFFIXES) and entry.is_file():
                yield Path(entry.path)
        todo += reversed(below)
