"""LOAD111 tensorflow-1-path: sessions and graphs of TensorFlow 1."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Source
from m1doctor.lint.module import Module
from m1doctor.lint.rule import Rule, RulePage, Seen
from m1doctor.lint.target import Versions
from m1doctor.model.finding import Level

_CALLS = (
    "tensorflow.compat.v1.disable_eager_execution",
    "tensorflow.compat.v1.disable_v2_behavior",
    "tensorflow.compat.v1.Session",
    "tensorflow.compat.v1.InteractiveSession",
)


def judge(module: Module, versions: Versions) -> Iterator[Seen]:
    """The switches back to TensorFlow 1, and its sessions."""
    del versions
    for call, region in module.calls_of(*_CALLS):
        name = (module.name_of(call.func, region) or "").rpartition(".")[2]
        yield Seen(node=call.func, message=f"`{name}` leads back to TensorFlow 1, which Keras 3 does not work with.")


RULE = Rule(
    id="LOAD111",
    slug="tensorflow-1-path",
    level=Level.NOTE,
    judge=judge,
    words=("disable_eager_execution", "disable_v2_behavior", "Session"),
    page=RulePage(
        what="`tf.compat.v1` sessions, or eager execution turned off.",
        why=(
            "The path is kept for old programs: Keras 3 supports none of it, and what is known of Metal plugins is "
            "known of TensorFlow 2."
        ),
        example="tf.compat.v1.disable_eager_execution()",
        better="@tf.function\ndef step(x):\n    ...",
        fix="Migrate; the guide goes through it step by step.",
        versions="TensorFlow 2 with Keras 3.",
        sources=(
            Source("TensorFlow: migrate to TensorFlow 2", "https://www.tensorflow.org/guide/migrate", "2026-11-23"),
        ),
    ),
)
