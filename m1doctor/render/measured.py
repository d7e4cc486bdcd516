"""The plots of a report: memory as it was found, what was measured, and the machine while the work ran."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from m1doctor.bench.figures import waiting_share
from m1doctor.checks.sizes import memory_size
from m1doctor.model.bench import Bench, Input, Launch, Matmul, Sweep
from m1doctor.model.facts import Facts
from m1doctor.model.load import Load, LoadSample
from m1doctor.model.memory import Memory, PressureLevel
from m1doctor.render.elements import element
from m1doctor.render.plots import Band, Line, Share, Strip, over_time, samples, shares

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_FEW = 2
"""Points below which nothing can be drawn over time."""
_LEVELS = (PressureLevel.NORMAL, PressureLevel.WARN, PressureLevel.CRITICAL)
_GIGA = 1e9


def plots(facts: Facts) -> Iterator[Element]:
    """Every plot that the facts allow: the machine, its speed, the machine at work."""
    if facts.memory is not None:
        yield from _memory(facts.memory)
    if facts.bench is not None:
        yield from _speeds(facts.bench)
        if facts.bench.load is not None and len(facts.bench.load.samples) >= _FEW:
            yield from _load(facts.bench.load)


def _memory(memory: Memory) -> Iterator[Element]:
    pages = memory.pages
    if pages is not None:
        amounts = (
            ("wired", pages.wired),
            ("compressed", pages.compressor),
            ("in use or cached", pages.active + pages.inactive + pages.speculative),
            ("free", pages.free),
        )
        pieces = [(name, count * pages.page_bytes) for name, count in amounts]
    elif memory.total_bytes is not None and memory.available_bytes is not None:
        pieces = [("in use", memory.total_bytes - memory.available_bytes), ("available", memory.available_bytes)]
    else:
        return
    told = [Share(name=name, amount=amount, told=memory_size(amount)) for name, amount in pieces]
    yield shares("Memory", _says(memory), told)


def _says(memory: Memory) -> str:
    pressure = f"Pressure: {memory.pressure.value}." if memory.pressure is not None else "Pressure: unknown."
    if memory.swap_used_bytes is None:
        return pressure
    return f"{pressure} Swap used: {memory_size(memory.swap_used_bytes)}."


# -- samples


def _speeds(bench: Bench) -> Iterator[Element]:
    if bench.matmul is not None and bench.matmul.runs:
        yield _products(bench.matmul)
    if bench.launch is not None:
        yield _launches(bench.launch)
    if bench.sweep is not None and bench.sweep.runs:
        yield _steps(bench.sweep)
    if bench.input is not None and bench.input.runs:
        yield _pipelines(bench.input)


def _products(matmul: Matmul) -> Element:
    strips = [
        Strip(name=f"{run.dtype}, {run.size}", samples=tuple(run.flops / each / _GIGA for each in run.seconds))
        for run in matmul.runs
    ]
    says = f"On {matmul.device}. Each sample is a mark, the tall one is the median; further right is faster."
    return samples("Matrix products", says, strips, unit="GFLOP/s")


def _launches(launch: Launch) -> Element:
    strips = [
        Strip(name=name, samples=tuple(seconds / launch.ops * 1e6 for seconds in every))
        for name, every in (("one by one", launch.eager_seconds), ("as one graph", launch.graph_seconds))
    ]
    says = f"The time of each of {launch.ops} in a row on {launch.device}; further left is faster."
    return samples("Small operations", says, strips, unit="µs")


def _steps(sweep: Sweep) -> Element:
    strips = [
        Strip(name=f"batch {run.batch}", samples=tuple(run.batch / seconds for seconds in run.seconds))
        for run in sweep.runs
    ]
    says = f"On {sweep.device}, {sweep.layers} layers of {sweep.width}; further right is faster."
    return samples("A training step by batch size", says, strips, unit="examples/s")


def _pipelines(fed: Input) -> Element:
    strips = []
    for run in fed.runs:
        waiting = waiting_share(fed, run.pipeline)
        waits = f", waits {waiting.value:.0%}" if waiting is not None else ""
        strips.append(
            Strip(name=f"{run.pipeline}{waits}", samples=tuple(1e3 * each / fed.steps for each in run.seconds))
        )
    says = f"The same step on {fed.device}, {fed.batch} pictures before each; further left is faster."
    return samples("A step behind input pipelines", says, strips, unit="ms")


# -- over time


def _load(load: Load) -> Iterator[Element]:
    bands = _bands(load)
    busy = [line for line in (_gpu_share(load), _gpu_busy(load)) if line is not None]
    if busy:
        says = f"The share of the time in which the GPU had work: {', '.join(f'of {line.name}' for line in busy)}."
        yield over_time("GPU load", says, busy, top=100, top_words="100 %", bands=bands)
    swapped = _swapped(load)
    if swapped is not None:
        top = max(y for _, y in swapped.points)
        says = f"Pages to and from swap while the work ran: {load.swapped_pages() or 0:,} in all."
        if top > 0:
            yield over_time("Swap", says, [swapped], top=top, top_words=f"{top:,.0f} pages/s", bands=bands)
        else:
            yield _sentence("Swap", says)
    levels = [(each.seconds, float(_LEVELS.index(each.pressure))) for each in load.samples if each.pressure is not None]
    if len(levels) >= _FEW:
        worst = _LEVELS[int(max(y for _, y in levels))]
        says = f"The kernel's own level while the work ran, at worst {worst.value}."
        if worst is PressureLevel.NORMAL:
            yield _sentence("Memory pressure", says)
        else:
            line = Line(name="pressure", points=tuple(levels), steps=True)
            says = f"{says} The dashed line is warn."
            yield over_time("Memory pressure", says, [line], top=len(_LEVELS) - 1, top_words="critical", bands=bands)


def _sentence(title: str, says: str) -> Element:
    """What would be a flat line, in words."""
    return element("p", element("strong", title), f" {says}")


def _bands(load: Load) -> list[Band]:
    """The parts of the work, each from its first sample to that of the next."""
    starts: list[LoadSample] = []
    for sample in load.samples:
        if not starts or starts[-1].part != sample.part:
            starts.append(sample)
    ends = [*(sample.seconds for sample in starts[1:]), load.samples[-1].seconds]
    return [Band(name=start.part, start=start.seconds, end=end) for start, end in zip(starts, ends, strict=True)]


def _gpu_share(load: Load) -> Line | None:
    """GPU time of this process between one sample and the next, in percent."""
    counted = [
        (each.seconds, each.gpu_nanoseconds / _GIGA) for each in load.samples if each.gpu_nanoseconds is not None
    ]
    return _line("this process", [(x, 100 * y) for x, y in _per_second(counted)])


def _gpu_busy(load: Load) -> Line | None:
    looked = [
        (each.seconds, float(each.gpu_busy_percent)) for each in load.samples if each.gpu_busy_percent is not None
    ]
    return _line("all processes", looked)


def _swapped(load: Load) -> Line | None:
    """Pages a second between one sample and the next."""
    counted = [
        (each.seconds, float(each.swapins + each.swapouts))
        for each in load.samples
        if each.swapins is not None and each.swapouts is not None
    ]
    return _line("pages", _per_second(counted))


def _per_second(counted: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """How fast a counter rose between one moment and the next."""
    return [(x, (y - before) / (x - earlier)) for (earlier, before), (x, y) in pairwise(counted) if x > earlier]


def _line(name: str, points: list[tuple[float, float]]) -> Line | None:
    return Line(name=name, points=tuple(points)) if len(points) >= _FEW else None
