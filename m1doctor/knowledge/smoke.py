"""What the smoke run does and how its answers are judged."""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path

from m1doctor.model.record import record

_DATA = Path(__file__).with_name("smoke.toml")


@record(frozen=True, slots=True, kw_only=True)
class MatmulPlan:
    """One n x n float32 product, repeated for a while."""

    size: int
    seconds: float
    """How long it is repeated."""
    most: int
    """How often at most."""
    warm_ups: int
    """Runs that are not timed."""
    tolerance_factor: float
    epsilon: float
    """Distance from 1 to the next float32."""
    source: str
    url: str
    date: str

    @property
    def relative_tolerance(self) -> float:
        """Largest believable error as a share of the largest value of the right answer."""
        return self.tolerance_factor * math.sqrt(self.size) * self.epsilon


@record(frozen=True, slots=True, kw_only=True)
class PipelinePlan:
    """One pass over a small tf.data pipeline."""

    elements: int
    batch: int
    source: str
    date: str


@record(frozen=True, slots=True, kw_only=True)
class SmokePlan:
    """The smoke run."""

    matmul: MatmulPlan
    pipeline: PipelinePlan


@cache
def smoke_plan() -> SmokePlan:
    """The plan of ``smoke.toml``."""
    import tomllib  # noqa: PLC0415 - only a run of the target needs it

    with _DATA.open("rb") as file:
        document = tomllib.load(file)
    return SmokePlan(matmul=MatmulPlan(**document["matmul"]), pipeline=PipelinePlan(**document["pipeline"]))
