"""LOAD302 xla-asked-for: XLA is asked for, and Metal has no compiler for it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from m1doctor.checks.check import Source
from m1doctor.lint.module import COMPILED, MODEL, Module
from m1doctor.lint.names import Region
from m1doctor.lint.patterns import is_assigned, under_an_option
from m1doctor.lint.rule import Rule, RulePage, Seen
from m1doctor.lint.target import Versions
from m1doctor.model.finding import Level

_WORDS = ("jit_compile", "experimental_compile")


def judge(module: Module, versions: Versions) -> Iterator[Seen]:
    """`tf.function(jit_compile=True)`, and the switches that turn XLA on for the whole program."""
    condition = None if versions.plugin is not None else "this runs on the GPU of a Mac"
    raises = "This asks XLA to compile for a device that it has no compiler for: on the GPU it raises."
    for call, region in module.calls_of(COMPILED, "functools.partial"):
        if module.name_of(call.func, region) != COMPILED and not (
            call.args and module.name_of(call.args[0], region) == COMPILED
        ):
            continue
        given = next((module.argument(call, word) for word in _WORDS if module.argument(call, word) is not None), None)
        if given is not None and module.literal(given, region) is True:
            yield Seen(node=given, message=raises, only_if=condition, level=_level(region))
    for call, region in module.calls_of("tensorflow.config.optimizer.set_jit"):
        given = module.argument(call, "enabled", 0)
        if given is not None and module.literal(given, region) in (True, "autoclustering"):
            yield Seen(node=call, message=raises, only_if=condition, level=_level(region))
    for statement, value, region in is_assigned(module, "TF_XLA_FLAGS"):
        if "tf_xla_auto_jit" in str(module.literal(value, region)):
            yield Seen(node=statement, message=raises, only_if=condition, level=_level(region))
    yield from _compiled_models(module, versions, condition)


def _level(region: Region) -> Level | None:
    """Under an option of the program it is a hint: a Mac's user leaves it off."""
    return Level.NOTE if under_an_option(region) else None


def _compiled_models(module: Module, versions: Versions, condition: str | None) -> Iterator[Seen]:
    """Keras 2 hands ``compile(jit_compile=True)`` on to XLA; Keras 3 warns and drops it."""
    is_keras_2 = module.uses_keras_2 or versions.keras_major() == 2  # noqa: PLR2004 - a line of Keras
    for call, region in module.calls("compile"):
        given = module.argument(call, "jit_compile")
        owner = getattr(call.func, "value", None)
        if given is None or not isinstance(owner, ast.expr) or module.literal(given, region) is not True:
            continue
        if module.type_of(owner, region) in (None, MODEL):
            words = "Keras 2 hands this on to XLA, which has no compiler for Metal: the first step raises."
            yield Seen(
                node=given,
                message=words if is_keras_2 else "Keras 3 warns about this on the GPU of a Mac and goes without.",
                only_if=condition,
                level=None if is_keras_2 else Level.NOTE,
            )


RULE = Rule(
    id="LOAD302",
    slug="xla-asked-for",
    level=Level.ERROR,
    judge=judge,
    words=("jit_compile", "experimental_compile", "set_jit", "TF_XLA_FLAGS"),
    page=RulePage(
        what=(
            "XLA is asked for: `tf.function(jit_compile=True)`, `tf.config.optimizer.set_jit`, or `TF_XLA_FLAGS` with "
            "automatic clustering."
        ),
        why=(
            "XLA compiles for CPU, CUDA and TPU, not for Metal: the first call on the GPU ends with `Could not find "
            "compiler for platform METAL`. On a CPU it is often slower than TensorFlow's own kernels."
        ),
        example="@tf.function(jit_compile=True)\ndef step(batch):\n    ...",
        better="@tf.function\ndef step(batch):\n    ...",
        fix=(
            "Take it away, or make it depend on the machine: `jit_compile=platform.system() != 'Darwin'`. Under an "
            "option of the program it is a hint only."
        ),
        versions="Every release of tensorflow-metal so far. In Keras 3 `compile(jit_compile=True)` is dropped with a "
        "warning.",
        sources=(
            Source("NVlabs/sionna#78: Could not find compiler for platform METAL",
                   "https://github.com/NVlabs/sionna/issues/78", "2026-11-23"),
            Source('Keras: trainer.py turns jit_compile="auto" off on Apple silicon with a GPU',
                   "https://github.com/keras-team/keras/blob/master/keras/src/trainers/trainer.py", "2026-11-23"),
        ),
    ),
)  # fmt: skip
