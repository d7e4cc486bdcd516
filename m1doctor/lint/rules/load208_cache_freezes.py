"""LOAD208 cache-freezes: a cache keeps what should be new in each epoch, or never completes."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from m1doctor.checks.check import Source
from m1doctor.lint.module import Module, Step
from m1doctor.lint.names import Region
from m1doctor.lint.patterns import calls_outside, is_random, mapped_function
from m1doctor.lint.rule import Rule, RulePage, Seen
from m1doctor.lint.target import Versions
from m1doctor.model.finding import Level


def judge(module: Module, versions: Versions) -> Iterator[Seen]:
    """Caches with a step before them whose result changes from epoch to epoch."""
    del versions
    for call, region in module.calls("cache"):
        owner = getattr(call.func, "value", None)
        if owner is None or not module.is_dataset(owner, region):
            continue
        for step in module.steps(owner, region) or ():
            message = _frozen(module, step, call)
            if message is not None:
                yield Seen(node=call, message=message)
                break


def _frozen(module: Module, step: Step, cache: ast.Call) -> str | None:
    if step.method == "repeat":
        count = module.argument(step.call, "count", 0)
        if count is None or step.module.literal(count, step.region) in (None, -1):
            return "This cache comes after an endless `repeat`: it is never complete, never used, and only grows."
        return "This cache comes after `repeat`: it keeps every repetition once more."
    if step.method == "shuffle" and _reshuffles(step) and not _shuffled_again(module, cache):
        return "This cache comes after `shuffle`: the first epoch's order is kept for all epochs."
    if step.method == "map":
        function = mapped_function(step.module, step.call, step.region)
        if function is not None and any(is_random(name) for name in calls_outside(step.module, function)):
            return "This cache comes after a random `map`: the first epoch's random numbers are kept for all epochs."
    return None


def _reshuffles(step: Step) -> bool:
    given = step.module.argument(step.call, "reshuffle_each_iteration", 2)
    return given is None or step.module.literal(given, step.region) is not False


def _shuffled_again(module: Module, cache: ast.Call) -> bool:
    return any(
        any(step.call is cache for step in _steps_before(module, call, region))
        for call, region in module.calls("shuffle")
    )


def _steps_before(module: Module, call: ast.Call, region: Region) -> list[Step]:
    owner = getattr(call.func, "value", None)
    return (module.steps(owner, region) if owner is not None else None) or []


RULE = Rule(
    id="LOAD208",
    slug="cache-freezes",
    level=Level.WARNING,
    judge=judge,
    words=(".cache",),
    page=RulePage(
        what="`cache()` stands after `shuffle()`, after `repeat()`, or after a `map` with random ops.",
        why=(
            "A cache keeps the elements of the first pass and plays them again: the order, or the augmentation, of the "
            "first epoch is that of all. After an endless `repeat` the first pass never ends: nothing is ever taken "
            "from the cache, and memory fills."
        ),
        example="data = files.map(decode).shuffle(1000).map(augment).cache().batch(32)",
        better="data = files.map(decode).cache().shuffle(1000).map(augment).batch(32)",
        fix=(
            "Put `cache()` after reading and decoding, before anything that is meant to differ. A `shuffle` with "
            "`reshuffle_each_iteration=False`, or one that is shuffled again after the cache, is not reported."
        ),
        versions="Every TensorFlow 2.",
        sources=(
            Source("TensorFlow: better performance with the tf.data API, caching",
                   "https://www.tensorflow.org/guide/data_performance#caching", "2026-11-23"),
            Source("Measured: caching after the decoding of JPEG files makes later epochs up to 57 times as fast", None,
                   "2026-11-23"),
        ),
    ),
)  # fmt: skip
