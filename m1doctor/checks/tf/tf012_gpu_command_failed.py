"""TF012 gpu-command-failed: Metal reports a failed command buffer."""

from __future__ import annotations

from m1doctor.checks.check import Check, Page, Source, Stage, nothing_by_itself
from m1doctor.checks.testimony import unless_told
from m1doctor.model.finding import Level

CHECK = Check(
    id="TF012",
    slug="gpu-command-failed",
    level=Level.ERROR,
    stage=Stage.RESULTS,
    needs=("log",),
    applies=unless_told,
    judge=nothing_by_itself,
    passes="The log speaks of no failed GPU command.",
    page=Page(
        what=(
            "Metal reports a command buffer that ended with an error: a timeout, no memory, an internal error, or "
            "a command that was ignored because an earlier one failed."
        ),
        why=(
            "TensorFlow takes no notice of it and goes on: what the command should have computed is missing, and "
            "everything after it builds on that. Training then seems to work and gives bogus results."
        ),
        see=(
            "Look for `command buffer exited with error status` on standard error; the line after next names the "
            "reason."
        ),
        fix=(
            "Stop the run. Make single steps smaller (batch, image, sequence), close what else uses the GPU and "
            "memory, and compare a few steps with the CPU before the GPU is trusted again."
        ),
        sources=(
            Source(
                "tensorflow#57058: command buffer exited with error status",
                "https://github.com/tensorflow/tensorflow/issues/57058",
                "2026-11-24",
            ),
            Source(
                "apple/tensorflow_macos#202: bogus results after it",
                "https://github.com/apple/tensorflow_macos/issues/202",
                "2026-11-24",
            ),
            Source(
                "Apple: MTLCommandBufferError",
                "https://developer.apple.com/documentation/metal/mtlcommandbuffererror",
                "2026-11-24",
            ),
        ),
    ),
)
