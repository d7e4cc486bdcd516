"""Facts from a lock that somebody brought to compare an environment with."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum

from m1doctor.model.record import record
from m1doctor.model.unknown import Unknown


class LockForm(StrEnum):
    """The form of a lock that can be compared with."""

    REQUIREMENTS = "requirements"
    PYLOCK = "pylock"
    EXPLICIT = "explicit"
    CONDA_LOCK = "conda-lock"
    ENVIRONMENT = "environment"


class Manager(StrEnum):
    """Who installs a locked package."""

    PIP = "pip"
    """pip, uv, or another installer of wheels."""
    CONDA = "conda"


@record(frozen=True, slots=True, kw_only=True)
class LockedPackage:
    """One release that a lock pins, or a package that it only names."""

    name: str
    """Normalized."""
    version: str | None
    """`None` where the lock names an address, a folder, a range or nothing in its place."""
    spec: str | None = None
    """What is asked of the version where no exact one is: ``">=1.26,<2"``, or an empty text where nothing is."""
    fuzzy: bool = False
    """Whether every version that begins with `version` will do: conda's ``python=3.12``."""
    manager: Manager = Manager.PIP
    marker: str | None = None
    """Environment marker (PEP 508) on which it depends whether the pin counts."""
    tags: tuple[str, ...] = ()
    """Tags of the wheels that the lock names, e.g. ``"cp312-cp312-macosx_12_0_arm64"``; empty where it names none."""
    build: str | None = None
    """conda's build string."""
    subdir: str | None = None
    """conda's platform, e.g. ``"osx-arm64"``."""


@record(frozen=True, slots=True, kw_only=True)
class LockInput:
    """A file of requirements that a lock says it answers."""

    file: str
    """Path as the lock writes it, from its own folder."""
    recorded: tuple[str, ...]
    """The requirements when the lock was made, sorted."""
    current: tuple[str, ...] | None
    """Those that the file holds now; `None` where it cannot be read."""


@record(frozen=True, slots=True, kw_only=True)
class GivenLock:
    """What a lock pins, for which machine, and in answer to what."""

    path: str
    form: LockForm
    packages: tuple[LockedPackage, ...]
    unnamed: tuple[str, ...] = ()
    """Entries that name no package to compare with, as written: ``"-e ."``, an address, a path."""
    whole: tuple[Manager, ...] = (Manager.PIP, Manager.CONDA)
    """Who installs what the lock names and nothing else; what another manager brings along cannot be called extra."""
    python: str | None = None
    """``"3.12"``, or a whole version."""
    system: str | None = None
    """``"macOS"`` or ``"Linux"``."""
    machine: str | None = None
    macos: str | None = None
    """The oldest macOS that it is for."""
    asked: tuple[str, ...] | None = None
    """All requirements that it says it answers; `None` where it does not say."""
    inputs: tuple[LockInput, ...] = ()
    """The files among them."""
    unknown: dict[str, Unknown] = field(default_factory=dict)
