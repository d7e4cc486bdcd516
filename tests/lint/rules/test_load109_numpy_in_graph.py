from __future__ import annotations

from pathlib import Path

import pytest

from linting import lines

RULE = "LOAD109"
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
        "@tf.function\ndef f(x):\n    return x.numpy()\n",
        "@tf.function(reduce_retracing=True)\ndef f(x):\n    y = x + 1\n    return y.numpy()\n",
    ],
)
def test_it_is_found_as_a_hint(tmp_path: Path, text: str) -> None:
    (marked,) = lines(tmp_path, HEAD + text, RULE)
    assert marked.startswith("?")


@pytest.mark.parametrize(
    "text",
    [
        "def f(x):\n    return x.numpy()\n",
        "@tf.function\ndef f(x):\n def g(y):\n  return y.numpy()\n return tf.py_function(g, [x], tf.float32)\n",
    ],
)
def test_others_are_left_alone(tmp_path: Path, text: str) -> None:
    assert lines(tmp_path, HEAD + text, RULE) == []
