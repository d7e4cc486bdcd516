"""TF010 xla-on-metal: XLA was asked for, and the Metal plugin has no compiler."""

from __future__ import annotations

from m1doctor.checks.check import Check, Page, Source, Stage, nothing_by_itself
from m1doctor.checks.testimony import unless_told
from m1doctor.model.finding import Level

CHECK = Check(
    id="TF010",
    slug="xla-on-metal",
    level=Level.ERROR,
    stage=Stage.RESULTS,
    needs=("log",),
    applies=unless_told,
    judge=nothing_by_itself,
    passes="The log speaks of no compilation for the GPU.",
    page=Page(
        what=(
            "XLA, TensorFlow's compiler, was asked to compile for the GPU. The Metal plugin registers kernels and "
            "no compiler, so the compilation ends with `could not find registered platform` or `could not find "
            "compiler for platform METAL`."
        ),
        why=(
            "Nobody need have asked for it by name: the optimizers of Keras 2.11 compile their update on every "
            "GPU, and `jit_compile` is chosen by Keras itself where nothing is said."
        ),
        see="Look for `xla_ops.cc` or `XLA_GPU_JIT` in the error.",
        fix=(
            "Pass `jit_compile=False` to `model.compile`; with TensorFlow 2.11 also set it on the optimizer, or "
            "move to a newer version. Take `jit_compile=True` and `TF_XLA_FLAGS` out of scripts and the "
            "environment."
        ),
        sources=(
            Source(
                "tensorflow#58988: NOT_FOUND: could not find registered platform with id",
                "https://github.com/tensorflow/tensorflow/issues/58988",
                "2026-11-24",
            ),
            Source(
                "sionna#78: could not find compiler for platform METAL",
                "https://github.com/NVlabs/sionna/issues/78",
                "2026-11-24",
            ),
        ),
    ),
)
