"""Where the target looks for packages, in its own order, without starting it."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from m1doctor.collect.disk import Disk, absolute
from m1doctor.collect.environment.command import working_folder
from m1doctor.collect.environment.layout import Layout
from m1doctor.collect.world import World
from m1doctor.model.interpreter import Vendor
from m1doctor.model.record import record

_MAX_PTH_BYTES = 1024 * 1024
_MAX_FOLDERS = 500
"""A hostile `.pth` file must not make us list a million folders."""


_TELLING = ("tensorflow", "tensorflow-plugins", "keras", "numpy")
"""Packages that matter here, also where nothing recorded their installation."""


class Origin(StrEnum):
    """Why a folder is on the search path."""

    PYTHONPATH = "PYTHONPATH"
    USER = "user site"
    ENVIRONMENT = "environment"
    BASE = "base"
    """Packages of the interpreter that a virtual environment was made from."""
    SYSTEM = "system folder"


@record(frozen=True, slots=True)
class SearchFolder:
    """One folder of the search path."""

    path: str
    origin: Origin
    pth: str | None = None
    """The `.pth` file that names it; `None` where Python itself adds it."""


def search_folders(world: World, disk: Disk, layout: Layout, vendor: Vendor | None) -> list[SearchFolder]:
    """The folders that exist, in search order, each once by its real path: PYTHONPATH, then as `site` adds them."""
    found: dict[str, SearchFolder] = {}
    for folder in _in_order(world, disk, layout, vendor):
        real = disk.real(folder.path)
        if real is not None and real not in found and len(found) < _MAX_FOLDERS and disk.is_folder(real):
            found[real] = folder
    return list(found.values())


def search_aliases(world: World, disk: Disk, layout: Layout, vendor: Vendor | None) -> list[str]:
    """Second names of `search_folders`, as the target's `site` module and `sys.path` would list them.

    Homebrew's Pythons have one outside a virtual environment: `sys.path` names the folder that outlives an upgrade, and
    `site.getsitepackages()` the link to it in the formula. PYTHONPATH and `.pth` files can name any.
    """
    first: dict[str, str] = {}
    found: dict[str, None] = {}
    for folder in _in_order(world, disk, layout, vendor):
        real = disk.real(folder.path)
        if real is None or not disk.is_folder(real):
            continue
        if "/site-packages" not in folder.path:
            continue  # TensorFlow passes over what is not called so
        known = first.setdefault(real, folder.path)
        named_by_hand = folder.origin is Origin.PYTHONPATH or folder.pth is not None
        of_homebrew = vendor is Vendor.HOMEBREW and folder.origin in (Origin.BASE, Origin.ENVIRONMENT)
        if known != folder.path and (named_by_hand or of_homebrew):
            found[folder.path] = None
    return list(found)


def externally_managed(disk: Disk, layout: Layout) -> bool:
    """Whether pip and uv refuse to install into this Python itself; they look for no marker in an environment."""
    if layout.environment is not None or layout.base_prefix is None or layout.library is None:
        return False
    return disk.is_file(f"{layout.base_prefix}/lib/{layout.library}/EXTERNALLY-MANAGED")


def holds_installed_packages(disk: Disk, folder: SearchFolder) -> bool:
    """Whether packages were installed there, unlike into the source trees that PYTHONPATH and `.pth` files may name."""
    if folder.pth is None and folder.origin is not Origin.PYTHONPATH:
        return True
    if folder.path.endswith(("/site-packages", "/dist-packages")):
        return True
    names = disk.names(folder.path)
    return any(name.endswith((".dist-info", ".egg-info")) or name in _TELLING for name in names)


def _in_order(world: World, disk: Disk, layout: Layout, vendor: Vendor | None) -> Iterator[SearchFolder]:
    here = working_folder(world)
    for item in world.environ.get("PYTHONPATH", "").split(":"):
        if item:
            yield SearchFolder(absolute(item, here), Origin.PYTHONPATH)
    environment = layout.environment
    if environment is not None:
        for path in environment_folders(layout.prefix, layout):
            yield from _with_pth(disk, SearchFolder(path, Origin.ENVIRONMENT))
        if environment.extends is not None:
            for path in environment_folders(environment.extends, layout):
                yield from _with_pth(disk, SearchFolder(path, Origin.BASE))
    if environment is None or environment.system_site_packages:
        user = user_site(world, layout)
        if user is not None and not world.environ.get("PYTHONNOUSERSITE"):
            yield from _with_pth(disk, SearchFolder(user, Origin.USER))
        origin = Origin.ENVIRONMENT if environment is None else Origin.BASE
        for path in base_folders(layout, vendor):
            yield from _with_pth(disk, SearchFolder(path, origin))


def environment_folders(prefix: str, layout: Layout) -> Iterator[str]:
    """Package folders of a virtual environment.

    Where its interpreter is gone, or now is of another version than the environment was made for, these are the folders
    that it has: what was installed is worth knowing.
    """
    environment = layout.environment
    libraries = [layout.library] if layout.library else []
    if (
        environment is not None
        and environment.path == prefix
        and (layout.library is None or layout.library.removeprefix("python") not in environment.library_folders)
    ):
        libraries += [f"python{version}" for version in environment.library_folders]
    for library in libraries:
        yield f"{prefix}/lib/{library}/site-packages"
        yield f"{prefix}/lib64/{library}/site-packages"
    if layout.implementation == "pypy":
        yield f"{prefix}/site-packages"


def base_folders(layout: Layout, vendor: Vendor | None) -> Iterator[str]:
    """Package folders of an interpreter itself, with what its vendor adds or puts elsewhere."""
    base, library = layout.base_prefix, layout.library
    if base is None or library is None:
        return
    if vendor is Vendor.HOMEBREW and "/Cellar/" in base:
        # The formula's site-packages is a link to this one, which outlives an upgrade of the formula.
        yield f"{base.partition('/Cellar/')[0]}/lib/{library}/site-packages"
    if base == "/usr":
        # Debian: site-packages is for other Pythons than the system's own.
        yield f"/usr/local/lib/{library}/dist-packages"
        yield "/usr/lib/python3/dist-packages"
        yield f"/usr/lib/{library}/dist-packages"
        yield f"/usr/local/lib/{library}/site-packages"
        yield f"/usr/local/lib64/{library}/site-packages"
    yield f"{base}/lib/{library}/site-packages"
    yield f"{base}/lib64/{library}/site-packages"
    if vendor is Vendor.COMMAND_LINE_TOOLS:
        yield f"/Library/Python/{layout.minor}/site-packages"


def user_site(world: World, layout: Layout) -> str | None:
    """The user's own package folder for this interpreter; `None` for a user without a home folder."""
    if layout.minor is None:
        return None
    base = world.environ.get("PYTHONUSERBASE")
    if layout.framework is not None:
        if not base and world.home is not None:
            base = f"{world.home}/Library/Python/{layout.minor}"
        return f"{base}/lib/python/site-packages" if base else None
    if not base and world.home is not None:
        base = f"{world.home}/.local"
    return f"{base}/lib/{layout.library}/site-packages" if base else None


def _with_pth(disk: Disk, folder: SearchFolder) -> Iterator[SearchFolder]:
    """The folder, then those that its `.pth` files name, as `site.addsitedir` does; import lines are never run."""
    yield folder
    for name in disk.names(folder.path):
        if not name.endswith(".pth") or name.startswith("."):
            continue
        path = f"{folder.path}/{name}"
        for line in parse_pth(disk.text(path, _MAX_PTH_BYTES) or ""):
            yield SearchFolder(absolute(line, folder.path), folder.origin, path)


def parse_pth(text: str) -> list[str]:
    """The folders that a `.pth` file names: no comments, no blank lines, no import lines, nothing with a NUL."""
    lines = (line.rstrip() for line in text.splitlines())
    return [
        line
        for line in lines
        if line and not line.startswith(("#", "import ", "import\t")) and "\0" not in line and len(line) < 4096  # noqa: PLR2004 - PATH_MAX
    ]
