"""A reading: the raw output of one probe, before anybody has an opinion about it."""

from __future__ import annotations

from m1doctor.model.record import record


@record(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one external command answered.

    Exactly one of three ends: it exited (`returncode` >= 0), it was killed by a signal (`signal` set), or it could not
    be started (`error` set). `timed_out` says that the signal was ours.
    """

    argv: tuple[str, ...]
    returncode: int | None = None
    """Exit status, `None` where the process died by a signal or never started."""
    signal: int | None = None
    """Number of the signal that ended the process."""
    stdout: str = ""
    stderr: str = ""
    report: str = ""
    """What the command wrote to its private report file, where it was given one."""
    seconds: float = 0.0
    timed_out: bool = False
    error: str | None = None
    """Why the process could not be started, in the system's words."""

    @property
    def ok(self) -> bool:
        """Whether the command ran to its end and reported success."""
        return self.returncode == 0
