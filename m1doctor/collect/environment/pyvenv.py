"""Virtual environments: `pyvenv.cfg` and whether what it points to is there."""

from __future__ import annotations

from m1doctor.collect.disk import Disk, absolute, below
from m1doctor.model.interpreter import VirtualEnvironment

MARKER = "pyvenv.cfg"
_MAX_BYTES = 64 * 1024


def parse_pyvenv_cfg(text: str) -> dict[str, str]:
    """The ``key = value`` lines, keys in lower case, the last of a key winning, as `site` reads them.

    A line without ``=`` means nothing. Values keep their case and inner spaces.
    """
    settings: dict[str, str] = {}
    for line in text.splitlines():
        key, equals, value = line.partition("=")
        if equals and key.strip():
            settings[key.strip().lower()] = value.strip()
    return settings


def find_prefix(disk: Disk, executable: str) -> str | None:
    """The virtual environment that `executable` belongs to, or `None`.

    As `getpath` of CPython looks: `pyvenv.cfg` in the folder above that of the executable, else beside it; the links of
    the executable itself are not followed.
    """
    beside = absolute("..", executable)
    for folder in (absolute("..", beside), beside):
        if disk.is_file(absolute(MARKER, folder)):
            return folder
    return None


def read_settings(disk: Disk, prefix: str) -> dict[str, str]:
    """`pyvenv.cfg` of an environment; empty where there is none that can be read."""
    return parse_pyvenv_cfg(disk.text(absolute(MARKER, prefix), _MAX_BYTES) or "")


def read_virtual_environment(disk: Disk, prefix: str, executable: str) -> VirtualEnvironment:
    """Describe the environment at `prefix` that is entered through `executable`."""
    settings = read_settings(disk, prefix)
    home = absolute(settings["home"], prefix) if settings.get("home") else None
    base = base_executable(disk, prefix, executable, home)
    return VirtualEnvironment(
        path=prefix,
        exists=disk.is_folder(prefix),
        home=home,
        home_exists=None if home is None else disk.is_folder(home),
        base_executable=base,
        base_executable_exists=None if base is None else disk.is_file(base),
        system_site_packages=settings.get("include-system-site-packages", "").lower() == "true",
        creator=_creator(settings),
        made_for=settings.get("version_info", settings.get("version")),
        library_folders=tuple(library_versions(disk, prefix)),
        extends=settings.get("extends-environment"),
    )


def base_executable(disk: Disk, prefix: str, executable: str, home: str | None) -> str | None:
    """The interpreter that the environment borrows: where its link ends, or for a copied one its namesake in `home`."""
    end = disk.end_of_links(executable)
    inside = disk.end_of_links(prefix)
    if end is not None and inside is not None and not below(end, inside) and end != executable:
        return end
    if home is None:
        return None
    # An environment made with --copies: `home` holds the original under the same name, or under one of its others.
    name = executable.rpartition("/")[2]
    for candidate in (name, "python3", "python"):
        path = absolute(candidate, home)
        if disk.is_file(path):
            return disk.real(path)
    return absolute(name, home)


def library_versions(disk: Disk, prefix: str) -> list[str]:
    """The Pythons that an environment has package folders for, e.g. ``["3.11"]``, from ``lib/python3.11``."""
    lib = absolute("lib", prefix)
    return [
        name.removeprefix("python")
        for name in disk.names(lib)
        if name.startswith("python") and name[6:7].isdigit() and disk.is_folder(f"{lib}/{name}/site-packages")
    ]


def _creator(settings: dict[str, str]) -> str | None:
    for tool in ("uv", "virtualenv"):
        if tool in settings:
            return f"{tool} {settings[tool]}".strip()
    return "venv" if "home" in settings else None
