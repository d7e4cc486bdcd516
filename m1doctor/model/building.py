"""New environments as data: what was wished for, and what would be done."""

from __future__ import annotations

from m1doctor.model.given_lock import LockForm
from m1doctor.model.provider import Provider
from m1doctor.model.record import record
from m1doctor.model.remedy import Step


@record(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the user wants."""

    environment: str
    """Folder of the environment, absolute."""
    python: str | None = None
    """Minor version, e.g. ``"3.12"``; `None` leaves the choice to us."""
    provider: Provider = Provider.AUTO
    lock: str | None = None
    """A lock of the user's own, absolute; `None` for a published one."""
    wheels: str | None = None
    """Folder of wheels to install from without the network, absolute."""
    jupyter: bool = False
    conda: str | None = None
    """The conda or micromamba that makes the environment; `None` for uv."""


@record(frozen=True, slots=True, kw_only=True)
class Lock:
    """The lock that is installed."""

    path: str
    named: str
    """What it is, for people."""
    python: str | None
    """Minor version that it is for; `None` where it does not say."""
    system: str | None
    """``"macOS"`` or ``"Linux"``; `None` where it does not say."""
    machine: str | None = None
    """``"arm64"``, ``"x86_64"``…; `None` where it does not say."""
    macos: str | None = None
    """Oldest macOS that it installs on; `None` where it does not say."""
    form: LockForm = LockForm.REQUIREMENTS
    grade: str | None = None
    """On what grounds its pair is held to work; `None` for a lock of the user's own."""
    builds: tuple[str, ...] = ()
    """Packages that are compiled against others of the lock when it is installed."""


@record(frozen=True, slots=True, kw_only=True)
class BuildPlan:
    """What `setup` would do."""

    environment: str
    staging: str
    """Where it is built: beside its place, into which it is renamed when it is complete. The place itself for conda,
    whose environments cannot be moved."""
    what: str
    """What will be installed, in one sentence."""
    steps: tuple[Step, ...] = ()
    """Commands in their order."""
    remarks: tuple[str, ...] = ()
    """What the user should know beforehand, a sentence each."""
    obstacles: tuple[str, ...] = ()
    """Why it cannot be done here, a sentence each; empty where it can."""
    lock: Lock | None = None
    """`None` for the community's plugin without a lock of the user's own."""

    @property
    def possible(self) -> bool:
        """Whether nothing stands in the way."""
        return not self.obstacles
