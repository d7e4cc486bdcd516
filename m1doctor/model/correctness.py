"""Facts from the parts of the work that compare TensorFlow's answers with known ones."""

from __future__ import annotations

from dataclasses import field

from m1doctor.model.record import record
from m1doctor.model.unknown import Unknown


@record(frozen=True, slots=True, kw_only=True)
class ProductAnswer:
    """One matrix product, its place and its answer."""

    size: int
    """n of an n x n float32 product."""
    device: str
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

    product: ProductAnswer | None = None
    pipeline: PipelineAnswer | None = None
    unknown: dict[str, Unknown] = field(default_factory=dict)
