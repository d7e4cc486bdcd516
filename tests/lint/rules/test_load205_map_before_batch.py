from __future__ import annotations

from pathlib import Path

import pytest

from linting import lines

RULE = "LOAD205"
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
        "data.map(lambda x: tf.cast(x, tf.float32) / 255).batch(2)\n",
        "def f(x, y):\n    x = tf.cast(x, tf.float32) / 255\n    return x, y\ndata.map(f).batch(2)\n",
    ],
)
def test_it_is_found_as_a_hint(tmp_path: Path, text: str) -> None:
    (marked,) = lines(tmp_path, HEAD + text, RULE)
    assert marked.startswith("?")


@pytest.mark.parametrize(
    "text",
    [
        "data.batch(2).map(lambda x: tf.cast(x, tf.float32))\n",
        "data.map(lambda x: tf.image.resize(x, (2, 2))).batch(2)\n",
        "data.map(f).batch(2)\n",
        "others.map(lambda x: tf.cast(x, tf.float32)).batch(2)\n",
    ],
)
def test_others_are_left_alone(tmp_path: Path, text: str) -> None:
    assert lines(tmp_path, HEAD + text, RULE) == []
