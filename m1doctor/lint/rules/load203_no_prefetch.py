"""LOAD203 no-prefetch: the pipeline does not run ahead of the training."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from m1doctor.checks.check import Source
from m1doctor.knowledge.milestones import first_release
from m1doctor.lint.module import MODEL, Module
from m1doctor.lint.rule import Repair, Rule, RulePage, Seen
from m1doctor.lint.target import Versions
from m1doctor.model.finding import Level

_LAST_BUT_ONE = 2
"""`prefetch` may also be followed by one step that only passes on: options, `take`, `repeat`."""


def judge(module: Module, versions: Versions) -> Iterator[Seen]:
    """Datasets that reach `fit` with no `prefetch`, where TensorFlow does not put one there by itself."""
    by_hand = _defaults_off(module)
    older = versions.tensorflow_before(first_release("prefetch-by-default"))
    if not by_hand and older is False:
        return
    sure = by_hand or older is True
    for call, region in module.calls("fit"):
        owner = getattr(call.func, "value", None)
        data = module.argument(call, "x", 0)
        if data is None or not isinstance(owner, ast.expr) or module.type_of(owner, region) != MODEL:
            continue
        steps = module.steps(data, region) if module.is_dataset(data, region) else None
        if steps and not any(each.method == "prefetch" for each in steps[:_LAST_BUT_ONE]):
            yield Seen(
                node=data,
                message="Nothing prepares the next batch while this one is trained on: `prefetch` is missing.",
                only_if=None if sure else f"TensorFlow is older than {first_release('prefetch-by-default')}",
                level=Level.WARNING if sure else None,
                repair=_repair(module, data) if older is True else None,
            )


def _repair(module: Module, data: ast.expr) -> Repair | None:
    """Where the module has a name for TensorFlow, and the argument is one that a call can be appended to."""
    bound = module.index.scope.bindings.items()
    names = [name for name, bindings in bound if len(bindings) == 1 and bindings[0].value == "tensorflow"]
    if not names or not isinstance(data, ast.Name | ast.Attribute | ast.Call):
        return None
    return Repair(kind="append-call", words=("prefetch", f"{names[0]}.data.AUTOTUNE"))


def _defaults_off(module: Module) -> bool:
    """Whether the program turns tf.data's own optimizations off."""
    return any(
        module.literal(value, region) is False
        for _, value, region in module.index.attributes.get("apply_default_optimizations", ())
    )


RULE = Rule(
    id="LOAD203",
    slug="no-prefetch",
    level=Level.NOTE,
    judge=judge,
    words=("Dataset", "dataset"),
    page=RulePage(
        what="A dataset reaches `fit` without `prefetch`.",
        why=(
            "From TensorFlow 2.11 on a missing `prefetch` is put there by itself: 62.0 against 61.5 ms a step were "
            "measured. Before, and with `apply_default_optimizations = False`, the step waits for its input: 16 of 100 "
            "ms instead of 2."
        ),
        example="model.fit(data.batch(32))",
        better="model.fit(data.batch(32).prefetch(tf.data.AUTOTUNE))",
        fix="Let `prefetch(tf.data.AUTOTUNE)` be the last step.",
        versions="A warning with TensorFlow older than 2.11 or with tf.data's default optimizations off; nothing is "
        "said of newer ones.",
        sources=(
            Source("TensorFlow: tf.data.experimental.OptimizationOptions, inject_prefetch",
                   "https://www.tensorflow.org/api_docs/python/tf/data/experimental/OptimizationOptions", "2026-11-23"),
            Source("Read in the wheels: inject_prefetch is off in 2.10.1 and on in 2.11.1", None, "2026-11-23"),
        ),
    ),
)  # fmt: skip
