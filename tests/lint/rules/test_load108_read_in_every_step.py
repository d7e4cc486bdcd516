from __future__ import annotations

from pathlib import Path

import pytest

from linting import lines

RULE = "LOAD108"
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
        "@tf.function\ndef step(x):\n    return x\nfor x in data:\n    loss = step(x)\n    print(loss.numpy())\n",
        "step = tf.function(other)\nfor x in data:\n    loss = step(x)\n    total += float(loss)\n",
    ],
)
def test_it_is_found_as_a_hint(tmp_path: Path, text: str) -> None:
    (marked,) = lines(tmp_path, HEAD + text, RULE)
    assert marked.startswith("?")


@pytest.mark.parametrize(
    "text",
    [
        "step = tf.function(other)\nfor n, x in enumerate(data):\n y = step(x)\n if n % 9 == 0:\n  print(y.numpy())\n",
        "for x in data:\n    loss = other(x)\n    print(loss.numpy())\n",
    ],
)
def test_others_are_left_alone(tmp_path: Path, text: str) -> None:
    assert lines(tmp_path, HEAD + text, RULE) == []
