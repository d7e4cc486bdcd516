"""LOAD001 gpu-hidden: the program hides the GPU from TensorFlow."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Source
from m1doctor.lint.module import Module
from m1doctor.lint.patterns import under_an_option
from m1doctor.lint.rule import Rule, RulePage, Seen
from m1doctor.lint.target import Versions
from m1doctor.model.finding import Level

_OTHER_OWNERS = frozenset({"jax", "torch", "flax"})
"""Beside these, TensorFlow is kept off the GPU on purpose: it only reads the data."""


def judge(module: Module, versions: Versions) -> Iterator[Seen]:
    """Calls that leave no GPU visible."""
    del versions
    if module.imported & _OTHER_OWNERS:
        return
    for call, region in module.calls_of("tensorflow.config.set_visible_devices"):
        devices = module.argument(call, "devices", 0)
        kind = module.argument(call, "device_type", 1)
        if devices is None or module.literal(devices, region) not in ([], ()):
            continue
        if kind is not None and str(module.literal(kind, region)).upper() != "GPU":
            continue
        yield Seen(
            node=call,
            message="This hides the GPU: on Apple silicon it is the only one, and everything then runs on the CPU.",
            level=Level.NOTE if under_an_option(region) else None,
        )


RULE = Rule(
    id="LOAD001",
    slug="gpu-hidden",
    level=Level.ERROR,
    judge=judge,
    words=("set_visible_devices",),
    page=RulePage(
        what="`tf.config.set_visible_devices([], 'GPU')` hides every GPU from TensorFlow.",
        why=(
            "On Apple silicon there is one GPU, the Metal one, and no CUDA that could be switched off: the line, often "
            "copied as a way to disable CUDA, moves the whole program to the CPU. For a VGG16 at batch 128 that is 940 "
            "instead of 54 ms a step on an M1 Max; for a network of 93,000 parameters the CPU is the faster one (85 "
            "against 106 s)."
        ),
        example="import tensorflow as tf\n\ntf.config.set_visible_devices([], 'GPU')",
        better="import tensorflow as tf",
        fix=(
            "Delete the line. Where the CPU is wanted, keep it and say so: `# m1doctor: noqa[LOAD001]`. Under a "
            "condition of the program's own it is a hint only."
        ),
        versions="Every TensorFlow 2 with a GPU plugin.",
        sources=(
            Source(
                "TensorFlow: tf.config.set_visible_devices",
                "https://www.tensorflow.org/api_docs/python/tf/config/set_visible_devices",
                "2026-11-23",
            ),
            Source(
                "MysterionRise/tensorflow-metal-experiments: the same networks on the GPU and on the CPU",
                "https://github.com/MysterionRise/tensorflow-metal-experiments",
                "2026-11-23",
            ),
        ),
    ),
)
