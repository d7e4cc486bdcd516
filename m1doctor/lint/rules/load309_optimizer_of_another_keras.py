"""LOAD309 optimizer-of-another-keras: the optimizer is slow in Keras 2.11 to 2.15, or is gone in Keras 3."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from m1doctor.checks.check import Source
from m1doctor.knowledge.milestones import first_release
from m1doctor.lint.module import Module
from m1doctor.lint.rule import Repair, Rule, RulePage, Seen
from m1doctor.lint.target import IF_KERAS_3, Versions
from m1doctor.model.finding import Level

_NAMES = ("Adadelta", "Adagrad", "Adam", "Adamax", "Ftrl", "Nadam", "RMSprop", "SGD")
_LEGACY = tuple(f"keras.optimizers.legacy.{name}" for name in _NAMES)
_KERAS_3, _REWRITTEN = first_release("keras-3"), first_release("keras-optimizers-rewritten")
_PLAIN = tuple(f"keras.optimizers.{name}" for name in _NAMES)


def judge(module: Module, versions: Versions) -> Iterator[Seen]:
    """Legacy optimizers on Keras 3; plain ones where the legacy ones are the fast ones."""
    major = 2 if module.uses_keras_2 else versions.keras_major()
    if major != 2:  # noqa: PLR2004 - a line of Keras
        for call, _ in module.calls_of(*_LEGACY):
            yield Seen(
                node=call.func,
                message="Keras 3 has no legacy optimizers: this raises ImportError.",
                only_if=None if major is not None else IF_KERAS_3,
                repair=_repair(call, major),
            )
        if major is not None:
            return
    slow = versions.tensorflow_before(_REWRITTEN) is False and versions.tensorflow_before(_KERAS_3) is True
    unknown = versions.tensorflow is None
    if not (slow or unknown):
        return
    for call, _ in module.calls_of(*_PLAIN):
        yield Seen(
            node=call.func,
            message=f"This optimizer is built of many small launches from TensorFlow {_REWRITTEN} on, and up to three "
            "times slower on Apple silicon than `optimizers.legacy`.",
            only_if=f"TensorFlow is at least {_REWRITTEN} and older than {_KERAS_3}" if unknown else None,
            level=Level.NOTE if unknown else Level.WARNING,
        )


def _repair(call: ast.Call, major: int | None) -> Repair | None:
    """Only where it surely raises today, is written in full, and takes nothing that the new one does not take."""
    plain = isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Attribute)
    if major is None or not plain or any(keyword.arg in (None, "decay", "lr") for keyword in call.keywords):
        return None
    return Repair(kind="drop-attribute", words=("legacy",))


RULE = Rule(
    id="LOAD309",
    slug="optimizer-of-another-keras",
    level=Level.ERROR,
    judge=judge,
    words=("optimizers",),
    in_tests=True,
    gain="up to 3 times in TensorFlow 2.11 to 2.15",
    page=RulePage(
        what=(
            "`keras.optimizers.legacy` with Keras 3, which has none; or the plain optimizers with TensorFlow 2.11 to "
            "2.15, where the legacy ones are faster on Apple silicon."
        ),
        why=(
            "In TensorFlow 2.11 Keras rewrote its optimizers as many small ops, of which each costs a launch on the "
            "GPU; an engineer of Apple's speaks of up to three times, and Keras itself warns on M1 and M2. Keras 3, "
            "which TensorFlow 2.16 and later bring, has no legacy optimizers: naming one raises ImportError."
        ),
        example="model.compile(optimizer=tf.keras.optimizers.legacy.Adam(1e-3))  # with Keras 3",
        better="model.compile(optimizer=tf.keras.optimizers.Adam(1e-3))",
        fix=(
            "TensorFlow 2.11 to 2.15: `tf.keras.optimizers.legacy.Adam`. TensorFlow 2.16 and later: the plain one; "
            "where its launches count, a larger batch, `steps_per_execution`, or SGD. `m1doctor lint --fix` takes "
            "`legacy` away where Keras is known to be 3."
        ),
        versions="An error from TensorFlow 2.16 on, a warning from 2.11 to 2.15, a hint where it is unknown.",
        sources=(
            Source("tensorflow#59438: the optimizers of 2.11 are up to three times slower on Metal",
                   "https://github.com/tensorflow/tensorflow/issues/59438", "2026-11-23"),
            Source("Keras: migrating Keras 2 code to Keras 3",
                   "https://keras.io/guides/migrating_to_keras_3/", "2026-11-23"),
        ),
    ),
)  # fmt: skip
