"""TF009 op-without-kernel: an op, or one of its types, has no kernel on this GPU."""

from __future__ import annotations

from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.checks.testimony import told_by_log, unless_told
from m1doctor.model.finding import Level

CHECK = Check(
    id="TF009",
    slug="op-without-kernel",
    level=Level.WARNING,
    stage=Stage.RESULTS,
    needs=("log",),
    after=("TF004",),
    applies=unless_told("TF009"),
    judge=told_by_log("TF009"),
    passes="The log speaks of no op without a kernel.",
    page=Page(
        what=(
            "TensorFlow was told to run an op on the GPU, and the plugin has no kernel for it, or none for the "
            "type that it was given: complex and double-precision numbers have none on Metal, and random, image "
            "and lookup ops are missing in older plugins."
        ),
        why=(
            "The call raises, or the graph does not start. It is no fault of the installation: the device has "
            "other kernels than an NVIDIA one."
        ),
        see=(
            "Read the message to its end: `Registered: device='CPU'` alone means that there is no GPU kernel; "
            "`attributes didn't match` means that there is one for other types."
        ),
        fix=(
            "Put that part under `with tf.device('/CPU:0'):`, let TensorFlow choose "
            "(`tf.config.set_soft_device_placement(True)`), use float32, or do the work in the tf.data pipeline, "
            "which runs on the CPU."
        ),
        sources=(
            Source(
                "tensorflow#53026: no supported kernel for GPU devices on an M1",
                "https://github.com/tensorflow/tensorflow/issues/53026",
                "2026-11-24",
            ),
            Source(
                "t81_558_deep_learning#135: a complex variable",
                "https://github.com/jeffheaton/t81_558_deep_learning/issues/135",
                "2026-11-24",
            ),
        ),
    ),
)
