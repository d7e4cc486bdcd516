"""LOAD204 serial-random-map: a mapped function with state runs on one core, because nothing says otherwise."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Source
from m1doctor.lint.module import Module
from m1doctor.lint.patterns import PYTHON_IN_PIPELINE, calls_outside, is_random, mapped_function
from m1doctor.lint.rule import Rule, RulePage, Seen
from m1doctor.lint.target import Versions
from m1doctor.model.finding import Level


def judge(module: Module, versions: Versions) -> Iterator[Seen]:
    """`map` without `num_parallel_calls` of a function that TensorFlow does not run in parallel by itself."""
    del versions
    for call, region in module.calls("map"):
        parallel = module.argument(call, "num_parallel_calls", 1)
        if parallel is not None and module.literal(parallel, region) is not None:
            continue
        owner = getattr(call.func, "value", None)
        if owner is None or not module.is_dataset(owner, region):
            continue
        function = mapped_function(module, call, region)
        if function is None:
            continue
        name = next((each for each in calls_outside(module, function) if _has_state(each)), None)
        if name is not None:
            yield Seen(
                node=call,
                message=f"The mapped function calls `{_short(name)}`, which has state, so TensorFlow runs it on one "
                "core: up to as many times slower as there are cores.",
            )


def _has_state(name: str) -> bool:
    return is_random(name) or name in PYTHON_IN_PIPELINE


def _short(name: str) -> str:
    return name.replace("tensorflow.", "tf.", 1)


RULE = Rule(
    id="LOAD204",
    slug="serial-random-map",
    level=Level.WARNING,
    judge=judge,
    words=(".map",),
    gain="2 times on two cores, up to the number of cores",
    page=RulePage(
        what=(
            "`Dataset.map` without `num_parallel_calls` runs a function with state: random ops of `tf.random` or "
            "`tf.image.random_*`, or Python through `py_function`."
        ),
        why=(
            "TensorFlow runs stateless mapped functions in parallel by itself, and those with state one element after "
            "the other, to keep the order of the state. Measured: twice the time on two cores; it grows with the cores."
        ),
        example="data = data.map(lambda image: tf.image.random_flip_left_right(image))",
        better=(
            "data = data.map(lambda image: tf.image.random_flip_left_right(image),\n"
            "                num_parallel_calls=tf.data.AUTOTUNE)"
        ),
        fix=(
            "Add `num_parallel_calls=tf.data.AUTOTUNE`. The order of the elements stays; which of them gets which "
            "random number no longer is the same in every run. For that, use the `stateless_random_*` ops with a seed "
            "of each element."
        ),
        versions="Every TensorFlow 2; stateless functions run in parallel by themselves in 2.10 and later, at least.",
        sources=(
            Source("TensorFlow: better performance with the tf.data API, parallelizing data transformation",
                   "https://www.tensorflow.org/guide/data_performance", "2026-11-23"),
            Source("Measured: two cores of an AMD EPYC, TensorFlow 2.21", None, "2026-11-23"),
        ),
    ),
)  # fmt: skip
