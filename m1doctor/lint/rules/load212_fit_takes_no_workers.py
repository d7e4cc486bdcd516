"""LOAD212 fit-takes-no-workers: `fit` is given `workers`, which Keras 3 does not take."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from m1doctor.checks.check import Source
from m1doctor.lint.module import DATASET, MODEL, Module
from m1doctor.lint.rule import Repair, Rule, RulePage, Seen
from m1doctor.lint.target import IF_KERAS_3, Versions
from m1doctor.model.finding import Level

_GONE = ("workers", "use_multiprocessing", "max_queue_size")
_OF_KERAS_ALONE = frozenset({"use_multiprocessing", "max_queue_size"})
_METHODS = ("fit", "evaluate", "predict", "fit_generator")


def judge(module: Module, versions: Versions) -> Iterator[Seen]:
    """Calls with one of the arguments that went to `PyDataset`."""
    major = 2 if module.uses_keras_2 else versions.keras_major()
    for call, region in module.calls(*_METHODS[:3]):
        named = [keyword for keyword in call.keywords if keyword.arg in _GONE]
        owner = getattr(call.func, "value", None)
        if not named or owner is None:
            continue
        kind = module.type_of(owner, region)
        if kind != MODEL and not (kind is None and any(each.arg in _OF_KERAS_ALONE for each in named)):
            continue
        words = ", ".join(f"`{each.arg}`" for each in named)
        if major == 2:  # noqa: PLR2004 - a line of Keras
            data = module.argument(call, "x", 0)
            if data is not None and module.type_of(data, region) == DATASET:
                yield Seen(
                    node=named[0],
                    message=f"{words}: Keras 2 reads it for generators and sequences only, and a dataset is neither.",
                    level=Level.NOTE,
                )
            continue
        yield Seen(
            node=named[0],
            message=f"{words}: Keras 3 takes no such argument here and raises TypeError.",
            only_if=None if major is not None else IF_KERAS_3,
            repair=_repair(named) if major is not None else None,
        )


def _repair(named: list[ast.keyword]) -> Repair | None:
    """Only where computing the values that are dropped does nothing else."""
    if not all(isinstance(each.value, ast.Constant | ast.Name | ast.Attribute) for each in named):
        return None
    return Repair(kind="drop-keywords", words=tuple(str(each.arg) for each in named))


RULE = Rule(
    id="LOAD212",
    slug="fit-takes-no-workers",
    level=Level.ERROR,
    judge=judge,
    words=("workers", "use_multiprocessing", "max_queue_size"),
    in_tests=True,
    page=RulePage(
        what="`fit`, `evaluate` or `predict` is given `workers`, `use_multiprocessing` or `max_queue_size`.",
        why=(
            "In Keras 3 these belong to `keras.utils.PyDataset`; here they end the program with TypeError. In Keras 2 "
            "they are read for generators and sequences only, and processes are spawned on a Mac, which is slow to "
            "start and needs a guarded main module."
        ),
        example="model.fit(data, epochs=3, workers=4, use_multiprocessing=True)",
        better="model.fit(data, epochs=3)",
        fix=(
            "Take the arguments away and give them to the `PyDataset` instead; a `tf.data` pipeline needs none of "
            "them. `m1doctor lint --fix` takes them away where Keras is known to be 3."
        ),
        versions="Keras 3, which TensorFlow 2.16 and later bring.",
        sources=(
            Source("Keras: migrating Keras 2 code to Keras 3",
                   "https://keras.io/guides/migrating_to_keras_3/", "2026-11-23"),
            Source("Seen: TypeError from fit() of Keras 3.15", None, "2026-11-23"),
        ),
    ),
)  # fmt: skip
