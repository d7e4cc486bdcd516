"""Facts about the target's interpreter: what it is, where it looks for packages, whether it is whole."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum

from m1doctor.model.record import record
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


@record(frozen=True, slots=True, kw_only=True)
class VirtualEnvironment:
    """A `pyvenv.cfg` and what it points to."""

    path: str
    exists: bool = True
    """Whether the folder itself is there: `$VIRTUAL_ENV` may name one that was removed."""
    home: str | None
    """Folder of the interpreter that it was made from."""
    home_exists: bool | None
    base_executable: str | None = None
    """Where the interpreter link of the environment ends; for a copied interpreter, its original."""
    base_executable_exists: bool | None = None
    system_site_packages: bool = False
    creator: str | None = None
    """``"venv"``, ``"virtualenv"`` or ``"uv"``, with a version where the file says one."""
    made_for: str | None = None
    """Python version at the time it was made, as its `pyvenv.cfg` says: ``"3.12.4"``."""
    library_folders: tuple[str, ...] = ()
    """Pythons that it has package folders for: ``("3.12",)`` for a `lib/python3.12`."""
    extends: str | None = None
    """The environment that `uv run --with` laid this one over."""


@record(frozen=True, slots=True, kw_only=True)
class CondaEnvironment:
    """A conda prefix, read from its `conda-meta` folder; no conda process is needed."""

    prefix: str
    subdir: str | None
    """``"osx-arm64"``, ``"osx-64"``, ``"linux-64"``…: the truth about the environment's architecture."""
    python_build: str | None = None
    python_version: str | None = None
    """Version of its python package; `None` in an environment that has no Python."""


@record(frozen=True, slots=True, kw_only=True)
class Shadow:
    """One distribution or module that hides another of the same name."""

    name: str
    """Of the distribution (PEP 503), or of the module where there is no distribution."""
    front: str | None
    """Version that is found first; `None` for a bare module."""
    behind: str | None
    """Version in the environment that it hides; `None` for a bare module."""


@record(frozen=True, slots=True, kw_only=True)
class SearchPathLeak:
    """Something that puts other packages in front of the environment's own."""

    source: str
    """``"PYTHONPATH"``, ``"PYTHONHOME"``, ``"user site"`` or the path of a `.pth` file."""
    folder: str
    shadows: tuple[Shadow, ...] = ()
    """What is found there that the environment has too, in another version or as a bare module."""


class NeighbourKind(StrEnum):
    """What sort of tool a neighbour is."""

    PIP = "pip"
    PYTHON = "python"
    KERNEL = "kernel"
    EDITOR = "editor"


@record(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """Another tool that a user may take for the same environment."""

    kind: NeighbourKind
    role: str
    """What it is called here: ``"pip on PATH"``, ``"Jupyter kernel tf"``, ``"VS Code in /Users/me/project"``."""
    path: str
    """The command or file that was looked at."""
    interpreter: str | None
    """The interpreter that it would use."""
    same_environment: bool | None
    """`None` where its interpreter could not be told."""
    interpreter_exists: bool | None = None
    claim: str | None = None
    """Why a user would take it for the examined environment, in one clause; `None` where nothing suggests that."""
    tensorflow: tuple[str, ...] | None = None
    """``"name version"`` of each `tensorflow…` distribution in its environment; `None` where that could not be read."""


@record(frozen=True, slots=True, kw_only=True)
class Interpreter:
    """The target's Python. `system` and `machine` are what *it* reports, also when it is examined on another host."""

    executable: str | None = None
    """The path to start it by: inside a virtual environment, its link."""
    executable_exists: bool | None = None
    real_executable: str | None = None
    """The file at the end of its links."""
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
    """Folders with installed packages in search order, each once."""
    site_aliases: tuple[str, ...] = ()
    """Further names of those folders on the search path. TensorFlow goes by names, and looks for plugins in each."""
    externally_managed: bool | None = None
    """Whether its vendor forbids pip and uv to install into it (`EXTERNALLY-MANAGED` in its library, PEP 668)."""
    virtual_environment: VirtualEnvironment | None = None
    conda: CondaEnvironment | None = None
    leaks: tuple[SearchPathLeak, ...] | None = None
    """What stands in front of the environment's own packages; empty where nothing does."""
    neighbours: tuple[Neighbour, ...] | None = None
    deployment_target: str | None = None
    """`MACOSX_DEPLOYMENT_TARGET` that the interpreter was built for."""
    reported_macos: str | None = None
    """What `platform.mac_ver()` says inside the target (needs a run of it)."""
    sdk: str | None = None
    """macOS SDK that the executable was linked with, e.g. ``"14.5"``. It decides which macOS version Python is told."""
    active: bool | None = None
    """Whether the user's shell has this environment activated (`$VIRTUAL_ENV`, `$CONDA_PREFIX`)."""
    marker_environment: dict[str, str] = field(default_factory=dict)
    """Environment markers (PEP 508) as the target would evaluate them."""
    unknown: dict[str, Unknown] = field(default_factory=dict)

    @property
    def apple_silicon_target(self) -> bool | None:
        """Whether this environment is meant for Apple silicon: a macOS target whose process is arm64."""
        if self.system is None or self.machine is None:
            return None
        return self.system == "Darwin" and self.machine == "arm64"
