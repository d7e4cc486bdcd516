"""LOAD002 work-pinned-to-cpu: a model is built or trained under ``with tf.device('/CPU:0')``."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from m1doctor.checks.check import Source
from m1doctor.lint.devices import names_cpu
from m1doctor.lint.module import MODEL, OPTIMIZER, Local, Module
from m1doctor.lint.names import Region
from m1doctor.lint.rule import Rule, RulePage, Seen
from m1doctor.lint.target import Versions
from m1doctor.model.finding import Level

_TRAINING = ("fit", "train_on_batch", "compile")


def judge(module: Module, versions: Versions) -> Iterator[Seen]:
    """`with` statements that name the CPU and hold more than input."""
    del versions
    for statement, body in module.index.withs:
        for item in statement.items:
            device = item.context_expr
            if not isinstance(device, ast.Call) or module.name_of(device.func, body) != "tensorflow.device":
                continue
            given = module.argument(device, "device_name", 0)
            if given is None or not names_cpu(module.literal(given, body)):
                continue
            work = next(_work(module, body), None)
            if work is not None:
                yield Seen(
                    node=device,
                    message=f"This pins `{work}` to the CPU: the variables made here, and the steps, stay there.",
                )


def _work(module: Module, body: Region) -> Iterator[str]:
    """What of the body builds or trains a model."""
    for call, region in module.calls_inside(body):
        if region.function() is not body.function():
            continue  # it is only defined here
        found = _is_work(module, call, region)
        if found is not None:
            yield found
        meaning = module.meaning(call.func, region)
        if isinstance(meaning, Local):
            for where, inner, place in module.body_calls(meaning, depth=2):
                found = _is_work(where, inner, place)
                if found is not None:
                    yield found


def _is_work(module: Module, call: ast.Call, region: Region) -> str | None:
    if isinstance(call.func, ast.Attribute):
        owner, name = call.func.value, call.func.attr
        if name in _TRAINING and module.type_of(owner, region) == MODEL:
            return f"{name}()"
        if name == "apply_gradients" and module.type_of(owner, region) == OPTIMIZER:
            return "apply_gradients()"
    if module.made(call, region, 0) == MODEL:
        return ast.unparse(call.func)
    return None


RULE = Rule(
    id="LOAD002",
    slug="work-pinned-to-cpu",
    level=Level.ERROR,
    judge=judge,
    words=(".device", "import device"),
    page=RulePage(
        what="A model is built, compiled or trained under `with tf.device('/CPU:0')`.",
        why=(
            "Variables that are made under the CPU's name live in its memory, and what computes with them follows: the "
            "GPU stays idle, whatever is visible. Only the input belongs there; a body that holds nothing else is not "
            "reported."
        ),
        example="with tf.device('/CPU:0'):\n    model = keras.Sequential([keras.layers.Dense(9)])\n    model.fit(data)",
        better=(
            "with tf.device('/CPU:0'):\n    data = data.map(decode)\n"
            "model = keras.Sequential([keras.layers.Dense(9)])\nmodel.fit(data)"
        ),
        fix=(
            "Take model and training out of the block. Where the CPU is the right place (a recurrent network, a model "
            "of less than about half a million parameters), keep it and say so: `# m1doctor: noqa[LOAD002]`."
        ),
        versions="Every TensorFlow 2.",
        sources=(
            Source("TensorFlow: use a GPU, manual placement", "https://www.tensorflow.org/guide/gpu", "2026-11-23"),
            Source(
                "tensorflow#62397: a recurrent network takes 670 ms a step on the GPU and 20 ms on the CPU",
                "https://github.com/tensorflow/tensorflow/issues/62397",
                "2026-11-23",
            ),
        ),
    ),
)
