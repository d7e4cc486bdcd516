"""What a lock says, whatever the form it is written in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from m1doctor.knowledge.pairings import load
from m1doctor.model.record import record

if TYPE_CHECKING:
    from packaging.pylock import Package, PackageSdist, PackageWheel


class NotInThisFormError(Exception):
    """A form of a lock cannot hold it, or what installs that form could not install it; the message says why."""


@record(frozen=True, slots=True, kw_only=True)
class Target:
    """The machine that a lock is for."""

    python: str | None
    """``"3.12"``, or a whole version where an environment was examined."""
    system: str | None = "macOS"
    machine: str | None = "arm64"
    macos: str | None = None
    """The oldest macOS that it installs on; `None` off macOS, or where no wheel asks for one."""
    implementation: str = "cpython"

    def __str__(self) -> str:
        """In words, which `reading.target_of` reads again: ``"cpython 3.12 on macOS arm64 (macOS 12.1 or later)"``."""
        system = self.system or "an unknown system"
        words = f"{self.implementation} {self.python or '(version unknown)'} on {system}"
        words += f" {self.machine}" if self.machine else ""
        return f"{words} (macOS {self.macos} or later)" if self.macos else words


OURSELVES = "m1doctor"
"""What stands in the place of a file where m1doctor chose by itself."""


@record(frozen=True, slots=True, kw_only=True)
class Asked:
    """One source of requirements that a lock answers."""

    file: str | None
    """Path, relative to the lock where it can be; `None` where m1doctor chose by itself."""
    requirements: tuple[str, ...]
    """As they were asked for, sorted."""
    extras: tuple[str, ...] = ()
    """Extras of a `pyproject.toml`."""
    groups: tuple[str, ...] = ()
    """Dependency groups of a `pyproject.toml`."""
    limits: bool = False
    """Whether its lines only limit the versions of what others ask for, as a file behind ``-c`` does."""

    def __str__(self) -> str:
        """The file with its extras and groups, as `reading` reads it again; `OURSELVES` where there is no file."""
        words = [*(f"--extra {extra}" for extra in self.extras), *(f"--group {group}" for group in self.groups)]
        return " ".join([self.file or OURSELVES, *words])


@record(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """An installed package that the file names in a comment only."""

    name: str
    version: str
    """As its metadata writes it; empty where that cannot be read."""
    reason: str


@record(frozen=True, slots=True, kw_only=True)
class CondaFile:
    """One package of a conda channel."""

    name: str
    version: str
    build: str
    subdir: str
    """``"osx-arm64"`` or ``"noarch"``."""
    url: str
    sha256: str | None
    md5: str | None
    depends: tuple[str, ...] = ()
    """Names and specs of what it requires, as its record writes them."""


@record(frozen=True, slots=True, kw_only=True)
class Lock:
    """Exact releases with the hashes of their files, for one machine."""

    title: str
    """What this is, a sentence without a date or a path: the same question gives the same file."""
    target: Target
    packages: Sequence[Package]
    """Sorted by name; each with the one file that is to be installed, or without any where there are no hashes."""
    conda: tuple[CondaFile, ...] = ()
    """Python and what it needs, from conda channels, in the order of installation; none in the forms of pip."""
    channels: tuple[str, ...] = ()
    """Where `conda` is from: names or addresses."""
    asked: tuple[Asked, ...] = ()
    remarks: tuple[str, ...] = ()
    """Why these versions, a clause each."""
    warnings: tuple[str, ...] = ()
    """What speaks against it, a sentence each without its full stop."""
    left_out: tuple[LeftOut, ...] = ()
    unhashed: str | None = None
    """Why there are no hashes, in a clause; `None` where there are."""
    broken: tuple[str, ...] = ()
    """What was wrong with the environment that was pinned, each as ``"LNK002 plugin-symbol-not-found"``."""
    exclude_newer: str | None = None
    """Nothing that was published after this date was considered."""

    @property
    def sources(self) -> tuple[str, ...]:
        """Names of the packages that are compiled when they are installed."""
        return tuple(package.name for package in self.packages if package.sdist and not package.wheels)

    @property
    def built_beside(self) -> tuple[str, ...]:
        """Those among the sources that are compiled against what is installed beside them, as `isolation` says."""
        return built_beside(self.sources)


def built_beside(names: Iterable[str]) -> tuple[str, ...]:
    """The packages of these (normalized names) whose build looks for TensorFlow in the environment itself."""
    return tuple(name for name in names if name == load().community.distribution)


def isolation(names: Iterable[str]) -> tuple[str, ...]:
    """uv's options for packages that are `built_beside` others: uv lays down the others first, then builds these."""
    return tuple(word for name in names for word in ("--no-build-isolation-package", name))


def files_of(package: Package) -> tuple[PackageWheel | PackageSdist, ...]:
    """Every file of a package."""
    return (*(package.wheels or ()), *((package.sdist,) if package.sdist is not None else ()))


def hashes_of(package: Package) -> tuple[str, ...]:
    """The hashes of a package's files, sorted, each ``"sha256:…"``."""
    return tuple(sorted({f"sha256:{file.hashes['sha256']}" for file in files_of(package) if "sha256" in file.hashes}))


def pins_of(packages: Iterable[Package]) -> dict[str, str]:
    """Normalized name to version."""
    return {package.name: str(package.version) for package in packages}
