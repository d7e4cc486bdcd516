"""MEM005 little-gpu-memory: the plugin's budget is small for the work asked."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.bench.verdicts import exhausted
from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.checks.target_run import applies_to_gpus
from m1doctor.knowledge.parts import part_words
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level
from m1doctor.model.remedy import Remedy, manual

_BUDGET = ("maxCacheSize:", "systemMemory:", "MB memory)")
"""What lines of TensorFlow's log on the memory of a device contain."""


def judge(facts: Facts) -> Iterator[Finding]:
    """Report every part that the device had no memory for, in one finding."""
    assert facts.runtime is not None  # noqa: S101 - declared in `needs`
    said = exhausted(facts)
    if not said:
        return
    names = ", ".join(part_words(name) or name for name in said)
    yield Finding(
        level=Level.WARNING,
        message=f"The GPU had no memory left while {names}: its budget is small for this work.",
        expected="room for products of 4096 x 4096, 200 MB",
        evidence=(
            *(f"{name}: {words.strip().splitlines()[0]}" for name, words in said.items() if words.strip()),
            *(line for line in facts.runtime.log_lines if any(word in line for word in _BUDGET)),
        ),
        remedy=Remedy(
            summary="Give the GPU more memory, or ask less of it.",
            steps=(
                manual("Close what else takes memory: the GPU's budget is a share of what the machine has."),
                manual("Make the batch smaller."),
                manual(
                    "See what `sysctl iogpu.wired_limit_mb` says: 0 is the default, a low limit was set by somebody."
                ),
            ),
        ),
    )


CHECK = Check(
    id="MEM005",
    slug="little-gpu-memory",
    level=Level.WARNING,
    stage=Stage.MEMORY,
    needs=("runtime",),
    after=("TF001", "TF002", "TF003", "TF004"),
    applies=applies_to_gpus,
    judge=judge,
    passes="The GPU had memory for all that was asked of it.",
    page=Page(
        what=(
            "TensorFlow raised ResourceExhaustedError while it worked on the GPU, for matrices and batches of at most "
            "some 200 MB. The plugin's budget is a share of the machine's memory; `maxCacheSize` in its log tells it."
        ),
        why="Real models need more than that: they will fail, or be cut into batches too small to be fast.",
        see="Look for `maxCacheSize` and `ResourceExhaustedError` in the log of a training run.",
        fix="Free memory, make batches smaller, and look whether somebody has set a low limit on wired GPU memory.",
        sources=(
            Source(
                "Apple: MTLDevice recommendedMaxWorkingSetSize, what a GPU may use without a loss",
                "https://developer.apple.com/documentation/metal/mtldevice/recommendedmaxworkingsetsize",
                "2026-11-20",
            ),
        ),
    ),
)
