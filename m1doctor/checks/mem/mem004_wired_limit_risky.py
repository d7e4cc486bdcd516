"""MEM004 wired-limit-risky: the GPU may take nearly all memory."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.checks.sizes import memory_size
from m1doctor.knowledge.thresholds import threshold
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level
from m1doctor.model.remedy import Remedy, manual


def judge(facts: Facts) -> Iterator[Finding]:
    """Report a limit that was set by hand to nearly the whole memory."""
    assert facts.memory is not None  # noqa: S101 - declared in `needs`
    assert facts.memory.wired_limit_bytes is not None  # noqa: S101 - likewise
    assert facts.memory.total_bytes is not None  # noqa: S101 - likewise
    limit, total = facts.memory.wired_limit_bytes, facts.memory.total_bytes
    share = limit / total
    if share < threshold("wired-limit-share"):
        return
    yield Finding(
        level=Level.WARNING,
        message=f"The GPU may wire {memory_size(limit)} of {memory_size(total)} ({share:.0%}), which leaves too little "
        "for the system.",
        expected=f"a limit below {threshold('wired-limit-share'):.0%} of memory, or 0 for the system's own",
        evidence=(f"iogpu.wired_limit_mb: {limit // 2**20}", f"hw.memsize: {total}"),
        remedy=Remedy(
            summary="Give the limit back to the system.",
            steps=(
                manual(
                    "Restart the Mac: the setting does not outlive a restart. Where a launch daemon sets it again, "
                    "remove "
                    "that from /Library/LaunchDaemons; an administrator can also set iogpu.wired_limit_mb to 0."
                ),
            ),
        ),
    )


CHECK = Check(
    id="MEM004",
    slug="wired-limit-risky",
    level=Level.WARNING,
    stage=Stage.MEMORY,
    needs=("memory.wired_limit_bytes", "memory.total_bytes"),
    judge=judge,
    passes="The GPU's memory limit leaves enough to the system.",
    page=Page(
        what="Somebody raised iogpu.wired_limit_mb, the memory that the GPU may hold for itself, to 90 % or more.",
        why=(
            "Memory that is wired cannot be compressed or swapped. With nearly all of it at the GPU's call, a large "
            "model "
            "leaves the system without room: it stops answering, or restarts."
        ),
        see="Run `sysctl iogpu.wired_limit_mb hw.memsize`. 0 is the system's own limit, not none.",
        fix="Restart, or have an administrator set it to 0; then choose a lower limit if one is needed at all.",
        sources=(
            Source(
                "Apple: recommendedMaxWorkingSetSize, the system's own limit",
                "https://developer.apple.com/documentation/metal/mtldevice/recommendedmaxworkingsetsize",
            ),
            Source("ml-explore/mlx-lm: large models", "https://github.com/ml-explore/mlx-lm#large-models"),
        ),
    ),
)
