"""Libraries that native files ask for and that are not there (macOS), and the OpenMP runtimes that they use.

dyld looks for ``@rpath/x`` below every LC_RPATH of the asking file and of the files that led to it, and before any path
it takes an image that is already loaded under the same install name. Which images those are is known only at run time,
so a name that any installed library bears is never called missing. Neither is what the interpreter itself brings.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Callable

from m1doctor.collect.native_file import NativeInfo
from m1doctor.collect.packages.native_files import Inspected
from m1doctor.model.packages import MissingDependency, OpenMPUse

OPENMP = re.compile(r"lib(omp|iomp5|gomp)([-.].*)?\.(dylib|so)([.].*)?")
"""File names of LLVM's, Intel's and GNU's OpenMP runtimes, also as `delocate` and `auditwheel` rename them."""
_SYSTEM = ("/usr/lib/", "/System/")
"""Not on disk since macOS 11: they live in the shared cache of the system."""
_FROM_INTERPRETER = re.compile(r"libpython\d.*|Python3?")
_PLUGIN_FOLDER = "tensorflow-plugins/"
"""Judged by the link verdict of its own section."""


def examine_dependencies(
    files: list[Inspected],
    *,
    folders: tuple[str, ...],
    executable_folder: str | None,
    exists: Callable[[str], bool],
    own_machine: bool,
) -> tuple[list[MissingDependency], list[OpenMPUse]]:
    """Resolve what every Mach-O file asks for, as dyld would.

    `exists` answers for a path of the target's machine; `own_machine` says whether paths outside the site `folders`
    can be asked at all (not for a folder that came from elsewhere). `executable_folder` is where ``@executable_path``
    leads.
    """
    missing: list[MissingDependency] = []
    openmp_uses: list[OpenMPUse] = []
    known = _KnownNames(files)
    asked: set[tuple[str | None, str]] = set()
    for item in files:
        info = item.info
        if info is None or info.format != "mach-o":
            continue
        rpaths = [_expand(path, item.disk_path, executable_folder) for path in info.rpaths]
        for dependency in info.dependencies:
            wanted = dependency.install_name
            if wanted.startswith(_SYSTEM):
                continue
            tried = _candidates(wanted, item.disk_path, rpaths, executable_folder)
            present = next((path for path in tried if exists(path)), None)
            if OPENMP.fullmatch(os.path.basename(wanted)):  # noqa: PTH119 - an install name, no path of ours
                runtime = present or wanted
                if (item.label, runtime) not in asked:
                    asked.add((item.label, runtime))
                    use = OpenMPUse(distribution=item.label, path=item.file.path, runtime=runtime)
                    openmp_uses.append(use)
            if present is not None or dependency.weak or known.may_serve(wanted, item):
                continue
            if not tried or _loaded_on_demand(item, info):
                continue
            if not own_machine and any(not path.startswith(folders) for path in tried):
                continue  # it may well be there, on the machine that the folder came from
            missing.append(
                MissingDependency(path=item.file.path, distribution=item.label, wanted=wanted, tried=tuple(tried))
            )
    return missing, openmp_uses


def _loaded_on_demand(item: Inspected, info: NativeInfo) -> bool:
    """Whether no import loads the file: a plugin of some host, which may ask for what only few users have.

    Python's extension modules are bundles or libraries named ``.so``; a bundle named ``.dylib`` is a plugin of Qt and
    the like, and so is what lies in a folder of that name. The Metal plugin is judged in a section of its own.
    """
    path = item.file.path
    return (info.kind == "bundle" and path.endswith(".dylib")) or "/plugins/" in path or _PLUGIN_FOLDER in path


class _KnownNames:
    """Names that the installed libraries bear."""

    def __init__(self, files: list[Inspected]) -> None:
        self._install_names = {item.info.install_name for item in files if item.info is not None}
        self._base_names: dict[str | None, set[str]] = defaultdict(set)
        for item in files:
            self._base_names[item.label].add(os.path.basename(item.disk_path))  # noqa: PTH119 - hot, and a string

    def may_serve(self, wanted: str, asking: Inspected) -> bool:
        """Whether an image loaded before could satisfy `wanted` although no path leads to it."""
        base = wanted.rpartition("/")[2]
        if wanted in self._install_names or _FROM_INTERPRETER.fullmatch(base):
            return True
        # A relative name, or one below the run path of whoever loads the asking file.
        return wanted.startswith("@rpath/") and base in self._base_names[asking.label]


def _candidates(wanted: str, asking: str, rpaths: list[str | None], executable_folder: str | None) -> list[str]:
    """Where dyld would look, in its order; empty where that cannot be told."""
    if wanted.startswith("@rpath/"):
        if None in rpaths:
            return []
        rest = wanted.removeprefix("@rpath/")
        return list(dict.fromkeys(os.path.normpath(f"{path}/{rest}") for path in rpaths if path is not None))
    expanded = _expand(wanted, asking, executable_folder)
    if expanded is None:
        return []
    if wanted.startswith("/"):
        return list(dict.fromkeys([expanded, f"/usr/local/lib/{wanted.rpartition('/')[2]}"]))
    return [expanded]


def _expand(path: str, asking: str, executable_folder: str | None) -> str | None:
    """Replace the words that dyld knows; `None` for a path that depends on what is not known here."""
    if path == "@loader_path" or path.startswith("@loader_path/"):
        return os.path.normpath(os.path.dirname(asking) + path.removeprefix("@loader_path"))  # noqa: PTH120 - as above
    if path == "@executable_path" or path.startswith("@executable_path/"):
        if executable_folder is None:
            return None
        return os.path.normpath(executable_folder + path.removeprefix("@executable_path"))
    return os.path.normpath(path) if path.startswith("/") else None
