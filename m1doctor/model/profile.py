"""Facts from a training script that was watched while it ran: from outside, and where it was wished, from within.

Times are seconds; those of samples and of the observer are counted from the start of the script.
"""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum

from m1doctor.model.finding import Level
from m1doctor.model.memory import PressureLevel
from m1doctor.model.power import ThermalPressure
from m1doctor.model.record import record
from m1doctor.model.unknown import Unknown

FEWEST_STEPS = 10
"""Of fewer training steps nothing is said about speed."""


class Watch(StrEnum):
    """How the script was watched."""

    OUTSIDE = "outside"
    """Started by us, nothing of ours in its process."""
    INSIDE = "inside"
    """Started by us, with the observer in its process."""
    ATTACHED = "attached"
    """It ran already; only its process was looked at."""


@record(frozen=True, slots=True, kw_only=True)
class Sample:
    """One look at the script and the machine. What could not be had is `None`, for the reason in `Profile.unknown`."""

    seconds: float
    cpu_cores: float | None = None
    """Processor time of the script and of all processes below it since the last sample, per second: cores in use."""
    resident_bytes: int | None = None
    """Memory of these processes."""
    gpu_share: float | None = None
    """Share of the time since the last sample in which the GPU had work of theirs: 0 to 1."""
    available_bytes: int | None = None
    pressure: PressureLevel | None = None
    swap_used_bytes: int | None = None
    swapped_pages: int | None = None
    """Pages that went to and came from swap since the last sample, of the whole machine."""
    thermal_pressure: ThermalPressure | None = None
    steps: int | None = None
    """Training steps that had begun by then."""


@record(frozen=True, slots=True, kw_only=True)
class Steps:
    """Training steps of one kind. The first three are counted and not timed: they trace, allocate and fill buffers."""

    count: int = 0
    median_seconds: float | None = None
    """Median time between the beginnings of two steps."""
    periods: tuple[float, ...] = ()
    """At most some hundreds of these times, evenly chosen, in their order."""


@record(frozen=True, slots=True, kw_only=True)
class InputStage:
    """One stage of the input pipeline in tf.data's own model (`tf.data.experimental.get_model_proto`)."""

    name: str
    elements: int
    busy_seconds: float
    parallelism: float | None = None


@record(frozen=True, slots=True, kw_only=True)
class CompiledFunction:
    """A `tf.function` of the script's own files."""

    name: str
    site: str
    """``file:line`` of the Python function."""
    made: int
    """How often `tf.function` was called on it."""
    traces: int
    """How often the function was traced."""


@record(frozen=True, slots=True, kw_only=True)
class TrainedModel:
    """The model that was last handed to `fit`."""

    class_name: str
    optimizer: str | None = None
    """Module and class."""
    variables: int | None = None
    """Number of trainable variables: an optimizer's update is launched once for each."""
    device: str | None = None
    """Where its first trainable variable lives."""
    run_eagerly: bool = False
    jit_compile: bool = False


@record(frozen=True, slots=True, kw_only=True)
class Inside:
    """What the observer in the script's process counted."""

    complete: bool
    """Whether it had its last word; else the script was killed, and up to a second is missing."""
    versions: dict[str, str] = field(default_factory=dict)
    fit: Steps = field(default_factory=Steps)
    """Steps of `Model.fit`."""
    loop: Steps = field(default_factory=Steps)
    """Elements that a Python loop took from a dataset outside of `fit`."""
    training_seconds: float | None = None
    """From the fourth step to the last one."""
    wait_seconds: float | None = None
    """Time of it in which the next element of a dataset was waited for."""
    requests: int = 0
    examples: int | None = None
    """Examples in all elements asked for; `None` where the elements do not tell their number."""
    eager_gradients: int = 0
    """Gradients that were computed step by step in Python, outside of any `tf.function`."""
    eager_site: str | None = None
    """``file:line`` where the first of them was asked for."""
    model: TrainedModel | None = None
    gpus: tuple[str, ...] | None = None
    visible_gpus: tuple[str, ...] | None = None
    gpu_hidden_at: str | None = None
    """``file:line`` of the `set_visible_devices([], 'GPU')` that took the GPU away."""
    gradient_device: str | None = None
    """Where an eager gradient was computed."""
    graph_operations: int | None = None
    """Operations in the graph of the training step."""
    heavy_devices: dict[str, int] = field(default_factory=dict)
    """Matrix products and convolutions of that graph by the device that the script asked for; ``""`` is none."""
    without_gpu_kernel: dict[str, int] = field(default_factory=dict)
    """Operations of that graph on floating-point data for which no GPU kernel is registered, such as
    ``"Einsum (float32)"``, and how often each is in it. Empty also where there is no GPU."""
    functions: tuple[CompiledFunction, ...] = ()
    stages: tuple[InputStage, ...] = ()
    """The busiest first."""
    troubles: tuple[str, ...] = ()
    """What could not be observed."""
    unknown: dict[str, Unknown] = field(default_factory=dict)

    @property
    def steps(self) -> Steps:
        """The steps of the kind that there are more of."""
        return self.fit if self.fit.count >= self.loop.count else self.loop

    @property
    def wait_share(self) -> float | None:
        """Share of the training time in which the next element was waited for; `None` before the fifth step."""
        if self.wait_seconds is None or not self.training_seconds:
            return None
        return min(1.0, self.wait_seconds / self.training_seconds)

    @property
    def batch(self) -> float | None:
        """Examples in an element, on average."""
        return self.examples / self.requests if self.examples and self.requests else None


@record(frozen=True, slots=True, kw_only=True)
class SourceHint:
    """What the linter says of a line of the script."""

    rule: str
    slug: str
    level: Level
    message: str
    path: str
    line: int
    source_line: str
    gain: str | None = None
    """What the change brought where it was measured."""


@record(frozen=True, slots=True, kw_only=True)
class Profile:
    """One watched run of a script."""

    command: tuple[str, ...]
    """As it was started, without the interpreter; of a process that ran already, what the process table says."""
    watch: Watch
    seconds: float
    """How long it was watched."""
    cores: int | None = None
    """Logical processors of the machine."""
    returncode: int | None = None
    signal: str | None = None
    """Name of the signal that ended it."""
    interrupted: bool = False
    """Whether Ctrl-C was pressed."""
    stopped_watching: bool = False
    """Whether it went on when the watching ended (`--duration`, `--pid`)."""
    cpu_seconds: float | None = None
    gpu_seconds: float | None = None
    """Time in which the GPU had work of the script."""
    samples: tuple[Sample, ...] = ()
    inside: Inside | None = None
    hints: tuple[SourceHint, ...] = ()
    unknown: dict[str, Unknown] = field(default_factory=dict)

    @property
    def gpu_share(self) -> float | None:
        """GPU time over the whole time."""
        return min(1.0, self.gpu_seconds / self.seconds) if self.gpu_seconds is not None and self.seconds else None

    @property
    def cpu_cores(self) -> float | None:
        """Cores in use on average."""
        return self.cpu_seconds / self.seconds if self.cpu_seconds is not None and self.seconds else None
