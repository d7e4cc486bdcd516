"""Facts from a child of the target's Python: does `import tensorflow` work, which devices, where does work run."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum

from m1doctor.model.record import record
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


@record(frozen=True, slots=True, kw_only=True)
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
    exception_causes: tuple[str, ...] = ()
    """``"Type: message"`` of the exceptions behind this one, the nearest first."""
    python_stack: tuple[str, ...] = ()
    """Innermost frames last, from the traceback or from faulthandler."""
    last_lines: tuple[str, ...] = ()
    """The last lines of standard error."""
    time_limit_seconds: float | None = None

    @property
    def out_of_memory(self) -> bool:
        """Whether it ended because the device had no memory left for it."""
        return self.end is ChildEnd.RAISED and self.exception_type == "ResourceExhaustedError"


@record(frozen=True, slots=True, kw_only=True)
class Device:
    """One device as TensorFlow lists it."""

    name: str
    """``"/physical_device:GPU:0"``."""
    kind: str
    """``"CPU"`` or ``"GPU"``."""
    details: dict[str, str] = field(default_factory=dict)


@record(frozen=True, slots=True, kw_only=True)
class HidingCause:
    """Something that takes the GPU out of TensorFlow's sight."""

    source: str
    """``"environment"`` or the path of a start-up file."""
    what: str
    """The variable and its value, or the line of the file."""
    line: int | None = None
    when: str = "always"
    """Which processes it reaches: ``"always"``, or ``"in interactive sessions"`` for what scripts do not run."""
    provider: str | None = None
    """The only plugin provider that heeds it (a value of `Provider`); `None` where TensorFlow itself does."""


@record(frozen=True, slots=True, kw_only=True)
class ShadowingFile:
    """A file of the working folder that a script run there would import in the place of a module TensorFlow needs."""

    module: str
    path: str
    instead_of: str | None = None
    """The file of the module that it hides."""


@record(frozen=True, slots=True, kw_only=True)
class Runtime:
    """What a child of the target saw."""

    outcome: ChildOutcome
    """How the run up to the placement of a product ended; what comes after it is in `parts`."""
    parts: tuple[ChildOutcome, ...] = ()
    """How each part of the work that began has ended (`stage` is its name), and, last, the leaving of Python."""
    import_seconds: float | None = None
    bytecode_cached: bool | None = None
    """Whether the import found compiled modules. Without them it takes several times as long; we write none."""
    versions: dict[str, str] = field(default_factory=dict)
    """``python``, ``tensorflow``, ``keras``, ``numpy`` as the running modules report them."""
    tensorflow_file: str | None = None
    """Which `tensorflow` was imported."""
    executable: str | None = None
    """`sys.executable` of the child."""
    prefix: str | None = None
    base_prefix: str | None = None
    machine: str | None = None
    """`platform.machine()` inside the target."""
    mac_version: str | None = None
    """`platform.mac_ver()` inside the target: the macOS that pip believes in. Empty off macOS."""
    search_path: tuple[str, ...] | None = None
    """`sys.path` of the child, without the folder of a script."""
    user_site: str | None = None
    """The user's site folder, where it is enabled."""
    devices: tuple[Device, ...] | None = None
    visible_devices: tuple[str, ...] | None = None
    """Names of the devices that TensorFlow may use, after all start-up files have had their say."""
    hidden_by: tuple[HidingCause, ...] = ()
    shadowed_here: tuple[ShadowingFile, ...] = ()
    matmul_device: str | None = None
    """Where a MatMul asked of the GPU (or left to TensorFlow without one) really ran."""
    matmul_requested: str | None = None
    matmul_refusal: str | None = None
    """What TensorFlow said when it was made to run the product there and nowhere else; `None` when it did."""
    without_plugins: ChildOutcome | None = None
    """After an import that failed: how the same import ended in another child that was kept from the plugins."""
    numpy_alone: str | None = None
    """After an import that raised: ``"NumPy VERSION imports"``, or the error of importing NumPy by itself."""
    log_lines: tuple[str, ...] = ()
    """Lines on standard error, bounded: TensorFlow's log of the import and of the work."""
    unknown: dict[str, Unknown] = field(default_factory=dict)

    @property
    def gpus(self) -> tuple[Device, ...]:
        """The GPUs that TensorFlow lists."""
        return tuple(device for device in self.devices or () if device.kind == "GPU")

    @property
    def visible_gpus(self) -> tuple[Device, ...]:
        """The GPUs that TensorFlow lists and may use."""
        allowed = self.visible_devices
        return tuple(device for device in self.gpus if allowed is None or device.name in allowed)
