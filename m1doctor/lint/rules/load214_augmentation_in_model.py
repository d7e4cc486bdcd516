"""LOAD214 augmentation-in-model: random layers in the model, whose ops have no kernel."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from m1doctor.checks.check import Source
from m1doctor.knowledge.layers import Kind
from m1doctor.lint.kernels import without_kernel
from m1doctor.lint.module import Module
from m1doctor.lint.rule import Rule, RulePage, Seen
from m1doctor.lint.target import Versions
from m1doctor.model.finding import Level

_LAYERS = frozenset(
    f"keras.layers.{name}"
    for name in ("RandomFlip", "RandomRotation", "RandomTranslation", "RandomZoom", "RandomContrast", "RandomCrop")
)


def judge(module: Module, versions: Versions) -> Iterator[Seen]:
    """Random layers among the layers of a model."""
    for model, region in module.calls_of("keras.Sequential"):
        listed = module.argument(model, "layers", 0)
        if not isinstance(listed, ast.List | ast.Tuple):
            continue
        names = [(each, module.name_of(each.func, region) or "") for each in listed.elts if isinstance(each, ast.Call)]
        if all(name in _LAYERS or name == "keras.layers.Rescaling" for _, name in names):
            continue  # nothing but augmentation: it may well be mapped over a dataset
        for call, name in names:
            last = name.rpartition(".")[2]
            missing = without_kernel(versions, Kind.LAYER, last) if name in _LAYERS else ()
            if missing:
                yield Seen(
                    node=call,
                    message=f"`{last}` in the model runs on the CPU: tensorflow-metal {versions.kernels().plugin} has "
                    f"no GPU kernel for {missing[0]}.",
                    only_if=versions.if_plugin(),
                )


RULE = Rule(
    id="LOAD214",
    slug="augmentation-in-model",
    level=Level.NOTE,
    judge=judge,
    words=("RandomFlip", "RandomRotation", "RandomTranslation", "RandomZoom", "RandomContrast", "RandomCrop"),
    page=RulePage(
        what="A model has augmenting layers between its others.",
        why=(
            "Flipping, rotating and zooming use ops without a kernel in tensorflow-metal up to 1.2.0: in the model "
            "each step copies its batch to the CPU and back. In the pipeline they run on the CPU anyway, ahead of the "
            "step."
        ),
        example="model = keras.Sequential([keras.layers.RandomFlip(), keras.layers.Conv2D(8, 3)])",
        better="data = data.map(lambda x, y: (augment(x, training=True), y), num_parallel_calls=tf.data.AUTOTUNE)",
        fix="Map the augmentation over the dataset.",
        versions="tensorflow-metal 1.2.0 and older.",
        sources=(
            Source("TensorFlow: data augmentation, two options",
                   "https://www.tensorflow.org/tutorials/images/data_augmentation", "2026-11-23"),
        ),
    ),
)  # fmt: skip
