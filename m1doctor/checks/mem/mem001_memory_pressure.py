"""MEM001 memory-pressure: the kernel itself says that memory is short."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.checks.sizes import memory_size
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level
from m1doctor.model.memory import Memory, PressureLevel
from m1doctor.model.remedy import Remedy, manual

_LEVELS = {PressureLevel.WARN: Level.WARNING, PressureLevel.CRITICAL: Level.ERROR}


def judge(facts: Facts) -> Iterator[Finding]:
    """Report the levels warn and critical."""
    assert facts.memory is not None  # noqa: S101 - declared in `needs`
    assert facts.memory.pressure is not None  # noqa: S101 - likewise
    memory = facts.memory
    level = _LEVELS.get(facts.memory.pressure)
    if level is None:
        return
    size = f" of {memory_size(memory.total_bytes)}" if memory.total_bytes else ""
    consequence = (
        "processes are being slowed down and may be ended"
        if level is Level.ERROR
        else "the system compresses and swaps, and training slows down"
    )
    yield Finding(
        level=level,
        message=f"Memory{size} is short ({memory.pressure}): {consequence}.",
        expected="normal memory pressure",
        evidence=tuple(_evidence(memory)),
        remedy=Remedy(
            summary="Free memory, or ask for less of it.",
            steps=(
                manual("Close what uses much memory: Activity Monitor > Memory, sorted by Memory (top on Linux)."),
                manual("Use a smaller batch size, and stream data with tf.data instead of holding it in memory."),
            ),
        ),
    )


def _evidence(memory: Memory) -> Iterator[str]:
    yield f"level {memory.pressure} ({memory.pressure_source})"
    if memory.pages is not None:
        yield f"available / (available + compressor) = {memory.pages.pressure_ratio:.2f}"
    if memory.available_bytes is not None:
        yield f"available {memory_size(memory.available_bytes)}"
    if memory.compressor_bytes is not None:
        yield f"compressor {memory_size(memory.compressor_bytes)}"
    if memory.swap_used_bytes is not None:
        yield f"swap used {memory_size(memory.swap_used_bytes)}"


CHECK = Check(
    id="MEM001",
    slug="memory-pressure",
    level=Level.ERROR,
    stage=Stage.MEMORY,
    needs=("memory.pressure",),
    judge=judge,
    passes="The system reports normal memory pressure.",
    page=Page(
        what=(
            "The kernel's own memory pressure level is warn or critical: the colours yellow and red of Activity "
            "Monitor. "
            "On Linux the share of time that tasks wait for memory (PSI) takes its place."
        ),
        why=(
            "Apple silicon shares one memory between processor and GPU. Under pressure the system compresses and swaps "
            "what TensorFlow works on; at critical it ends processes, and a training run is simply gone."
        ),
        see=(
            "Run `sysctl kern.memorystatus_vm_pressure_level`: 1 normal, 2 warn, 4 critical. `memory_pressure -Q` "
            "prints "
            "a free percentage, which counts pages in use as free and never says normal or not."
        ),
        fix=(
            "Close other programs, lower the batch size, stream the data. Free pages alone mean nothing: files fill "
            "them."
        ),
        sources=(
            Source(
                "xnu: memory pressure levels",
                "https://github.com/apple-oss-distributions/xnu/blob/xnu-11417.101.15/osfmk/vm/vm_pageout.c",
            ),
            Source(
                "Apple Support: view memory usage in Activity Monitor",
                "https://support.apple.com/guide/activity-monitor/view-memory-usage-actmntr1004/mac",
            ),
            Source("Linux kernel: PSI", "https://docs.kernel.org/accounting/psi.html"),
        ),
    ),
)
