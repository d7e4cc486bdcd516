"""What is known of versions that break TensorFlow on a Mac: shims, forks, clashes, Keras lines, conda builds.

The classes are named tuples because they are made anew at every start: a tenth of the cost of a frozen dataclass.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

_DATA = Path(__file__).with_name("known_faults.toml")
SAME_MINOR = "same minor"
"""In place of a specifier: the Keras of a TensorFlow has its major and minor version."""


class FaultSource(NamedTuple):
    """Where an entry comes from."""

    title: str
    url: str | None = None
    date: str | None = None
    """ISO date of the source, or of the day it was measured."""


class Shim(NamedTuple):
    """A release that installs nothing to import."""

    name: str
    versions: str
    provided_by: str
    """The distribution that holds the code."""
    requires_it: bool
    """Whether its metadata says so; one release requires only itself."""
    source: FaultSource


class ArchivedFork(NamedTuple):
    """A release of a fork that its makers gave up."""

    name: str
    versions: str
    apple_silicon_only: bool
    """Whether the name and version mean the fork on Apple silicon only."""
    source: FaultSource


class KerasLine(NamedTuple):
    """Which Keras the TensorFlow of a range takes: a specifier, or `SAME_MINOR`."""

    tensorflow: str
    keras: str
    source: FaultSource


class Clash(NamedTuple):
    """A package that aborts or hangs in one process with a TensorFlow on a Mac."""

    package: str
    versions: str
    tensorflow: str
    instead: str
    """The TensorFlow that is free of it, as a specifier."""
    symptom: str
    """A clause that completes "reports say that …"."""
    why: str
    remedy: str
    """A sentence."""
    sources: tuple[FaultSource, ...]


class CondaBuild(NamedTuple):
    """Packages of a conda channel that compute on the CPU only."""

    channel: str
    packages: tuple[str, ...]
    subdirs: tuple[str, ...]
    sources: tuple[FaultSource, ...]


class KnownFaults(NamedTuple):
    """All of ``known_faults.toml``."""

    shims: tuple[Shim, ...]
    archived_forks: tuple[ArchivedFork, ...]
    keras_lines: tuple[KerasLine, ...]
    clashes: tuple[Clash, ...]
    conda_builds: tuple[CondaBuild, ...]
    numpy_abi_break: str
    """First NumPy that refuses modules built for the one before."""
    metal_providers: tuple[str, ...]
    """Normalized names of the distributions that bring a Metal plugin."""
    tensorflow_names: tuple[str, ...]
    """Normalized names under which TensorFlow itself is installed."""
    apple_conda_dependencies: str
    """The conda package of Apple's channel that brings TensorFlow's native dependencies on purpose."""
    native_dependencies: tuple[str, ...]
    """Dependencies of TensorFlow with native code."""


@cache
def known_faults() -> KnownFaults:
    """Read ``known_faults.toml`` once."""
    import tomllib  # noqa: PLC0415 - start-up

    document = tomllib.loads(_DATA.read_text(encoding="utf-8"))
    sources = {key: FaultSource(**value) for key, value in document["sources"].items()}

    def entries(table: str) -> list[dict[str, Any]]:
        found = []
        for entry in document[table]:
            resolved = dict(entry)
            if "source" in entry:
                resolved["source"] = sources[entry["source"]]
            if "sources" in entry:
                resolved["sources"] = tuple(sources[key] for key in entry["sources"])
            found.append({key: tuple(value) if isinstance(value, list) else value for key, value in resolved.items()})
        return found

    names = document["names"]
    return KnownFaults(
        shims=tuple(Shim(**entry) for entry in entries("shim")),
        archived_forks=tuple(ArchivedFork(**entry) for entry in entries("archived_fork")),
        keras_lines=tuple(KerasLine(**entry) for entry in entries("keras")),
        clashes=tuple(Clash(**entry) for entry in entries("clash")),
        conda_builds=tuple(CondaBuild(**entry) for entry in entries("conda_build")),
        numpy_abi_break=document["numpy"]["abi_break"],
        metal_providers=tuple(names["metal_providers"]),
        tensorflow_names=tuple(names["tensorflow"]),
        apple_conda_dependencies=names["apple_conda_dependencies"],
        native_dependencies=tuple(names["native_dependencies"]),
    )


def in_range(version: str, specifier: str) -> bool | None:
    """Whether a version lies in a range, pre-releases included; `None` for a version that PEP 440 does not know."""
    from packaging.specifiers import SpecifierSet  # noqa: PLC0415 - 40 ms, and half of the examinations never ask
    from packaging.version import InvalidVersion, Version  # noqa: PLC0415 - as above

    try:
        return SpecifierSet(specifier).contains(Version(version), prereleases=True)
    except InvalidVersion:
        return None
