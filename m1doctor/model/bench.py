"""Facts from the parts of the work that measure speed. Every sample is kept; what follows from them is in `bench/`."""

from __future__ import annotations

from dataclasses import field

from m1doctor.model.load import Load
from m1doctor.model.record import record
from m1doctor.model.unknown import Unknown


@record(frozen=True, slots=True, kw_only=True)
class ProductRun:
    """Chains of square matrix products of one dtype."""

    dtype: str
    size: int
    """n of the n x n matrices."""
    products: int
    """Products in one chain, each of the last one's answer."""
    seconds: tuple[float, ...]
    """Of each chain."""

    @property
    def flops(self) -> float:
        """Floating point operations of one chain."""
        return 2.0 * self.size**3 * self.products


@record(frozen=True, slots=True, kw_only=True)
class Matmul:
    """How fast matrices are multiplied."""

    device: str
    """``"GPU:0"`` or ``"CPU:0"``."""
    runs: tuple[ProductRun, ...]
    without_kernel: tuple[str, ...] = ()
    """The dtypes that the device cannot multiply itself."""
    exhausted: str | None = None
    """What TensorFlow said when the device had no memory left for a product; `None` where there was enough."""


@record(frozen=True, slots=True, kw_only=True)
class Launch:
    """A chain of small products, launched one by one and as one graph, in turns."""

    device: str
    ops: int
    """Products in one chain."""
    eager_seconds: tuple[float, ...]
    """Of each chain, one by one."""
    graph_seconds: tuple[float, ...]
    """Of each chain, as one `tf.function`; in the order of `eager_seconds`, so that they make pairs."""


@record(frozen=True, slots=True, kw_only=True)
class BatchRun:
    """Training steps at one batch size."""

    batch: int
    seconds: tuple[float, ...]
    """Of each step; those of one round are at one place in each run."""


@record(frozen=True, slots=True, kw_only=True)
class Sweep:
    """A training step at b, 2b and 4b examples, with data that is there already."""

    device: str
    width: int
    """Of each layer."""
    layers: int
    runs: tuple[BatchRun, ...]
    """The smallest batch first."""
    exhausted: str | None = None
    """What TensorFlow said when the device had no memory left for the next batch size."""


@record(frozen=True, slots=True, kw_only=True)
class PipelineRun:
    """Steps behind one input pipeline."""

    pipeline: str
    """``"synthetic"`` (one batch, again and again), ``"good"`` (parallel, ahead of the step), ``"naive"`` (a loop in
    Python that decodes between the steps), ``"serial"`` (one picture at a time), ``"cached"`` (after decoding)."""
    seconds: tuple[float, ...]
    """Of each sample of several steps; those of one round are at one place in each run."""
    waited_seconds: tuple[float, ...]
    """Of it, blocked in `next`."""


@record(frozen=True, slots=True, kw_only=True)
class PipelineStage:
    """One stage of a tf.data pipeline as TensorFlow's autotuner has seen it."""

    name: str
    """``"ParallelMapV2"``."""
    elements: int
    busy_seconds: float
    """Summed over its threads."""


@record(frozen=True, slots=True, kw_only=True)
class Input:
    """The same step behind several input pipelines, in turns."""

    device: str
    batch: int
    """Pictures before a step."""
    steps: int
    """Steps in one sample."""
    runs: tuple[PipelineRun, ...]
    stages: tuple[PipelineStage, ...] = ()
    """Of the good pipeline; empty where this TensorFlow does not tell."""

    def run(self, pipeline: str) -> PipelineRun | None:
        """The run of that pipeline; `None` where it was not asked for."""
        return next((run for run in self.runs if run.pipeline == pipeline), None)


@record(frozen=True, slots=True, kw_only=True)
class Bench:
    """What was measured. A field is the part of its name, but for the load, which was watched meanwhile."""

    matmul: Matmul | None = None
    launch: Launch | None = None
    sweep: Sweep | None = None
    input: Input | None = None
    load: Load | None = None
    unknown: dict[str, Unknown] = field(default_factory=dict)
