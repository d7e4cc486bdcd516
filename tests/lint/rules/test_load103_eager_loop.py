from __future__ import annotations

from pathlib import Path

import pytest

from linting import lines

RULE = "LOAD103"
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
        "for x in data:\n    with tf.GradientTape() as tape:\n        pass\n",
        "def step(x):\n    with tf.GradientTape() as tape:\n        pass\nfor x in data:\n    step(x)\n",
    ],
)
def test_it_is_found_as_a_hint(tmp_path: Path, text: str) -> None:
    (marked,) = lines(tmp_path, HEAD + text, RULE)
    assert marked.startswith("?")


@pytest.mark.parametrize(
    "text",
    [
        "with tf.GradientTape() as tape:\n    pass\n",
        "@tf.function\ndef step(x):\n with tf.GradientTape() as t: ...\nfor x in data:\n step(x)\n",
        "def a(x):\n with tf.GradientTape() as t: ...\n@tf.function\ndef step(x):\n a(x)\nfor x in data:\n step(x)\n",
        "def a(x):\n with tf.GradientTape() as t: ...\nb = tf.function(a)\nfor x in data:\n b(x)\n a(x)\n",
        "class M(keras.Model):\n def train_step(self, x):\n  for _ in range(2):\n   with tf.GradientTape() as t: ...\n",
    ],
)
def test_others_are_left_alone(tmp_path: Path, text: str) -> None:
    assert lines(tmp_path, HEAD + text, RULE) == []
