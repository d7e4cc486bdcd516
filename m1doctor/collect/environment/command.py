"""From the name of a command to the interpreter behind it, without running anything.

Between the two may stand a shim of pyenv (a shell script that chooses a version), a stub of Apple's (which opens an
install dialog where there are no Command Line Tools), or a wrapper script.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from m1doctor.collect.disk import Disk, absolute, below
from m1doctor.collect.world import World
from m1doctor.model.record import record

_SCRIPT_BYTES = 4096
_WRAPPED = re.compile(
    r"""^\s*exec\s+(?:-a\s+\S+\s+)?["']?(/[^"'\s$]*/(?:python|pypy)[0-9.]*t?)["']?(?:\s|$)""", re.MULTILINE
)
_PYTHON_NAME = re.compile(r"(?:python|pypy|graalpy)(?:\d+(?:\.\d+)?t?)?(?:-intel64)?", re.IGNORECASE)
_STUB_FOLDER = "/usr/bin"
_SELECTED_TOOLS = "/var/db/xcode_select_link"
"""The link that `xcode-select --switch` writes."""
_TOOLS = ("/Applications/Xcode.app/Contents/Developer", "/Library/Developer/CommandLineTools")
"""Where the stubs look when nothing was selected, in their order."""


@record(frozen=True, slots=True)
class Found:
    """The interpreter behind a command."""

    path: str
    """Links not followed."""
    via: str | None = None
    """What stood between the command and it, in a clause."""


class CommandError(Exception):
    """The interpreter behind a command cannot be told; the message is a clause that says why."""


def working_folder(world: World) -> str:
    """The working folder, or ``"/"`` where it was removed under our feet."""
    try:
        return str(world.cwd)
    except OSError:
        return "/"


def search_path(world: World) -> list[str]:
    """The folders of PATH in their order, each once."""
    here = working_folder(world)
    folders = (absolute(item, here) for item in world.environ.get("PATH", "").split(":") if item)
    return list(dict.fromkeys(folders))


def on_path(world: World, disk: Disk, name: str) -> Iterator[str]:
    """Every executable file called `name` on PATH, the first one first."""
    for folder in search_path(world):
        path = absolute(name, folder)
        if disk.is_executable(path):
            yield path


def looks_like_python(disk: Disk, path: str) -> bool:
    """Whether `path`, or what its links lead to, has the name of an interpreter."""
    end = disk.end_of_links(path) or path
    return any(_PYTHON_NAME.fullmatch(each.rpartition("/")[2]) for each in (path, end))


def interpreter_behind(world: World, disk: Disk, path: str, depth: int = 0) -> Found:
    """Follow stubs, shims and wrappers from the command at `path` to an interpreter.

    Raises `CommandError` where they lead nowhere, or where only running them would tell.
    """
    name = path.rpartition("/")[2]
    if world.uname.sysname == "Darwin" and absolute("..", path) == _STUB_FOLDER:
        return Found(_behind_stub(world, disk, name), "Apple's stub in /usr/bin")
    head = disk.head(path, _SCRIPT_BYTES)
    if head is None or not head.startswith(b"#!"):
        return Found(path)
    text = head.decode("utf-8", "replace")
    if depth > 4:  # noqa: PLR2004 - shims that lead to each other
        raise CommandError(f"{path} leads from script to script")
    shims = absolute("..", path)
    if shims.endswith("/shims") and "pyenv" in text:
        version = _behind_pyenv(world, disk, shims, name, text)
        further = interpreter_behind(world, disk, version.path, depth + 1)
        return Found(further.path, version.via)
    wrapped = _WRAPPED.search(text)
    if wrapped and disk.is_file(wrapped[1]) and wrapped[1] != path:
        return Found(interpreter_behind(world, disk, wrapped[1], depth + 1).path, f"the wrapper script {path}")
    raise CommandError(f"{path} is a script, and which Python it starts cannot be told without running it")


def _behind_stub(world: World, disk: Disk, name: str) -> str:
    chosen = world.environ.get("DEVELOPER_DIR")
    if not chosen:
        chosen = disk.real(_SELECTED_TOOLS)
    for folder in (chosen,) if chosen else _TOOLS:
        for sub in ("usr/bin", "Contents/Developer/usr/bin"):
            path = absolute(f"{sub}/{name}", folder)
            if disk.is_file(path):
                return path
    raise CommandError(f"{_STUB_FOLDER}/{name} is Apple's stub, and no Command Line Tools with a Python are installed")


def _behind_pyenv(world: World, disk: Disk, shims: str, name: str, script: str) -> Found:
    """Choose as `pyenv which` does."""
    written = re.search(r"^\s*export PYENV_ROOT=[\"']?([^\"'\n]+)", script, re.MULTILINE)
    root = world.environ.get("PYENV_ROOT") or (written[1] if written else absolute("..", shims))
    wanted, source = _pyenv_selection(world, disk, root)
    for version in wanted:
        if version == "system":
            for path in on_path(world, disk, name):
                if absolute("..", path) != shims:
                    return Found(path, f"pyenv shim, system set by {source}")
            continue
        folder = _pyenv_folder(disk, root, version)
        if folder is not None and disk.is_executable(f"{folder}/bin/{name}"):
            return Found(f"{folder}/bin/{name}", f"pyenv shim, {version} set by {source}")
    raise CommandError(f"{shims}/{name} is a pyenv shim, and {', '.join(wanted)} (set by {source}) has no {name}")


def _pyenv_selection(world: World, disk: Disk, root: str) -> tuple[list[str], str]:
    chosen = world.environ.get("PYENV_VERSION")
    if chosen:
        return chosen.split(":"), "$PYENV_VERSION"
    folder = working_folder(world)
    while True:
        path = absolute(".python-version", folder)
        versions = parse_python_version_file(disk.text(path, 64 * 1024) or "")
        if versions:
            return versions, path
        if folder == "/":
            break
        folder = absolute("..", folder)
    path = absolute("version", root)
    versions = parse_python_version_file(disk.text(path, 64 * 1024) or "")
    return (versions, path) if versions else (["system"], "default")


def parse_python_version_file(text: str) -> list[str]:
    """The versions that a `.python-version` names, first choice first; comments and paths are not versions."""
    words = (word for line in text.splitlines() for word in line.partition("#")[0].replace(":", " ").split())
    return [word for word in words if "/" not in word and not word.startswith(".")]


def _pyenv_folder(disk: Disk, root: str, version: str) -> str | None:
    versions = absolute("versions", root)
    for name in (version, version.removeprefix("python-")):
        if disk.is_folder(f"{versions}/{name}"):
            return f"{versions}/{name}"
    latest = [
        (tuple(int(part) for part in name.split(".")), name)
        for name in disk.names(versions)
        if name.startswith(f"{version}.") and re.fullmatch(r"\d+(?:\.\d+)+", name)
    ]
    return f"{versions}/{max(latest)[1]}" if latest else None


def script_interpreter(text: str) -> str | None:
    """The interpreter of a script such as `pip`: its ``#!`` line, also in the two-line form for long paths.

    Installers write ``#!/bin/sh`` and ``'''exec' "/long path/bin/python" "$0" "$@"`` where the path is too long or has
    a space. ``/usr/bin/env NAME`` gives just ``NAME``. `None` for anything else.
    """
    first, _, rest = text.partition("\n")
    if not first.startswith("#!"):
        return None
    words = first[2:].strip()
    command, _, argument = words.partition(" ")
    base = os.path.basename(command)  # noqa: PTH119 - a path of another machine
    if base in ("sh", "bash"):
        found = re.match(r"""'''exec'\s+(?:"([^"\n]+)"|(\S+))""", rest)
        return (found[1] or found[2]) if found else None
    if base == "env":
        names = [word for word in argument.split() if not word.startswith("-") and "=" not in word]
        return names[0] if names else None
    return command or None


def behind_script(world: World, disk: Disk, path: str) -> str | None:
    """The interpreter that a command written in Python (`pip`, `jupyter`) runs with; `None` where that cannot be told.

    Links are not followed to the end: the link of a virtual environment is what makes it one.
    """
    shims = absolute("..", path)
    text = (disk.head(path, _SCRIPT_BYTES) or b"").decode("utf-8", "replace")
    if shims.endswith("/shims") and "pyenv" in text and text.startswith("#!"):
        try:
            path = _behind_pyenv(world, disk, shims, path.rpartition("/")[2], text).path
        except CommandError:
            return None
        text = (disk.head(path, _SCRIPT_BYTES) or b"").decode("utf-8", "replace")
    wanted = script_interpreter(text)
    if wanted is None:
        return _behind_stub_or_none(world, disk, path)
    if "/" in wanted:
        return absolute(wanted, "/")
    for candidate in on_path(world, disk, wanted):
        try:
            return interpreter_behind(world, disk, candidate).path
        except CommandError:
            return None
    return None


def _behind_stub_or_none(world: World, disk: Disk, path: str) -> str | None:
    """For Apple's `pip3` stub: the Python beside the tool that it starts."""
    if world.uname.sysname != "Darwin" or not below(path, _STUB_FOLDER):
        return None
    try:
        return _behind_stub(world, disk, "python3")
    except CommandError:
        return None
