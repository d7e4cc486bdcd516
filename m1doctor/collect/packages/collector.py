"""The section `Packages`: everything that the site folders tell, and nothing that running the target would."""

from __future__ import annotations

import contextlib
import gc
import os
from collections.abc import Iterator
from pathlib import Path

from m1doctor.collect.packages.conda_meta import read_conda_meta
from m1doctor.collect.packages.distributions import Installed, find_distributions
from m1doctor.collect.packages.integrity import check_files
from m1doctor.collect.packages.modules import find_modules
from m1doctor.collect.packages.native_dependencies import examine_dependencies
from m1doctor.collect.packages.native_files import Inspected, inspect_all, inspect_standard_library
from m1doctor.collect.packages.numpy_needs import find_numpy_needs
from m1doctor.collect.packages.openmp import find_runtimes
from m1doctor.collect.packages.overlaps import find_overlaps
from m1doctor.collect.world import World
from m1doctor.model.interpreter import Interpreter
from m1doctor.model.packages import BrokenMetadata, DamagedFile, ImportPackage, MissingDependency, OpenMPUse, Packages
from m1doctor.model.unknown import Unknown


def collect_packages(world: World, interpreter: Interpreter, *, deep: bool = False, quick: bool = False) -> Packages:
    """Examine the site folders of `interpreter`.

    `deep` compares the content of every recorded file as well; `quick` leaves out the C headers, more than half of all
    files, and cannot be deep.
    """
    with _without_collector():
        return _collect(world, interpreter, deep=deep, quick=quick and not deep)


def _collect(world: World, interpreter: Interpreter, *, deep: bool, quick: bool) -> Packages:
    unknown: dict[str, Unknown] = {}
    installed: list[Installed] = []
    broken: list[BrokenMetadata] = []
    modules: list[ImportPackage] = []
    folders: list[tuple[str, Path]] = []
    seen: set[Path] = set()
    for shown in interpreter.site_folders:
        folder = on_disk(world, shown)
        try:
            entries = [entry.name for entry in folder.iterdir()]
            real = folder.resolve()
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            unknown["folders_read"] = Unknown(f"{shown} cannot be listed: {error.strerror}")
            continue
        if real in seen:
            continue  # the same folder under a second name (lib64 -> lib)
        seen.add(real)
        folders.append((shown, folder))
        here, unreadable = find_distributions(folder, shown, entries, headers=not quick)
        installed += here
        broken += unreadable
        modules += find_modules(folder, shown, entries, here)
    if not interpreter.site_folders:
        unknown["folders_read"] = Unknown("no site folder of the target is known")
    checked = check_files(installed, hashes=deep)
    native = inspect_all(installed, folders, interpreter.machine or "arm64")
    conda = interpreter.conda
    conda_damaged, conda_compared = _conda_damage(on_disk(world, conda.prefix)) if conda and deep else ([], {})
    missing, openmp_uses = _dependencies(world, interpreter, [*native, *_standard_library(world, interpreter)])
    return Packages(
        folders_read=None if "folders_read" in unknown else tuple(shown for shown, _ in folders),
        distributions=tuple(item.distribution for item in installed),
        broken_metadata=tuple(broken),
        modules=tuple(modules),
        damaged=tuple(checked.damaged),
        damaged_counts=checked.damaged_counts,
        compared_counts=checked.compared_counts,
        hashes_checked=deep,
        headers_checked=not quick,
        native_files=tuple(item.file for item in native),
        missing_dependencies=tuple(missing),
        openmp_runtimes=tuple(find_runtimes(native, on_disk(world, conda.prefix) if conda else None)),
        openmp_uses=tuple(openmp_uses),
        numpy_needs=tuple(find_numpy_needs(installed, native, thorough=deep)),
        overlaps=tuple(find_overlaps(installed)),
        conda_packages=tuple(read_conda_meta(on_disk(world, conda.prefix))) if conda else (),
        conda_damaged=tuple(conda_damaged),
        conda_compared_counts=conda_compared,
        unknown=unknown,
    )


def _conda_damage(prefix: Path) -> tuple[list[DamagedFile], dict[str, int]]:
    from m1doctor.collect.packages.conda_files import check_conda_files  # noqa: PLC0415 - for `--deep` and conda only

    return check_conda_files(prefix)


def _standard_library(world: World, interpreter: Interpreter) -> list[Inspected]:
    """Python's own extension modules, where its prefix and version are known."""
    if interpreter.base_prefix is None or interpreter.version is None:
        return []
    minor = ".".join(interpreter.version.split(".")[:2])
    shown = f"{interpreter.base_prefix}/lib/python{minor}/lib-dynload"
    return inspect_standard_library(on_disk(world, shown), shown, interpreter.machine or "arm64")


def _dependencies(
    world: World, interpreter: Interpreter, native: list[Inspected]
) -> tuple[list[MissingDependency], list[OpenMPUse]]:
    """Resolve what the native files ask for, where that can be told from here."""
    executable = interpreter.real_executable
    root = "" if str(world.root) == "/" else str(world.root)
    known: dict[str, bool] = {}

    def exists(path: str) -> bool:
        """Whether a path is there: one that began at a file is one of this disk already, any other is the target's."""
        if path not in known:
            known[path] = os.path.exists(path if path.startswith(root) else root + path)  # noqa: PTH110 - a thousand strings
        return known[path]

    return examine_dependencies(
        native,
        folders=tuple(f"{on_disk(world, folder)}/" for folder in interpreter.site_folders),
        executable_folder=str(on_disk(world, executable).parent) if executable else None,
        exists=exists,
        own_machine=world.uname.sysname == "Darwin",
    )


def on_disk(world: World, path: str) -> Path:
    """Where a path of the target lies on this disk: below the root of the world."""
    return world.root / path.lstrip("/") if path.startswith("/") else world.cwd / path


@contextlib.contextmanager
def _without_collector() -> Iterator[None]:
    """Hold the cyclic garbage collector: it would walk 50,000 fresh rows again and again for a quarter of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
