"""Facts about the installed packages: read from the site folders without running the target."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum

from m1doctor.model.record import record
from m1doctor.model.unknown import Unknown


class FileFault(StrEnum):
    """How an installed file differs from what RECORD says."""

    MISSING = "missing"
    SIZE = "size"
    HASH = "hash"
    UNREADABLE = "unreadable"


@record(frozen=True, slots=True, kw_only=True)
class DamagedFile:
    """One file that is not as its RECORD says."""

    distribution: str
    path: str
    """Relative to the site folder."""
    fault: FileFault
    expected: str | None = None
    actual: str | None = None


class DirectOrigin(StrEnum):
    """Where a `direct_url.json` (PEP 610) says that a distribution came from, without the address itself."""

    EDITABLE = "editable"
    DIRECTORY = "directory"
    ARCHIVE = "archive"
    VCS = "vcs"


@record(frozen=True, slots=True, kw_only=True)
class Distribution:
    """One installed distribution."""

    name: str
    """As its metadata spells it."""
    normalized_name: str
    """PEP 503."""
    version: str
    folder: str
    """Site folder that holds it."""
    metadata_path: str
    """Its `.dist-info` or `.egg-info`, relative to the site folder."""
    installer: str | None = None
    """``"pip"``, ``"uv"``, ``"conda"``…"""
    direct_origin: DirectOrigin | None = None
    """Set for an installation that did not come from an index; `None` where no `direct_url.json` says so."""
    requires: tuple[str, ...] = ()
    """`Requires-Dist` lines as written."""
    requires_python: str | None = None
    wheel_tags: tuple[str, ...] = ()
    """`Tag` lines of the WHEEL file, e.g. ``"cp311-cp311-macosx_12_0_arm64"``."""
    recorded_files: int | None = None
    """Lines of RECORD; `None` where there is no RECORD."""
    top_level: tuple[str, ...] = ()
    """Import packages and modules that RECORD, or `top_level.txt` where there is none, places in the site folder."""


@record(frozen=True, slots=True, kw_only=True)
class BrokenMetadata:
    """A `.dist-info` or `.egg-info` that does not tell what it describes, as an interrupted install leaves behind."""

    folder: str
    metadata_path: str
    """Relative to the site folder."""
    name: str | None
    """What its own name says it describes; `None` where not even that can be told."""
    reason: str
    """Why it cannot be read, in one clause."""


@record(frozen=True, slots=True, kw_only=True)
class ImportPackage:
    """What a site folder holds under a name that matters here, whoever put it there."""

    name: str
    """The import name, e.g. ``"tensorflow"``."""
    folder: str
    """Site folder that holds it."""
    importable: bool
    """Whether it has an `__init__.py`. A folder without one imports as an empty namespace."""
    owners: tuple[str, ...] = ()
    """``"name version"`` of each distribution whose RECORD claims a file of it; empty where no RECORD does."""
    ml_compute: bool = False
    """Whether it carries the `mlcompute` package, which only Apple's fork of TensorFlow 2.4 has."""


@record(frozen=True, slots=True, kw_only=True)
class NativeFile:
    """One native library or extension module."""

    path: str
    """Relative to its site folder."""
    folder: str
    distribution: str | None
    architectures: tuple[str, ...]
    """Of its Mach-O slices, or the ELF machine; empty where the file could not be read."""
    format: str | None = None
    """``"mach-o"``, ``"elf"`` or ``"static archive"``; `None` where the file could not be read."""
    minimum_macos: str | None = None
    fault: str | None = None
    """Why the file could not be read as a native library, in one clause."""


@record(frozen=True, slots=True, kw_only=True)
class MissingDependency:
    """A library that an extension module asks for by a path of its own and that is not there."""

    path: str
    """The asking file, relative to its site folder."""
    distribution: str | None
    wanted: str
    """Install name as written."""
    tried: tuple[str, ...]
    """Paths where dyld would look."""


@record(frozen=True, slots=True, kw_only=True)
class Overlap:
    """Two distributions that own the same files."""

    folder: str
    owners: tuple[str, ...]
    """``"name version"``, sorted."""
    paths: tuple[str, ...]
    """Some of the shared files, at most ten, relative to the site folder."""
    count: int


@record(frozen=True, slots=True, kw_only=True)
class NumpyNeed:
    """An extension module built against NumPy's C API: one a distribution, the least demanding that was found."""

    path: str
    distribution: str | None
    built_for: str
    """``"1"``: built with NumPy 1 headers, breaks on NumPy 2; ``"2"``: needs NumPy 2 at run time or supports both."""
    evidence: str
    """How that was read."""
    least: str | None = None
    """Oldest NumPy whose C API it accepts, e.g. ``"1.20"``; only modules built with NumPy 2 headers tell."""


@record(frozen=True, slots=True, kw_only=True)
class OpenMPUse:
    """A distribution whose native files ask for an OpenMP runtime, and the copy that they would get."""

    distribution: str | None
    path: str
    """The first asking file, relative to its site folder."""
    runtime: str
    """Path of the runtime where a copy is at the place it asks for, else the install name as written."""


@record(frozen=True, slots=True, kw_only=True)
class CondaPackage:
    """One record of `conda-meta`."""

    name: str
    version: str
    build: str
    channel: str | None
    subdir: str | None


@record(frozen=True, slots=True, kw_only=True)
class Packages:
    """All that is installed in the target's site folders."""

    folders_read: tuple[str, ...] | None = None
    """Site folders that were listed; `None` where one could not be, so that nothing can be called absent."""
    distributions: tuple[Distribution, ...] = ()
    """In search order; the first of a name wins at import."""
    broken_metadata: tuple[BrokenMetadata, ...] = ()
    modules: tuple[ImportPackage, ...] = ()
    """What is there to import for TensorFlow, Keras and NumPy, in search order."""
    damaged: tuple[DamagedFile, ...] = ()
    """At most 50 files of each distribution; `damaged_counts` has them all."""
    damaged_counts: dict[str, int] = field(default_factory=dict)
    """Damaged files of each damaged distribution (``"name version"``)."""
    compared_counts: dict[str, int] = field(default_factory=dict)
    """Files of each distribution (``"name version"``) whose content was compared with RECORD (`--deep`)."""
    hashes_checked: bool = False
    """Whether hashes were compared too (`--deep`), or sizes only."""
    headers_checked: bool = True
    """Whether C headers in `include` folders were compared too; `--quick` leaves them out."""
    native_files: tuple[NativeFile, ...] = ()
    missing_dependencies: tuple[MissingDependency, ...] = ()
    overlaps: tuple[Overlap, ...] = ()
    numpy_needs: tuple[NumpyNeed, ...] = ()
    openmp_runtimes: tuple[str, ...] = ()
    """Paths of the OpenMP runtimes (libomp, libiomp5, libgomp) inside the site folders and the conda prefix."""
    openmp_uses: tuple[OpenMPUse, ...] = ()
    conda_packages: tuple[CondaPackage, ...] = ()
    conda_damaged: tuple[DamagedFile, ...] = ()
    """Files of conda's packages that are not as its records say, relative to the prefix; looked for with `--deep`."""
    conda_compared_counts: dict[str, int] = field(default_factory=dict)
    """Files of each conda package (``"name version"``) whose content was compared with `conda-meta` (`--deep`)."""
    unknown: dict[str, Unknown] = field(default_factory=dict)

    def find(self, normalized_name: str) -> Distribution | None:
        """The distribution of that name which an import would use, or `None`."""
        for distribution in self.distributions:
            if distribution.normalized_name == normalized_name:
                return distribution
        return None
