"""MEM007 killed-for-memory: the system killed the process, as far as can be told for want of memory."""

from __future__ import annotations

from m1doctor.checks.check import Check, Page, Source, Stage, nothing_by_itself
from m1doctor.checks.testimony import unless_told
from m1doctor.model.finding import Level

CHECK = Check(
    id="MEM007",
    slug="killed-for-memory",
    level=Level.ERROR,
    stage=Stage.MEMORY,
    needs=("log",),
    applies=unless_told,
    judge=nothing_by_itself,
    passes="The log speaks of no process that was killed.",
    page=Page(
        what=(
            "A process was ended by SIGKILL from outside: a shell says `killed` or `Killed: 9`, a run "
            "configuration exit code 137 or -9. Where the system's own log says so, memory is the reason; the "
            "shell's word alone makes it the first suspect."
        ),
        why=(
            "macOS has no out-of-memory exception for a process to catch: it compresses, swaps, and when that is "
            "used up ends the largest process. Nothing is written, and a notebook only says that its kernel died."
        ),
        see=(
            "Run `log show --last 1h --predicate 'eventMessage contains \"memorystatus\"'`, or watch "
            "`memory_pressure` while the same work runs again."
        ),
        fix=(
            "Make the work smaller: batch size, image size, what is cached or shuffled in memory. Where the "
            "process dies within a second of its start, look for CODESIGNING in the newest crash report instead: "
            "macOS kills a process at once that maps a library with a broken signature."
        ),
        sources=(
            Source(
                "xnu: kern_memorystatus.c",
                "https://github.com/apple-oss-distributions/xnu/blob/xnu-11417.101.15/bsd/kern/kern_memorystatus.c",
                "2026-11-24",
            ),
            Source(
                "Apple: Investigating the SIGKILL of a process",
                "https://developer.apple.com/documentation/xcode/sigkill",
                "2026-11-24",
            ),
            Source(
                "tensorboard#5658: killed on an M1 with 8 GB",
                "https://github.com/tensorflow/tensorboard/issues/5658",
                "2026-11-24",
            ),
        ),
    ),
)
