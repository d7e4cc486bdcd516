"""What stands in front of the environment's own packages on the search path."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from m1doctor.collect.disk import Disk
from m1doctor.collect.environment.installed import installed_versions, modules
from m1doctor.collect.environment.layout import Layout
from m1doctor.collect.environment.site_folders import Origin, SearchFolder
from m1doctor.collect.world import World
from m1doctor.model.interpreter import SearchPathLeak, Shadow

_OWN = (Origin.ENVIRONMENT, Origin.BASE)
_PLUGINS = "tensorflow-plugins"
"""The folder that TensorFlow loads plugins from, in every site folder that it finds."""


def find_leaks(world: World, disk: Disk, layout: Layout, folders: Sequence[SearchFolder]) -> list[SearchPathLeak]:
    """Folders in front of the environment's own, each with what it hides.

    A folder that hides nothing is a leak without shadows: what it offers the environment lacks, or has in the same
    version.
    """
    return [*_home(world, disk, layout), *_in_front(disk, folders)]


def _home(world: World, disk: Disk, layout: Layout) -> Iterator[SearchPathLeak]:
    """`PYTHONHOME` gives every Python another standard library and other packages."""
    value = world.environ.get("PYTHONHOME", "").partition(":")[0]
    if value and (layout.base_prefix is None or disk.real(value) != disk.real(layout.base_prefix)):
        yield SearchPathLeak(source="PYTHONHOME", folder=value)


def _in_front(disk: Disk, folders: Sequence[SearchFolder]) -> Iterator[SearchPathLeak]:
    for position, folder in enumerate(folders):
        behind = [each.path for each in folders[position + 1 :] if each.origin in _OWN and each.pth is None]
        if not behind or (folder.origin in _OWN and folder.pth is None):
            continue
        yield SearchPathLeak(
            source=folder.pth or folder.origin.value, folder=folder.path, shadows=tuple(_shadows(disk, folder, behind))
        )


def _shadows(disk: Disk, folder: SearchFolder, behind: list[str]) -> Iterator[Shadow]:
    front = installed_versions(disk, folder.path)
    hidden: dict[str, str] = {}
    for path in behind:
        for name, version in installed_versions(disk, path).items():
            hidden.setdefault(name, version)
    for name in sorted(front.keys() & hidden.keys()):
        if front[name] != hidden[name]:
            yield Shadow(name=name, front=front[name], behind=hidden[name])
    if not folder.path.endswith(("/site-packages", "/dist-packages")):
        # A source tree: what it holds is known by its modules, not by records of an installation.
        ours = modules(disk, folder.path)
        theirs = frozenset().union(*(modules(disk, path) for path in behind)) if ours else frozenset()
        for name in sorted((ours & theirs) - front.keys()):
            yield Shadow(name=name, front=None, behind=None)
    if "tensorflow" in hidden and disk.names(f"{folder.path}/{_PLUGINS}"):
        yield Shadow(name=_PLUGINS, front=None, behind=None)
