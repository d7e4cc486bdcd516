"""The benchmark drawn in text: the verdicts, then what each part measured."""

from __future__ import annotations

from m1doctor.bench.figures import (
    best_speed,
    eager_factor,
    fixed_share,
    median_speed,
    product_of,
    seconds_a_launch,
    waiting_share,
)
from m1doctor.bench.peak import Peak, peak_of
from m1doctor.bench.statistics import Estimate, median
from m1doctor.bench.verdicts import Holding, peak_share, speed_words, verdicts
from m1doctor.model.bench import Bench, Input, Launch, Matmul, Sweep
from m1doctor.model.facts import Facts
from m1doctor.render.drawing import bar, sparkline
from m1doctor.render.page import Canvas, styled
from m1doctor.render.plain import plain

BAR_CELLS = 28
SPARK_CELLS = 24
_CALM = {Holding.COMPUTE_BOUND, Holding.ON_CPU}


def tell_bench(page: Canvas, facts: Facts) -> None:
    """Draw what was measured; nothing where nothing was."""
    bench = facts.bench
    if bench is None or not any((bench.matmul, bench.launch, bench.sweep, bench.input)):
        return
    page.gap()
    page.add("Benchmark", style="bold")
    for verdict in verdicts(facts):
        style = "green" if verdict.holding in _CALM else "yellow"
        lead = styled("  ") + styled(verdict.holding, f"bold {style}" if verdict.sure else style)
        page.add(f" {'' if verdict.sure else '(unsure) '}{plain(verdict.figure)}", lead=lead)
        if verdict.change:
            page.add(plain(verdict.change), indent=4, style="dim")
    if bench.matmul is not None:
        _matmul(page, facts, bench.matmul)
    if bench.launch is not None:
        _launch(page, bench.launch)
    if bench.sweep is not None:
        _sweep(page, bench.sweep)
    if bench.input is not None:
        _input(page, bench.input)
    _load(page, bench)
    page.gap()


def _matmul(page: Canvas, facts: Facts, matmul: Matmul) -> None:
    page.gap()
    page.add(f"Matrix products on {matmul.device}: best, median, samples", indent=2)
    for run in matmul.runs:
        speed = f"{speed_words(best_speed(run)):>13} {speed_words(median_speed(run)):>13}"
        page.whole(f"{run.dtype:<9}{run.size:>5} {speed}  {sparkline(run.seconds, SPARK_CELLS)}", indent=4)
    peak, share = peak_of(facts), peak_share(facts)
    if share is not None and isinstance(peak, Peak):
        # A roofline with one roof: what was reached of what the chip can do.
        page.whole(f"peak     {bar(share, BAR_CELLS)} {share:.0%} of {speed_words(peak.flops_per_second)}", indent=4)
        page.add(f"{peak.cores} cores at {peak.clock_hz / 1e9:.3f} GHz, {plain(peak.source)}", indent=13, style="dim")
    elif isinstance(peak, str) and product_of(matmul) is not None and matmul.device.startswith("GPU"):
        page.add(f"peak unknown: {plain(peak)}", indent=4, style="dim")
    if matmul.without_kernel:
        page.add(f"no kernel on {matmul.device} for {', '.join(matmul.without_kernel)}", indent=4, style="dim")


def _launch(page: Canvas, launch: Launch) -> None:
    each, eager = seconds_a_launch(launch), eager_factor(launch)
    if each is None or eager is None:
        return
    page.gap()
    page.add(f"Small ops on {launch.device}", indent=2)
    page.add(f"{each * 1e6:.1f} us each in a tf.function, {_times(eager)} as long one by one", indent=4)


def _sweep(page: Canvas, sweep: Sweep) -> None:
    page.gap()
    page.add(f"A training step on {sweep.device}, {sweep.layers} layers of {sweep.width}, by batch size", indent=2)
    middles = [(run, median(run.seconds)) for run in sweep.runs if run.seconds]
    longest = max((seconds for _, seconds in middles), default=0.0)
    for run, seconds in middles:
        page.whole(f"{run.batch:>6}  {seconds * 1e3:>7.1f} ms  {bar(seconds / longest, BAR_CELLS)}", indent=4)
    share = fixed_share(sweep)
    if share is not None:
        page.add(f"{_percent(share)} of the smallest does not grow with the batch", indent=4, style="dim")


def _input(page: Canvas, fed: Input) -> None:
    page.gap()
    page.add(f"The same step behind pipelines, {fed.batch} pictures each: length, and the share that waits", indent=2)
    middles = [(run, median(run.seconds) / fed.steps) for run in fed.runs if run.seconds]
    longest = max((seconds for _, seconds in middles), default=0.0)
    for run, seconds in middles:
        waiting = waiting_share(fed, run.pipeline)
        waits = f"{waiting.value:>4.0%}" if waiting is not None else ""
        drawn = bar(seconds / longest, BAR_CELLS)
        page.whole(f"{run.pipeline:<10}{seconds * 1e3:>7.1f} ms  {drawn} {waits}", indent=4)


def _load(page: Canvas, bench: Bench) -> None:
    load = bench.load
    if load is None or not load.samples:
        return
    words = []
    for part in ("matmul", "sweep", "input"):
        share = load.gpu_share(part)
        if share is not None:
            words.append(f"GPU work {min(share, 1.0):.0%} of the time of {part}")
    pages = load.swapped_pages()
    if pages is not None:
        words.append(f"{pages} pages to and from swap")
    levels = sorted({sample.pressure for sample in load.samples if sample.pressure is not None})
    if levels:
        words.append(f"memory pressure {', '.join(levels)}")
    if words:
        page.gap()
        page.items(words, "; ", lead="  Meanwhile: ", style="dim")


def _percent(known: Estimate) -> str:
    return f"{known.value:.0%} ({known.low:.0%} to {known.high:.0%})"


def _times(known: Estimate) -> str:
    return f"{known.value:.1f} times ({known.low:.1f} to {known.high:.1f})"
