"""Facts about the target's interpreter: what it is, where it looks for packages, whether it is whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from m1doctor.model.unknown import Unknown


class Vendor(StrEnum):
    """Who built the interpreter."""

    PYTHON_ORG = "python.org"
    HOMEBREW = "Homebrew"
    CONDA = "conda"
    UV = "uv"
    PYENV = "pyenv"
    COMMAND_LINE_TOOLS = "Command Line Tools"
    MACPORTS = "MacPorts"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True, kw_only=True)
class VirtualEnvironment:
    """A `pyvenv.cfg` and what it points to."""

    path: str
    home: str | None
    home_exists: bool | None
    base_executable: str | None = None
    """Where the interpreter link of the environment ends."""
    base_executable_exists: bool | None = None
    system_site_packages: bool = False
    creator: str | None = None
    """``"venv"``, ``"virtualenv"`` or ``"uv"``, with a version where the file says one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CondaEnvironment:
    """A conda prefix, read from its `conda-meta` folder; no conda process is needed."""

    prefix: str
    subdir: str | None
    """``"osx-arm64"``, ``"osx-64"``, ``"linux-64"``…: the truth about the environment's architecture."""
    python_build: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPathLeak:
    """Something that puts other packages in front of the environment's own."""

    source: str
    """``"PYTHONPATH"``, ``"user site"``, ``"system folder"`` or the path of a `.pth` file."""
    folder: str
    shadows: tuple[str, ...] = ()
    """Names of distributions or modules found there that the environment has too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """Another tool that a user would take for the same environment."""

    role: str
    """``"pip on PATH"``, ``"python on PATH"``, ``"Jupyter kernel NAME"``, ``"editor"``."""
    path: str
    """The command or file that was looked at."""
    interpreter: str | None
    """The interpreter that it would use."""
    same_environment: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Interpreter:
    """The target's Python. `system` and `machine` are what *it* reports, also when it is examined on another host."""

    executable: str | None = None
    real_executable: str | None = None
    version: str | None = None
    """``"3.11.7"``, or ``"3.11"`` where only that is known."""
    implementation: str = "cpython"
    system: str | None = None
    """``"Darwin"`` or ``"Linux"``."""
    machine: str | None = None
    """Architecture of the target process: ``"arm64"``, ``"x86_64"``, ``"aarch64"``."""
    slices: tuple[str, ...] | None = None
    """Architectures in the executable, read in place; arm64e counts as its own name."""
    translated: bool | None = None
    """Whether this Python runs under Rosetta (derived from its slices and the hardware, never asked of a child)."""
    vendor: Vendor | None = None
    prefix: str | None = None
    base_prefix: str | None = None
    site_folders: tuple[str, ...] = ()
    """Folders with installed packages in search order."""
    virtual_environment: VirtualEnvironment | None = None
    conda: CondaEnvironment | None = None
    leaks: tuple[SearchPathLeak, ...] = ()
    neighbours: tuple[Neighbour, ...] = ()
    deployment_target: str | None = None
    """`MACOSX_DEPLOYMENT_TARGET` that the interpreter was built for."""
    reported_macos: str | None = None
    """What `platform.mac_ver()` says inside the target (needs a run of it)."""
    marker_environment: dict[str, str] = field(default_factory=dict)
    """Environment markers (PEP 508) as the target would evaluate them."""
    unknown: dict[str, Unknown] = field(default_factory=dict)

    @property
    def apple_silicon_target(self) -> bool | None:
        """Whether this environment is meant for Apple silicon: a macOS target whose process is arm64."""
        if self.system is None or self.machine is None:
            return None
        return self.system == "Darwin" and self.machine == "arm64"
