"""LOAD211 python-image-generators: images are decoded and augmented in Python."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Source
from m1doctor.lint.module import MODEL, Module
from m1doctor.lint.rule import Rule, RulePage, Seen
from m1doctor.lint.target import Versions
from m1doctor.model.finding import Level


def judge(module: Module, versions: Versions) -> Iterator[Seen]:
    """`ImageDataGenerator`, and `fit_generator`."""
    del versions
    for call, _ in module.calls_of("keras.preprocessing.image.ImageDataGenerator"):
        yield Seen(node=call.func, message="This decodes and augments in Python, one image after the other.")
    for call, region in module.calls("fit_generator"):
        owner = getattr(call.func, "value", None)
        if owner is not None and module.type_of(owner, region) == MODEL:
            yield Seen(node=call.func, message="`fit_generator` is gone; `fit` takes generators.")


RULE = Rule(
    id="LOAD211",
    slug="python-image-generators",
    level=Level.NOTE,
    judge=judge,
    words=("ImageDataGenerator", "fit_generator"),
    page=RulePage(
        what="`ImageDataGenerator`, or `fit_generator`.",
        why=(
            "It decodes with Pillow and augments with SciPy in Python. TensorFlow calls it deprecated, and "
            "`fit_generator` is gone."
        ),
        example="data = ImageDataGenerator(rescale=1 / 255).flow_from_directory('images')",
        better="data = keras.utils.image_dataset_from_directory('images')",
        fix="`image_dataset_from_directory`, with augmenting layers in a `map`.",
        versions="Deprecated since TensorFlow 2.9.",
        sources=(
            Source("TensorFlow: ImageDataGenerator",
                   "https://www.tensorflow.org/api_docs/python/tf/keras/preprocessing/image/ImageDataGenerator",
                   "2026-11-23"),
        ),
    ),
)  # fmt: skip
