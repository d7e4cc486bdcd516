"""LOAD110 callback-in-every-batch: a callback makes Keras 3 fetch the logs of every batch."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from m1doctor.checks.check import Source
from m1doctor.lint.module import CALLBACK, Module
from m1doctor.lint.rule import Rule, RulePage, Seen
from m1doctor.lint.target import IF_KERAS_3, Versions
from m1doctor.model.finding import Level

_METHODS = ("on_train_batch_end", "on_batch_end")


def judge(module: Module, versions: Versions) -> Iterator[Seen]:
    """Callbacks with a method for the end of a batch, and no word that it is safe."""
    if versions.keras_major() == 2 or module.uses_keras_2:  # noqa: PLR2004 - a line of Keras
        return
    for owner, region in module.index.classes:
        if module.family(owner, region) != CALLBACK or _is_safe(module, owner):
            continue
        for name in _METHODS:
            method = module.method(owner, name)
            if method is not None:
                yield Seen(
                    node=method.node,
                    message=f"With `{name}` Keras 3 fetches the logs of every batch before it starts the next.",
                    only_if=None if versions.keras_major() else IF_KERAS_3,
                )


def _is_safe(module: Module, owner: ast.ClassDef) -> bool:
    return "async_safe" in module.index.bodies[owner].scope.bindings or any(
        place.class_() is not None and place.class_().node is owner  # type: ignore[union-attr]  # asked just before
        for _, _, place in module.index.attributes.get("async_safe", ())
    )


RULE = Rule(
    id="LOAD110",
    slug="callback-in-every-batch",
    level=Level.NOTE,
    judge=judge,
    words=_METHODS,
    page=RulePage(
        what="A callback of your own has `on_train_batch_end` or `on_batch_end`, and does not say `async_safe = True`.",
        why=(
            "Keras 3 starts the next batch before the logs of the last are there, unless a callback might look at "
            "them: then each batch waits until the GPU is done and its numbers are copied back."
        ),
        example="class Log(keras.callbacks.Callback):\n    def on_train_batch_end(self, batch, logs):\n        ...",
        better="class Log(keras.callbacks.Callback):\n    async_safe = True\n    ...",
        fix="Say `async_safe = True` where the method does not read the logs, or do the work at the end of the epoch.",
        versions="Keras 3, which TensorFlow 2.16 and later bring.",
        sources=(
            Source("Keras: callback_list.py, seen in 3.8 and 3.15",
                   "https://github.com/keras-team/keras/blob/master/keras/src/callbacks/callback_list.py",
                   "2026-11-23"),
        ),
    ),
)  # fmt: skip
