"""What holds the work back, in plain words: each verdict with its figure, how sure it is, and what to change.

A verdict needs its whole interval on one side of its line; where the interval crosses the line, it is unsure.
"""

from __future__ import annotations

from enum import StrEnum

from m1doctor.bench.figures import (
    best_speed,
    filling_batch,
    fixed_share,
    growth_beyond_proportion,
    median_speed,
    product_of,
    slowdown,
    slowest_stage,
    waiting_share,
)
from m1doctor.bench.peak import Peak, peak_of
from m1doctor.bench.statistics import Estimate, Side, side
from m1doctor.knowledge.thresholds import threshold
from m1doctor.model.facts import Facts
from m1doctor.model.power import ThermalPressure
from m1doctor.model.record import record


class Holding(StrEnum):
    """What holds the work back, or that nothing does."""

    ON_CPU = "on the CPU"
    SHORT_OF_MEMORY = "short of memory"
    THROTTLED = "throttled"
    SLOW = "slow"
    LAUNCH_BOUND = "launch-bound"
    INPUT_BOUND = "input-bound"
    COMPUTE_BOUND = "compute-bound"
    """The healthy one: the GPU computes all the time."""


@record(frozen=True, slots=True, kw_only=True)
class LoadVerdict:
    """One verdict."""

    holding: Holding
    sure: bool
    figure: str
    """What was measured, with its interval."""
    change: str
    """What to change; empty where there is nothing to."""


def verdicts(facts: Facts) -> tuple[LoadVerdict, ...]:
    """All that can be said of what was measured, the gravest first; none where nothing was."""
    found = [
        judged
        for judge in (on_cpu, short_of_memory, throttled, slow, launch_bound, input_bound)
        if (judged := judge(facts)) is not None
    ]
    if not any(each.sure for each in found) and (healthy := compute_bound(facts)) is not None:
        found.insert(0, healthy)
    return tuple(found)


def on_gpu(facts: Facts) -> bool:
    """Whether the work was given to a GPU."""
    return _device(facts).startswith("GPU")


def on_cpu(facts: Facts) -> LoadVerdict | None:
    """TensorFlow has no GPU here."""
    device = _device(facts)
    if not device.startswith("CPU"):
        return None
    run = product_of(facts.bench.matmul) if facts.bench and facts.bench.matmul else None
    figure = f"{speed_words(best_speed(run))} in float32 products of size {run.size}" if run else device
    return LoadVerdict(
        holding=Holding.ON_CPU,
        sure=True,
        figure=figure,
        change="" if facts.host and facts.host.apple_silicon is not True else "Mend what keeps the GPU away first.",
    )


def short_of_memory(facts: Facts) -> LoadVerdict | None:
    """The machine swaps, the device has no memory left, or steps take more than proportional time."""
    bench = facts.bench
    if bench is None:
        return None
    change = "Make the batch smaller, close what else takes memory, or keep fewer tensors alive."
    if (rate := swap_rate(facts)) is not None and rate > threshold("swap-pages-per-second"):
        figure = f"{rate:.0f} pages a second to and from swap while it ran"
        return LoadVerdict(holding=Holding.SHORT_OF_MEMORY, sure=True, figure=figure, change=change)
    if names := ", ".join(exhausted(facts)):
        figure = f"the device had no memory left in {names}"
        return LoadVerdict(holding=Holding.SHORT_OF_MEMORY, sure=True, figure=figure, change=change)
    growth = growth_beyond_proportion(bench.sweep) if bench.sweep and on_gpu(facts) else None
    if growth is None or side(growth, threshold("growth-beyond-proportion")) is not Side.ABOVE:
        return None
    figure = f"twice the batch takes {_times(_scaled(growth, 2))} as long"
    return LoadVerdict(holding=Holding.SHORT_OF_MEMORY, sure=True, figure=figure, change=change)


def throttled(facts: Facts) -> LoadVerdict | None:
    """The system itself says that it holds the clock down."""
    samples = facts.bench.load.samples if facts.bench and facts.bench.load else ()
    hot = [each.thermal_pressure for each in samples if each.thermal_pressure not in (None, ThermalPressure.NOMINAL)]
    if hot:
        figure = f"thermal pressure {hot[-1]} while it ran"
        return LoadVerdict(holding=Holding.THROTTLED, sure=True, figure=figure, change="Let the machine cool down.")
    if facts.bench and facts.bench.matmul and facts.power and facts.power.low_power_mode:
        figure = "low power mode is on"
        return LoadVerdict(holding=Holding.THROTTLED, sure=True, figure=figure, change="Switch low power mode off.")
    return None


def slow(facts: Facts) -> LoadVerdict | None:
    """The GPU multiplies far below what its chip does."""
    share = peak_share(facts)
    if share is None or share >= threshold("matmul-slow-share"):
        return None
    return LoadVerdict(
        holding=Holding.SLOW,
        sure=True,
        figure=f"{share:.0%} of the chip's peak",
        change="Look for another user of the GPU, low power mode, heat.",
    )


