"""Facts: typed values parsed from readings, one section a subject."""

from __future__ import annotations

from dataclasses import field
from typing import Any

from m1doctor.model.bench import Bench
from m1doctor.model.correctness import Correctness
from m1doctor.model.earlier import Earlier
from m1doctor.model.given_lock import GivenLock
from m1doctor.model.host import Host
from m1doctor.model.interpreter import Interpreter
from m1doctor.model.log import Log
from m1doctor.model.memory import Memory
from m1doctor.model.packages import Packages
from m1doctor.model.plugins import Plugins
from m1doctor.model.power import Power
from m1doctor.model.profile import Profile
from m1doctor.model.record import record
from m1doctor.model.runtime import Runtime
from m1doctor.model.unknown import Unknown, not_asked

_BROUGHT = {
    "log": not_asked("no log was given"),
    "earlier": not_asked("earlier runs were not looked up"),
    "given_lock": not_asked("no lock was given to compare with"),
    "profile": not_asked("no script was watched"),
}
"""Sections that nobody collects: the user brings them, or they are not asked about."""


@record(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything that the checks may know. A section that could not be had is `None`, with its reason in `unknown`."""

    host: Host | None = None
    power: Power | None = None
    memory: Memory | None = None
    interpreter: Interpreter | None = None
    packages: Packages | None = None
    plugins: Plugins | None = None
    runtime: Runtime | None = None
    correctness: Correctness | None = None
    bench: Bench | None = None
    earlier: Earlier | None = None
    """Figures of earlier benchmarks; looked up, never collected."""
    log: Log | None = None
    """What stands in a log that the user brought; never collected by ourselves."""
    given_lock: GivenLock | None = None
    """The lock that the user brought to compare with. The one that an examination writes is `Report.lock`."""
    profile: Profile | None = None
    """A training script that was watched while it ran; only `m1doctor profile` asks for it."""
    unknown: dict[str, Unknown] = field(default_factory=dict)
    timings: dict[str, float] = field(default_factory=dict)
    """Seconds that each part of the collecting took, and ``total``, which is less than their sum: some run together."""

    @property
    def log_alone(self) -> bool:
        """Whether a log is all that is known: no machine, no environment."""
        sections = (name for name in self.__dataclass_fields__ if name not in ("log", "unknown", "timings"))
        return self.log is not None and all(getattr(self, name) is None for name in sections)

    def why_unknown(self, path: str) -> Unknown | None:
        """Tell why the fact at a dotted path such as ``"host.macos_version"`` is missing; `None` when it is known.

        Raises `AttributeError` for a path that no section has: a misspelt need is a defect of the check.
        """
        section: Any = self
        walked = ""
        for name in path.split("."):
            value = getattr(section, name)
            walked = f"{walked}.{name}" if walked else name
            if value is None:
                reasons: dict[str, Unknown] = getattr(section, "unknown", {})
                return reasons.get(name) or _BROUGHT.get(walked) or Unknown(f"{walked} was not collected")
            section = value
        return None
