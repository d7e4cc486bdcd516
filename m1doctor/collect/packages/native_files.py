"""Every native file of the site folders: its architectures, its minimum macOS, and what is wrong with it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from m1doctor.collect.native_file import NativeFileError, NativeInfo, inspect_native
from m1doctor.collect.packages.distributions import Installed, read_bounded
from m1doctor.collect.packages.modules import WATCHED
from m1doctor.collect.packages.record import leaves_folder
from m1doctor.model.packages import NativeFile

_SUFFIXES = (".so", ".dylib")
_LFS_POINTER = b"version https://git-lfs.github.com/"


class Inspected(NamedTuple):
    """A native file with what only the collectors need."""

    file: NativeFile
    disk_path: str
    label: str | None
    """``"name version"`` of the distribution that records it."""
    info: NativeInfo | None
    """`None` for a file with a fault."""


def is_native_name(path: str) -> bool:
    """Whether a file of that name should be a library or an extension module: ``x.so``, ``x.so.1.2``, ``x.dylib``."""
    if path.endswith(_SUFFIXES):
        return True
    return ".so." in path and path.rpartition(".so.")[2].replace(".", "").isdecimal()


def inspect_all(installed: list[Installed], folders: list[tuple[str, Path]], architecture: str) -> list[Inspected]:
    """Look at the native files that RECORDs list, and at those of packages without a RECORD.

    `folders` are the site folders, as the report calls them and as they lie on this disk. Of a fat file the slice of
    `architecture` is read.
    """
    found: list[Inspected] = []
    seen: set[str] = set()
    for item in installed:
        shown = item.distribution.folder
        for path in _recorded(item):
            disk_path = f"{item.folder}/{path}"
            if disk_path not in seen:
                seen.add(disk_path)
                found += _inspect(path, shown, disk_path, item.label, architecture)
    for shown, folder in folders:
        owned = {name for item in installed if item.folder == folder for name in item.distribution.top_level}
        for name in sorted(set(WATCHED) - owned):
            for path in _below(folder, name):
                found += _inspect(path, shown, f"{folder}/{path}", None, architecture)
    return found


def inspect_standard_library(folder: Path, shown: str, architecture: str) -> list[Inspected]:
    """Look at the extension modules of Python itself, in its `lib-dynload`; their paths are absolute."""
    found: list[Inspected] = []
    if folder.is_dir():
        for entry in sorted(entry.name for entry in folder.iterdir()):
            if is_native_name(entry):
                found += _inspect(f"{shown}/{entry}", shown, f"{folder}/{entry}", None, architecture)
    return found


def _recorded(item: Installed) -> Iterator[str]:
    if item.rows is None:
        for name in item.distribution.top_level:
            yield from _below(item.folder, name)
        return
    for row in item.rows:
        path = row[0]
        # The first test is cheap and refuses nearly all of the 13,000.
        if (".so" in path or path.endswith(".dylib")) and is_native_name(path) and not leaves_folder(path):
            yield path


def _below(folder: Path, name: str) -> Iterator[str]:
    """Native files below one import package; nothing for a name that leads elsewhere."""
    if "/" in name or name in ("", ".", ".."):
        return
    for parent, _, files in os.walk(folder / name):
        for file in sorted(files):
            if is_native_name(file):
                yield os.path.relpath(os.path.join(parent, file), folder)  # noqa: PTH118 - walk speaks in strings


def _inspect(path: str, shown: str, disk_path: str, label: str | None, architecture: str) -> Iterator[Inspected]:
    """One file, or none where it is gone: the integrity check tells that."""
    printable = path.encode("utf-8", "replace").decode()
    try:
        info = inspect_native(disk_path, architecture)
    except NativeFileError as error:
        if not os.path.lexists(disk_path):
            return
        fault = _what_instead(Path(disk_path)) or error.reason
        file = NativeFile(path=printable, folder=shown, distribution=label, architectures=(), fault=fault)
        yield Inspected(file, disk_path, label, None)
        return
    file = NativeFile(
        path=printable,
        folder=shown,
        distribution=label,
        architectures=info.architectures,
        format=info.format,
        minimum_macos=info.minimum_macos,
    )
    yield Inspected(file, disk_path, label, info)


def _what_instead(path: Path) -> str | None:
    """What a file is that was saved in the place of a library, where its first bytes tell."""
    head = read_bounded(path, 512)
    if head.startswith(_LFS_POINTER):
        return "it is a git-lfs pointer, not the library that it points to"
    text = head.lstrip().lower()
    if text.startswith((b"<!doctype html", b"<html")):
        return "it is an HTML page"
    return None
