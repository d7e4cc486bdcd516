"""Facts from a child of the target's Python: does `import tensorflow` work, which devices, where does work run."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from m1doctor.model.unknown import Unknown


class ChildEnd(StrEnum):
    """How a child of the target ended."""

    FINISHED = "finished"
    RAISED = "raised"
    DIED = "died"
    """By a signal."""
    HUNG = "hung"
    """It gave no answer within the limit and was ended by us."""
    EXITED = "exited"
    """It left early without an answer (`os._exit`, `abort` handlers, a `sys.exit` in a start-up file)."""
    NOT_STARTED = "not-started"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildOutcome:
    """How one part of a child of the target ended, and what it said."""

    end: ChildEnd
    seconds: float
    stage: str | None = None
    """The last stage that the child announced, e.g. ``"import tensorflow"`` or ``"matmul"``."""
    returncode: int | None = None
    signal: str | None = None
    """Name of the fatal signal, e.g. ``"SIGILL"``."""
    exception_type: str | None = None
    exception_message: str | None = None
    python_stack: tuple[str, ...] = ()
    """Innermost frames last, from the traceback or from faulthandler."""
    last_lines: tuple[str, ...] = ()
    """The last lines of standard error."""
    time_limit_seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """One device as TensorFlow lists it."""

    name: str
    """``"/physical_device:GPU:0"``."""
    kind: str
    """``"CPU"`` or ``"GPU"``."""
    details: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class HidingCause:
    """Something that takes the GPU out of TensorFlow's sight."""

    source: str
    """``"environment"`` or the path of a start-up file."""
    what: str
    """The variable and its value, or the line of the file."""
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """What a child of the target saw."""

    outcome: ChildOutcome
    import_seconds: float | None = None
    versions: dict[str, str] = field(default_factory=dict)
    """``python``, ``tensorflow``, ``keras``, ``numpy`` as the running modules report them."""
    tensorflow_file: str | None = None
    """Which `tensorflow` was imported."""
    devices: tuple[Device, ...] | None = None
    hidden_by: tuple[HidingCause, ...] = ()
    matmul_device: str | None = None
    """Where a MatMul asked of the GPU (or left to TensorFlow without one) really ran."""
    matmul_requested: str | None = None
    log_lines: tuple[str, ...] = ()
    """TensorFlow's own lines on standard error while importing, bounded."""
    unknown: dict[str, Unknown] = field(default_factory=dict)
