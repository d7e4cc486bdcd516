"""What a folder of installed packages tells about the interpreter that it was made for. Nothing in it is run."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from m1doctor.collect.disk import Disk, absolute
from m1doctor.collect.environment.architecture import SYSTEMS, as_machine
from m1doctor.collect.environment.pyvenv import MARKER, parse_pyvenv_cfg
from m1doctor.collect.native_file import NativeFileError, inspect_native
from m1doctor.model.record import record

_EXTENSION = re.compile(r"\.(cpython|pypy)-?(\d)(\d+)(t?)-([\w-]+)\.(?:so|dylib)$")
"""File name of an extension module: implementation, version, free-threaded, platform."""
_WHEEL_TAG = re.compile(r"^Tag:\s*(\S+)-(\S+)-(\S+)\s*$", re.MULTILINE)
_PYTHON_TAG = re.compile(r"(cp|pp)(\d)(\d+)")
_LIBRARY = re.compile(r"/lib/(python|pypy)(\d+\.\d+)t?/(?:site|dist)-packages$")
_MAC_TAG = re.compile(r"macosx_\d+_\d+_(\w+)")
_LINUX_TAG = re.compile(
    r"(?:manylinux\w*?|musllinux_\d+_\d+|linux)_(x86_64|aarch64|i686|armv7l|ppc64le|s390x|riscv64)$"
)
_MAX_ENTRIES = 60_000
"""Directory entries walked for the names of extension modules; a full TensorFlow environment has about 20,000."""
_MAX_INSPECTED = 24
"""Native files opened to learn the architecture, one a package."""
_NATIVE = (".so", ".dylib")


@record(frozen=True, slots=True, kw_only=True)
class Guess:
    """The interpreter that a folder was made for. What is `None` could not be told."""

    version: str | None
    implementation: str
    system: str | None
    machine: str | None


class _Votes(NamedTuple):
    """What each piece of evidence says; the majority decides, so that one foreign wheel does not."""

    pythons: Counter[tuple[str, str]]
    systems: Counter[str]
    machines: Counter[str]


def infer(disk: Disk, folder: str) -> Guess:
    """Infer version, system and machine.

    The version comes from `pyvenv.cfg`, the path (``lib/python3.11/site-packages``), else from the tags of the wheels
    and the names of extension modules; the system from those tags and names; the machine from native files, and from
    the tags only where none of them decides: the WHEEL files of tensorflow-macos 2.11 and 2.12 and of tensorflow-metal
    0.7.1 say x86_64 above arm64 libraries (read from the published wheels, 2026-11-23).
    """
    votes = _Votes(Counter(), Counter(), Counter())
    for text in _wheel_files(disk, folder):
        _count_tags(text, votes)
    natives = _Votes(Counter(), Counter(), Counter())
    _count_natives(_a_native_file_of_each_package(disk, folder), natives)
    if natives.machines:
        votes = _Votes(votes.pythons, votes.systems or natives.systems, natives.machines)
    placed = _LIBRARY.search(folder)
    if not votes.machines or (placed is None and not votes.pythons):
        _count_names(disk, folder, votes)
    implementation, minor = _winner(votes.pythons) or ("cpython", None)
    if placed:
        implementation, minor = ("pypy" if placed[1] == "pypy" else "cpython"), placed[2]
    system = _winner(votes.systems)
    machine = _winner(votes.machines)
    return Guess(
        version=_full_version(disk, folder, minor) or minor,
        implementation=implementation,
        system=system,
        machine=machine,
    )


def _winner(votes: Counter[Any]) -> Any:
    return votes.most_common(1)[0][0] if votes else None


def _wheel_files(disk: Disk, folder: str) -> Iterator[str]:
    for name in disk.names(folder):
        if name.endswith(".dist-info"):
            text = disk.text(f"{folder}/{name}/WHEEL", 64 * 1024)
            if text:
                yield text


def _count_tags(text: str, votes: _Votes) -> None:
    """Let one wheel vote, once for each thing that its tags agree on."""
    tags = _WHEEL_TAG.findall(text)
    pythons = {
        python for python, abi, _ in tags if _PYTHON_TAG.fullmatch(python) and not abi.startswith(("abi3", "none"))
    }
    if len(pythons) == 1:
        kind, major, minor = _PYTHON_TAG.fullmatch(pythons.pop()).groups()  # type: ignore[union-attr]  # matched above
        votes.pythons[("pypy" if kind == "pp" else "cpython", f"{major}.{minor}")] += 1
    machines = set()
    systems = set()
    for *_, platforms in tags:
        for platform in platforms.split("."):
            mac, linux = _MAC_TAG.fullmatch(platform), _LINUX_TAG.search(platform)
            if mac:
                systems.add("Darwin")
                machines.add(mac[1])
            elif linux:
                systems.add("Linux")
                machines.add(linux[1])
    if len(systems) == 1:
        votes.systems[systems.pop()] += 1
    if len(machines) == 1:
        machine = machines.pop()
        if machine not in ("universal2", "universal", "intel", "fat3", "fat32", "fat64"):
            votes.machines[machine] += 1


def _count_names(disk: Disk, folder: str, votes: _Votes) -> None:
    """Let the names of extension modules vote."""
    walked = 0
    for _here, folders, files in os.walk(disk.on_disk(folder)):
        folders.sort()
        walked += len(files) + len(folders)
        if walked > _MAX_ENTRIES:
            break
        for name in files:
            matched = _EXTENSION.search(name)
            if matched:
                votes.pythons[("pypy" if matched[1] == "pypy" else "cpython", f"{matched[2]}.{matched[3]}")] += 1
                votes.systems["Darwin" if matched[5].startswith("darwin") else "Linux"] += 1


def _a_native_file_of_each_package(disk: Disk, folder: str) -> Iterator[str]:
    """One native file of each package, from its first two levels: no walk through everything.

    TensorFlow's comes first, so that it decides where the votes are even.
    """
    root = disk.on_disk(folder)
    for name in sorted(disk.names(folder), key=lambda name: (name != "tensorflow", name)):
        top = f"{root}/{name}"
        if name.endswith(_NATIVE):
            yield top
        elif not name.endswith((".dist-info", ".egg-info")):
            found = _first_native(top, deeper=True)
            if found is not None:
                yield found


def _first_native(folder: str, *, deeper: bool) -> str | None:
    """The first native file by name: of the folder itself, else, where `deeper`, of the folders in it."""
    natives: list[str] = []
    folders: list[str] = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.endswith(_NATIVE):
                    natives.append(entry.path)
                elif deeper and entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
    except OSError:
        return None
    if natives:
        return min(natives)
    found = (_first_native(inner, deeper=False) for inner in sorted(folders))
    return next((path for path in found if path is not None), None)


def _count_natives(natives: Iterator[str], votes: _Votes) -> None:
    opened = 0
    for path in natives:
        if opened >= _MAX_INSPECTED:
            return
        try:
            native = inspect_native(path)
        except NativeFileError:
            continue
        opened += 1
        system = SYSTEMS.get(native.format)
        if system is not None:
            votes.systems[system] += 1
        machines = {as_machine(each) for each in native.architectures}
        if len(machines) == 1:
            votes.machines[machines.pop()] += 1


def environment_prefix(disk: Disk, folder: str) -> str | None:
    """The environment that a ``lib/pythonX.Y/site-packages`` folder belongs to; `None` for a folder by itself."""
    if not _LIBRARY.search(folder):
        return None
    prefix = absolute("../../..", folder)
    known = disk.is_file(f"{prefix}/{MARKER}") or disk.is_folder(f"{prefix}/conda-meta")
    return prefix if known else None


def _full_version(disk: Disk, folder: str, minor: str | None) -> str | None:
    prefix = environment_prefix(disk, folder)
    if prefix is None or minor is None:
        return None
    settings = parse_pyvenv_cfg(disk.text(f"{prefix}/{MARKER}", 64 * 1024) or "")
    said = re.match(r"\d+\.\d+\.\d+", settings.get("version_info", settings.get("version", "")))
    return said[0] if said and said[0].startswith(f"{minor}.") else None
