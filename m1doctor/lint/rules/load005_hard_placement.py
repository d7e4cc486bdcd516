"""LOAD005 hard-placement: what has no kernel on the GPU raises, where it would have moved to the CPU."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Source
from m1doctor.lint.module import Module
from m1doctor.lint.rule import Rule, RulePage, Seen
from m1doctor.lint.target import Versions
from m1doctor.model.finding import Level


def judge(module: Module, versions: Versions) -> Iterator[Seen]:
    """Calls that turn soft placement off."""
    del versions
    for call, region in module.calls_of("tensorflow.config.set_soft_device_placement"):
        given = module.argument(call, "enabled", 0)
        if given is not None and module.literal(given, region) is False:
            yield Seen(
                node=call, message="From here on an op without a Metal kernel raises under `tf.device('/GPU:0')`."
            )


RULE = Rule(
    id="LOAD005",
    slug="hard-placement",
    level=Level.NOTE,
    judge=judge,
    words=("set_soft_device_placement",),
    page=RulePage(
        what="Soft placement of ops is turned off.",
        why=(
            "Many ops have no Metal kernel. With soft placement, the default, they run on the CPU; without it the "
            "program ends with `Could not satisfy device specification`. It is a good way to find such ops."
        ),
        example="tf.config.set_soft_device_placement(False)",
        better="tf.config.set_soft_device_placement(True)",
        fix="Leave it out once you know what you wanted to know.",
        versions="Every TensorFlow 2.",
        sources=(
            Source("TensorFlow: use a GPU, manual placement", "https://www.tensorflow.org/guide/gpu", "2026-11-23"),
        ),
    ),
)
