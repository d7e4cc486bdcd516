"""MEM002 swapping-now: pages move to and from swap while the benchmark runs."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.bench.verdicts import swap_rate
from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.knowledge.thresholds import threshold
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level
from m1doctor.model.remedy import Remedy, manual
from m1doctor.model.unknown import Unknown


def judge(facts: Facts) -> Iterator[Finding]:
    """Report swap traffic between the first and the last sample."""
    rate = swap_rate(facts)
    if rate is None or facts.bench is None or facts.bench.load is None or rate <= threshold("swap-pages-per-second"):
        return
    load = facts.bench.load
    levels = sorted({sample.pressure for sample in load.samples if sample.pressure is not None})
    yield Finding(
        level=Level.WARNING,
        message=f"While the benchmark ran, {rate:.0f} pages a second moved to and from swap.",
        expected=f"fewer than {threshold('swap-pages-per-second'):.0f} pages a second",
        evidence=(
            f"{load.swapped_pages()} pages in {load.watched_seconds:.1f} s, in {len(load.samples)} samples",
            *([f"memory pressure meanwhile: {', '.join(levels)}"] if levels else []),
        ),
        remedy=Remedy(
            summary="Free memory before training.",
            steps=(
                manual("Close what uses most memory: Activity Monitor > Memory shows it."),
                manual("Make the batch smaller: the GPU's memory is the machine's memory."),
            ),
        ),
    )


def _applies(facts: Facts) -> Unknown | None:
    """Nothing is said where the counters could not be read, or not twice."""
    if swap_rate(facts) is not None:
        return None
    load = facts.bench.load if facts.bench else None
    reasons = load.unknown if load is not None else {}
    twice = Unknown("the work was over before swap could be counted twice")
    return reasons.get("samples") or reasons.get("swapouts") or twice


CHECK = Check(
    id="MEM002",
    slug="swapping-now",
    level=Level.WARNING,
    stage=Stage.MEMORY,
    needs=("bench.load",),
    after=("MEM001",),
    applies=_applies,
    judge=judge,
    passes="No swap traffic to speak of while the benchmark ran.",
    page=Page(
        what=(
            "The counters of pages that went to swap and came back were read while the benchmark ran. More than 200 "
            "pages a second moved. Swap that was used before and is left alone does not count."
        ),
        why=(
            "CPU and GPU share one memory. A training run that swaps waits for the disk at every step, and the load of "
            "the GPU goes to nothing while it does."
        ),
        see="Run `vm_stat 1` while you train and watch the columns `swapins` and `swapouts`.",
        fix="Close other programs, make the batch smaller, load less data into memory at once.",
        sources=(
            Source(
                "vm_stat(1): swapins and swapouts are counted since boot",
                "https://ss64.com/mac/vm_stat.html",
                "2026-11-23",
            ),
        ),
    ),
)
