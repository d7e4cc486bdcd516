"""What is published for macOS on Apple silicon, asked of the package index through its own client library."""

from __future__ import annotations

from typing import NamedTuple

from packaging.utils import InvalidWheelFilename, parse_wheel_filename
from packaging.version import Version
from pypi_simple import DistributionPackage, PyPISimple

APPLE = "tensorflow-metal"
COMMUNITY = "tensorflow-metal-plugin"
TENSORFLOW = ("tensorflow", "tensorflow-macos")
SHIM_BYTES = 1 << 20
"""The releases of either name that only require the other one have some kilobytes."""


class Wheel(NamedTuple):
    """One wheel for one Python."""

    python: str
    """``"3.11"``."""
    macos: str
    """Oldest macOS of its tag."""
    url: str
    sha256: str
    size: int


class Release(NamedTuple):
    """One release."""

    name: str
    version: str
    wheels: tuple[Wheel, ...]
    """By Python, the oldest first."""


class Published(NamedTuple):
    """All that is published today."""

    tensorflow: tuple[Release, ...]
    """Releases with code in them, the oldest first; of release candidates only those of what is not yet released."""
    plugins: tuple[Release, ...]
    community: tuple[str, ...]
    """Versions of the community's plugin."""


def published() -> Published:
    """Ask the index: four pages."""
    with PyPISimple() as client:
        pages = {name: client.get_project_page(name).packages for name in (*TENSORFLOW, APPLE, COMMUNITY)}
    whole = [
        release
        for name in TENSORFLOW
        for release in _releases(name, pages[name])
        if max(wheel.size for wheel in release.wheels) > SHIM_BYTES
    ]
    whole.sort(key=lambda release: Version(release.version))
    final = max(Version(each.version) for each in whole if not Version(each.version).is_prerelease)
    wanted = [each for each in whole if not Version(each.version).is_prerelease or Version(each.version) > final]
    community = {each.version for each in pages[COMMUNITY] if each.version and not each.is_yanked}
    return Published(
        tensorflow=tuple(wanted),
        plugins=tuple(sorted(_releases(APPLE, pages[APPLE]), key=lambda release: Version(release.version))),
        community=tuple(sorted(community, key=Version)),
    )


def _releases(name: str, packages: list[DistributionPackage]) -> list[Release]:
    found: dict[str, list[Wheel]] = {}
    for package in packages:
        if package.is_yanked:
            continue
        try:
            _, version, _, tags = parse_wheel_filename(package.filename)
        except InvalidWheelFilename:
            continue
        for tag in tags:
            if (
                tag.interpreter.startswith("cp")
                and tag.platform.startswith("macosx_")
                and tag.platform.endswith("_arm64")
            ):
                _, major, minor, _ = tag.platform.split("_")
                python = f"{tag.interpreter[2]}.{tag.interpreter[3:]}"
                sha256 = (package.digests or {})["sha256"]
                wheel = Wheel(python, f"{major}.{minor}", package.url, sha256, package.size or 0)
                found.setdefault(str(version), []).append(wheel)
    return [
        Release(name, version, tuple(sorted(wheels, key=lambda wheel: Version(wheel.python))))
        for version, wheels in found.items()
    ]
