from __future__ import annotations

from pathlib import Path

import pytest

from linting import lines

RULE = "LOAD307"
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
        "@tf.function\ndef f(x):\n    return tf.cumsum(x)\n",
        "class L(keras.layers.Layer):\n    def call(self, x):\n        return tf.signal.stft(x, 2, 1)\n",
        "@tf.function\ndef f(x):\n    return tf.boolean_mask(x, x > 0)\n",
    ],
)
def test_it_is_found_as_a_hint(tmp_path: Path, text: str) -> None:
    (marked,) = lines(tmp_path, HEAD + text, RULE)
    assert marked.startswith("?")


@pytest.mark.parametrize(
    "text",
    [
        "tf.cumsum(x)\n",
        "class L(keras.layers.Layer):\n    def build(self, s):\n        self.w = tf.linalg.inv(s)\n",
        "@tf.function\ndef f(x):\n    return tf.matmul(x, x)\n",
    ],
)
def test_others_are_left_alone(tmp_path: Path, text: str) -> None:
    assert lines(tmp_path, HEAD + text, RULE) == []
