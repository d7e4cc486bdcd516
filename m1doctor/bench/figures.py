"""The figures of a benchmark: what each of its parts says in one number with an interval."""

from __future__ import annotations

from m1doctor.bench.statistics import Estimate, median, ratio
from m1doctor.model.bench import Bench, Input, Launch, Matmul, ProductRun, Sweep

FLOAT32 = "float32"


def product_of(matmul: Matmul, dtype: str = FLOAT32) -> ProductRun | None:
    """The products of that dtype; `None` where there are none."""
    return next((run for run in matmul.runs if run.dtype == dtype and run.seconds), None)


def best_speed(run: ProductRun) -> float:
    """Floating point operations a second of the best sample: what the device is capable of."""
    return run.flops / min(run.seconds)


def median_speed(run: ProductRun) -> float:
    """Floating point operations a second of the median sample: what it does in the long run."""
    return run.flops / median(run.seconds)


def seconds_a_launch(launch: Launch) -> float | None:
    """What one small op costs within a graph; `None` without samples."""
    return median(launch.graph_seconds) / launch.ops if launch.graph_seconds else None


def eager_factor(launch: Launch) -> Estimate | None:
    """How many times as long small ops take when each is launched by itself."""
    return ratio(launch.eager_seconds, launch.graph_seconds)


def fixed_share(sweep: Sweep) -> Estimate | None:
    """Share of the smallest batch's step that does not grow with the batch: 1 where all of it is launches.

    A step that takes a + c x batch takes r times as long at f times the batch; a is then (f - r) / (f - 1) of it.
    """
    if len(sweep.runs) < 2:  # noqa: PLR2004 - growth takes two
        return None
    small, large = sweep.runs[0], sweep.runs[-1]
    factor = large.batch / small.batch
    growth = ratio(large.seconds, small.seconds)
    if growth is None:
        return None
    return Estimate(
        value=_bounded((factor - growth.value) / (factor - 1)),
        low=_bounded((factor - growth.high) / (factor - 1)),
        high=_bounded((factor - growth.low) / (factor - 1)),
        samples=growth.samples,
    )


def _bounded(share: float) -> float:
    """A share; beyond its bounds lies what takes more than proportional time, or less than none."""
    return min(max(share, 0.0), 1.0)


def growth_beyond_proportion(sweep: Sweep) -> Estimate | None:
    """How the last doubling of the batch lengthens the step, over what twice the work explains: 1 is in proportion."""
    if len(sweep.runs) < 2:  # noqa: PLR2004 - growth takes two
        return None
    before, last = sweep.runs[-2:]
    factor = last.batch / before.batch
    growth = ratio(last.seconds, before.seconds)
    if growth is None:
        return None
    return Estimate(
        value=growth.value / factor, low=growth.low / factor, high=growth.high / factor, samples=growth.samples
    )


def waiting_share(fed: Input, pipeline: str = "good") -> Estimate | None:
    """Share of the time that is spent blocked in `next`; `None` where that pipeline was not asked for."""
    run = fed.run(pipeline)
    return None if run is None else ratio(run.waited_seconds, run.seconds)


def slowdown(fed: Input, pipeline: str = "good", against: str = "synthetic") -> Estimate | None:
    """How many times as long steps take behind one pipeline as behind another."""
    run, other = fed.run(pipeline), fed.run(against)
    return None if run is None or other is None else ratio(run.seconds, other.seconds)


def slowest_stage(fed: Input) -> tuple[str, float] | None:
    """The stage that was busy longest, and its share of all of it; `None` where TensorFlow does not tell."""
    total = sum(stage.busy_seconds for stage in fed.stages)
    if total <= 0:
        return None
    slowest = max(fed.stages, key=lambda stage: stage.busy_seconds)
    return slowest.name, slowest.busy_seconds / total


def filling_batch(sweep: Sweep) -> float | None:
    """The batch at which half of the step is work: below it, most of the step is launches. `None` where not to tell."""
    share = fixed_share(sweep)
    if share is None or share.value >= 1:
        return None
    return sweep.runs[0].batch * share.value / (1 - share.value)


def speeds(bench: Bench) -> dict[str, float]:
    """The figures that later runs are compared by, by name; the higher the better."""
    found = {f"{run.dtype} products (FLOP/s)": best_speed(run) for run in (bench.matmul.runs if bench.matmul else ())}
    each = seconds_a_launch(bench.launch) if bench.launch is not None else None
    if each:
        found["launches (ops/s)"] = 1 / each
    return found
