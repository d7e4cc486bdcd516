"""The versions of the environment that the code will run in, read from its metadata. Nothing of it is run."""

from __future__ import annotations

from m1doctor.collect.disk import Disk
from m1doctor.collect.environment.installed import installed_versions
from m1doctor.collect.environment.layout import locate, vendor
from m1doctor.collect.environment.site_folders import search_folders
from m1doctor.collect.host import collect_host
from m1doctor.collect.target import TargetError, choose_target
from m1doctor.collect.world import World
from m1doctor.knowledge.known_faults import known_faults
from m1doctor.lint.target import Versions
from m1doctor.model.report import Target, TargetKind

_APPLE_PLUGIN = "tensorflow-metal"


def find_versions(
    world: World,
    *,
    python: str | None = None,
    site_packages: str | None = None,
    tensorflow: str | None = None,
    keras: str | None = None,
    plugin: str | None = None,
    chip: str | None = None,
) -> Versions:
    """What the code will run on: what was said by hand, else what the target has installed, else unknown.

    Raises `TargetError` for a target that was named and is none.
    """
    asked = python is not None or site_packages is not None
    said = any(each is not None for each in (tensorflow, keras, plugin))
    if said and not asked:
        # Versions said by hand describe another environment than the one that happens to be near.
        return Versions(tensorflow=tensorflow, keras=keras, plugin=plugin, chip=chip, why="the options of this command")
    try:
        target = choose_target(world, python=python, site_packages=site_packages)
    except TargetError:
        if asked:
            raise
        return Versions(chip=chip, why="no Python was found")
    installed = _installed(world, target)
    found = next((installed[name] for name in known_faults().tensorflow_names if name in installed), None)
    where = f"{target.path} ({target.why})"
    return Versions(
        tensorflow=tensorflow or found,
        keras=keras or (installed.get("keras") if found else None),
        plugin=plugin or installed.get(_APPLE_PLUGIN),
        chip=chip or _own_chip(world, target),
        why=where if found else f"no TensorFlow in {where}",
    )


def _installed(world: World, target: Target) -> dict[str, str]:
    """Versions by name; the first on the search path wins, as at an import."""
    disk = Disk(world.root)
    if target.kind is TargetKind.FOLDER:
        return installed_versions(disk, target.path)
    layout = locate(disk, target.path)
    maker = vendor(layout, None if world.home is None else str(world.home))
    found: dict[str, str] = {}
    for folder in search_folders(world, disk, layout, maker):
        found = {**installed_versions(disk, folder.path), **found}
    return found


def _own_chip(world: World, target: Target) -> str | None:
    """The chip of this machine, where it is a Mac's and the target is a Python that runs here."""
    if target.kind is TargetKind.FOLDER or world.uname.sysname != "Darwin":
        return None
    host = collect_host(world)
    return host.chip if host.apple_silicon else None
