"""Facts from the smoke run: one matmul and one small tf.data pipeline in the target."""

from __future__ import annotations

from dataclasses import dataclass, field

from m1doctor.model.runtime import ChildOutcome
from m1doctor.model.unknown import Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class MatmulRun:
    """One matrix product, its place and its answer."""

    size: int
    """n of an n x n float32 product."""
    device: str
    seconds: float
    """Best of the timed products."""
    largest_error: float
    """Largest absolute difference from NumPy's float64 answer."""
    tolerance: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineRun:
    """One pass over a small tf.data pipeline."""

    elements: int
    expected_elements: int
    checksum_matches: bool
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Smoke:
    """The first smoke run."""

    outcome: ChildOutcome
    matmul: MatmulRun | None = None
    pipeline: PipelineRun | None = None
    unknown: dict[str, Unknown] = field(default_factory=dict)
