from __future__ import annotations

from pathlib import Path

import pytest

from linting import lines

RULE = "LOAD106"
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
        "@tf.function\ndef f(x):\n    for _ in range(50):\n        x += 1\n    return x\n",
        "N = 400\n@tf.function\ndef f(x):\n    for i in range(0, N, 2):\n        x += i\n    return x\n",
    ],
)
def test_it_is_found_as_a_hint(tmp_path: Path, text: str) -> None:
    (marked,) = lines(tmp_path, HEAD + text, RULE)
    assert marked.startswith("?")


@pytest.mark.parametrize(
    "text",
    [
        "@tf.function\ndef f(x):\n    for _ in range(10):\n        x += 1\n    return x\n",
        "@tf.function\ndef f(x):\n    for _ in tf.range(500):\n        x += 1\n    return x\n",
        "def f(x):\n    for _ in range(500):\n        x += 1\n    return x\n",
    ],
)
def test_others_are_left_alone(tmp_path: Path, text: str) -> None:
    assert lines(tmp_path, HEAD + text, RULE) == []
