from __future__ import annotations

from pathlib import Path

import pytest

from linting import lines

RULE = "LOAD211"
HEAD = """\
import os
import keras
import tensorflow as tf
model = keras.Sequential()
data = tf.data.Dataset.range(9)
"""


@pytest.mark.parametrize(
    "text",
    [
        "keras.preprocessing.image.ImageDataGenerator()\n",
        "from tensorflow.keras.preprocessing.image import ImageDataGenerator as G\nG()\n",
        "model.fit_generator(g)\n",
    ],
)
def test_it_is_found_as_a_hint(tmp_path: Path, text: str) -> None:
    (marked,) = lines(tmp_path, HEAD + text, RULE)
    assert marked.startswith("?")


@pytest.mark.parametrize(
    "text",
    [
        "keras.utils.image_dataset_from_directory('x')\n",
        "mine.fit_generator(g)\n",
    ],
)
def test_others_are_left_alone(tmp_path: Path, text: str) -> None:
    assert lines(tmp_path, HEAD + text, RULE) == []
