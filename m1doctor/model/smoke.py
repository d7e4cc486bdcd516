"""Facts from the smoke run: one matmul and one small tf.data pipeline in the target."""

from __future__ import annotations

from dataclasses import field

from m1doctor.model.record import record
from m1doctor.model.runtime import ChildOutcome
from m1doctor.model.unknown import Unknown


@record(frozen=True, slots=True, kw_only=True)
class MatmulRun:
    """One matrix product, its place and its answer."""

    size: int
    """n of an n x n float32 product."""
    device: str
    seconds: float
    """Best of the timed products, the way back to the host included."""
    largest_error: float | None
    """Largest absolute difference from NumPy's float64 answer; `None` where the answer is not finite."""
    tolerance: float
    """Largest absolute difference that float32 arithmetic explains."""
    largest_value: float | None = None
    """Largest absolute value of the right answer."""
    wrong_elements: int = 0
    """How many elements of the answer are beyond the tolerance, or not finite."""

    @property
    def right(self) -> bool:
        """Whether the answer is that of NumPy within the tolerance."""
        return self.largest_error is not None and self.largest_error <= self.tolerance


@record(frozen=True, slots=True, kw_only=True)
class PipelineRun:
    """One pass over a small tf.data pipeline."""

    elements: int
    expected_elements: int
    checksum_matches: bool
    seconds: float


@record(frozen=True, slots=True, kw_only=True)
class Smoke:
    """The first smoke run."""

    outcome: ChildOutcome
    """How the first part that failed ended, or that all finished."""
    matmul: MatmulRun | None = None
    pipeline: PipelineRun | None = None
    other_outcomes: tuple[ChildOutcome, ...] = ()
    """Further parts that failed, each in a child of its own."""
    unknown: dict[str, Unknown] = field(default_factory=dict)
