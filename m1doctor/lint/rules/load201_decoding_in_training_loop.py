"""LOAD201 decoding-in-training-loop: each step waits for Python to read and decode its input."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from m1doctor.checks.check import Source
from m1doctor.lint.module import MODEL, External, Local, Module
from m1doctor.lint.names import Region
from m1doctor.lint.rule import Rule, RulePage, Seen
from m1doctor.lint.target import Versions
from m1doctor.model.finding import Level

_DECODERS = (
    "cv2.imdecode",
    "cv2.imread",
    "cv2.resize",
    "cv2.warpAffine",
    "imageio.imread",
    "imageio.v2.imread",
    "imageio.v3.imread",
    "keras.preprocessing.image.img_to_array",
    "keras.preprocessing.image.load_img",
    "keras.utils.img_to_array",
    "keras.utils.load_img",
    "librosa.load",
    "matplotlib.image.imread",
    "matplotlib.pyplot.imread",
    "nibabel.load",
    "PIL.Image.open",
    "pydicom.dcmread",
    "rasterio.open",
    "scipy.io.wavfile.read",
    "skimage.io.imread",
    "skimage.transform.resize",
    "soundfile.read",
)
"""Calls that read or decode one sample in Python, milliseconds each."""


def judge(module: Module, versions: Versions) -> Iterator[Seen]:
    """Steps of training in a loop that decodes as well."""
    del versions
    for call, region in _steps(module):
        loop = region.loop()
        decoder = None if loop is None else next(_decoding(module, loop, region), None)
        if decoder is not None:
            yield Seen(
                node=call,
                message=f"Each step waits for `{decoder}` in the same loop, and the GPU with it: 1.5 to 3 times the "
                "time of a step.",
            )


def _steps(module: Module) -> Iterator[tuple[ast.Call, Region]]:
    """`train_on_batch`, and calls of compiled functions of this project that compute gradients."""
    for call, region in module.calls("train_on_batch"):
        owner = getattr(call.func, "value", None)
        if owner is not None and module.type_of(owner, region) in (None, MODEL):
            yield call, region
    for function, region in module.index.functions:
        if not module.is_compiled(function, region):
            continue
        body = Local(module, function, region)
        made = {where.name_of(inner.func, place) for where, inner, place in module.body_calls(body, depth=0)}
        if "tensorflow.GradientTape" in made:
            for call, place in module.calls(function.name):
                meaning = module.meaning(call.func, place)
                if isinstance(meaning, Local) and meaning.node is function:
                    yield call, place


def _decoding(module: Module, loop: Region, step: Region) -> Iterator[str]:
    """Decoders that run in each round of the loop, called there or in functions of the project that it calls."""
    for call, region in module.calls_inside(loop):
        if region.function() is not loop.function() or not _is_as_often(region, step, loop):
            continue
        meaning = module.meaning(call.func, region)
        if isinstance(meaning, External) and meaning.name in _DECODERS:
            yield meaning.name
        elif isinstance(meaning, Local) and not meaning.module.is_compiled(meaning.node, meaning.region):
            for where, inner, place in module.body_calls(meaning):
                name = where.name_of(inner.func, place)
                if name in _DECODERS:
                    yield name


def _is_as_often(region: Region, step: Region, loop: Region) -> bool:
    """Whether no condition stands before it that does not stand before the step: a picture for a log now and then."""
    for place in region.outwards():
        if place is loop or step.inside(place):
            return True
        if isinstance(place.node, ast.If):
            return False
    return True


RULE = Rule(
    id="LOAD201",
    slug="decoding-in-training-loop",
    level=Level.WARNING,
    judge=judge,
    words=("train_on_batch", "GradientTape"),
    gain="1.5 to 3 times",
    page=RulePage(
        what="A loop decodes its input in Python and trains on it in the same round.",
        why=(
            "Input and step then take turns: the GPU waits while Python decodes, and Python waits while the GPU "
            "computes. Measured with a step of 40 ms and JPEG files: 121 ms a round in such a loop, 41 ms through a "
            "dataset that decodes ahead. `train_on_batch` by itself costs nothing (0.94 to 1.08 of `fit`) and is not "
            "reported."
        ),
        example=(
            "for paths, labels in batches:\n    images = np.stack([cv2.imread(path) for path in paths])\n"
            "    model.train_on_batch(images, labels)"
        ),
        better=(
            "data = tf.data.Dataset.from_tensor_slices((paths, labels))\n"
            "data = data.map(decode, num_parallel_calls=tf.data.AUTOTUNE).batch(32)\nmodel.fit(data)"
        ),
        fix=(
            "Decode in a `tf.data` pipeline with TensorFlow's own ops, or in a `keras.utils.PyDataset` with workers "
            "where Python is needed, and train with `fit`."
        ),
        versions="Every TensorFlow 2.",
        sources=(
            Source("TensorFlow: better performance with the tf.data API",
                   "https://www.tensorflow.org/guide/data_performance", "2026-11-23"),
            Source("Measured: JPEG of 256 x 256, batch 32, two cores of an AMD EPYC", None, "2026-11-23"),
        ),
    ),
)  # fmt: skip
