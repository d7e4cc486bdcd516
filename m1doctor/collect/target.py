"""Which environment is examined, and why that one."""

from __future__ import annotations

import os
import re
import sys

from m1doctor.collect.disk import Disk, absolute, below
from m1doctor.collect.environment.command import (
    CommandError,
    Found,
    interpreter_behind,
    looks_like_python,
    on_path,
    working_folder,
)
from m1doctor.collect.environment.own import is_tool_environment
from m1doctor.collect.environment.pyvenv import MARKER
from m1doctor.collect.world import World
from m1doctor.errors import UserError
from m1doctor.model.report import Target, TargetKind

_PLATFORM = re.compile(r"^Tag:\s*\S+-(win|macosx|manylinux|musllinux|linux)", re.MULTILINE)


class TargetError(UserError):
    """There is no such environment; the message names the option, the variable or the path."""


def choose_target(
    world: World, *, python: str | None = None, site_packages: str | None = None, own_prefix: str = sys.prefix
) -> Target:
    """Choose the environment to examine.

    In this order: `python` (an executable, the folder of an environment, or a name on PATH), `site_packages` (a folder
    of installed packages), `$VIRTUAL_ENV`, `$CONDA_PREFIX`, a `.venv` in the working folder or above it, `python3` on
    PATH. `own_prefix` is the environment that m1doctor itself runs from: where that holds nothing but this tool, it is
    passed over on PATH as long as there is another Python.

    A variable or a `.venv` that points to nothing is still a target, and what is wrong with it is for the checks to
    say. Raises `TargetError` for an option that names nothing to examine, and where no Python is found at all.
    """
    disk = Disk(world.root)
    if python is not None and site_packages is not None:
        raise TargetError("--python and --site-packages exclude each other: give one of them")
    if python is not None:
        return _from_python(world, disk, python)
    if site_packages is not None:
        return _from_folder(world, disk, site_packages)
    return _from_surroundings(world, disk, own_prefix)


def _from_python(world: World, disk: Disk, given: str) -> Target:
    path = _expanded(world, given)
    if disk.is_folder(path):
        inside = _python_inside(disk, path)
        if inside is not None:
            return Target(kind=TargetKind.PYTHON, path=inside, why="--python")
        if "/" in given.rstrip("/"):
            raise TargetError(f"--python {given}: a folder without a Python in it (no bin/python)")
    elif "/" in given:
        return _executable(world, disk, path, "--python", f"--python {given}")
    names = [given, f"python{given}"] if re.fullmatch(r"\d+(\.\d+)?t?", given) else [given]
    for name in names:
        for found in on_path(world, disk, name):
            return _executable(world, disk, found, f"--python {given}, on PATH", f"--python {given}")
    if disk.is_folder(path):
        raise TargetError(f"--python {given}: a folder without a Python in it (no bin/python), and no command on PATH")
    if disk.exists(path):
        return _executable(world, disk, path, "--python", f"--python {given}")
    raise TargetError(f"--python {given}: no such file or folder, and no command of that name on PATH")


def _executable(world: World, disk: Disk, path: str, why: str, blamed: str) -> Target:
    if not disk.exists(path):
        if disk.is_link(path):
            if _environment_of(disk, path):
                return Target(kind=TargetKind.PYTHON, path=path, why=why)
            raise TargetError(f"{blamed}: {path} is a link to {disk.end_of_links(path)}, which does not exist")
        raise TargetError(f"{blamed}: {path} does not exist")
    if not disk.is_executable(path):
        raise TargetError(f"{blamed}: {path} is not an executable file")
    try:
        found = interpreter_behind(world, disk, path)
    except CommandError as error:
        raise TargetError(f"{blamed}: {error}") from error
    if not looks_like_python(disk, found.path):
        raise TargetError(f"{blamed}: {found.path} is not called like a Python interpreter")
    return _python_target(found, why)


def _python_target(found: Found, why: str) -> Target:
    return Target(kind=TargetKind.PYTHON, path=found.path, why=f"{why} ({found.via})" if found.via else why)


def _python_inside(disk: Disk, folder: str) -> str | None:
    """The interpreter of an environment's folder; also the one that should be there and is not."""
    names = [
        "python",
        "python3",
        *(name for name in disk.names(f"{folder}/bin") if re.fullmatch(r"python3\.\d+t?", name)),
    ]
    for name in names:
        if disk.is_executable(f"{folder}/bin/{name}"):
            return f"{folder}/bin/{name}"
    if disk.is_file(f"{folder}/{MARKER}") or disk.is_folder(f"{folder}/conda-meta"):
        linked = [name for name in names if disk.is_link(f"{folder}/bin/{name}")]
        return f"{folder}/bin/{linked[0] if linked else 'python'}"
    for name in names:  # the bin folder of an environment
        if disk.is_executable(f"{folder}/{name}"):
            return f"{folder}/{name}"
    return None


def _environment_of(disk: Disk, executable: str) -> bool:
    folder = absolute("../..", executable)
    return disk.is_file(f"{folder}/{MARKER}") or disk.is_folder(f"{folder}/conda-meta")


