from __future__ import annotations

from pathlib import Path

import pytest

from linting import lines

RULE = "LOAD206"
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
        "data.map(lambda x: tf.py_function(f, [x], tf.float32))\n",
        "def g(x):\n    return tf.numpy_function(f, [x], tf.float32)\ndata.map(g, num_parallel_calls=4)\n",
    ],
)
def test_it_is_found_as_a_hint(tmp_path: Path, text: str) -> None:
    (marked,) = lines(tmp_path, HEAD + text, RULE)
    assert marked.startswith("?")


@pytest.mark.parametrize(
    "text",
    [
        "data.map(lambda x: x)\n",
        "tf.py_function(f, [x], tf.float32)\n",
    ],
)
def test_others_are_left_alone(tmp_path: Path, text: str) -> None:
    assert lines(tmp_path, HEAD + text, RULE) == []
