"""LOAD312 profiler-without-gpu: TensorFlow's profiler sees nothing of the Metal GPU."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Source
from m1doctor.lint.module import Module
from m1doctor.lint.rule import Rule, RulePage, Seen
from m1doctor.lint.target import Versions
from m1doctor.model.finding import Level

_PROFILERS = (
    "tensorflow.profiler.experimental.start",
    "tensorflow.profiler.experimental.Profile",
    "tensorflow.profiler.experimental.Trace",
)


def judge(module: Module, versions: Versions) -> Iterator[Seen]:
    """Profiles of batches through TensorBoard, and the profiler itself."""
    del versions
    message = "The profiler records the host only: the Metal plugin gives it nothing of the GPU."
    for call, region in module.calls_of("keras.callbacks.TensorBoard"):
        given = module.argument(call, "profile_batch")
        if given is not None and module.literal(given, region) != 0:
            yield Seen(node=given, message=message)
    for call, _ in module.calls_of(*_PROFILERS):
        yield Seen(node=call.func, message=message)


RULE = Rule(
    id="LOAD312",
    slug="profiler-without-gpu",
    level=Level.NOTE,
    judge=judge,
    words=("profile_batch", ".profiler", "profiler.experimental"),
    page=RulePage(
        what="TensorFlow's profiler is used.",
        why=(
            "tensorflow-metal has no profiler interface in any release: device time is zero, and the advice that is "
            "made of it is wrong. The times of the host, and of the input pipeline, are right."
        ),
        example="callback = keras.callbacks.TensorBoard('logs', profile_batch=(10, 20))",
        better="callback = keras.callbacks.TensorBoard('logs', profile_batch=0)",
        fix="Look at the GPU with Instruments' Metal System Trace, or at its load in Activity Monitor.",
        versions="Every release of tensorflow-metal so far.",
        sources=(
            Source("xprof#495: no device time on Apple silicon", "https://github.com/openxla/xprof/issues/495",
                   "2026-11-23"),
            Source("Read from the published libraries: no TF_InitProfiler in 0.5.0 to 1.2.0", None, "2026-11-23"),
        ),
    ),
)  # fmt: skip
