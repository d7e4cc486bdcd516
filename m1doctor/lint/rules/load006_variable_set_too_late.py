"""LOAD006 variable-set-too-late: a variable is set after the import that reads it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from m1doctor.checks.check import Source
from m1doctor.lint.module import Module
from m1doctor.lint.names import Kind
from m1doctor.lint.patterns import environment_assignments
from m1doctor.lint.rule import Rule, RulePage, Seen
from m1doctor.lint.target import Versions
from m1doctor.model.finding import Level

_READ_AT_IMPORT = ("KERAS_BACKEND", "TF_CPP_MIN_LOG_LEVEL", "TF_ENABLE_ONEDNN_OPTS", "TF_USE_LEGACY_KERAS")


def judge(module: Module, versions: Versions) -> Iterator[Seen]:
    """Assignments below the first import of TensorFlow or Keras, in the body of the module itself."""
    del versions
    imported = [
        binding.since[0]
        for bindings in module.index.scope.bindings.values()
        for binding in bindings
        if binding.kind is Kind.IMPORT
        and isinstance(binding.value, str)
        and binding.value.partition(".")[0] in ("tensorflow", "keras", "tf_keras")
    ]
    for statement, key, region in environment_assignments(module):
        is_top = isinstance(region.node, ast.Module)
        if key in _READ_AT_IMPORT and is_top and imported and statement.lineno > min(imported):
            yield Seen(node=statement, message=f"`{key}` is read at the import above: set here, it does nothing.")


RULE = Rule(
    id="LOAD006",
    slug="variable-set-too-late",
    level=Level.NOTE,
    judge=judge,
    words=_READ_AT_IMPORT,
    page=RulePage(
        what="An environment variable of TensorFlow or Keras is set after the import that reads it.",
        why=(
            "TensorFlow reads its variables once, while it is being imported, and Keras chooses its backend then. What "
            "is set later is never seen."
        ),
        example="import tensorflow as tf\nos.environ['TF_USE_LEGACY_KERAS'] = '1'",
        better="os.environ['TF_USE_LEGACY_KERAS'] = '1'\nimport tensorflow as tf",
        fix="Set it before the first import of TensorFlow or Keras, or in the shell.",
        versions="Every TensorFlow 2.",
        sources=(Source("Keras: configuring your backend", "https://keras.io/getting_started/", "2026-11-23"),),
    ),
)
