"""Facts from the parts of the work that compare TensorFlow's answers with known ones."""

from __future__ import annotations

from dataclasses import field

from m1doctor.model.record import record
from m1doctor.model.unknown import Unknown


@record(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One answer of TensorFlow beside the same worked out by NumPy in float64."""

    op: str
    """TensorFlow's name of what is compared, e.g. ``"MatMul"``; a fused op stands for what a plugin makes of it."""
    words: str
    """The same for people: ``"1024 x 1024 product"``."""
    dtype: str
    terms: int
    """How many numbers are added up for one element of the answer."""
    device: str
    """Where the answer is, as TensorFlow writes it."""
    elements: int
    wrong_elements: int
    """How many elements of the answer are beyond the tolerance, or not finite."""
    largest_error: float | None = None
    """Largest absolute difference; `None` where the answer is not finite."""
    where: tuple[int, ...] = ()
    """Index of the element with the largest difference."""
    tolerance: float
    """Largest absolute difference that rounding explains, for this dtype on this chip."""
    largest_value: float | None = None
    """Largest absolute value of the right answer."""
    others: dict[str, float | None] = field(default_factory=dict)
    """Largest difference when the same was asked otherwise, e.g. ``"on the CPU"``; only where this one was wrong."""

    @property
    def place(self) -> str:
        """``"GPU:0"`` of the whole name of the device."""
        return self.device.rpartition("device:")[2]

    @property
    def right(self) -> bool:
        """Whether rounding explains the difference."""
        return self.largest_error is not None and self.largest_error <= self.tolerance


@record(frozen=True, slots=True, kw_only=True)
class Comparisons:
    """What one part has compared."""

    comparisons: tuple[Comparison, ...]


@record(frozen=True, slots=True, kw_only=True)
class Draw:
    """Random numbers drawn twice in one way."""

    op: str
    mode: str
    """``"op by op"`` or ``"in graph mode"``."""
    device: str
    numbers: int
    repeated: int
    """How many numbers of the second draw are those of the first, place by place."""
    distinct: int
    """How many different numbers there are in one draw."""
    example: tuple[float, ...] = ()
    """The first few numbers; none where one is not finite."""

    @property
    def place(self) -> str:
        """``"GPU:0"`` of the whole name of the device."""
        return self.device.rpartition("device:")[2]


@record(frozen=True, slots=True, kw_only=True)
class Draws:
    """All kinds of random numbers that were drawn."""

    draws: tuple[Draw, ...]


@record(frozen=True, slots=True, kw_only=True)
class TrainingAnswer:
    """A few steps of gradient descent on a tiny model."""

    device: str
    losses: tuple[float | None, ...]
    """The loss before each step; `None` for one that is not finite."""
    expected_losses: tuple[float, ...]
    """The same steps in float64."""

    @property
    def place(self) -> str:
        """``"GPU:0"`` of the whole name of the device."""
        return self.device.rpartition("device:")[2]


@record(frozen=True, slots=True, kw_only=True)
class MissingKernel:
    """An op that has no kernel for a type on the GPU."""

    op: str
    dtype: str


@record(frozen=True, slots=True, kw_only=True)
class Kernels:
    """What TensorFlow's registry says of the ops that all training uses."""

    device: str
    """``"GPU:0"``; nothing is asked without a GPU."""
    asked: int
    """How many pairs of an op and a type were looked up."""
    without: tuple[MissingKernel, ...] = ()


@record(frozen=True, slots=True, kw_only=True)
class PipelineAnswer:
    """One pass over a small tf.data pipeline."""

    elements: int
    expected_elements: int
    checksum_matches: bool
    seconds: float

    @property
    def right(self) -> bool:
        """Whether all elements came out, with the right sum."""
        return self.checksum_matches and self.elements == self.expected_elements


@record(frozen=True, slots=True, kw_only=True)
class Correctness:
    """What TensorFlow answers where the right answer is known. A field is the part of its name."""

    product: Comparisons | None = None
    dense: Comparisons | None = None
    convolution: Comparisons | None = None
    reduction: Comparisons | None = None
    indexing: Comparisons | None = None
    draws: Draws | None = None
    training: TrainingAnswer | None = None
    kernels: Kernels | None = None
    pipeline: PipelineAnswer | None = None
    unknown: dict[str, Unknown] = field(default_factory=dict)

    @property
    def comparisons(self) -> tuple[Comparison, ...]:
        """All that was compared, in the order of the parts."""
        parts = (self.product, self.dense, self.convolution, self.reduction, self.indexing)
        return tuple(comparison for part in parts if part is not None for comparison in part.comparisons)
