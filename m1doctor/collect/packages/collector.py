"""The section `Packages`: everything that the site folders tell, and nothing that running the target would."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator
from pathlib import Path

from m1doctor.collect.packages.conda_meta import read_conda_meta
from m1doctor.collect.packages.distributions import Installed, find_distributions
from m1doctor.collect.packages.integrity import check_files
from m1doctor.collect.packages.modules import find_modules
from m1doctor.collect.packages.overlaps import find_overlaps
from m1doctor.collect.world import World
from m1doctor.model.interpreter import Interpreter
from m1doctor.model.packages import BrokenMetadata, ImportPackage, Packages
from m1doctor.model.unknown import Unknown


def collect_packages(world: World, interpreter: Interpreter, *, deep: bool = False) -> Packages:
    """Examine the site folders of `interpreter`; `deep` compares the content of every recorded file as well."""
    with _without_collector():
        return _collect(world, interpreter, deep=deep)


def _collect(world: World, interpreter: Interpreter, *, deep: bool) -> Packages:
    unknown: dict[str, Unknown] = {}
    installed: list[Installed] = []
    broken: list[BrokenMetadata] = []
    modules: list[ImportPackage] = []
    folders_read: list[str] = []
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
        folders_read.append(shown)
        found = find_distributions(folder, shown, entries)
        installed += found.installed
        broken += found.broken
        modules += find_modules(folder, shown, entries, found.installed)
    if not interpreter.site_folders:
        unknown["folders_read"] = Unknown("no site folder of the target is known")
    damage = check_files(installed, hashes=deep)
    conda = interpreter.conda
    return Packages(
        folders_read=None if "folders_read" in unknown else tuple(folders_read),
        distributions=tuple(item.distribution for item in installed),
        broken_metadata=tuple(broken),
        modules=tuple(modules),
        damaged=tuple(damage.files),
        damaged_counts=damage.counts,
        hashes_checked=deep,
        overlaps=tuple(find_overlaps(installed)),
        conda_packages=tuple(read_conda_meta(on_disk(world, conda.prefix))) if conda else (),
        unknown=unknown,
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
