"""LOAD213 single-threaded: TensorFlow, or its pipelines, may use one thread only."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Source
from m1doctor.lint.module import Module
from m1doctor.lint.rule import Rule, RulePage, Seen
from m1doctor.lint.target import Versions
from m1doctor.model.finding import Level

_THREADS = (
    "tensorflow.config.threading.set_inter_op_parallelism_threads",
    "tensorflow.config.threading.set_intra_op_parallelism_threads",
)
_OPTIONS = {"private_threadpool_size": 1, "max_intra_op_parallelism": 1}


def judge(module: Module, versions: Versions) -> Iterator[Seen]:
    """Limits of one thread, and automatic tuning turned off."""
    del versions
    for call, region in module.calls_of(*_THREADS):
        given = module.argument(call, "num_threads", 0)
        if given is not None and module.literal(given, region) == 1:
            yield Seen(node=call, message="With one thread the pipeline cannot decode ahead of the GPU.")
    for name, number in _OPTIONS.items():
        for target, value, region in module.index.attributes.get(name, ()):
            if module.literal(value, region) == number:
                yield Seen(node=target, message="With one thread this pipeline cannot decode ahead of the GPU.")
    for target, value, region in module.index.attributes.get("enabled", ()):
        if getattr(target.value, "attr", None) == "autotune" and module.literal(value, region) is False:
            yield Seen(node=target, message="Without automatic tuning `AUTOTUNE` means one.")


RULE = Rule(
    id="LOAD213",
    slug="single-threaded",
    level=Level.NOTE,
    judge=judge,
    words=("_parallelism", "private_threadpool_size", ".autotune"),
    page=RulePage(
        what="TensorFlow or a pipeline is limited to one thread, or `options.autotune.enabled` is off.",
        why="The work beside the GPU, decoding above all, then takes turns with the steps.",
        example="tf.config.threading.set_inter_op_parallelism_threads(1)",
        better="tf.config.threading.set_inter_op_parallelism_threads(0)",
        fix="Leave it out: 0, the default, is as many as there are cores.",
        versions="Every TensorFlow 2.",
        sources=(
            Source("TensorFlow: tf.data.Options",
                   "https://www.tensorflow.org/api_docs/python/tf/data/Options", "2026-11-23"),
        ),
    ),
)  # fmt: skip