def launch_bound(facts: Facts) -> LoadVerdict | None:
    """Most of a step is the launching of its ops."""
    sweep = facts.bench.sweep if facts.bench else None
    share = fixed_share(sweep) if sweep is not None and on_gpu(facts) else None
    where = side(share, threshold("fixed-share")) if share is not None else Side.BELOW
    if sweep is None or share is None or where is Side.BELOW:
        return None
    filling = filling_batch(sweep)
    to = f" to {filling:.0f} or more" if filling is not None and filling > sweep.runs[0].batch else ""
    return LoadVerdict(
        holding=Holding.LAUNCH_BOUND,
        sure=where is Side.ABOVE,
        figure=f"{_percent(share)} of a step at batch {sweep.runs[0].batch} does not grow with the batch",
        change=f"Raise the batch{to}; give `steps_per_execution` to `compile`; put the step into a `tf.function`.",
    )


def input_bound(facts: Facts) -> LoadVerdict | None:
    """The step waits for its data, even behind a good pipeline; or the pipeline takes the machine from the step."""
    fed = facts.bench.input if facts.bench else None
    waiting = waiting_share(fed) if fed is not None and on_gpu(facts) else None
    where = side(waiting, threshold("input-wait-share")) if waiting is not None else Side.BELOW
    if fed is None or waiting is None or where is Side.BELOW:
        return None
    stage = slowest_stage(fed)
    named = f", {stage[1]:.0%} of the pipeline's work in {stage[0]}" if stage else ""
    return LoadVerdict(
        holding=Holding.INPUT_BOUND,
        sure=where is Side.ABOVE,
        figure=f"{_percent(waiting)} of the time of a step is spent waiting for the next batch{named}",
        change="Decode in parallel, keep decoded data (`cache`), make batches before mapping, use smaller pictures.",
    )


def compute_bound(facts: Facts) -> LoadVerdict | None:
    """The GPU computes, and nothing else holds it back."""
    run = product_of(facts.bench.matmul) if facts.bench and facts.bench.matmul else None
    if run is None or not on_gpu(facts):
        return None
    share = peak_share(facts)
    of_peak = f", {share:.0%} of the chip's peak" if share is not None else ""
    return LoadVerdict(
        holding=Holding.COMPUTE_BOUND, sure=True, figure=f"{speed_words(best_speed(run))}{of_peak}", change=""
    )


def peak_share(facts: Facts) -> float | None:
    """The best float32 product as a share of the chip's peak; `None` where either is not known."""
    run = product_of(facts.bench.matmul) if facts.bench and facts.bench.matmul else None
    peak = peak_of(facts)
    if run is None or not isinstance(peak, Peak) or not on_gpu(facts):
        return None
    return best_speed(run) / peak.flops_per_second


def exhausted(facts: Facts) -> dict[str, str]:
    """What TensorFlow said where the device had no memory left, by part."""
    ends = facts.runtime.parts if facts.runtime is not None else ()
    said = {end.stage or "": end.exception_message or "" for end in ends if end.out_of_memory}
    if facts.bench is not None:
        measured = {"matmul": facts.bench.matmul, "sweep": facts.bench.sweep}
        said |= {name: part.exhausted for name, part in measured.items() if part and part.exhausted is not None}
    return said


def swap_rate(facts: Facts) -> float | None:
    """Pages a second to and from swap while the work ran; `None` where they were not counted."""
    load = facts.bench.load if facts.bench else None
    pages = load.swapped_pages() if load is not None else None
    if load is None or pages is None or load.watched_seconds <= 0:
        return None
    return pages / load.watched_seconds


def speed_words(flops: float) -> str:
    """``"2.31 TFLOP/s"``, or in GFLOP/s below one."""
    return f"{flops / 1e12:.2f} TFLOP/s" if flops >= 1e12 else f"{flops / 1e9:.0f} GFLOP/s"  # noqa: PLR2004 - tera


def unsure(facts: Facts) -> tuple[str, ...]:
    """What the measurements do not settle, a clause each: intervals across a line, and samples that differ too much."""
    clauses = [f"{each.holding}: {each.figure}" for each in verdicts(facts) if not each.sure]
    run = product_of(facts.bench.matmul) if facts.bench and facts.bench.matmul else None
    if run is not None and on_gpu(facts):
        gap = best_speed(run) / median_speed(run) - 1
        if gap > threshold("spread-unstable"):
            clauses.append(f"the best product is {gap:.0%} faster than the median one")
    return tuple(clauses)


def steals_from_the_step(facts: Facts) -> Estimate | None:
    """How much longer a step takes behind a good pipeline, where that is surely too much though it never waits."""
    fed = facts.bench.input if facts.bench else None
    if fed is None or not on_gpu(facts):
        return None
    longer = slowdown(fed)
    return longer if longer is not None and side(longer, threshold("input-slowdown")) is Side.ABOVE else None


def _device(facts: Facts) -> str:
    bench = facts.bench
    parts = (bench.matmul, bench.launch, bench.sweep, bench.input) if bench is not None else ()
    return next((part.device for part in parts if part is not None), "")


def _percent(known: Estimate) -> str:
    return f"{known.value:.0%} ({known.low:.0%} to {known.high:.0%})"


def _times(known: Estimate) -> str:
    return f"{known.value:.1f} times ({known.low:.1f} to {known.high:.1f})"


def _scaled(known: Estimate, factor: float) -> Estimate:
    return Estimate(value=known.value * factor, low=known.low * factor, high=known.high * factor, samples=known.samples)