def _from_folder(world: World, disk: Disk, given: str) -> Target:
    folder = _expanded(world, given)
    if not disk.exists(folder):
        raise TargetError(f"--site-packages {given}: no such folder")
    if not disk.is_folder(folder):
        raise TargetError(f"--site-packages {given}: not a folder")
    try:
        os.listdir(disk.on_disk(folder))  # noqa: PTH208 - see Disk
    except OSError as error:
        message = f"--site-packages {given}: cannot read {folder}: {error.strerror}"
        raise TargetError(message) from error
    chosen = _packages_folder(disk, folder, given)
    if _is_for_windows(disk, chosen):
        raise TargetError(f"--site-packages {given}: packages for Windows in {chosen}; only macOS and Linux are known")
    why = "--site-packages" if chosen == folder else f"--site-packages {given}"
    return Target(kind=TargetKind.FOLDER, path=chosen, why=why)


def _packages_folder(disk: Disk, folder: str, given: str) -> str:
    """The folder itself where it holds packages, else the one of the environment or `lib` folder that it is."""
    if holds_packages(disk, folder):
        return folder
    candidates = []
    for lib in (folder, f"{folder}/lib"):
        candidates += [
            f"{lib}/{name}/site-packages" for name in disk.names(lib) if re.match(r"(?:python|pypy)\d", name)
        ]
    candidates += [f"{folder}/site-packages", f"{folder}/dist-packages"]
    there = [path for path in candidates if disk.is_folder(path)]
    filled = [path for path in there if holds_packages(disk, path)]
    if len(filled) == 1:
        return filled[0]
    if filled:
        raise TargetError(f"--site-packages {given}: several folders of packages in it, name one: {', '.join(filled)}")
    empty = there[0] if there else folder
    raise TargetError(f"--site-packages {given}: no packages in {empty} (no *.dist-info, no modules)")


def _is_for_windows(disk: Disk, folder: str) -> bool:
    """Whether the first wheel there that was built for one system was built for Windows."""
    for name in disk.names(folder):
        if name.endswith(".dist-info"):
            found = _PLATFORM.search(disk.text(f"{folder}/{name}/WHEEL", 64 * 1024) or "")
            if found is not None:
                return found[1] == "win"
    return False


def holds_packages(disk: Disk, folder: str) -> bool:
    """Whether a folder looks like one that packages were installed into."""
    for name in disk.names(folder):
        if name.endswith((".dist-info", ".egg-info", ".egg", ".egg-link")):
            return True
        if disk.is_file(f"{folder}/{name}/__init__.py"):
            return True
    return False


def _from_surroundings(world: World, disk: Disk, own_prefix: str) -> Target:
    for variable in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        value = world.environ.get(variable)
        if value:
            folder = absolute(value, working_folder(world))
            return Target(
                kind=TargetKind.PYTHON,
                path=_python_inside(disk, folder) or f"{folder}/bin/python",
                why=f"${variable}{_passed_over(world, disk, folder)}",
            )
    nearby = _nearby_environment(world, disk)
    if nearby is not None:
        path = _python_inside(disk, nearby) or f"{nearby}/bin/python"
        return Target(kind=TargetKind.PYTHON, path=path, why=f".venv in {absolute('..', nearby)}")
    return _from_path(world, disk, own_prefix)


def _passed_over(world: World, disk: Disk, chosen: str) -> str:
    """Mention a `.venv` that somebody may have meant."""
    nearby = _nearby_environment(world, disk)
    if nearby is None or disk.end_of_links(nearby) == disk.end_of_links(chosen):
        return ""
    return f"; for {nearby} give --python {nearby}"


def _nearby_environment(world: World, disk: Disk) -> str | None:
    folder = working_folder(world)
    while True:
        candidate = absolute(".venv", folder)
        if disk.is_file(f"{candidate}/{MARKER}"):
            return candidate
        if folder == "/":
            return None
        folder = absolute("..", folder)


def _from_path(world: World, disk: Disk, own_prefix: str) -> Target:
    own = own_prefix if is_tool_environment(disk, own_prefix) else None
    passed_over: list[str] = []
    ours: Found | None = None
    for name in ("python3", "python"):
        for path in on_path(world, disk, name):
            try:
                found = interpreter_behind(world, disk, path)
            except CommandError as error:
                passed_over.append(str(error))
                continue
            if own is not None and below(found.path, own):
                ours = ours or found
                continue
            return _python_target(found, f"{name} on PATH")
    if ours is not None:
        return Target(
            kind=TargetKind.PYTHON,
            path=ours.path,
            why="the only Python on PATH, which is the environment of m1doctor itself; give --python for yours",
        )
    reasons = f" ({'; '.join(dict.fromkeys(passed_over))})" if passed_over else ""
    raise TargetError(f"no Python to examine: no active environment, no .venv here, no python3 on PATH{reasons}")


def _expanded(world: World, given: str) -> str:
    """An absolute path, ``~`` and the working folder taken from the world."""
    if not given or "\0" in given:
        raise TargetError("an empty path is no environment" if not given else f"not a path: {given!r}")
    if given == "~" or given.startswith("~/"):
        if world.home is None:
            raise TargetError(f"{given}: this user has no home folder")
        given = str(world.home) + given[1:]
    return absolute(given, working_folder(world))
