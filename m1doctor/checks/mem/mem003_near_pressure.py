"""MEM003 near-pressure: memory is close to the line where the kernel warns."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.checks.sizes import memory_size
from m1doctor.knowledge.thresholds import threshold
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level
from m1doctor.model.memory import PressureLevel
from m1doctor.model.remedy import Remedy, manual


def judge(facts: Facts) -> Iterator[Finding]:
    """Report a ratio between the kernel's two lines while the level is normal still."""
    assert facts.memory is not None  # noqa: S101 - declared in `needs`
    assert facts.memory.pages is not None  # noqa: S101 - likewise
    pages = facts.memory.pages
    line = threshold("pressure-ratio-warn")
    if facts.memory.pressure is not PressureLevel.NORMAL or pages.pressure_ratio >= threshold("pressure-ratio-normal"):
        return
    yield Finding(
        level=Level.NOTE,
        message=f"Memory is close to the line where macOS warns: {memory_size(pages.available * pages.page_bytes)} "
        f"available against {memory_size(pages.compressor * pages.page_bytes)} compressed, a share of "
        f"{pages.pressure_ratio:.2f} where it warns below {line:.2f}.",
        expected=f"a share above {threshold('pressure-ratio-normal'):.2f}",
        evidence=(
            f"level {facts.memory.pressure} ({facts.memory.pressure_source})",
            f"vm_stat: {pages.available} pages of {pages.page_bytes} bytes available, {pages.compressor} compressed",
        ),
        remedy=Remedy(
            summary="Close other programs before a large training run.",
            steps=(manual("Look in Activity Monitor > Memory for what uses most, and close what is not needed."),),
        ),
    )


CHECK = Check(
    id="MEM003",
    slug="near-pressure",
    level=Level.NOTE,
    stage=Stage.MEMORY,
    needs=("memory.pages", "memory.pressure"),
    after=("MEM001",),
    judge=judge,
    passes="Memory is far from the line where macOS warns.",
    page=Page(
        what=(
            "The kernel still calls the pressure normal, but the share of memory that is not compressed, available / "
            "(available + compressor), is below 0.60. At 0.50 it warns."
        ),
        why="A training run that takes some gigabytes more will cross the line, and slow down from there.",
        see=(
            "Run `vm_stat`. Available is free + speculative + active + inactive; the compressor has a line of its own. "
            "Pages free alone says nothing: files in the cache fill it."
        ),
        fix="Close other programs before training.",
        sources=(
            Source(
                "xnu: the lines and their hysteresis (10/20 and 12/20)",
                "https://github.com/apple-oss-distributions/xnu/blob/xnu-11417.101.15/osfmk/vm/vm_pageout.c",
            ),
        ),
    ),
)
